"""Queries about observations, judgements and gradings: only ever added; one pointer says which counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import cast

from sqlalchemy import Table, bindparam, func, select, update
from sqlalchemy.orm import defer

from app.domain.documents import Written
from app.storage.tables import (
    AttemptItem,
    Grading,
    Judgement,
    Observation,
    SubmissionItem,
)
from app.storage.transaction import Transaction

INPUTS = ("submission_item_id", "question_version_id", "observation_id", "judgement_upto")
CREDITED = ("credit", "state", "points", "points_real", "upto", "max", "created_at")


@dataclass(frozen=True, slots=True)
class ToGrade:
    """All that grading one submitted question needs; documents as the text that they are stored as."""

    submission_item_id: int
    version_id: int
    observe_hash: str
    package: Written
    variant_id: int
    values: Written
    seed: int
    answers: Written
    points: Fraction
    current_grading_id: int | None
    observation_id: int | None = None


@dataclass(frozen=True, slots=True)
class NewGrading:
    """A grading that is not stored yet."""

    submission_item_id: int
    question_version_id: int
    observation_id: int
    judgement_upto: int
    credit: Written | None
    state: str
    points: Fraction
    points_real: float
    upto: Fraction
    max: Fraction
    created_at: datetime


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
    facts: Written | None,
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
    stored = select(Observation.id).where(
        Observation.submission_item_id == item_id,
        Observation.observe_hash == observe_hash,
        Observation.grader_fingerprint == fingerprint,
    )
    return tx.session.execute(stored).scalar_one()


def keep_observations(tx: Transaction, stated: Sequence[tuple[int, str, str, Written]]) -> dict[int, int]:
    """Store the facts of several questions (question, observe hash, fingerprint, facts); their numbers by question."""
    names = ("submission_item_id", "observe_hash", "grader_fingerprint", "facts")
    at = tx.now()
    rows = [dict(zip(names, one, strict=True)) | {"cause": "", "created_at": at} for one in stated]
    if not rows:
        return {}
    added = tx.upsert(Observation).on_conflict_do_nothing(index_elements=list(names[:3]))
    new = tx.session.connection().execute(added.returning(Observation.submission_item_id, Observation.id), rows)
    found = {row[0]: row[1] for row in new}
    for item_id, observe_hash, fingerprint, facts in stated:
        if item_id not in found:
            found[item_id] = keep_observation(tx, item_id, observe_hash, fingerprint, facts, "")
    return found


def keep_gradings(tx: Transaction, rows: Sequence[NewGrading]) -> dict[int, int]:
    """Store gradings, which do not count by themselves; their numbers by question. The same inputs are stored once."""
    if not rows:
        return {}
    values = [{name: getattr(row, name) for name in (*INPUTS, *CREDITED)} for row in rows]
    statement = tx.upsert(Grading).on_conflict_do_nothing(index_elements=list(INPUTS))
    new = tx.session.connection().execute(statement.returning(Grading.submission_item_id, Grading.id), values)
    found = {row[0]: row[1] for row in new}
    for row in rows:
        if row.submission_item_id not in found:
            stored = select(Grading.id).where(*(getattr(Grading, name) == getattr(row, name) for name in INPUTS))
            found[row.submission_item_id] = tx.session.execute(stored).scalar_one()
    return found


def of_numbers(tx: Transaction, numbers: Sequence[int]) -> dict[int, Grading]:
    """The gradings of these numbers; their credit is read when somebody asks for it."""
    query = select(Grading).where(Grading.id.in_(numbers)).options(defer(Grading.credit))
    return {row.id: row for row in tx.session.scalars(query)}


def asked(tx: Transaction, observation_ids: Sequence[int]) -> dict[int, str]:
    """What the graders were asked when they stated these observations, by its hash."""
    query = select(Observation.id, Observation.observe_hash).where(Observation.id.in_(observation_ids))
    return {row[0]: row[1] for row in tx.session.execute(query)}


def let_count(tx: Transaction, counting: Sequence[tuple[int, int, int]]) -> None:
    """From now on these gradings count, and the facts that they were made from: question, grading, observation."""
    if not counting:
        return
    table = cast(Table, SubmissionItem.__table__)
    names = ("item", "current_grading_id", "observation_id")
    tx.session.connection().execute(
        update(table).where(table.c.id == bindparam("item")).values({name: bindparam(name) for name in names[1:]}),
        [dict(zip(names, one, strict=True)) for one in counting],
    )


def inputs_now(tx: Transaction, item_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """The question version and the newest decision that credit must take in, by question; all are locked in order."""
    versions = tx.session.execute(
        select(SubmissionItem.id, func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id))
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .where(SubmissionItem.id.in_(item_ids))
        .order_by(SubmissionItem.id)
        .with_for_update(of=SubmissionItem)
    ).all()
    judged = tx.session.execute(
        select(Judgement.submission_item_id, func.max(Judgement.id))
        .where(Judgement.submission_item_id.in_(item_ids), Judgement.round == 1)
        .group_by(Judgement.submission_item_id)
    )
    newest = {row[0]: row[1] for row in judged}
    return {item_id: (version, newest.get(item_id, 0)) for item_id, version in versions}


def cause_of(tx: Transaction, observation_id: int) -> str:
    """Why an observation holds no facts; empty when it does."""
    return tx.session.scalar(select(Observation.cause).where(Observation.id == observation_id)) or ""
