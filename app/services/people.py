"""People: who they are, and adding them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from app.domain.errors import Conflict, InvalidInput
from app.services.doorkeeper import LONGEST_PASSWORD, SHORTEST_PASSWORD, Doorkeeper
from app.services.transactions import Transaction
from app.storage import people
from app.storage.tables import PersonRow

LOGIN = re.compile(r"^[^\s\x00-\x1f\x7f]{1,200}$")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody."""

    id: int
    login: str
    name: str
    administrator: bool


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be."""

    login: str
    name: str
    password: str
    administrator: bool = False


def person_from(row: PersonRow) -> Person:
    """The person as the rooms above see them."""
    return Person(row.id, row.login, row.name, row.administrator)


def add_person(tx: Transaction, doorkeeper: Doorkeeper, new: NewPerson) -> Person:
    """Add somebody.

    Raises:
        InvalidInput: a name or password that cannot be taken.
        Conflict: the login is taken.
    """
    if not LOGIN.match(new.login):
        raise InvalidInput("A login is 1 to 200 characters without spaces.", place="login")
    if not new.name.strip() or len(new.name) > 200:
        raise InvalidInput("A name is 1 to 200 characters.", place="name")
    if not SHORTEST_PASSWORD <= len(new.password) <= LONGEST_PASSWORD:
        raise InvalidInput(f"A password has at least {SHORTEST_PASSWORD} characters.", place="password")
    hashed = doorkeeper.hash(new.password)
    if people.person_by_login(tx, new.login) is not None:
        raise Conflict(f"The login “{new.login}” is taken.")
    return person_from(people.add_person(tx, new.login, new.name.strip(), hashed, new.administrator))
