"""People: who they are, and letting them in."""

from __future__ import annotations

import math
import re
import threading
from dataclasses import dataclass
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.domain.errors import Conflict, InvalidInput, NotAllowed
from app.services import sessions
from app.services.throttling import Throttle
from app.services.transactions import Clock, Transaction, utc_now
from app.storage import people
from app.storage.tables import PersonRow

LOGIN = re.compile(r"^[^\s\x00-\x1f\x7f]{1,200}$")
LONGEST_PASSWORD = 1000
SHORTEST_PASSWORD = 8


class TooSoon(NotAllowed):
    """Too many wrong passwords; the next try is looked at in `seconds`."""

    def __init__(self, seconds: int) -> None:
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(f"Too many wrong passwords. Please try again in {seconds} {unit}.")
        self.seconds = seconds


class WrongPassword(NotAllowed):
    """The name or the password is wrong; which one stays a secret."""

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


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


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the token goes into the cookie and is kept nowhere else."""

    person: Person
    token: str
    csrf: str
    expires_at: datetime


def person_from(row: PersonRow) -> Person:
    """The person as the rooms above see them."""
    return Person(row.id, row.login, row.name, row.administrator)


class Doorkeeper:
    """Hashes and checks passwords (argon2id, 19 MiB, two passes), two at a time; one object per process.

    The limit keeps a rush of sign-ins from taking the memory of the exam that is going on.
    """

    def __init__(self, clock: Clock = utc_now) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
        self._turns = threading.BoundedSemaphore(2)
        self.throttle = Throttle(clock)
        # Compared for accounts that do not exist, so that the time an answer takes says nothing about them.
        self._nobody = self._hasher.hash("nobody")

    def hash(self, password: str) -> str:
        """What may be stored of a password."""
        with self._turns:
            return self._hasher.hash(password)

    def matches(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; takes the same time without a hash."""
        with self._turns:
            try:
                self._hasher.verify(hashed or self._nobody, password)
            except (VerificationError, InvalidHashError):
                return False
        return hashed is not None


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


def sign_in(
    reading: Transaction,
    writing: Transaction,
    doorkeeper: Doorkeeper,
    *,
    login: str,
    password: str,
    address: str,
    hours: float,
) -> SignedIn:
    """Let somebody in. The password is checked before `writing` is touched: nobody waits for a hash.

    Raises:
        WrongPassword: also when there is no such account.
        TooSoon: after several wrong passwords from this address.
    """
    account = login.strip().casefold()[:200]
    wait = doorkeeper.throttle.seconds_to_wait(account, address)
    if wait > 0:
        raise TooSoon(math.ceil(wait))
    row = people.person_by_login(reading, account) if LOGIN.match(account) else None
    right = doorkeeper.matches(password[:LONGEST_PASSWORD], None if row is None else row.password_hash)
    if row is None or not right:
        doorkeeper.throttle.failed(account, address)
        raise WrongPassword
    doorkeeper.throttle.succeeded(account, address)
    opened = sessions.open_session(writing, row.id, hours)
    return SignedIn(person_from(row), opened.token, opened.csrf, opened.expires_at)


def sign_out(tx: Transaction, token: str) -> None:
    """End a sign-in; the token opens nothing afterwards."""
    sessions.close_session(tx, token)
