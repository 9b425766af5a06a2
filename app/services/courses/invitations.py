"""Invitations: a link by which people enrol themselves in a course."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias, cast

from app.domain.access import Role
from app.domain.errors import InvalidInput, NotAllowed, NotFound
from app.services.accounts.doorkeeper import Doorkeeper
from app.services.accounts.links import LONGEST_TOKEN, hash_of
from app.services.accounts.people import NewPerson, Person, checked, store_person
from app.services.courses.membership import Membership
from app.services.courses.roster import checked_role
from app.services.operating.transactions import Transaction
from app.services.operating.webhooks import announce_enrolment
from app.storage import courses, invitations, people
from app.storage.tables import Course, Invitation

State: TypeAlias = Literal["open", "expired", "used up", "revoked"]
MOST_DAYS = 366
MOST_USES = 100_000
OVER: dict[State, str] = {
    "expired": "This invitation has expired. Ask your instructor for a new one.",
    "used up": "This invitation has been used as often as it may be. Ask your instructor for a new one.",
    "revoked": "This invitation was taken back. Ask your instructor for a new one.",
}
UNKNOWN = "There is no such invitation. Look whether the whole link arrived."


@dataclass(frozen=True, slots=True)
class InvitationCard:
    """An invitation in the list of its course. `token` is empty when the installation's key has changed since."""

    id: int
    token: str
    role: Role
    state: State
    created_at: datetime
    expires_at: datetime
    uses_left: int | None


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation offers to whoever opens it."""

    course: str
    title: str
    term: str
    role: Role
    expires_at: datetime
    member: bool


def invite(
    tx: Transaction, secret: bytes, membership: Membership, *, role: str, days: int, uses: int | None
) -> InvitationCard:
    """Make an invitation.

    Raises:
        InvalidInput: a field that cannot be taken; `place` names it.
        NotAllowed: the course is archived.
    """
    if membership.archived:
        raise NotAllowed("Nobody can be invited to an archived course.")
    if not 1 <= days <= MOST_DAYS:
        raise InvalidInput(f"An invitation lasts 1 to {MOST_DAYS} days.", place="days")
    if uses is not None and not 1 <= uses <= MOST_USES:
        raise InvalidInput(f"An invitation is used 1 to {MOST_USES} times.", place="uses")
    # The hash of the token needs the number of the row: it is filled in once that is known.
    row = Invitation(
        token_hash=secrets.token_hex(32),
        course_id=membership.course_id,
        role=checked_role(role),
        created_by_id=membership.person.id,
        created_at=tx.now(),
        expires_at=tx.now() + timedelta(days=days),
        uses_left=uses,
    )
    invitations.add(tx, row)
    row.token_hash = hash_of(_token(secret, row))
    tx.record(membership.person.id, "made an invitation", f"course {membership.course}", role=row.role, days=days)
    return _card(tx, secret, row)


def invitations_of(tx: Transaction, secret: bytes, course_id: int) -> tuple[InvitationCard, ...]:
    """The invitations of a course, newest first."""
    return tuple(_card(tx, secret, row) for row in invitations.of_course(tx, course_id))


def revoke(tx: Transaction, membership: Membership, invitation_id: int) -> None:
    """Take an invitation back; who came by it stays.

    Raises:
        NotFound: the course has no such invitation, or it was taken back before.
    """
    if not invitations.revoke(tx, membership.course_id, invitation_id):
        raise NotFound("There is no such invitation any more.")
    tx.record(membership.person.id, "took back an invitation", f"course {membership.course}")


def invited(tx: Transaction, token: str, person: Person | None) -> Invited:
    """What this invitation offers.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it is over, or the course is archived.
    """
    row, course = _open(tx, token, person)
    member = person is not None and courses.enrolment(tx, course.id, person.id) is not None
    return Invited(course.public_id, course.title, course.term, cast(Role, row.role), row.expires_at, member)


def join(tx: Transaction, token: str, person: Person) -> str:
    """Join the course; its public id. Who is in it already keeps their role, and no use is taken.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it is over, or the course is archived.
    """
    row, course = _open(tx, token, person)
    if courses.enrolment(tx, course.id, person.id) is not None:
        return course.public_id
    if not invitations.use(tx, row.id):
        raise NotAllowed(OVER["used up"])
    people.enrol(tx, course.id, person.id, row.role)
    tx.record(person.id, "joined by an invitation", f"course {course.public_id}", role=row.role)
    announce_enrolment(tx, course.id, person.id, row.role)
    return course.public_id


def register(
    reading: Transaction, writing: Transaction, doorkeeper: Doorkeeper, token: str, new: NewPerson
) -> tuple[Person, str]:
    """Make an account and join: the person, and the public id of the course.

    Raises:
        NotFound: there is no such invitation.
        NotAllowed: it is over, or the course is archived.
        InvalidInput: a field that cannot be taken.
        Conflict: the login is taken.
    """
    invited(reading, token, None)
    fine = checked(NewPerson(new.login, new.name, new.password, email=new.email))
    hashed = doorkeeper.hash(fine.password)
    person = store_person(writing, fine, hashed)
    return person, join(writing, token, person)


def state_of(row: Invitation, now: datetime) -> State:
    """Whether an invitation still works, or why it does not."""
    if row.revoked_at is not None:
        return "revoked"
    if row.expires_at <= now:
        return "expired"
    return "used up" if row.uses_left == 0 else "open"


def _open(tx: Transaction, token: str, person: Person | None) -> tuple[Invitation, Course]:
    found = invitations.with_course(tx, hash_of(token)) if len(token) <= LONGEST_TOKEN else None
    if found is None:
        raise NotFound(UNKNOWN)
    row, course = found
    state = state_of(row, tx.now())
    # Who has come in by it may open it again: it leads to the course.
    inside = person is not None and courses.enrolment(tx, course.id, person.id) is not None
    if state != "open" and not inside:
        raise NotAllowed(OVER[state])
    if course.archived_at is not None and not inside:
        raise NotAllowed("This course is archived; nobody joins it any more.")
    return row, course


def _token(secret: bytes, row: Invitation) -> str:
    # Made from the installation's key, so that the list can show it again: the database alone does not give it away.
    seal = hmac.new(secret, f"invitation:{row.id}:{row.created_at.timestamp():.6f}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(seal).decode().rstrip("=")


def _card(tx: Transaction, secret: bytes, row: Invitation) -> InvitationCard:
    token = _token(secret, row)
    known = token if hash_of(token) == row.token_hash else ""
    state = state_of(row, tx.now())
    role = cast(Role, row.role)
    return InvitationCard(row.id, known, role, state, row.created_at, row.expires_at, row.uses_left)
