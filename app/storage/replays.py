"""Queries for replaying marks: every grading that counts, with the rows that it was made from."""

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
    """A grading that counts; `package`, `values`, `seed`, `answers` and `judged` (oldest first) decided it."""

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
    query = (
        select(SubmissionItem, Grading, Observation, QuestionVersion.id, Variant.values, Variant.seed)
        .join(Grading, Grading.id == SubmissionItem.current_grading_id)
        .join(Observation, Observation.id == Grading.observation_id)
        .join(QuestionVersion, QuestionVersion.id == Grading.question_version_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Variant, Variant.id == AttemptItem.variant_id)
        .where(SubmissionItem.id > after, submissions.counting())
        .order_by(SubmissionItem.id)
        .limit(limit)
    )
    rows = tx.session.execute(query).all()
    wanted = {row[3] for row in rows}
    stored = select(QuestionVersion.id, QuestionVersion.package).where(QuestionVersion.id.in_(wanted))
    packages = {row[0]: row[1] for row in tx.session.execute(stored)}
    judged = _judged(tx, [row[0].id for row in rows])
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
