"""Queries about everybody's results in one quiz: a handful of them, however many students there are.

Points come as the text they are stored as: for ten thousand cells the caller reads each distinct number once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, NamedTuple

from sqlalchemy import String, func, select, type_coerce

from app.storage.submissions import counting
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Enrolment,
    Grading,
    Observation,
    PersonRow,
    QuestionVersion,
    Quiz,
    QuizItem,
    Save,
    Submission,
    SubmissionItem,
)
from app.storage.transaction import Transaction

AT_ONCE = 400
"""Attempts in one query: engines bound the number of parameters."""


@dataclass(frozen=True, slots=True)
class Student:
    """Somebody enrolled as a student."""

    id: int
    login: str
    name: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """One attempt of a student; `deductions` as they are stored."""

    id: int
    public_id: str
    person_id: int
    number: int
    open: bool
    started_at: datetime
    deadline_at: datetime | None
    handed_in_at: datetime | None
    deductions: list[Any] | None


@dataclass(frozen=True, slots=True)
class Outline:
    """A question version without its package."""

    id: int
    question: str
    number: int
    title: str
    points: Fraction


class Cell(NamedTuple):
    """One question of an attempt with what it earned, points as text; no state: nothing has graded it yet.

    A tuple, because there are thousands: everything after the attempt says all about the cell.
    """

    attempt_id: int
    position: int
    version_id: int
    weight: str
    state: str | None
    points: str | None
    upto: str | None


@dataclass(frozen=True, slots=True)
class Answered:
    """The frozen answers to one question and what they were credited with."""

    attempt_id: int
    version_id: int
    weight: Fraction
    answers: dict[str, Any]
    credit: dict[str, Any] | None
    state: str | None


def quiz_of_course(tx: Transaction, course_id: int, public_id: str) -> Quiz | None:
    """The quiz of that public id, when it belongs to the course."""
    return tx.session.scalar(select(Quiz).where(Quiz.public_id == public_id, Quiz.course_id == course_id))


def students(tx: Transaction, course_id: int) -> list[Student]:
    """Everybody who is a student of the course, by name."""
    query = (
        select(PersonRow.id, PersonRow.login, PersonRow.name)
        .join(Enrolment, Enrolment.person_id == PersonRow.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == "student")
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [Student(*row) for row in tx.session.execute(query)]


def places(tx: Transaction, quiz_id: int) -> list[QuizItem]:
    """The places of a quiz in order."""
    return list(tx.session.scalars(select(QuizItem).where(QuizItem.quiz_id == quiz_id).order_by(QuizItem.position)))


def versions(tx: Transaction, ids: Iterable[int]) -> dict[int, Outline]:
    """The outlines of question versions, by their number."""
    found: dict[int, Outline] = {}
    for some in _chunks(sorted(set(ids))):
        for row in tx.session.execute(select(*_OUTLINE).where(QuestionVersion.id.in_(some))):
            found[row.id] = Outline(*row)
    return found


def sittings(tx: Transaction, course_id: int, quiz_id: int, person_id: int | None = None) -> list[Sitting]:
    """The attempts of the course's students at the quiz (or of one person, whatever they are), oldest first."""
    query = (
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.person_id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.deadline_at,
            Submission.at,
            Submission.deductions,
        )
        .outerjoin(Submission, (Submission.attempt_id == Attempt.id) & ~Submission.superseded)
        .where(Attempt.quiz_id == quiz_id)
        .order_by(Attempt.person_id, Attempt.number)
    )
    if person_id is None:
        enrolled = (Enrolment.person_id == Attempt.person_id) & (Enrolment.course_id == course_id)
        query = query.join(Enrolment, enrolled).where(Enrolment.role == "student")
    else:
        query = query.where(Attempt.person_id == person_id)
    return [
        Sitting(row.id, row.public_id, row.person_id, row.number, row.state == "open", *row[5:])
        for row in tx.session.execute(query)
    ]


def cells(tx: Transaction, course_id: int, quiz_id: int) -> Iterator[Cell]:
    """Every question of every handed-in attempt of the course's students."""
    query = (
        select(
            AttemptItem.attempt_id,
            AttemptItem.position,
            func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id),
            type_coerce(AttemptItem.weight, String),
            Grading.state,
            type_coerce(Grading.points, String),
            type_coerce(Grading.upto, String),
        )
        .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Enrolment, (Enrolment.person_id == Attempt.person_id) & (Enrolment.course_id == course_id))
        .where(Attempt.quiz_id == quiz_id, Enrolment.role == "student", counting())
        .order_by(AttemptItem.attempt_id, AttemptItem.position)
    )
    for row in tx.session.execute(query):
        yield Cell(*row)


def answered(tx: Transaction, attempt_ids: Iterable[int]) -> Iterator[Answered]:
    """What was answered in these attempts, question by question, with the whole credit."""
    for some in _chunks(list(attempt_ids)):
        query = (
            select(
                AttemptItem.attempt_id,
                AttemptItem.question_version_id,
                AttemptItem.weight,
                SubmissionItem.answers_frozen,
                Grading.credit,
                Grading.state,
            )
            .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
            .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
            .where(AttemptItem.attempt_id.in_(some), counting())
            .order_by(AttemptItem.attempt_id, AttemptItem.position)
        )
        for row in tx.session.execute(query):
            yield Answered(*row)


def observations(tx: Transaction, item_ids: Sequence[int]) -> list[Observation]:
    """Everything graders stated about these submitted questions, oldest first."""
    query = select(Observation).where(Observation.submission_item_id.in_(item_ids)).order_by(Observation.id)
    return list(tx.session.scalars(query))


def gradings(tx: Transaction, item_ids: Sequence[int]) -> list[tuple[Grading, int]]:
    """Every grading of these submitted questions, oldest first, with the number of the rubric's version."""
    query = (
        select(Grading, QuestionVersion.number)
        .join(QuestionVersion, QuestionVersion.id == Grading.question_version_id)
        .where(Grading.submission_item_id.in_(item_ids))
        .order_by(Grading.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def saves(tx: Transaction, attempt_id: int) -> list[Save]:
    """Every save of an attempt in the order in which they arrived."""
    query = select(Save).where(Save.attempt_id == attempt_id).order_by(Save.received_at, Save.seq)
    return list(tx.session.scalars(query))


_OUTLINE = (
    QuestionVersion.id,
    QuestionVersion.question,
    QuestionVersion.number,
    QuestionVersion.title,
    QuestionVersion.points,
)


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), AT_ONCE):
        yield ids[start : start + AT_ONCE]
