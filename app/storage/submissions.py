"""Queries about what has been handed in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.storage.tables import Attempt, AttemptItem, Grading, Submission, SubmissionItem
from app.storage.transaction import Transaction


def submission_of(tx: Transaction, attempt_id: int) -> Submission | None:
    """The newest submission of an attempt."""
    return tx.session.scalar(
        select(Submission).where(Submission.attempt_id == attempt_id).order_by(Submission.number.desc()).limit(1)
    )


def add_submission(
    tx: Transaction,
    attempt_id: int,
    at: datetime,
    receipt: str,
    answers: Iterable[tuple[int, dict[str, Any]]],
) -> Submission:
    """Store a submission with the frozen answers of every question."""
    row = Submission(attempt_id=attempt_id, number=1, at=at, receipt=receipt)
    tx.session.add(row)
    tx.session.flush()
    tx.session.add_all(
        SubmissionItem(submission_id=row.id, attempt_item_id=item, answers_frozen=frozen) for item, frozen in answers
    )
    tx.session.flush()
    return row


def items(tx: Transaction, submission_id: int) -> list[SubmissionItem]:
    """The questions of a submission in order, each with its current grading."""
    query = (
        select(SubmissionItem)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .options(joinedload(SubmissionItem.current_grading))
        .where(SubmissionItem.submission_id == submission_id)
        .order_by(AttemptItem.position)
        .execution_options(populate_existing=True)
    )
    return list(tx.session.scalars(query))


def outcomes(tx: Transaction, attempt_ids: Sequence[int]) -> dict[int, list[tuple[datetime, Any, Grading | None]]]:
    """By attempt: when it was handed in, and per question its weight and current grading (None: none yet)."""
    query = (
        select(Attempt.id, Submission.at, AttemptItem.weight, Grading)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
        .where(Attempt.id.in_(attempt_ids))
    )
    found: dict[int, list[tuple[datetime, Any, Grading | None]]] = {}
    for row in tx.session.execute(query):
        found.setdefault(row[0], []).append((row[1], row[2], row[3]))
    return found


def ungraded(tx: Transaction, limit: int) -> list[int]:
    """Submitted questions without a grading, oldest first."""
    query = (
        select(SubmissionItem.id)
        .where(SubmissionItem.current_grading_id.is_(None))
        .order_by(SubmissionItem.id)
        .limit(limit)
    )
    return list(tx.session.scalars(query))
