"""Everything that decides what submitted questions are worth, for many of them in a handful of queries.

Documents that are only handed on, to the graders or to another row, stay the text that they are: reading and writing
them took longer than all these queries.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from sqlalchemy import Select, Text, cast, func, or_, select

from app.domain.documents import Written
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

Items: TypeAlias = Sequence[int] | Select[int]
"""Submitted questions: their numbers, or the query for these, which is read faster than hundreds of numbers."""


@dataclass(frozen=True, slots=True)
class Observed:
    """The facts that some software stated."""

    id: int
    facts: Written


@dataclass(frozen=True, slots=True)
class Worth:
    """What a grading says that an answer is worth."""

    grading_id: int
    state: str
    points: Fraction
    upto: Fraction
    max: Fraction


@dataclass(frozen=True, slots=True)
class Inputs:
    """One submitted question with its decisions (oldest first), its facts, and what counts for it.

    `counting`: the facts that count, where they say what the version asks. `by_software`: those of the software that
    was named. `version_now`: the version whose rubric counts, whichever is to be graded with.
    """

    item: ToGrade
    judged: tuple[Judgement, ...]
    counting: Observed | None
    by_software: Observed | None
    current: Worth | None
    version_now: int


def inputs(
    tx: Transaction, items: Items, fingerprint: str, *, version_id: int | None = None, anew: bool = False
) -> list[Inputs]:
    """The inputs of these submitted questions, by number; with another question version's rubric where one is named.

    `anew`: graders are to look again, so that the facts that count are not asked for.
    """
    found = tx.session.execute(
        select(
            SubmissionItem.id,
            cast(SubmissionItem.answers_frozen, Text).label("answers"),
            SubmissionItem.current_grading_id,
            SubmissionItem.observation_id,
            func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id).label("version_now"),
            AttemptItem.variant_id,
            Grading.state,
            Grading.points,
            Grading.upto,
            Grading.max,
        )
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
        .where(SubmissionItem.id.in_(items))
        .order_by(SubmissionItem.id)
    ).all()
    versions = {
        row.id: (row.id, row.observe_hash, row.points, Written(row.package))
        for row in tx.session.execute(
            select(
                QuestionVersion.id,
                QuestionVersion.observe_hash,
                QuestionVersion.points,
                cast(QuestionVersion.package, Text).label("package"),
            ).where(QuestionVersion.id.in_({version_id or one.version_now for one in found}))
        )
    }
    variants = {
        row.id: (Written(row.drawn), row.seed)
        for row in tx.session.execute(
            select(Variant.id, cast(Variant.values, Text).label("drawn"), Variant.seed).where(
                Variant.id.in_({one.variant_id for one in found})
            )
        )
    }
    judged = _judged(tx, items)
    counting = {} if anew else {one.id: one.observation_id for one in found if one.observation_id is not None}
    observed = _observed(tx, items, fingerprint, list(counting.values()))
    all_inputs = []
    # Taken apart by place, and documents marked as written once for all: this is done for every answer of a regrade.
    for item_id, answers, current, observation, version_now, variant_id, state, points, upto, most in found:
        version_of, observe_hash, worth, package = versions[version_id or version_now]
        values, seed = variants[variant_id]
        mine = [row for row in observed.get(item_id, ()) if row[1] == observe_hash]
        all_inputs.append(
            Inputs(
                ToGrade(
                    submission_item_id=item_id,
                    version_id=version_of,
                    observe_hash=observe_hash,
                    package=package,
                    variant_id=variant_id,
                    values=values,
                    seed=seed,
                    answers=Written(answers),
                    points=worth,
                    current_grading_id=current,
                    observation_id=observation,
                ),
                tuple(judged.get(item_id, ())),
                next((seen for seen, _, _ in mine if seen.id == counting.get(item_id)), None),
                next((seen for seen, _, by in mine if by == fingerprint), None),
                None if current is None else Worth(current, state, points, upto, most),
                version_now,
            )
        )
    return all_inputs


def _judged(tx: Transaction, items: Items) -> dict[int, list[Judgement]]:
    query = (
        select(Judgement)
        .where(Judgement.submission_item_id.in_(items), Judgement.round == 1)
        .order_by(Judgement.id)
        .execution_options(populate_existing=True)
    )
    found: dict[int, list[Judgement]] = {}
    for row in tx.session.scalars(query):
        found.setdefault(row.submission_item_id, []).append(row)
    return found


def _observed(
    tx: Transaction, items: Items, fingerprint: str, counting: Sequence[int]
) -> dict[int, list[tuple[Observed, str, str]]]:
    """Facts with what they say (by its hash) and whose they are, by question."""
    query = select(
        Observation.submission_item_id,
        Observation.id,
        cast(Observation.facts, Text).label("facts"),
        Observation.observe_hash,
        Observation.grader_fingerprint,
    ).where(
        Observation.submission_item_id.in_(items),
        Observation.facts.is_not(None),
        or_(Observation.id.in_(counting), Observation.grader_fingerprint == fingerprint),
    )
    found: dict[int, list[tuple[Observed, str, str]]] = {}
    for item_id, number, facts, asked, by in tx.session.execute(query):
        found.setdefault(item_id, []).append((Observed(number, Written(facts)), asked, by))
    return found
