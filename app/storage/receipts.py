"""Queries about receipts: which hand-ins have a code that begins so."""

from __future__ import annotations

from sqlalchemy import select

from app.storage.tables import Attempt, Course, Enrolment, PersonRow, Quiz, Submission
from app.storage.transaction import Transaction

Found = tuple[Submission, Attempt, Quiz, Course, PersonRow, str | None]
"""A hand-in with its attempt, quiz, course and person, and the role of whoever asks in that course."""


def beginning_with(tx: Transaction, digits: str, asking: int, limit: int = 20) -> list[Found]:
    """The hand-ins whose receipt begins with these hexadecimal digits in small letters, the oldest first."""
    mine = (Enrolment.course_id == Course.id) & (Enrolment.person_id == asking)
    query = (
        select(Submission, Attempt, Quiz, Course, PersonRow, Enrolment.role)
        .join(Attempt, Attempt.id == Submission.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(PersonRow, PersonRow.id == Attempt.person_id)
        .outerjoin(Enrolment, mine)
        # A range, which an index finds in every collation; "g" comes after all digits.
        .where(Submission.receipt >= digits, Submission.receipt < digits + "g")
        .order_by(Submission.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in tx.session.execute(query)]
