"""Queries about submitted questions that are credited anew: what was decided about them, and all their gradings."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from app.storage.outcomes import AT_ONCE
from app.storage.tables import AttemptItem, Grading, Judgement, SubmissionItem
from app.storage.transaction import Transaction


def judged(tx: Transaction, item_ids: Collection[int]) -> dict[int, list[Judgement]]:
    """All decisions about these submitted questions, oldest first; nothing where nobody has decided."""
    found: dict[int, list[Judgement]] = {}
    numbers = sorted(item_ids)
    for start in range(0, len(numbers), AT_ONCE):
        query = (
            select(Judgement)
            .where(Judgement.submission_item_id.in_(numbers[start : start + AT_ONCE]), Judgement.round == 1)
            .order_by(Judgement.id)
            .execution_options(populate_existing=True)
        )
        for row in tx.session.scalars(query):
            found.setdefault(row.submission_item_id, []).append(row)
    return found


def without_grading(tx: Transaction, item_ids: Sequence[int]) -> set[int]:
    """Those of these submitted questions of which no grading counts at the moment."""
    query = select(SubmissionItem.id).where(SubmissionItem.id.in_(item_ids))
    return set(tx.session.scalars(query.where(SubmissionItem.current_grading_id.is_(None))))


def gradings(tx: Transaction, item_ids: Sequence[int]) -> dict[int, tuple[int, list[Grading]]]:
    """The version whose rubric counts, and every grading, newest first; by submitted question."""
    found: dict[int, tuple[int, list[Grading]]] = {}
    for start in range(0, len(item_ids), AT_ONCE):
        version = func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id)
        query = (
            select(Grading, version)
            .join(SubmissionItem, SubmissionItem.id == Grading.submission_item_id)
            .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
            .where(Grading.submission_item_id.in_(item_ids[start : start + AT_ONCE]))
            .order_by(Grading.id.desc())
        )
        for grading, number in tx.session.execute(query):
            found.setdefault(grading.submission_item_id, (number, []))[1].append(grading)
    return found
