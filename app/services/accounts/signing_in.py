"""Signing in and out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import NotAllowed
from app.services.accounts import sessions
from app.services.accounts.doorkeeper import LONGEST_PASSWORD, Doorkeeper
from app.services.accounts.people import LOGIN, Person, person_from
from app.services.operating.transactions import Transaction
from app.storage import people


class TooSoon(NotAllowed):
    """Too many tries; the next one is looked at in `seconds`."""

    def __init__(self, seconds: int, says: str = "Too many wrong passwords.") -> None:
        unit = "second" if seconds == 1 else "seconds"
        super().__init__(f"{says} Please try again in {seconds} {unit}.")
        self.seconds = seconds


class WrongPassword(NotAllowed):
    """The name or the password is wrong; which one stays a secret."""

    def __init__(self) -> None:
        super().__init__("The name or the password is wrong.")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh sign-in: the token goes into the cookie and is kept nowhere else."""

    person: Person
    token: str
    csrf: str
    expires_at: datetime


def sign_in(
    reading: Transaction,
    writing: Transaction,
    doorkeeper: Doorkeeper,
    *,
    login: str,
    password: str,
    address: str,
    hours: float,
    former: str = "",
) -> SignedIn:
    """Let somebody in. The password is checked before `writing` is touched: nobody waits for a hash.

    Every sign-in has a token of its own; the session of this browser so far (`former`) ends.

    Raises:
        WrongPassword: also when there is no such account.
        TooSoon: after several wrong passwords from this address.
    """
    account = login.strip().casefold()[:200]
    wait = doorkeeper.throttle.seconds_to_wait(account, address)
    if wait > 0:
        raise TooSoon(math.ceil(wait))
    row = people.person_by_login(reading, account) if LOGIN.fullmatch(account) else None
    right = doorkeeper.matches(password[:LONGEST_PASSWORD], None if row is None else row.password_hash)
    if row is None or not right:
        doorkeeper.throttle.failed(account, address)
        raise WrongPassword
    doorkeeper.throttle.succeeded(account, address)
    if former:
        sessions.close_session(writing, former)
    opened = sessions.open_session(writing, row.id, hours)
    return SignedIn(person_from(row), opened.token, opened.csrf, opened.expires_at)


def sign_out(tx: Transaction, token: str) -> None:
    """End a sign-in; the token opens nothing afterwards."""
    sessions.close_session(tx, token)
