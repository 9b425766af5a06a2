"""Queries about who is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, bindparam, case, delete, exists, select

from app.domain.access import Role
from app.storage.tables import Enrolment, PersonRow, SessionRow
from app.storage.transaction import Transaction

_TEACHES_AS = case(
    (exists().where(Enrolment.person_id == PersonRow.id, Enrolment.role == "instructor"), "instructor"),
    (exists().where(Enrolment.person_id == PersonRow.id, Enrolment.role == "assistant"), "assistant"),
    else_=None,
)
# Asked with every request: written once, so that SQLAlchemy translates it once.
_SESSION_WITH_PERSON = (
    select(SessionRow, PersonRow, _TEACHES_AS)
    .join(PersonRow, PersonRow.id == SessionRow.person_id)
    .where(SessionRow.token_hash == bindparam("token_hash"))
)


def add_session(tx: Transaction, token_hash: str, person_id: int, expires_at: datetime) -> None:
    """Somebody has signed in."""
    row = SessionRow(token_hash=token_hash, person_id=person_id, created_at=tx.now(), expires_at=expires_at)
    tx.session.add(row)


def session_with_person(tx: Transaction, token_hash: str) -> tuple[SessionRow, PersonRow, Role | None] | None:
    """The sign-in with this token, whose it is, and their highest teaching role in any course; expired or not."""
    found = tx.session.execute(_SESSION_WITH_PERSON, {"token_hash": token_hash}).one_or_none()
    return None if found is None else (found[0], found[1], cast("Role | None", found[2]))


def remove_session(tx: Transaction, token_hash: str) -> None:
    """Somebody has signed out."""
    tx.session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))


def any_expired(tx: Transaction) -> bool:
    """Whether there is anything to sweep."""
    expired = select(SessionRow.token_hash).where(SessionRow.expires_at < tx.now()).limit(1)
    return tx.session.scalar(expired) is not None


def remove_expired(tx: Transaction) -> int:
    """Forget all sign-ins that are over; how many there were."""
    result = tx.session.execute(delete(SessionRow).where(SessionRow.expires_at < tx.now()))
    return cast("CursorResult[Any]", result).rowcount


def of_person(tx: Transaction, person_id: int) -> list[SessionRow]:
    """Where somebody is signed in, newest first."""
    mine = (SessionRow.person_id == person_id, SessionRow.expires_at > tx.now())
    return list(tx.session.scalars(select(SessionRow).where(*mine).order_by(SessionRow.created_at.desc())))


def end_all(tx: Transaction, person_id: int, *, but: str = "") -> int:
    """Sign somebody out everywhere, except where the token's hash is `but`; how many sessions that were."""
    gone = delete(SessionRow).where(SessionRow.person_id == person_id, SessionRow.token_hash != but)
    return cast("CursorResult[Any]", tx.session.execute(gone)).rowcount


def end_one(tx: Transaction, person_id: int, handle: str) -> bool:
    """End the session of that person whose hash begins so."""
    gone = delete(SessionRow).where(
        SessionRow.person_id == person_id, SessionRow.token_hash.startswith(handle, autoescape=True)
    )
    return cast("CursorResult[Any]", tx.session.execute(gone)).rowcount > 0
