"""Queries about how well a quiz was marked: everything people decided, and what the machine had said before."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import aliased

from app.storage.outcomes import AT_ONCE
from app.storage.part_states import REMEMBERED
from app.storage.quizzes import by_enrolled
from app.storage.submissions import counting
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Grading,
    Judgement,
    PersonRow,
    QuestionVersion,
    Quiz,
    SecondMarking,
    SubmissionItem,
    Variant,
)
from app.storage.transaction import Transaction


class Decision(NamedTuple):
    """What a person decided about a criterion, and where. A tuple, because there are thousands."""

    id: int
    item_id: int
    attempt: str
    position: int
    question: str
    part: str
    criterion: str
    person_id: int
    name: str
    points: Fraction
    at: datetime
    round: int
    withdrawn: bool
    worth: Fraction | None


class Graded(NamedTuple):
    """A submitted question as the machine alone graded it."""

    item_id: int
    question: str
    grading_id: int
    waits: bool


class Opinion(NamedTuple):
    """What the machine alone said about a criterion: from `least` to `most` of `max` points.

    That is by itself, whatever else counts instead. `likely`: its suggestion, or what it gives; None where it has no
    idea. `sure`: it has decided. `open`: a person is needed, which is not so where the points cannot change.
    """

    part: str
    criterion: str
    says: str
    least: Fraction
    most: Fraction
    max: Fraction
    likely: Fraction | None
    sure: bool
    open: bool


_known: OrderedDict[str, dict[int, tuple[Opinion, ...]]] = OrderedDict()
_lock = Lock()


def decisions(tx: Transaction, quiz_id: int, item_ids: Collection[int] | None = None) -> list[Decision]:
    """Everything that people decided about criteria in a quiz, oldest first, both rounds; regrades are not among it.

    Only about these submitted questions, where some are named.
    """
    marker = aliased(PersonRow)
    columns = (
        Judgement.id,
        Judgement.submission_item_id,
        Attempt.public_id,
        AttemptItem.position,
        QuestionVersion.question,
        Judgement.part,
        Judgement.criterion,
        Judgement.person_id,
        marker.name,
        Judgement.verdict,
        Judgement.created_at,
        Judgement.round,
        Judgement.withdrawn,
        Judgement.worth,
    )
    query = _of_quiz(select(*columns).join(marker, marker.id == Judgement.person_id), Judgement, quiz_id)
    query = query.where(Judgement.regrade_id.is_(None), Judgement.criterion != "").order_by(Judgement.id)
    if item_ids is None:
        return [Decision(*row) for row in tx.session.execute(query)]
    chosen, found = list(item_ids), []
    for start in range(0, len(chosen), AT_ONCE):
        some = query.where(Judgement.submission_item_id.in_(chosen[start : start + AT_ONCE]))
        found += [Decision(*row) for row in tx.session.execute(some)]
    return sorted(found, key=lambda one: one.id)


def decided_by_others(tx: Transaction, quiz_id: int, person_id: int) -> list[tuple[int, str, int, str]]:
    """Answers that somebody decided about, but neither this person nor (unless that was taken back) a second marker.

    Each as the number of the submitted question, attempt, position and part.
    """
    places = (Judgement.submission_item_id, Attempt.public_id, AttemptItem.position, Judgement.part)
    mine = func.max(case((and_(Judgement.person_id == person_id, Judgement.round == 1), 1), else_=0))
    second = func.max(case((and_(Judgement.round == 2, ~Judgement.withdrawn), Judgement.id), else_=0))
    back = func.max(case((and_(Judgement.round == 2, Judgement.withdrawn), Judgement.id), else_=0))
    first = func.max(case((Judgement.round == 1, 1), else_=0))
    query = (
        _of_quiz(select(*places), Judgement, quiz_id)
        .where(Judgement.regrade_id.is_(None), Judgement.criterion != "")
        .group_by(*places)
        .having(first == 1, mine == 0, second <= back)
    )
    return [(row[0], row[1], row[2], row[3]) for row in tx.session.execute(query)]


def newest_second(tx: Transaction, quiz_id: int, person_id: int, before: int | None = None) -> list[Judgement]:
    """What a person decided last, and all at once, as a second marker in a quiz, or took back.

    `before`: of what was decided before the judgement of that number.
    """
    mine = _of_quiz(select(Judgement), Judgement, quiz_id).where(Judgement.person_id == person_id, Judgement.round == 2)
    if before is not None:
        mine = mine.where(Judgement.id < before)
    newest = tx.session.scalar(mine.order_by(Judgement.id.desc()).limit(1))
    if newest is None:
        return []
    return list(tx.session.scalars(mine.where(Judgement.created_at == newest.created_at).order_by(Judgement.id)))


def graded_alone(tx: Transaction, quiz_id: int, item_id: int | None = None) -> list[Graded]:
    """The newest grading of every submitted question (or of one) that takes no person's decision into account."""
    columns = (Grading.submission_item_id, QuestionVersion.question, Grading.id, Grading.state)
    query = _of_quiz(select(*columns), Grading, quiz_id).where(Grading.judgement_upto == 0).order_by(Grading.id)
    if item_id is not None:
        query = query.where(Grading.submission_item_id == item_id)
    rows = {row[0]: Graded(row[0], row[1], row[2], row[3] == "needs-person") for row in tx.session.execute(query)}
    return list(rows.values())


def rubrics(tx: Transaction, item_ids: Collection[int]) -> dict[int, int]:
    """The question versions whose rubrics count for these submitted questions."""
    counts = func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id)
    query = select(SubmissionItem.id, counts).join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
    chosen = list(item_ids)
    found: dict[int, int] = {}
    for start in range(0, len(chosen), AT_ONCE):
        rows = tx.session.execute(query.where(SubmissionItem.id.in_(chosen[start : start + AT_ONCE])))
        found |= {row[0]: row[1] for row in rows}
    return found


def _of_quiz(query: Any, table: type[Judgement] | type[Grading], quiz_id: int) -> Any:
    return (
        query.join(SubmissionItem, SubmissionItem.id == table.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .where(Attempt.quiz_id == quiz_id, by_enrolled(), counting())
    )


def opinions(tx: Transaction, quiz: str, grading_ids: Sequence[int]) -> Mapping[int, tuple[Opinion, ...]]:
    """What these gradings say, criterion by criterion. Gradings never change, so what was read once is remembered.

    `quiz`: its public id.
    """
    with _lock:
        found = _known.setdefault(quiz, {})
        _known.move_to_end(quiz)
        while len(_known) > REMEMBERED:
            _known.popitem(last=False)
        unknown = [number for number in grading_ids if number not in found]
    for start in range(0, len(unknown), AT_ONCE):
        query = select(Grading.id, Grading.credit).where(Grading.id.in_(unknown[start : start + AT_ONCE]))
        for number, credit in tx.session.execute(query):
            parts = (credit or {}).get("parts", ())
            found[number] = tuple(
                _opinion(
                    part["id"],
                    line["id"],
                    line.get("says", ""),
                    line["points"],
                    line["max"],
                    line.get("upto"),
                    line.get("suggested"),
                    *line.get("alone", (None, None)),
                )
                for part in parts
                for line in part.get("criteria", ())
            )
    return found


# Thousands of answers earn the same few points for the same few criteria.
@lru_cache(16_384)
def _opinion(
    part: str,
    criterion: str,
    says: str,
    points: str,
    most: str,
    upto: str | None,
    told: str | None,
    alone: str | None,
    alone_upto: str | None,
) -> Opinion:
    counts, reach = Fraction(points), Fraction(upto if upto is not None else points)
    least = Fraction(alone) if alone is not None else counts
    largest = Fraction(alone_upto) if alone_upto is not None else reach
    likely = least if least == largest else Fraction(told) if told is not None else None
    return Opinion(part, criterion, says, least, largest, Fraction(most), likely, least == largest, counts != reach)


def seed_of(tx: Transaction, item_id: int) -> int:
    """The seed of the variant that a submitted question answers."""
    return seeds_of(tx, [item_id])[item_id]


def seeds_of(tx: Transaction, item_ids: Sequence[int]) -> dict[int, int]:
    """The seeds of the variants that submitted questions answer."""
    query = (
        select(SubmissionItem.id, Variant.seed)
        .join(AttemptItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .join(Variant, AttemptItem.variant_id == Variant.id)
    )
    found: dict[int, int] = {}
    for start in range(0, len(item_ids), AT_ONCE):
        some = query.where(SubmissionItem.id.in_(item_ids[start : start + AT_ONCE]))
        found |= {row[0]: row[1] for row in tx.session.execute(some)}
    return found


def percent(tx: Transaction, quiz_id: int) -> int:
    """How many answers in percent are marked twice; 0 for none."""
    return tx.session.scalar(select(SecondMarking.percent).where(SecondMarking.quiz_id == quiz_id)) or 0


def marked_twice(tx: Transaction, course_id: int) -> list[str]:
    """The quizzes of a course of which a share is marked twice, by public id."""
    query = select(Quiz.public_id).join(SecondMarking, SecondMarking.quiz_id == Quiz.id)
    return list(tx.session.scalars(query.where(Quiz.course_id == course_id).order_by(Quiz.id)))


def set_percent(tx: Transaction, quiz_id: int, number: int, person_id: int) -> None:
    """Choose how many answers in percent are marked twice."""
    row = tx.session.get(SecondMarking, quiz_id)
    if number and row is None:
        tx.session.add(SecondMarking(quiz_id=quiz_id, percent=number, person_id=person_id, created_at=tx.now()))
    elif number and row is not None:
        row.percent, row.person_id = number, person_id
    elif row is not None:
        tx.session.delete(row)
    tx.session.flush()
