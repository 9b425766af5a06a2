"""Queries about what has been handed in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, bindparam, delete, exists, insert, select, update
from sqlalchemy.orm import aliased, joinedload

from app.storage import judgements
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Grading,
    Judgement,
    Regrade,
    RegradeItem,
    RegradeRequest,
    Submission,
    SubmissionItem,
)
from app.storage.transaction import Transaction

# What is asked when a whole class hands in within the same minute is written once.
_NEWEST = (
    select(Submission).where(Submission.attempt_id == bindparam("attempt")).order_by(Submission.number.desc()).limit(1)
)
_NEW_ITEMS = insert(cast(Table, SubmissionItem.__table__))


def counting() -> ColumnElement[bool]:
    """For queries over submitted questions: those of submissions that count, which no later one supersedes."""
    submission = aliased(Submission)
    return ~exists().where(submission.id == SubmissionItem.submission_id, submission.superseded)


def submission_of(tx: Transaction, attempt_id: int) -> Submission | None:
    """The submission of an attempt that counts; None while it is open, reopened ones included."""
    return tx.session.scalar(
        select(Submission)
        .where(Submission.attempt_id == attempt_id, ~Submission.superseded)
        .order_by(Submission.number.desc())
        .limit(1)
    )


def newest(tx: Transaction, attempt_id: int) -> Submission | None:
    """The last submission of an attempt, whether or not it counts."""
    return tx.session.scalar(_NEWEST, {"attempt": attempt_id})


def supersede(tx: Transaction, attempt_id: int) -> None:
    """Let what was handed in so far count no more; regrades that have not been applied to it leave it alone."""
    mine = Submission.attempt_id == attempt_id
    tx.session.execute(update(Submission).where(mine, ~Submission.superseded).values(superseded=True))
    old = select(SubmissionItem.id).join(Submission, Submission.id == SubmissionItem.submission_id).where(mine)
    waiting = select(Regrade.id).where(Regrade.state.in_(("preparing", "previewed")))
    tx.session.execute(
        delete(RegradeItem)
        .where(
            RegradeItem.submission_item_id.in_(old.scalar_subquery()),
            RegradeItem.regrade_id.in_(waiting.scalar_subquery()),
        )
        .execution_options(synchronize_session=False)
    )


def take_over(tx: Transaction, old: int, new: int, parts: Collection[str]) -> list[str]:
    """Let a submitted question have what people said about the one that it supersedes.

    Their decisions about `parts` are copied, with their moments; conversations about marks go on here. Which other
    parts there were decisions about. What a regrade decided is not copied: it comes again with the regrade.
    """
    query = select(Judgement).where(Judgement.submission_item_id == old, Judgement.regrade_id.is_(None))
    left = set()
    copies: dict[int, int] = {}
    for one in tx.session.scalars(query.order_by(Judgement.id)).all():
        if one.part not in parts:
            left.add(one.part)
            continue
        # What was said beside points of a regrade is only a comment, until these come again.
        stood = copies.get(one.repeats, 0) if one.repeats is not None else None
        copies[one.id] = judgements.keep(
            tx,
            new,
            one.part,
            one.criterion,
            one.person_id,
            one.verdict if stood != 0 else Fraction(0),
            one.comment,
            round=one.round,
            withdrawn=one.withdrawn,
            at=one.created_at,
            at_desk=one.at_desk,
            worth=one.worth,
            repeats=stood,
        )
    asked = update(RegradeRequest).where(RegradeRequest.submission_item_id == old)
    tx.session.execute(asked.values(submission_item_id=new))
    return sorted(left)


def add_submission(
    tx: Transaction,
    attempt_id: int,
    at: datetime,
    receipt: str,
    answers: Iterable[tuple[int, dict[str, Any]]],
    number: int = 1,
) -> Submission:
    """Store a submission with the frozen answers of every question."""
    row = Submission(attempt_id=attempt_id, number=number, at=at, receipt=receipt)
    tx.session.add(row)
    tx.session.flush()
    new = [{"submission_id": row.id, "attempt_item_id": item, "answers_frozen": frozen} for item, frozen in answers]
    if new:
        tx.session.connection().execute(_NEW_ITEMS, new)
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
        .where(Attempt.id.in_(attempt_ids), ~Submission.superseded)
    )
    found: dict[int, list[tuple[datetime, Any, Grading | None]]] = {}
    for row in tx.session.execute(query):
        found.setdefault(row[0], []).append((row[1], row[2], row[3]))
    return found


def ungraded_papers(tx: Transaction, limit: int) -> list[int]:
    """Submissions with a question that has no grading, oldest first."""
    query = (
        select(SubmissionItem.submission_id)
        .where(SubmissionItem.current_grading_id.is_(None), counting())
        .distinct()
        .order_by(SubmissionItem.submission_id)
        .limit(limit)
    )
    return list(tx.session.scalars(query))


def ungraded_of(tx: Transaction, submission_id: int) -> list[int]:
    """The questions of a submission without a grading, in order."""
    query = (
        select(SubmissionItem.id)
        .where(SubmissionItem.submission_id == submission_id, SubmissionItem.current_grading_id.is_(None))
        .order_by(SubmissionItem.id)
    )
    return list(tx.session.scalars(query))
