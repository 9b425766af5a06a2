"""Queries about quizzes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, or_, select, update
from sqlalchemy.orm import contains_eager, load_only

from app.storage.tables import (
    Accommodation,
    Adjustment,
    Answer,
    Attempt,
    AttemptItem,
    Claim,
    Course,
    DrawnPage,
    Enrolment,
    FactorChange,
    Grading,
    Judgement,
    LateSave,
    Observation,
    PageVisit,
    PersonRow,
    PracticeCheck,
    Presence,
    QuestionVersion,
    Quiz,
    QuizItem,
    QuizSection,
    Regrade,
    RegradeItem,
    RegradeRequest,
    RequestMessage,
    Save,
    SecondMarking,
    Showing,
    SittingEvent,
    Submission,
    SubmissionItem,
    SurveyAnswer,
)
from app.storage.transaction import Transaction

STAFF = ("assistant", "instructor")


@dataclass(frozen=True, slots=True)
class Sum:
    """How much a quiz holds."""

    questions: int
    points: Fraction


# What is asked when a whole class starts in the same seconds is written once, so that SQLAlchemy translates it once.
_FOR_PERSON = (
    select(Quiz, Course, Enrolment.role)
    .join(Course, Course.id == Quiz.course_id)
    .join(Enrolment, Enrolment.course_id == Course.id)
    .where(
        Enrolment.person_id == bindparam("person"),
        or_(Quiz.state == "published", Enrolment.role.in_(STAFF)),
    )
    .order_by(Course.title, Quiz.id)
)
_ONE_FOR_PERSON = _FOR_PERSON.where(Quiz.public_id == bindparam("id"))
_PLACES = select(QuizItem).where(QuizItem.quiz_id == bindparam("quiz")).order_by(QuizItem.position)
_ROLE = select(Enrolment.role).where(
    Enrolment.course_id == bindparam("course"), Enrolment.person_id == bindparam("person")
)
_COURSE = select(Course).where(Course.id == bindparam("course"))


def _shared(query: Select[Quiz, Course, str]) -> Select[Quiz, Course, str]:
    return query.with_for_update(read=True, of=Quiz).execution_options(populate_existing=True)


_FOR_PERSON_SHARED, _ONE_FOR_PERSON_SHARED = _shared(_FOR_PERSON), _shared(_ONE_FOR_PERSON)


def quizzes_for(
    tx: Transaction, person_id: int, public_id: str | None = None, *, share: bool = False
) -> list[tuple[Quiz, Course, str]]:
    """The quizzes of a person's courses, with course and role; drafts only for staff. All, or the one that is named.

    `share` keeps the quiz from being changed until this transaction is over.
    """
    if public_id is None:
        rows = tx.session.execute(_FOR_PERSON_SHARED if share else _FOR_PERSON, {"person": person_id})
    else:
        one = _ONE_FOR_PERSON_SHARED if share else _ONE_FOR_PERSON
        rows = tx.session.execute(one, {"person": person_id, "id": public_id})
    return [(row[0], row[1], row[2]) for row in rows]


def of_course(tx: Transaction, course_id: int) -> list[Quiz]:
    """All quizzes of a course, the oldest first."""
    return list(tx.session.scalars(select(Quiz).where(Quiz.course_id == course_id).order_by(Quiz.id)))


def in_course(
    tx: Transaction, course_id: int, public_id: str, *, lock: bool = False, share: bool = False
) -> Quiz | None:
    """A quiz, if it belongs to that course; locked against other changes, or kept from being changed, when asked."""
    query = select(Quiz).where(Quiz.course_id == course_id, Quiz.public_id == public_id)
    if lock or share:
        query = query.with_for_update(read=share).execution_options(populate_existing=True)
    return tx.session.scalar(query)


def by_number(tx: Transaction, quiz_id: int) -> Quiz | None:
    """The quiz of that row number."""
    return tx.session.scalar(select(Quiz).where(Quiz.id == quiz_id))


def coming(tx: Transaction, now: datetime) -> list[tuple[int, int, int, datetime | None]]:
    """Published quizzes that have not closed: number, revision, how many students, and when the last one enrolled."""
    enrolled = and_(Enrolment.course_id == Quiz.course_id, Enrolment.role == "student")
    query = (
        select(Quiz.id, Quiz.revision, func.count(Enrolment.person_id), func.max(Enrolment.created_at))
        .join(Course, Course.id == Quiz.course_id)
        .outerjoin(Enrolment, enrolled)
        .where(
            Quiz.state == "published",
            Course.archived_at.is_(None),
            or_(Quiz.closes_at.is_(None), Quiz.closes_at > now),
        )
        .group_by(Quiz.id, Quiz.revision, Quiz.opens_at)
        .order_by(Quiz.opens_at.is_not(None), Quiz.opens_at, Quiz.id)
    )
    return [(row[0], row[1], row[2], row[3]) for row in tx.session.execute(query)]


def course(tx: Transaction, course_id: int) -> Course:
    """The course of that number."""
    return tx.session.scalars(_COURSE, {"course": course_id}).one()


def instructors(tx: Transaction, course_id: int) -> list[int]:
    """The numbers of the people who instruct a course."""
    query = select(Enrolment.person_id).where(Enrolment.course_id == course_id, Enrolment.role == "instructor")
    return list(tx.session.scalars(query.order_by(Enrolment.person_id)))


def by_staff() -> ColumnElement[bool]:
    """For queries over attempts joined to their quizzes: those of staff and visiting administrators, who only look."""
    enrolled = exists().where(Enrolment.course_id == Quiz.course_id, Enrolment.person_id == Attempt.person_id)
    visiting = exists().where(PersonRow.id == Attempt.person_id, PersonRow.administrator)
    return or_(enrolled.where(Enrolment.role.in_(STAFF)), and_(~enrolled, visiting))


def by_enrolled() -> ColumnElement[bool]:
    """For queries over attempts joined to their quizzes: those of students who are in the course now."""
    mine = (Enrolment.course_id == Quiz.course_id, Enrolment.person_id == Attempt.person_id)
    return exists().where(*mine, Enrolment.role == "student")


def only_looks(tx: Transaction, course_id: int, person_id: int) -> bool:
    """Whether attempts of this person are previews: staff of the course, or an administrator from outside."""
    role = tx.session.scalar(_ROLE, {"course": course_id, "person": person_id})
    if role is not None:
        return role in STAFF
    return bool(tx.session.scalar(select(PersonRow.administrator).where(PersonRow.id == person_id)))


def student_attempts(tx: Transaction, quiz_ids: Sequence[int]) -> dict[int, int]:
    """How many attempts at these quizzes there are that are no previews; quizzes without any are left out."""
    query = (
        select(Attempt.quiz_id, func.count())
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id.in_(quiz_ids), ~by_staff())
        .group_by(Attempt.quiz_id)
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def sums(tx: Transaction, quiz_ids: Sequence[int]) -> dict[int, Sum]:
    """Questions and points of quizzes, as they are stored."""
    found: dict[int, Sum] = {}
    rows = tx.session.execute(
        select(QuizItem.quiz_id, QuizItem.weight, QuizItem.take, QuizItem.each, QuestionVersion.points)
        .join(QuestionVersion, QuestionVersion.id == QuizItem.question_version_id)
        .where(QuizItem.quiz_id.in_(quiz_ids))
    )
    for row in rows:
        old = found.get(row.quiz_id, Sum(0, Fraction(0)))
        # In a published quiz all questions of a place are worth the same, so the first one tells.
        worth = row.each if row.each is not None and row.points else row.weight * row.points
        found[row.quiz_id] = Sum(old.questions + row.take, old.points + row.take * worth)
    return found


def places(tx: Transaction, quiz_id: int) -> list[QuizItem]:
    """The places of a quiz in order, without their questions."""
    return list(tx.session.scalars(_PLACES, {"quiz": quiz_id}))


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


def sections(tx: Transaction, quiz_id: int) -> list[QuizSection]:
    """The sections of a quiz in order."""
    return list(
        tx.session.scalars(select(QuizSection).where(QuizSection.quiz_id == quiz_id).order_by(QuizSection.number))
    )


def has_sections(tx: Transaction, quiz_ids: Sequence[int]) -> set[int]:
    """Those of these quizzes that have sections."""
    return set(tx.session.scalars(select(QuizSection.quiz_id).where(QuizSection.quiz_id.in_(quiz_ids)).distinct()))


def replace_sections(tx: Transaction, quiz_id: int, rows: Sequence[QuizSection]) -> None:
    """Let a quiz have exactly these sections."""
    for row in sections(tx, quiz_id):
        tx.session.delete(row)
    tx.session.flush()
    tx.session.add_all(rows)
    tx.session.flush()


def replace_items(tx: Transaction, quiz_id: int, rows: Sequence[QuizItem]) -> None:
    """Let a quiz have exactly these places."""
    tx.session.execute(delete(QuizItem).where(QuizItem.quiz_id == quiz_id).execution_options(synchronize_session=False))
    for row in [row for row in tx.session if isinstance(row, QuizItem) and row.quiz_id == quiz_id]:
        tx.session.expunge(row)
    for row in rows:
        row.quiz_id = quiz_id
    tx.session.add_all(rows)
    tx.session.flush()


def remove(tx: Transaction, quiz_id: int) -> None:
    """Remove a quiz and all attempts at it. Whether that may be is for the service to know."""
    attempts = select(Attempt.id).where(Attempt.quiz_id == quiz_id).scalar_subquery()
    asked = select(AttemptItem.id).where(AttemptItem.attempt_id.in_(attempts)).scalar_subquery()
    handed_in = select(SubmissionItem.id).where(SubmissionItem.attempt_item_id.in_(asked)).scalar_subquery()
    asked_about = select(RegradeRequest.id).where(RegradeRequest.submission_item_id.in_(handed_in)).scalar_subquery()
    statements = (
        update(SubmissionItem)
        .where(SubmissionItem.attempt_item_id.in_(asked))
        .values(current_grading_id=None, observation_id=None),
        delete(RegradeItem).where(RegradeItem.submission_item_id.in_(handed_in)),
        delete(Grading).where(Grading.submission_item_id.in_(handed_in)),
        delete(Observation).where(Observation.submission_item_id.in_(handed_in)),
        delete(Judgement).where(Judgement.submission_item_id.in_(handed_in)),
        delete(Claim).where(Claim.submission_item_id.in_(handed_in)),
        delete(Regrade).where(Regrade.quiz_id == quiz_id),
        delete(RequestMessage).where(RequestMessage.request_id.in_(asked_about)),
        delete(RegradeRequest).where(RegradeRequest.submission_item_id.in_(handed_in)),
        delete(SubmissionItem).where(SubmissionItem.attempt_item_id.in_(asked)),
        delete(Submission).where(Submission.attempt_id.in_(attempts)),
        delete(Answer).where(Answer.attempt_item_id.in_(asked)),
        delete(Save).where(Save.attempt_id.in_(attempts)),
        delete(DrawnPage).where(DrawnPage.attempt_item_id.in_(asked)),
        delete(Showing).where(Showing.attempt_item_id.in_(asked)),
        delete(PracticeCheck).where(PracticeCheck.attempt_item_id.in_(asked)),
        delete(FactorChange).where(FactorChange.attempt_id.in_(attempts)),
        delete(LateSave).where(LateSave.attempt_id.in_(attempts)),
        delete(Presence).where(Presence.attempt_id.in_(attempts)),
        delete(PageVisit).where(PageVisit.attempt_id.in_(attempts)),
        delete(SittingEvent).where(SittingEvent.quiz_id == quiz_id),
        delete(AttemptItem).where(AttemptItem.attempt_id.in_(attempts)),
        delete(Attempt).where(Attempt.quiz_id == quiz_id),
        delete(SurveyAnswer).where(SurveyAnswer.quiz_id == quiz_id),
        delete(Accommodation).where(Accommodation.quiz_id == quiz_id),
        delete(Adjustment).where(Adjustment.quiz_id == quiz_id),
        delete(SecondMarking).where(SecondMarking.quiz_id == quiz_id),
        delete(QuizItem).where(QuizItem.quiz_id == quiz_id),
        delete(QuizSection).where(QuizSection.quiz_id == quiz_id),
        delete(Quiz).where(Quiz.id == quiz_id),
    )
    for statement in statements:
        tx.session.execute(statement.execution_options(synchronize_session=False))


def quiz_by_title(tx: Transaction, course_id: int, title: str) -> Quiz | None:
    """The oldest quiz of this title in a course."""
    return tx.session.scalar(
        select(Quiz).where(Quiz.course_id == course_id, Quiz.title == title).order_by(Quiz.id).limit(1)
    )
