"""Queries about a course's gradebook: its rules, adjustments, and every attempt of every quiz in a handful of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, String, and_, func, select, type_coerce
from sqlalchemy.orm import aliased

from app.storage.submissions import counting
from app.storage.tables import (
    Adjustment,
    Attempt,
    AttemptItem,
    Enrolment,
    Gradebook,
    Grading,
    PersonRow,
    QuestionVersion,
    Quiz,
    RegradeRequest,
    Submission,
    SubmissionItem,
)
from app.storage.transaction import Transaction


class Sitting(NamedTuple):
    """One attempt of a student at a published quiz; `deductions` as they are stored."""

    id: int
    public_id: str
    quiz_id: int
    person_id: int
    number: int
    state: str
    handed_in_at: datetime | None
    deductions: list[Any] | None


class Cell(NamedTuple):
    """One question of a handed-in attempt: what it is worth, and what it earned, as the text they are stored as."""

    attempt_id: int
    weight: str
    most: str
    state: str | None
    points: str | None
    upto: str | None


def rules(tx: Transaction, course_id: int, *, lock: bool = False) -> Gradebook | None:
    """The stored rules of a course; locked against other changes when asked."""
    query = select(Gradebook).where(Gradebook.course_id == course_id)
    return tx.session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)


def keep_rules(tx: Transaction, course_id: int, rules: dict[str, Any], revision: int) -> bool:
    """Store rules in place of those of that revision (0: there are none); whether they were still those."""
    made = tx.upsert(Gradebook).values(course_id=course_id, rules=rules, revision=revision + 1)
    changed = made.on_conflict_do_update(
        index_elements=["course_id"],
        set_={"rules": made.excluded.rules, "revision": made.excluded.revision},
        where=Gradebook.revision == revision,
    )
    return tx.session.execute(changed.returning(Gradebook.revision)).first() is not None


def students(tx: Transaction, course_id: int, person_id: int | None = None) -> list[tuple[int, str, str]]:
    """Number, login and name of the course's students (or of one of them), by name."""
    query = (
        select(PersonRow.id, PersonRow.login, PersonRow.name)
        .join(Enrolment, Enrolment.person_id == PersonRow.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == "student")
        .order_by(PersonRow.name, PersonRow.id)
    )
    if person_id is not None:
        query = query.where(PersonRow.id == person_id)
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def sittings(tx: Transaction, course_id: int, person_id: int | None = None) -> list[Sitting]:
    """Every attempt of the course's students (or of one of them) at its published quizzes, in order of number."""
    query = (
        select(
            Attempt.id,
            Attempt.public_id,
            Attempt.quiz_id,
            Attempt.person_id,
            Attempt.number,
            Attempt.state,
            Submission.at,
            Submission.deductions,
        )
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Enrolment, _enrolled())
        .outerjoin(Submission, (Submission.attempt_id == Attempt.id) & ~Submission.superseded)
        .where(*_of_students(course_id, person_id))
        .order_by(Attempt.number)
    )
    return [Sitting(*row) for row in tx.session.execute(query)]


def cells(tx: Transaction, course_id: int, person_id: int | None = None) -> Iterator[Cell]:
    """Every question of every handed-in attempt of the course's students (or of one of them)."""
    query = (
        select(
            AttemptItem.attempt_id,
            type_coerce(AttemptItem.weight, String).label("weight"),
            type_coerce(QuestionVersion.points, String).label("most"),
            Grading.state,
            type_coerce(Grading.points, String).label("points"),
            type_coerce(Grading.upto, String).label("upto"),
        )
        .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .join(
            QuestionVersion,
            QuestionVersion.id == func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id),
        )
        .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Enrolment, _enrolled())
        .where(*_of_students(course_id, person_id), counting())
    )
    # Plain rows: the session's own way with rows takes longer than the database.
    for row in tx.session.connection().execute(query):
        yield Cell(*row)


def open_requests(tx: Transaction, course_id: int, person_id: int | None = None) -> dict[tuple[int, int], int]:
    """How many requests to look at a mark again are open, by quiz and person."""
    query = (
        select(Attempt.quiz_id, RegradeRequest.person_id, func.count())
        .join(SubmissionItem, SubmissionItem.id == RegradeRequest.submission_item_id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Quiz.course_id == course_id, RegradeRequest.state == "open")
        .group_by(Attempt.quiz_id, RegradeRequest.person_id)
    )
    if person_id is not None:
        query = query.where(RegradeRequest.person_id == person_id)
    return {(row[0], row[1]): row[2] for row in tx.session.execute(query)}


def add_adjustment(tx: Transaction, row: Adjustment) -> None:
    """Store an adjustment."""
    tx.session.add(row)
    tx.session.flush()


def adjustments(
    tx: Transaction, course_id: int, person_id: int | None = None, *, withdrawn: bool = True
) -> list[tuple[Adjustment, str, str, str | None]]:
    """The adjustments of a course (or of one student), newest first, with the names of whom and by whom."""
    by, withdrew = aliased(PersonRow), aliased(PersonRow)
    query = (
        select(Adjustment, PersonRow.name, by.name, withdrew.name)
        .join(PersonRow, PersonRow.id == Adjustment.person_id)
        .join(by, by.id == Adjustment.by_id)
        .outerjoin(withdrew, withdrew.id == Adjustment.withdrawn_by_id)
        .where(Adjustment.course_id == course_id)
        .order_by(Adjustment.id.desc())
    )
    if person_id is not None:
        query = query.where(Adjustment.person_id == person_id)
    if not withdrawn:
        query = query.where(Adjustment.withdrawn_at.is_(None))
    return [(row[0], row[1], row[2], row[3]) for row in tx.session.execute(query)]


def courses_with_adjusted_quizzes(tx: Transaction, person_id: int, among: Collection[str] | None) -> list[int]:
    """The courses in which a mark of this person is adjusted now, in any quiz or in one of these (public ids)."""
    query = (
        select(Adjustment.course_id)
        .join(Quiz, Quiz.id == Adjustment.quiz_id)
        .where(Adjustment.person_id == person_id, Adjustment.withdrawn_at.is_(None))
        .distinct()
        .order_by(Adjustment.course_id)
    )
    return list(tx.session.scalars(query if among is None else query.where(Quiz.public_id.in_(among))))


def adjustment(tx: Transaction, course_id: int, number: int) -> Adjustment | None:
    """An adjustment of that course, locked against other changes."""
    query = select(Adjustment).where(Adjustment.course_id == course_id, Adjustment.id == number)
    return tx.session.scalar(query.with_for_update().execution_options(populate_existing=True))


def _enrolled() -> ColumnElement[bool]:
    return and_(Enrolment.person_id == Attempt.person_id, Enrolment.course_id == Quiz.course_id)


def _of_students(course_id: int, person_id: int | None) -> list[ColumnElement[bool]]:
    # Nothing that is practised counts.
    asked = [Quiz.course_id == course_id, Quiz.state == "published", Enrolment.role == "student"]
    asked.append(Quiz.mode != "practice")
    return [*asked, Attempt.person_id == person_id] if person_id is not None else asked
