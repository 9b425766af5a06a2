"""The tables as SQLAlchemy sees them; queries live beside this package, one file per noun."""

from app.storage.tables.attempts import Answer, Attempt, AttemptItem, Save
from app.storage.tables.columns import Row
from app.storage.tables.drawings import DrawnPage, Showing
from app.storage.tables.gradebooks import Adjustment, Gradebook
from app.storage.tables.gradings import FactorChange, Grading, Judgement, Observation, Submission, SubmissionItem
from app.storage.tables.invigilation import LateSave, PageVisit, PracticeCheck, Presence, SittingEvent
from app.storage.tables.marking import Claim, SecondMarking, Snippet
from app.storage.tables.operations import AuditEntry, DutyRow
from app.storage.tables.people import (
    Course,
    Enrolment,
    FailedTries,
    Invitation,
    Mail,
    OneTimeLink,
    PersonRow,
    SessionRow,
)
from app.storage.tables.programs import Delivery, IdempotencyKey, TokenRow, Webhook
from app.storage.tables.questions import (
    Blob,
    Draft,
    QuestionEntry,
    QuestionSource,
    QuestionVersion,
    QuestionWord,
    Variant,
)
from app.storage.tables.quizzes import Accommodation, Quiz, QuizItem, QuizSection
from app.storage.tables.regrades import Regrade, RegradeItem, RegradeRequest, RequestMessage
from app.storage.tables.surveys import SurveyAnswer

metadata = Row.metadata

__all__ = [
    "Accommodation",
    "Adjustment",
    "Answer",
    "Attempt",
    "AttemptItem",
    "AuditEntry",
    "Blob",
    "Claim",
    "Course",
    "Delivery",
    "Draft",
    "DrawnPage",
    "DutyRow",
    "Enrolment",
    "FactorChange",
    "FailedTries",
    "Gradebook",
    "Grading",
    "IdempotencyKey",
    "Invitation",
    "Judgement",
    "LateSave",
    "Mail",
    "Observation",
    "OneTimeLink",
    "PageVisit",
    "PersonRow",
    "PracticeCheck",
    "Presence",
    "QuestionEntry",
    "QuestionSource",
    "QuestionVersion",
    "QuestionWord",
    "Quiz",
    "QuizItem",
    "QuizSection",
    "Regrade",
    "RegradeItem",
    "RegradeRequest",
    "RequestMessage",
    "Row",
    "Save",
    "SecondMarking",
    "SessionRow",
    "Showing",
    "SittingEvent",
    "Snippet",
    "Submission",
    "SubmissionItem",
    "SurveyAnswer",
    "TokenRow",
    "Variant",
    "Webhook",
    "metadata",
]
