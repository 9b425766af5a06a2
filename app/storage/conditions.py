"""Queries about what is due and has not been done; each looks at an index and counts no more than it must."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from app.storage.tables import Attempt, Delivery, DutyRow, Grading, Mail, Submission, SubmissionItem
from app.storage.transaction import Transaction

Waiting = tuple[int, datetime | None]
"""How much, and since when the oldest of it."""


def ungraded(tx: Transaction) -> Waiting:
    """Submitted questions that nothing has graded."""
    query = (
        select(func.count(SubmissionItem.id), func.min(Submission.at))
        .join(Submission, Submission.id == SubmissionItem.submission_id)
        .where(SubmissionItem.current_grading_id.is_(None), ~Submission.superseded)
    )
    return _one(tx, query)


def overdue(tx: Transaction, before: datetime) -> Waiting:
    """Open attempts whose deadline lies before a moment and which are not paused."""
    late = (Attempt.state == "open", Attempt.deadline_at < before, Attempt.paused_at.is_(None))
    return _one(tx, select(func.count(Attempt.id), func.min(Attempt.deadline_at)).where(*late))


def mails(tx: Transaction) -> Waiting:
    """Letters that have not been sent."""
    return _one(tx, select(func.count(Mail.id), func.min(Mail.created_at)).where(Mail.state == "waiting"))


def deliveries(tx: Transaction) -> Waiting:
    """Events on their way to webhooks."""
    return _one(tx, select(func.count(Delivery.id), func.min(Delivery.created_at)).where(Delivery.state == "waiting"))


def failing(tx: Transaction) -> int:
    """Duties that have failed at least once and are not fulfilled yet."""
    return tx.session.scalar(select(func.count()).select_from(DutyRow).where(DutyRow.last_error != "")) or 0


def open_attempts(tx: Transaction) -> int:
    """Attempts that are being sat."""
    return tx.session.scalar(select(func.count(Attempt.id)).where(Attempt.state == "open")) or 0


def newest_grading(tx: Transaction) -> datetime | None:
    """When something was graded last."""
    return tx.session.scalar(select(Grading.created_at).order_by(Grading.id.desc()).limit(1))


def _one(tx: Transaction, query: object) -> Waiting:
    row = tx.session.execute(query).one()  # type: ignore[call-overload]
    return int(row[0]), row[1]
