"""Queries about quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, load_only

from app.storage.tables import Course, Enrolment, QuestionVersion, Quiz, QuizItem
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Sum:
    """How much a quiz holds."""

    questions: int
    points: Fraction


def quizzes_for(tx: Transaction, person_id: int, public_id: str | None = None) -> list[tuple[Quiz, Course, str]]:
    """The quizzes of a person's courses, with course and role; all, or the one that is named."""
    query = (
        select(Quiz, Course, Enrolment.role)
        .join(Course, Course.id == Quiz.course_id)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.person_id == person_id)
        .order_by(Course.title, Quiz.id)
    )
    if public_id is not None:
        query = query.where(Quiz.public_id == public_id)
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def sums(tx: Transaction, quiz_ids: Sequence[int]) -> dict[int, Sum]:
    """Questions and points of quizzes."""
    found: dict[int, Sum] = {}
    rows = tx.session.execute(
        select(QuizItem.quiz_id, QuizItem.weight, QuestionVersion.points)
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuizItem.quiz_id.in_(quiz_ids))
    )
    for row in rows:
        old = found.get(row.quiz_id, Sum(0, Fraction(0)))
        found[row.quiz_id] = Sum(old.questions + 1, old.points + row.weight * row.points)
    return found


def items(tx: Transaction, quiz_id: int) -> list[QuizItem]:
    """The places of a quiz in order, with their question versions (without packages)."""
    slim = contains_eager(QuizItem.question_version).options(
        load_only(
            QuestionVersion.id,
            QuestionVersion.question,
            QuestionVersion.number,
            QuestionVersion.variant_hash,
            QuestionVersion.points,
            raiseload=True,
        )
    )
    query = (
        select(QuizItem)
        .join(QuizItem.question_version)
        .options(slim)
        .where(QuizItem.quiz_id == quiz_id)
        .order_by(QuizItem.position)
    )
    return list(tx.session.scalars(query))


def add(tx: Transaction, row: Quiz | QuizItem) -> None:
    """Store a quiz, or a place of one."""
    tx.session.add(row)
    tx.session.flush()


def version_outline(tx: Transaction, version_id: int) -> QuestionVersion:
    """A question version without its package."""
    query = (
        select(QuestionVersion)
        .options(
            load_only(
                QuestionVersion.id,
                QuestionVersion.question,
                QuestionVersion.variant_hash,
                QuestionVersion.points,
                raiseload=True,
            )
        )
        .where(QuestionVersion.id == version_id)
    )
    return tx.session.scalars(query).one()


def quiz_by_title(tx: Transaction, course_id: int, title: str) -> Quiz | None:
    """The oldest quiz of this title in a course."""
    return tx.session.scalar(
        select(Quiz).where(Quiz.course_id == course_id, Quiz.title == title).order_by(Quiz.id).limit(1)
    )
