"""Queries about where a question is at work: quizzes that ask it, drafts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select

from app.storage.tables import Course, Draft, Enrolment, PersonRow, QuestionVersion, Quiz, QuizItem
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Place:
    """A quiz that asks a question; `role` is what the person asked about is in its course."""

    quiz_id: str
    quiz: str
    state: str
    course_id: str
    course: str
    term: str
    role: str | None
    numbers: tuple[int, ...]


def places(tx: Transaction, question: str, person_id: int) -> list[Place]:
    """The quizzes that ask this question, by itself or out of a pool, with the versions they ask."""
    rows = tx.session.execute(
        select(QuestionVersion.id, QuestionVersion.number).where(QuestionVersion.question == question)
    )
    numbers = {row[0]: row[1] for row in rows}
    asked: dict[int, set[int]] = {}
    mine = select(QuizItem.quiz_id, QuizItem.question_version_id).where(QuizItem.question_version_id.in_(numbers))
    for quiz_id, version_id in tx.session.execute(mine):
        asked.setdefault(quiz_id, set()).add(numbers[version_id])
    # A pool is a JSON list, which the two engines search in different words; pools are few and short.
    for quiz_id, pool in tx.session.execute(select(QuizItem.quiz_id, QuizItem.pool).where(QuizItem.pool.is_not(None))):
        found = {numbers[one] for one in pool or () if one in numbers}
        if found:
            asked.setdefault(quiz_id, set()).update(found)
    if not asked:
        return []
    query = (
        select(Quiz, Course, Enrolment.role)
        .join(Course, Course.id == Quiz.course_id)
        .outerjoin(Enrolment, (Enrolment.course_id == Course.id) & (Enrolment.person_id == person_id))
        .where(Quiz.id.in_(asked))
        .order_by(Course.title, Quiz.title, Quiz.id)
    )
    return [
        Place(
            quiz.public_id,
            quiz.title,
            quiz.state,
            course.public_id,
            course.title,
            course.term,
            role,
            tuple(sorted(asked[quiz.id])),
        )
        for quiz, course, role in tx.session.execute(query)
    ]


def _drafts() -> Select[str, str, int, datetime, str]:
    return select(
        Draft.question, Draft.title, Draft.version, Draft.updated_at, func.coalesce(PersonRow.name, "")
    ).outerjoin(PersonRow, PersonRow.id == Draft.updated_by_id)


def drafts(tx: Transaction, limit: int) -> list[tuple[str, str, int, datetime, str]]:
    """Question, title, version begun from, last change and by whom; the last changed first."""
    query = _drafts().order_by(Draft.updated_at.desc(), Draft.question).limit(limit)
    return [(row[0], row[1], row[2], row[3], row[4]) for row in tx.session.execute(query)]


def draft(tx: Transaction, question: str) -> tuple[str, str, int, datetime, str] | None:
    """The same about one question."""
    row = tx.session.execute(_drafts().where(Draft.question == question)).one_or_none()
    return None if row is None else (row[0], row[1], row[2], row[3], row[4])
