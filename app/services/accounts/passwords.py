"""Passwords that were forgotten: a link by mail, or one that an administrator or instructor hands over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from app.domain.errors import NotAllowed, NotFound
from app.services.accounts import links, sessions
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.people import Person, checked_password, person_from
from app.services.accounts.sessions import OpenSession
from app.services.accounts.signing_in import TooSoon
from app.services.courses.membership import Membership
from app.services.operating import mails
from app.services.operating.transactions import Transaction
from app.storage import courses, people
from app.storage import links as stored_links
from app.storage import sessions as stored_sessions

BY_MAIL = timedelta(hours=2)
BY_HAND = timedelta(days=3)
MOST_MAILS_AN_HOUR = 3
MOST_ACCOUNTS = 5
NOT_YOURS = (
    "Only an administrator can make this link: the person teaches, administrates, or is in a course that is not yours."
)


@dataclass(frozen=True, slots=True)
class ResetLink:
    """A link to hand over; it is shown once."""

    person: Person
    path: str
    hours: int


def forgot(tx: Transaction, doorkeeper: Doorkeeper, *, who: str, address: str, site: str) -> None:
    """Write to the accounts of this login or e-mail address. Whether there are any, nobody can tell.

    Raises:
        TooSoon: too many such requests came from this address.
    """
    wait = doorkeeper.throttle.seconds_to_wait("forgotten password", address)
    if wait > 0:
        raise TooSoon(int(wait) + 1, "Too many requests for a new password.")
    doorkeeper.throttle.failed("forgotten password", address)
    # Written in any case, so that the time an answer takes says nothing about accounts.
    tx.record(None, "asked for a new password", "people")
    for row in people.by_login_or_email(tx, who.strip().casefold()[:320], MOST_ACCOUNTS):
        if row.email is None or row.erased_at is not None:
            continue
        if stored_links.made_since(tx, row.id, tx.now() - timedelta(hours=1)) >= MOST_MAILS_AN_HOUR:
            continue
        token = links.make(tx, "password", row.id, BY_MAIL)
        mails.write_reset(tx, row.email, name=row.name, login=row.login, link=f"{site}/password/{token}")


def link_by_administrator(tx: Transaction, by: Person | None, person_id: int) -> ResetLink:
    """A link for anybody; `by` is None at the command line.

    Raises:
        NotFound: there is no such person (any more).
    """
    row = people.person(tx, person_id)
    if row is None or row.erased_at is not None:
        raise NotFound("There is no such person.")
    stored_links.forget(tx, person_id)
    token = links.make(tx, "password", person_id, BY_HAND)
    tx.record(None if by is None else by.id, "made a password link", f"person {person_id}")
    return ResetLink(person_from(row), f"/password/{token}", int(BY_HAND.total_seconds() // 3600))


def link_from_the_machine(tx: Transaction, login: str) -> str:
    """The path of a link for the account of that login, for whoever operates the machine.

    Raises:
        NotFound: there is no such account.
    """
    row = people.person_by_login(tx, login.strip())
    if row is None:
        raise NotFound(f"There is no account “{login[:200]}”.")
    return link_by_administrator(tx, None, row.id).path


def link_by_instructor(tx: Transaction, membership: Membership, person_id: int) -> ResetLink:
    """A link for a student of this course.

    Whoever holds it becomes that person, so it must open nothing that the instructor may not see anyway: not an
    account that teaches or administrates, and none that has to do with a course of somebody else.

    Raises:
        NotFound: there is no such person in the course.
        NotAllowed: the account opens more than this instructor's courses.
    """
    if courses.enrolment(tx, membership.course_id, person_id) is None:
        raise NotFound("This person is not in the course.")
    if membership.standing != "administrator" and not may_link(tx, membership, person_id):
        raise NotAllowed(NOT_YOURS)
    return link_by_administrator(tx, membership.person, person_id)


def may_link(tx: Transaction, membership: Membership, person_id: int) -> bool:
    """Whether everything that this person's account opens is open to the instructor anyway."""
    row = people.person(tx, person_id)
    if row is None or row.administrator or people.has_role(tx, person_id, ("assistant", "instructor")):
        return False
    return not courses.touched_by(tx, person_id) - courses.instructed_by(tx, membership.person.id)


def look(tx: Transaction, token: str) -> Person:
    """Whose password this link sets.

    Raises:
        LinkIsOver: it does not work (any more).
    """
    person_id = links.person_of(tx, token, "password")
    row = None if person_id is None else people.person(tx, person_id)
    if row is None or row.erased_at is not None:
        raise links.LinkIsOver
    return person_from(row)


def reset(
    reading: Transaction, writing: Transaction, doorkeeper: Doorkeeper, token: str, password: str, hours: float
) -> OpenSession:
    """Set a new password by a link, end every session, and begin a new one.

    Raises:
        LinkIsOver: the link does not work (any more).
        InvalidInput: the password cannot be taken.
    """
    look(reading, token)
    hashed = doorkeeper.hash(checked_password(password))
    person_id = links.use(writing, token, "password")
    row = None if person_id is None else people.person(writing, person_id)
    if row is None or row.erased_at is not None:
        raise links.LinkIsOver
    row.password_hash = hashed
    stored_sessions.end_all(writing, row.id)
    stored_links.forget(writing, row.id)
    writing.record(row.id, "set a new password by a link", f"person {row.id}")
    return sessions.open_session(writing, row.id, hours)
