"""Everything that decides what submitted questions are worth, for many of them in a handful of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from app.storage.gradings import ToGrade
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
class Inputs:
    """One submitted question with its decisions (oldest first), its facts, and the grading that counts.

    `counting`: the facts that count, where they say what the version asks. `by_software`: those of the software that
    was named. `version_now`: the version whose rubric counts, whichever is to be graded with.
    """

    item: ToGrade
    judged: tuple[Judgement, ...]
    counting: Observation | None
    by_software: Observation | None
    current: Grading | None
    version_now: int


def inputs(
    tx: Transaction, item_ids: Sequence[int], fingerprint: str, *, version_id: int | None = None
) -> list[Inputs]:
    """The inputs of these submitted questions, by number; with another question version's rubric where one is named."""
    query = (
        select(
            SubmissionItem,
            func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id),
            AttemptItem.variant_id,
        )
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .where(SubmissionItem.id.in_(item_ids))
        .order_by(SubmissionItem.id)
        .execution_options(populate_existing=True)
    )
    found = [(row[0], row[1], row[2]) for row in tx.session.execute(query)]
    wanted = {version_id or version for _, version, _ in found}
    versions = {
        row.id: row for row in tx.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(wanted)))
    }
    values = {
        row[0]: (row[1], row[2])
        for row in tx.session.execute(
            select(Variant.id, Variant.values, Variant.seed).where(Variant.id.in_({one[2] for one in found}))
        )
    }
    current = {item.current_grading_id for item, _, _ in found} - {None}
    gradings = {row.id: row for row in tx.session.scalars(select(Grading).where(Grading.id.in_(current)))}
    judged = _judged(tx, item_ids)
    observed = _observed(tx, [item for item, _, _ in found], fingerprint)
    all_inputs = []
    for item, version_now, variant in found:
        version = versions[version_id or version_now]
        variant_values, seed = values[variant]
        mine = [one for one in observed.get(item.id, ()) if one.observe_hash == version.observe_hash]
        to_grade = ToGrade(
            submission_item_id=item.id,
            version_id=version.id,
            observe_hash=version.observe_hash,
            package=version.package,
            values=variant_values,
            seed=seed,
            answers=item.answers_frozen,
            points=version.points,
            current_grading_id=item.current_grading_id,
            observation_id=item.observation_id,
        )
        all_inputs.append(
            Inputs(
                to_grade,
                tuple(judged.get(item.id, ())),
                next((one for one in mine if one.id == item.observation_id), None),
                next((one for one in mine if one.grader_fingerprint == fingerprint), None),
                gradings.get(item.current_grading_id or 0),
                version_now,
            )
        )
    return all_inputs


def _judged(tx: Transaction, item_ids: Sequence[int]) -> dict[int, list[Judgement]]:
    query = (
        select(Judgement)
        .where(Judgement.submission_item_id.in_(item_ids), Judgement.round == 1)
        .order_by(Judgement.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Judgement]] = {}
    for row in tx.session.scalars(query):
        found.setdefault(row.submission_item_id, []).append(row)
    return found


def _observed(tx: Transaction, items: Sequence[SubmissionItem], fingerprint: str) -> dict[int, list[Observation]]:
    counting = {item.observation_id for item in items} - {None}
    query = select(Observation).where(
        Observation.submission_item_id.in_([item.id for item in items]),
        Observation.facts.is_not(None),
        or_(Observation.id.in_(counting), Observation.grader_fingerprint == fingerprint),
    )
    found: dict[int, list[Observation]] = {}
    for row in tx.session.scalars(query):
        found.setdefault(row.submission_item_id, []).append(row)
    return found
