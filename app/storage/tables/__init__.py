"""The tables as SQLAlchemy sees them; queries live beside this package, one file per noun."""

from app.storage.tables.attempts import Answer, Attempt, AttemptItem, Save
from app.storage.tables.columns import Row
from app.storage.tables.gradings import Grading, Judgement, Observation, Submission, SubmissionItem
from app.storage.tables.operations import AuditEntry, DutyRow
from app.storage.tables.people import Course, Enrolment, PersonRow, SessionRow
from app.storage.tables.questions import QuestionVersion, Quiz, QuizItem, Variant

metadata = Row.metadata

__all__ = [
    "Answer",
    "Attempt",
    "AttemptItem",
    "AuditEntry",
    "Course",
    "DutyRow",
    "Enrolment",
    "Grading",
    "Judgement",
    "Observation",
    "PersonRow",
    "QuestionVersion",
    "Quiz",
    "QuizItem",
    "Row",
    "Save",
    "SessionRow",
    "Submission",
    "SubmissionItem",
    "Variant",
    "metadata",
]
