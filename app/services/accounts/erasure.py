"""Erasing a person: the name goes, the marks stay without anybody to point at."""

from __future__ import annotations

import secrets
from typing import Any

from app.domain.errors import Conflict, NotAllowed, NotFound
from app.services.accounts.accounts import confirm, spare_the_last_administrator
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import Person
from app.services.operating.transactions import Transaction
from app.storage import courses, people, personal
from app.storage.tables import PersonRow

NAME = "Erased person"


def erase(tx: Transaction, person_id: int, by: Person) -> None:
    """Erase somebody, by an administrator.

    Name, login, address, password, sessions and links go; tokens are revoked; reasons of accommodations and adjustments
    go, because they may tell of somebody's health. What they drew or uploaded goes, as handwriting tells who it is.
    Enrolments, attempts and marks stay; so does what was said in surveys, which nothing connects with them.

    Raises:
        NotFound: there is no such person (any more).
        Conflict: they are the last administrator.
    """
    row = _row(tx, person_id)
    if row.administrator:
        spare_the_last_administrator(tx, person_id)
    _forget(tx, row)
    tx.record(by.id, "erased a person", f"person {person_id}")


def erase_oneself(
    reading: Transaction, writing: Transaction, doorkeeper: Doorkeeper, person: Person, password: str
) -> None:
    """Erase one's own account.

    Raises:
        InvalidInput: the password is wrong.
        NotAllowed: the account has no password, so an administrator must do it.
        Conflict: a course or the installation would be left alone.
    """
    row = _row(reading, person.id)
    if row.password_hash is None:
        raise NotAllowed("Your account has no password to confirm this with. Please ask an administrator.")
    confirm(doorkeeper, row, password)
    alone = courses.alone_in(reading, person.id)
    if alone:
        raise Conflict(f"You are the only instructor of “{alone[0]}”. Make somebody else its instructor first.")
    erase(writing, person.id, person)


def _row(tx: Transaction, person_id: int) -> PersonRow:
    row = people.person(tx, person_id)
    if row is None or row.erased_at is not None:
        raise NotFound("There is no such person.")
    return row


def _forget(tx: Transaction, row: PersonRow) -> None:
    names = frozenset(word.casefold() for word in (row.name, row.login, row.email or "") if word)
    personal.forget(tx, row.id, row.email)
    for entry in personal.audit_about(tx, row.id):
        entry.details = _nameless(entry.details, names)
    for word in names:
        # What programs were told, and what they may still ask for again.
        for delivery in personal.deliveries_naming(tx, word):
            delivery.payload = _nameless(delivery.payload, names)
        personal.forget_answers_naming(tx, word)
    row.name, row.email, row.password_hash, row.administrator = NAME, None, None, False
    row.language = None
    # Random, so that the login says nothing and is free again for somebody else.
    row.login = f"erased-{secrets.token_hex(8)}"
    row.erased_at = tx.now()


def _nameless(value: Any, names: frozenset[str]) -> Any:
    """A JSON value in which the names are replaced wherever they stand alone."""
    if isinstance(value, dict):
        return {key: _nameless(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [_nameless(item, names) for item in value]
    return "erased" if isinstance(value, str) and value.casefold() in names else value
