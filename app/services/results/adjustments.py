"""Adjustments: points that people add to a mark or take from it, with the reason. Withdrawn, never deleted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.domain.errors import InvalidInput, NotFound
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course, refuse_archived
from app.storage import gradebooks as stored
from app.storage import quizzes
from app.storage.tables import Adjustment as AdjustmentRow

LONGEST_REASON = 2_000
MOST_POINTS = 1_000
FINEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What was changed for whom, in a quiz or (without one) in the total of the course, in percentage points."""

    number: int
    person_id: int
    name: str
    quiz: str | None
    title: str
    points: Fraction
    excused: bool
    reason: str
    by: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None


def adjustments(
    tx: Transaction, course_id: int, person_id: int | None = None, *, withdrawn: bool = True
) -> tuple[Adjustment, ...]:
    """The adjustments of a course, or of one of its students, the newest first."""
    known = {quiz.id: quiz for quiz in quizzes.of_course(tx, course_id)}
    found = []
    for row, name, by, withdrawn_by in stored.adjustments(tx, course_id, person_id, withdrawn=withdrawn):
        quiz = known.get(row.quiz_id) if row.quiz_id is not None else None
        found.append(
            Adjustment(
                number=row.id,
                person_id=row.person_id,
                name=name,
                quiz=quiz.public_id if quiz is not None else None,
                title=quiz.title if quiz is not None else "",
                points=row.points,
                excused=row.excused,
                reason=row.reason,
                by=by,
                at=row.created_at,
                withdrawn_at=row.withdrawn_at,
                withdrawn_by=withdrawn_by,
            )
        )
    return tuple(found)


def adjust(
    tx: Transaction,
    membership: Membership,
    person_id: int,
    quiz_id: str | None,
    points: Fraction,
    reason: str,
    *,
    excused: bool = False,
) -> int:
    """Add points to a student's mark of a quiz (or percentage points to the total), or excuse them; its number.

    Raises:
        NotAllowed: the course is archived.
        NotFound: there is no such quiz, or no such student, in this course.
        InvalidInput: nothing changes, too much does, or there is no reason; `place` names which.
    """
    refuse_archived(tx, membership.course_id)
    if not stored.students(tx, membership.course_id, person_id):
        raise NotFound("There is no such student in this course.")
    quiz = quiz_of_course(tx, membership.course_id, quiz_id) if quiz_id is not None else None
    if excused and quiz is None:
        raise InvalidInput("Somebody is excused from a quiz, not from the whole course.", place="quiz")
    if excused and points:
        raise InvalidInput("Who is excused gets no points for it.", place="points")
    if not excused and not points:
        raise InvalidInput("How many points? A minus takes them away.", place="points")
    if abs(points) > MOST_POINTS or points.denominator > FINEST:
        raise InvalidInput(f"At most {MOST_POINTS} points, and no finer than a millionth.", place="points")
    said = " ".join(reason.split())
    if not said:
        raise InvalidInput("Say why: the student reads it.", place="reason")
    if len(said) > LONGEST_REASON:
        raise InvalidInput(f"A reason has at most {LONGEST_REASON} characters.", place="reason")
    row = AdjustmentRow(
        course_id=membership.course_id,
        quiz_id=quiz.id if quiz is not None else None,
        person_id=person_id,
        points=points,
        points_real=float(points),
        excused=excused,
        reason=said,
        by_id=membership.person.id,
        created_at=tx.now(),
    )
    stored.add_adjustment(tx, row)
    subject = f"quiz {quiz.public_id}" if quiz is not None else f"course {membership.course}"
    told = "excused" if excused else f"{'+' if points > 0 else ''}{points}"
    tx.record(membership.person.id, "adjusted a mark", subject, person=person_id, number=row.id, points=told)
    return row.id


def withdraw(tx: Transaction, membership: Membership, number: int) -> None:
    """Let an adjustment count no longer; it stays in the list. Withdrawing twice changes nothing.

    Raises:
        NotAllowed: the course is archived.
        NotFound: this course has no such adjustment.
    """
    refuse_archived(tx, membership.course_id)
    row = stored.adjustment(tx, membership.course_id, number)
    if row is None:
        raise NotFound("There is no such adjustment in this course.")
    if row.withdrawn_at is not None:
        return
    row.withdrawn_at = tx.now()
    row.withdrawn_by_id = membership.person.id
    about = {"person": row.person_id, "number": number}
    tx.record(membership.person.id, "withdrew an adjustment", f"course {membership.course}", **about)
