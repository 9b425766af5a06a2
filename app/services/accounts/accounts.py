"""Accounts: what people may change of their own, and what administrators may change of anybody's."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.paging import paged
from app.services.accounts import links, sessions
from app.services.accounts.doorkeeper import LONGEST_PASSWORD, Doorkeeper
from app.services.accounts.links import LinkIsOver
from app.services.accounts.people import (
    NewPerson,
    Person,
    checked,
    checked_email,
    checked_login,
    checked_name,
    checked_password,
    store_person,
)
from app.services.accounts.sessions import OpenSession
from app.services.accounts.signing_in import TooSoon
from app.services.operating.transactions import Transaction
from app.storage import links as stored_links
from app.storage import people
from app.storage import sessions as stored_sessions
from app.storage.tables import PersonRow

PAGE = 50
LONGEST_SEARCH = 200
LAST_ADMINISTRATOR = "This is the last administrator. Make somebody else an administrator first."


@dataclass(frozen=True, slots=True)
class Account:
    """An account as its owner and administrators see it."""

    id: int
    login: str
    name: str
    email: str | None
    administrator: bool
    has_password: bool
    since: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A course somebody is in."""

    id: str
    title: str
    term: str
    role: str


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A place where somebody is signed in; `handle` names it, and opens nothing."""

    handle: str
    since: datetime
    until: datetime
    here: bool


@dataclass(frozen=True, slots=True)
class AccountPage:
    """One page of a search."""

    accounts: tuple[Account, ...]
    total: int
    page: int
    pages: int


def account(tx: Transaction, person_id: int) -> Account:
    """An account.

    Raises:
        NotFound: there is none, or its person was erased.
    """
    return _account(_row(tx, person_id))


def places(tx: Transaction, person_id: int) -> tuple[Place, ...]:
    """The courses somebody is in, newest first."""
    return tuple(
        Place(course.public_id, course.title, course.term, enrolment.role)
        for course, enrolment in people.enrolments(tx, person_id)
    )


def search(tx: Transaction, words: str = "", page: int = 1) -> AccountPage:
    """The accounts whose name, login or address holds the words, by name."""
    rows, total = people.search(tx, words.strip()[:LONGEST_SEARCH], (page - 1) * PAGE, PAGE)
    return AccountPage(tuple(map(_account, rows)), total, page, paged(total, PAGE, page)[1])


def own_sessions(tx: Transaction, person_id: int, token: str) -> tuple[OwnSession, ...]:
    """Where somebody is signed in; `token` is the session that asks."""
    here = links.hash_of(token)
    return tuple(
        OwnSession(row.token_hash[:16], row.created_at, row.expires_at, row.token_hash == here)
        for row in stored_sessions.of_person(tx, person_id)
    )


def end_session(tx: Transaction, person_id: int, handle: str) -> None:
    """End one of somebody's sessions; one that is over already is no error."""
    stored_sessions.end_one(tx, person_id, handle)


def end_other_sessions(tx: Transaction, person_id: int, token: str) -> int:
    """Sign somebody out everywhere but here; how many sessions that were."""
    return stored_sessions.end_all(tx, person_id, but=links.hash_of(token))


def change_details(
    reading: Transaction,
    writing: Transaction,
    doorkeeper: Doorkeeper,
    person_id: int,
    *,
    name: str,
    email: str,
    password: str,
) -> None:
    """Change one's own name and address. Another address asks for the password: links for a new one go there.

    Raises:
        InvalidInput: a field that cannot be taken; `place` names it.
    """
    fine_name, fine_email = checked_name(name), checked_email(email)
    row = _row(reading, person_id)
    if fine_email != row.email and row.password_hash is not None:
        confirm(doorkeeper, row, password)
    changing = _row(writing, person_id)
    changing.name, changing.email = fine_name, fine_email
    writing.record(person_id, "changed name or address", f"person {person_id}")


def change_password(
    reading: Transaction,
    writing: Transaction,
    doorkeeper: Doorkeeper,
    person_id: int,
    *,
    old: str,
    new: str,
    hours: float,
) -> OpenSession:
    """Choose another password. Every session ends; the one that goes on is a new one.

    Raises:
        InvalidInput: the old password is wrong, or the new one cannot be taken.
        TooSoon: after several wrong passwords.
    """
    row = _row(reading, person_id)
    confirm(doorkeeper, row, old, place="old")
    hashed = doorkeeper.hash(checked_password(new))
    _row(writing, person_id).password_hash = hashed
    stored_sessions.end_all(writing, person_id)
    stored_links.forget(writing, person_id)
    writing.record(person_id, "changed the password", f"person {person_id}")
    return sessions.open_session(writing, person_id, hours)


def confirm(doorkeeper: Doorkeeper, row: PersonRow, password: str, place: str = "password") -> None:
    """Let pass whoever knows the password of this account.

    Raises:
        InvalidInput: they do not.
        TooSoon: after several wrong passwords.
    """
    wait = doorkeeper.throttle.seconds_to_wait(row.login, "inside")
    if wait > 0:
        raise TooSoon(int(wait) + 1)
    if not doorkeeper.matches(password[:LONGEST_PASSWORD], row.password_hash):
        doorkeeper.throttle.failed(row.login, "inside")
        raise InvalidInput("This is not your password.", place=place)
    doorkeeper.throttle.succeeded(row.login, "inside")


def create_account(
    tx: Transaction, by: Person | None, *, login: str, name: str, email: str | None, administrator: bool = False
) -> Account:
    """Make an account without a password; a link sets the first one. `by` is None at the command line.

    Raises:
        InvalidInput: a field that cannot be taken; `place` names it.
        Conflict: the login is taken.
    """
    row = people.add_if_free(tx, checked_login(login), checked_name(name), None, administrator, checked_email(email))
    if row is None:
        raise Conflict(f"The login “{login.strip()}” is taken.")
    tx.record(None if by is None else by.id, "made an account", f"person {row.id}", administrator=int(administrator))
    return _account(row)


def set_administrator(tx: Transaction, by: Person, person_id: int, administrator: bool) -> None:
    """Make somebody an administrator, or no longer one.

    Raises:
        NotFound: there is no such person.
        Conflict: they are the last one.
    """
    row = _row(tx, person_id)
    if row.administrator == administrator:
        return
    if not administrator:
        spare_the_last_administrator(tx, person_id)
    row.administrator = administrator
    action = "made an administrator" if administrator else "took an administrator's rights"
    tx.record(by.id, action, f"person {person_id}")


def spare_the_last_administrator(tx: Transaction, person_id: int) -> None:
    """Refuse what would leave nobody to administrate.

    Raises:
        Conflict: this person is the last administrator.
    """
    if people.administrators(tx) <= {person_id}:
        raise Conflict(LAST_ADMINISTRATOR)


def welcome_path(tx: Transaction, secret: bytes) -> str | None:
    """The path by which the first administrator comes in; None as soon as there is one."""
    if people.any_administrator(tx):
        return None
    return f"/welcome/{links.make_from_secret(tx, 'first administrator', secret)}"


def look_at_welcome(tx: Transaction, token: str) -> None:
    """Let pass whoever may become the first administrator.

    Raises:
        LinkIsOver: the link does not work (any more), or there is an administrator.
    """
    links.person_of(tx, token, "first administrator")
    if people.any_administrator(tx):
        raise LinkIsOver


def become_first_administrator(
    reading: Transaction, writing: Transaction, doorkeeper: Doorkeeper, token: str, new: NewPerson, hours: float
) -> OpenSession:
    """Make the account of the first administrator, and sign in.

    Raises:
        LinkIsOver: the link does not work (any more), or there is an administrator.
        InvalidInput: a field that cannot be taken.
        Conflict: the login is taken.
    """
    look_at_welcome(reading, token)
    fine = checked(NewPerson(new.login, new.name, new.password, True, new.email))
    hashed = doorkeeper.hash(fine.password)
    if people.any_administrator(writing):
        raise LinkIsOver
    person = store_person(writing, fine, hashed)
    # Last, because a login that is taken is told and asked for again, with the link still working.
    links.use(writing, token, "first administrator")
    writing.record(person.id, "became the first administrator", f"person {person.id}")
    return sessions.open_session(writing, person.id, hours)


def create_administrator(tx: Transaction, doorkeeper: Doorkeeper, new: NewPerson) -> Person:
    """Make an administrator with a password, at the command line.

    Raises:
        InvalidInput: a field that cannot be taken.
        Conflict: the login is taken.
    """
    fine = checked(NewPerson(new.login, new.name, new.password, True, new.email))
    person = store_person(tx, fine, doorkeeper.hash(fine.password))
    tx.record(None, "made an account", f"person {person.id}", administrator=1)
    return person


def _row(tx: Transaction, person_id: int) -> PersonRow:
    row = people.person(tx, person_id)
    if row is None or row.erased_at is not None:
        raise NotFound("There is no such person.")
    return row


def _account(row: PersonRow) -> Account:
    return Account(
        row.id, row.login, row.name, row.email, row.administrator, row.password_hash is not None, row.created_at
    )
