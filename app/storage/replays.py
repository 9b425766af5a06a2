"""Queries for replaying marks: gradings, with the rows that they were made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.storage import submissions
from app.storage.tables import (
    AttemptItem,
    Grading,
    Judgement,
    Observation,
    QuestionVersion,
    SubmissionItem,
    Variant,
)
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Raw:
    """A grading; `package`, `values`, `seed`, `answers` and `judged` (oldest first) decided it."""

    item_id: int
    grading: Grading
    observation: Observation
    package: dict[str, Any]
    values: dict[str, Any]
    seed: int
    answers: dict[str, Any]
    judged: tuple[Judgement, ...]


def counting(tx: Transaction, after: int, limit: int) -> list[Raw]:
    """At most so many gradings that count, of submitted questions with a larger number, by that number."""
    query = _RAW.join(Grading, Grading.id == SubmissionItem.current_grading_id)
    query = query.where(SubmissionItem.id > after, submissions.counting()).order_by(SubmissionItem.id)
    return _raw(tx, query, limit)


def every(tx: Transaction, after: int, limit: int) -> list[Raw]:
    """At most so many gradings with a larger number, by number, whether they count or not (any more)."""
    query = _RAW.join(Grading, Grading.submission_item_id == SubmissionItem.id)
    return _raw(tx, query.where(Grading.id > after).order_by(Grading.id), limit)


_RAW = select(SubmissionItem, Grading, Observation, QuestionVersion.id, Variant.values, Variant.seed).select_from(
    SubmissionItem
)


def _raw(tx: Transaction, query: Any, limit: int) -> list[Raw]:
    query = (
        query.join(Observation, Observation.id == Grading.observation_id)
        .join(QuestionVersion, QuestionVersion.id == Grading.question_version_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Variant, Variant.id == AttemptItem.variant_id)
        .limit(limit)
    )
    rows = tx.session.execute(query).all()
    wanted = {row[3] for row in rows}
    stored = select(QuestionVersion.id, QuestionVersion.package).where(QuestionVersion.id.in_(wanted))
    packages = {row[0]: row[1] for row in tx.session.execute(stored)}
    judged = _judged(tx, sorted({row[0].id for row in rows}))
    return [
        Raw(
            item.id,
            grading,
            observation,
            packages[version],
            values,
            seed,
            item.answers_frozen,
            tuple(one for one in judged.get(item.id, ()) if one.id <= grading.judgement_upto),
        )
        for item, grading, observation, version, values, seed in rows
    ]


def _judged(tx: Transaction, item_ids: Sequence[int]) -> dict[int, list[Judgement]]:
    query = select(Judgement).where(Judgement.submission_item_id.in_(item_ids), Judgement.round == 1)
    found: dict[int, list[Judgement]] = {}
    for row in tx.session.scalars(query.order_by(Judgement.id)):
        found.setdefault(row.submission_item_id, []).append(row)
    return found
