"""Queries about invitations to courses."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from app.storage.tables import Course, Invitation
from app.storage.transaction import Transaction


def add(tx: Transaction, row: Invitation) -> None:
    """Store an invitation."""
    tx.session.add(row)
    tx.session.flush()


def of_course(tx: Transaction, course_id: int) -> list[Invitation]:
    """The invitations of a course, newest first."""
    query = select(Invitation).where(Invitation.course_id == course_id).order_by(Invitation.id.desc())
    return list(tx.session.scalars(query))


def with_course(tx: Transaction, token_hash: str) -> tuple[Invitation, Course] | None:
    """The invitation with this token, and where it leads; also when it is over."""
    query = (
        select(Invitation, Course)
        .join(Course, Course.id == Invitation.course_id)
        .where(Invitation.token_hash == token_hash)
    )
    found = tx.session.execute(query).one_or_none()
    return None if found is None else (found[0], found[1])


def use(tx: Transaction, invitation_id: int) -> bool:
    """Take one use; False when none is left, or the invitation is over."""
    statement = (
        update(Invitation)
        .where(
            Invitation.id == invitation_id,
            Invitation.revoked_at.is_(None),
            Invitation.expires_at > tx.now(),
            or_(Invitation.uses_left.is_(None), Invitation.uses_left > 0),
        )
        .values(uses_left=Invitation.uses_left - 1)
        .returning(Invitation.id)
    )
    return tx.session.execute(statement).scalar() is not None


def revoke(tx: Transaction, course_id: int, invitation_id: int) -> bool:
    """Take an invitation of that course back; False when there is no such thing to take back."""
    statement = (
        update(Invitation)
        .where(Invitation.id == invitation_id, Invitation.course_id == course_id, Invitation.revoked_at.is_(None))
        .values(revoked_at=tx.now())
        .returning(Invitation.id)
    )
    return tx.session.execute(statement).scalar() is not None
