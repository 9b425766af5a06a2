"""Queries about observations, judgements and gradings: only ever added; one pointer says which counts."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from sqlalchemy import func, select, update

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
class ToGrade:
    """All that grading one submitted question needs."""

    submission_item_id: int
    version_id: int
    observe_hash: str
    package: dict[str, Any]
    values: dict[str, Any]
    seed: int
    answers: dict[str, Any]
    points: Fraction
    current_grading_id: int | None
    observation_id: int | None = None


def to_grade(tx: Transaction, submission_item_id: int) -> ToGrade | None:
    """What the grader of one submitted question works on."""
    row = tx.session.execute(
        select(SubmissionItem, QuestionVersion, Variant.values, Variant.seed)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(
            QuestionVersion,
            QuestionVersion.id == func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id),
        )
        .join(Variant, Variant.id == AttemptItem.variant_id)
        .where(SubmissionItem.id == submission_item_id)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        return None
    item, version, values, seed = row
    return ToGrade(
        item.id,
        version.id,
        version.observe_hash,
        version.package,
        values,
        seed,
        item.answers_frozen,
        version.points,
        item.current_grading_id,
        item.observation_id,
    )


def newest_observation(tx: Transaction, item_id: int, observe_hash: str, fingerprint: str) -> Observation | None:
    """The facts of one question by this software, where they have been stated."""
    return tx.session.scalar(
        select(Observation).where(
            Observation.submission_item_id == item_id,
            Observation.observe_hash == observe_hash,
            Observation.grader_fingerprint == fingerprint,
        )
    )


def observation(tx: Transaction, number: int, observe_hash: str) -> Observation | None:
    """The observation of that number, if it still says what this question asks and holds facts."""
    found = tx.session.get(Observation, number)
    return found if found is not None and found.observe_hash == observe_hash and found.facts is not None else None


def failures(tx: Transaction, item_id: int, observe_hash: str) -> int:
    """How often observing this question has failed."""
    query = select(func.count()).where(
        Observation.submission_item_id == item_id,
        Observation.observe_hash == observe_hash,
        Observation.facts.is_(None),
    )
    return tx.session.scalar(query) or 0


def keep_observation(
    tx: Transaction,
    item_id: int,
    observe_hash: str,
    fingerprint: str,
    facts: dict[str, Any] | None,
    cause: str,
) -> int:
    """Store facts (or why there are none), unless the same software has stated them before."""
    statement = tx.upsert(Observation).values(
        submission_item_id=item_id,
        observe_hash=observe_hash,
        grader_fingerprint=fingerprint,
        facts=facts,
        cause=cause,
        created_at=tx.now(),
    )
    keys = ["submission_item_id", "observe_hash", "grader_fingerprint"]
    added = statement.on_conflict_do_nothing(index_elements=keys).returning(Observation.id)
    found = tx.session.execute(added).scalar()
    if found is not None:
        return int(found)
    existing = newest_observation(tx, item_id, observe_hash, fingerprint)
    if existing is None:
        raise LookupError("an observation is neither new nor stored")
    return existing.id


def judgements(tx: Transaction, item_id: int) -> list[Judgement]:
    """What people decided about one question, oldest first; a second marker's round is not among it."""
    query = (
        select(Judgement).where(Judgement.submission_item_id == item_id, Judgement.round == 1).order_by(Judgement.id)
    )
    return list(tx.session.scalars(query))


def keep_grading(tx: Transaction, row: Grading) -> int:
    """Store a grading, which does not count by itself; its number. The same inputs are never stored twice."""
    values = {
        name: getattr(row, name)
        for name in (
            "submission_item_id",
            "question_version_id",
            "observation_id",
            "judgement_upto",
            "credit",
            "state",
            "points",
            "points_real",
            "upto",
            "max",
            "created_at",
        )
    }
    keys = ["submission_item_id", "question_version_id", "observation_id", "judgement_upto"]
    statement = tx.upsert(Grading).values(values).on_conflict_do_nothing(index_elements=keys).returning(Grading.id)
    found = tx.session.execute(statement).scalar()
    if found is None:
        found = tx.session.execute(
            select(Grading.id).where(*(getattr(Grading, key) == getattr(row, key) for key in keys))
        ).scalar_one()
    return int(found)


def let_count(tx: Transaction, item_id: int, grading_id: int, observation_id: int) -> None:
    """From now on this grading counts, and the facts that it was made from."""
    tx.session.execute(
        update(SubmissionItem)
        .where(SubmissionItem.id == item_id)
        .values(current_grading_id=grading_id, observation_id=observation_id)
    )


def inputs_now(tx: Transaction, item_id: int) -> tuple[int, int]:
    """The question version and the newest decision that credit must take in, read under a lock on the question."""
    version = tx.session.execute(
        select(func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id))
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .where(SubmissionItem.id == item_id)
        .with_for_update(of=SubmissionItem)
    ).scalar_one()
    newest = select(func.max(Judgement.id)).where(Judgement.submission_item_id == item_id, Judgement.round == 1)
    return version, tx.session.scalar(newest) or 0


def cause_of(tx: Transaction, observation_id: int) -> str:
    """Why an observation holds no facts; empty when it does."""
    return tx.session.scalar(select(Observation.cause).where(Observation.id == observation_id)) or ""
