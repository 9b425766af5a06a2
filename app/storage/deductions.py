"""Queries about factors: what is left of the points of attempts, and how that changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.storage.tables import Attempt, FactorChange, Quiz, Submission
from app.storage.transaction import Transaction

WAIVERS = ("waived", "waiver withdrawn")


def reduced(tx: Transaction, quiz_id: int, person_id: int | None = None) -> list[tuple[Attempt, Submission]]:
    """The attempts at a quiz (or those of one person) that have lost something, with the submissions that count."""
    query = (
        select(Attempt, Submission)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Attempt.quiz_id == quiz_id, Submission.superseded.is_(False), Submission.deductions.is_not(None))
        .order_by(Attempt.id)
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    )
    if person_id is not None:
        query = query.where(Attempt.person_id == person_id)
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def sat_at(tx: Transaction, quiz_id: int, attempt_id: str) -> tuple[Attempt, Quiz, Submission] | None:
    """An attempt at a quiz by public id, with the submission that counts, locked against other changes."""
    query = (
        select(Attempt, Quiz, Submission)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .where(Quiz.id == quiz_id, Attempt.public_id == attempt_id, Submission.superseded.is_(False))
        .with_for_update(of=Submission)
        .execution_options(populate_existing=True)
    )
    row = tx.session.execute(query).first()
    return None if row is None else (row[0], row[1], row[2])


def add_change(tx: Transaction, change: FactorChange) -> None:
    """Store a change of a factor."""
    tx.session.add(change)
    tx.session.flush()


def changes(tx: Transaction, attempt_id: int) -> list[FactorChange]:
    """How the factor of an attempt changed, oldest first."""
    query = select(FactorChange).where(FactorChange.attempt_id == attempt_id).order_by(FactorChange.id)
    return list(tx.session.scalars(query))


def waived(tx: Transaction, attempt_ids: Iterable[int]) -> set[int]:
    """Those of these attempts whose deductions are waived."""
    query = (
        select(FactorChange.attempt_id, FactorChange.kind)
        .where(FactorChange.attempt_id.in_(list(attempt_ids)), FactorChange.kind.in_(WAIVERS))
        .order_by(FactorChange.id)
    )
    newest = {row.attempt_id: row.kind for row in tx.session.execute(query)}
    return {attempt for attempt, kind in newest.items() if kind == "waived"}


def of_attempts(tx: Transaction, attempt_ids: Sequence[int]) -> dict[int, list[Any]]:
    """What is deducted, by attempt, from those of these attempts that lose anything."""
    if not attempt_ids:
        return {}
    query = select(Submission.attempt_id, Submission.deductions).where(
        Submission.attempt_id.in_(attempt_ids), ~Submission.superseded, Submission.deductions.is_not(None)
    )
    return {row.attempt_id: row.deductions or [] for row in tx.session.execute(query)}
