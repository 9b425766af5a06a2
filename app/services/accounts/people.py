"""People: who they are, what their names may look like, and adding them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from app.domain.errors import Conflict, InvalidInput
from app.services.accounts.doorkeeper import LONGEST_PASSWORD, SHORTEST_PASSWORD, Doorkeeper
from app.services.operating.transactions import Transaction
from app.storage import people
from app.storage.tables import PersonRow

LOGIN = re.compile(r"[^\s\x00-\x1f\x7f]{1,200}")
EMAIL = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@[^\s@<>(),;:\\\"\[\]]+\.[^\s@<>(),;:\\\"\[\].]{2,63}")
LONGEST_NAME = 200
LONGEST_EMAIL = 320
ZERO_WIDTH_JOINERS = "\u200c\u200d"  # Persian and Indian names are written with them


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody; `language` is the one they have chosen to read, if they have."""

    id: int
    login: str
    name: str
    administrator: bool
    language: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody to be."""

    login: str
    name: str
    password: str
    administrator: bool = False
    email: str | None = None


def person_from(row: PersonRow) -> Person:
    """The person as the rooms above see them."""
    return Person(row.id, row.login, row.name, row.administrator, row.language)


def choose_language(tx: Transaction, person_id: int, language: str) -> None:
    """Remember the language in which somebody reads Gradus."""
    row = people.person(tx, person_id)
    if row is not None:
        row.language = language


def checked_login(login: str) -> str:
    """A login as it is stored: folded, without spaces, and without characters that nobody sees.

    Raises:
        InvalidInput: it cannot be taken.
    """
    folded = login.strip().casefold()
    if not LOGIN.fullmatch(folded) or not folded.isprintable():
        raise InvalidInput("A login is 1 to 200 characters without spaces.", place="login")
    return folded


def checked_name(name: str) -> str:
    """A person's name, with single spaces.

    Raises:
        InvalidInput: it cannot be taken.
    """
    spaced = " ".join(name.split())
    if not spaced or len(spaced) > LONGEST_NAME:
        raise InvalidInput("A name is 1 to 200 characters.", place="name")
    if any(unicodedata.category(one) in ("Cc", "Cf", "Cs") and one not in ZERO_WIDTH_JOINERS for one in spaced):
        raise InvalidInput("This name holds a character that nobody can see.", place="name")
    return spaced


def checked_email(email: str | None) -> str | None:
    """An e-mail address in small letters; None when there is none.

    Raises:
        InvalidInput: it cannot be an address.
    """
    plain = (email or "").strip().lower()
    if not plain:
        return None
    if len(plain) > LONGEST_EMAIL or not EMAIL.fullmatch(plain) or not plain.isprintable() or ".." in plain:
        raise InvalidInput("This is no e-mail address.", place="email")
    return plain


def checked_password(password: str) -> str:
    """A password that may be chosen.

    Raises:
        InvalidInput: it is too short or too long.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise InvalidInput(f"A password has at least {SHORTEST_PASSWORD} characters.", place="password")
    if len(password) > LONGEST_PASSWORD:
        raise InvalidInput(f"A password has at most {LONGEST_PASSWORD} characters.", place="password")
    return password


def checked(new: NewPerson) -> NewPerson:
    """Somebody to be, with every field as it is stored.

    Raises:
        InvalidInput: a name, address or password that cannot be taken; `place` names the field.
    """
    return NewPerson(
        checked_login(new.login),
        checked_name(new.name),
        checked_password(new.password),
        new.administrator,
        checked_email(new.email),
    )


def store_person(tx: Transaction, new: NewPerson, password_hash: str | None) -> Person:
    """Store somebody who was checked; the password was hashed before the database was touched.

    Raises:
        Conflict: the login is taken.
    """
    row = people.add_if_free(tx, new.login, new.name, password_hash, new.administrator, new.email)
    if row is None:
        raise Conflict(f"The login “{new.login}” is taken.")
    return person_from(row)


def add_person(tx: Transaction, doorkeeper: Doorkeeper, new: NewPerson) -> Person:
    """Add somebody.

    Raises:
        InvalidInput: a name or password that cannot be taken.
        Conflict: the login is taken.
    """
    fine = checked(new)
    return store_person(tx, fine, doorkeeper.hash(fine.password))
