"""Queries about everything that is stored of one person: to hand it out, and to forget it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, Text, and_, cast, delete, or_, select, update
from sqlalchemy.orm import defer, joinedload

from app.storage import drawn_pages, mails, showings
from app.storage.tables import (
    Accommodation,
    Adjustment,
    Answer,
    Attempt,
    AttemptItem,
    AuditEntry,
    Course,
    Delivery,
    Draft,
    Enrolment,
    Grading,
    IdempotencyKey,
    Invitation,
    Judgement,
    Mail,
    OneTimeLink,
    QuestionSource,
    QuestionVersion,
    Quiz,
    RegradeRequest,
    RequestMessage,
    Save,
    SessionRow,
    SittingEvent,
    Submission,
    SubmissionItem,
    TokenRow,
    Variant,
)
from app.storage.transaction import Transaction

Thing = TypeVar("Thing")
BATCH = 500


def forget(tx: Transaction, person_id: int, email: str | None) -> None:
    """Remove what opens an account or tells of its person; the audit and the account itself are the caller's."""
    now = tx.now()
    tx.session.execute(delete(SessionRow).where(SessionRow.person_id == person_id))
    tx.session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id))
    mine = TokenRow.person_id == person_id
    tx.session.execute(update(TokenRow).where(mine, TokenRow.revoked_at.is_(None)).values(revoked_at=now))
    tx.session.execute(update(TokenRow).where(mine).values(name="erased", hint=""))
    tx.session.execute(update(Accommodation).where(Accommodation.person_id == person_id).values(reason=""))
    tx.session.execute(update(Adjustment).where(Adjustment.person_id == person_id).values(reason=""))
    tx.session.execute(update(Enrolment).where(Enrolment.person_id == person_id).values(group=""))
    sat = select(Attempt.id).where(Attempt.person_id == person_id).scalar_subquery()
    about = or_(SittingEvent.attempt_id.in_(sat), _noted(person_id))
    tx.session.execute(update(SittingEvent).where(about).values(text="").execution_options(synchronize_session=False))
    drawn_pages.forget(tx, person_id)
    showings.forget(tx, person_id)
    # Both sides of what they asked about their marks.
    asked = select(RegradeRequest.id).where(RegradeRequest.person_id == person_id).scalar_subquery()
    tx.session.execute(update(RequestMessage).where(RequestMessage.request_id.in_(asked)).values(text=""))
    if email is not None:
        mails.forget_address(tx, email)


def audit_about(tx: Transaction, person_id: int) -> Sequence[AuditEntry]:
    """What a person did, and what was done to them, in order."""
    about = or_(AuditEntry.person_id == person_id, AuditEntry.subject == f"person {person_id}")
    return list(tx.session.scalars(select(AuditEntry).where(about).order_by(AuditEntry.id)))


def deliveries_naming(tx: Transaction, word: str) -> Sequence[Delivery]:
    """What was or will be told to webhooks and holds this word."""
    holds = cast(Delivery.payload, Text).icontains(word, autoescape=True)
    return list(tx.session.scalars(select(Delivery).where(holds)))


def forget_answers_naming(tx: Transaction, word: str) -> None:
    """Forget the remembered answers to programs that hold this word; a repeated request is then carried out anew."""
    holds = cast(IdempotencyKey.response, Text).icontains(word, autoescape=True)
    tx.session.execute(delete(IdempotencyKey).where(holds))


def attempts(tx: Transaction, person_id: int) -> list[tuple[Attempt, Quiz, Course]]:
    """A person's attempts with quiz and course, oldest first."""
    query = (
        select(Attempt, Quiz, Course)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Attempt.person_id == person_id)
        .order_by(Attempt.id)
    )
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def items(tx: Transaction, attempt_id: int) -> list[AttemptItem]:
    """The questions of an attempt as they were shown, without solutions."""
    variant = joinedload(AttemptItem.variant).options(
        defer(Variant.values, raiseload=True), defer(Variant.solution, raiseload=True)
    )
    version = joinedload(AttemptItem.question_version).options(defer(QuestionVersion.package, raiseload=True))
    query = select(AttemptItem).options(variant, version).where(AttemptItem.attempt_id == attempt_id)
    return list(tx.session.scalars(query.order_by(AttemptItem.position)))


def happened(tx: Transaction, person_id: int, attempt_id: int | None) -> list[SittingEvent]:
    """What happened in an attempt while it was sat; without one: what was noted about a person who had none."""
    of_attempt = SittingEvent.attempt_id == attempt_id
    none = and_(SittingEvent.attempt_id.is_(None), _noted(person_id))
    query = select(SittingEvent).where(none if attempt_id is None else of_attempt)
    return list(tx.session.scalars(query.order_by(SittingEvent.id)))


def _noted(person_id: int) -> ColumnElement[bool]:
    noted: ColumnElement[bool] = SittingEvent.details["person"].as_integer() == person_id
    return noted


def answers(tx: Transaction, attempt_id: int) -> list[Answer]:
    """The newest answers of an attempt."""
    query = select(Answer).join(AttemptItem, AttemptItem.id == Answer.attempt_item_id)
    return list(tx.session.scalars(query.where(AttemptItem.attempt_id == attempt_id)))


def saves(tx: Transaction, attempt_id: int) -> Iterator[Save]:
    """Every save of an attempt, as it arrived; a few at a time."""
    query = select(Save).where(Save.attempt_id == attempt_id).order_by(Save.received_at, Save.device, Save.seq)
    yield from tx.session.scalars(query.execution_options(yield_per=BATCH))


def submissions(tx: Transaction, attempt_id: int) -> list[tuple[Submission, SubmissionItem]]:
    """What was handed in, question by question."""
    query = (
        select(Submission, SubmissionItem)
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .where(Submission.attempt_id == attempt_id)
        .order_by(Submission.number, SubmissionItem.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def gradings(tx: Transaction, submission_item_ids: Sequence[int]) -> list[Grading]:
    """Every grading of these submitted questions."""
    return _all(tx, select(Grading).where(Grading.submission_item_id.in_(submission_item_ids)).order_by(Grading.id))


def judgements(tx: Transaction, submission_item_ids: Sequence[int]) -> list[Judgement]:
    """What people judged about these submitted questions."""
    chosen = Judgement.submission_item_id.in_(submission_item_ids)
    return _all(tx, select(Judgement).where(chosen).order_by(Judgement.id))


def judged_by(tx: Transaction, person_id: int) -> list[Judgement]:
    """What a person judged about others' work."""
    return _all(tx, select(Judgement).where(Judgement.person_id == person_id).order_by(Judgement.id))


def accommodations(tx: Transaction, person_id: int) -> list[tuple[Accommodation, Quiz]]:
    """The rules that were made for a person alone."""
    query = select(Accommodation, Quiz).join(Quiz, Quiz.id == Accommodation.quiz_id)
    found = tx.session.execute(query.where(Accommodation.person_id == person_id).order_by(Quiz.id))
    return [(row[0], row[1]) for row in found]


def adjustments(tx: Transaction, person_id: int) -> list[tuple[Adjustment, Course, Quiz | None]]:
    """What was added to a person's marks, or taken from them, with where."""
    query = (
        select(Adjustment, Course, Quiz)
        .join(Course, Course.id == Adjustment.course_id)
        .outerjoin(Quiz, Quiz.id == Adjustment.quiz_id)
        .where(Adjustment.person_id == person_id)
        .order_by(Adjustment.id)
    )
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def tokens(tx: Transaction, person_id: int) -> list[TokenRow]:
    """The tokens of a person's programs."""
    return _all(tx, select(TokenRow).where(TokenRow.person_id == person_id).order_by(TokenRow.id))


def letters(tx: Transaction, email: str | None) -> list[Mail]:
    """The letters to an address."""
    return _all(tx, select(Mail).where(Mail.address == email).order_by(Mail.id)) if email else []


def invitations(tx: Transaction, person_id: int) -> list[tuple[Invitation, Course]]:
    """The invitations that a person made."""
    query = select(Invitation, Course).join(Course, Course.id == Invitation.course_id)
    found = tx.session.execute(query.where(Invitation.created_by_id == person_id).order_by(Invitation.id))
    return [(row[0], row[1]) for row in found]


def written(tx: Transaction, person_id: int) -> tuple[list[tuple[str, int, str]], list[str]]:
    """The versions of questions that a person brought (question, number, note), and the drafts they work on."""
    query = (
        select(QuestionVersion.question, QuestionVersion.number, QuestionSource.note)
        .join(QuestionSource, QuestionSource.question_version_id == QuestionVersion.id)
        .where(QuestionSource.author_id == person_id)
        .order_by(QuestionVersion.id)
    )
    versions = [(row[0], row[1], row[2]) for row in tx.session.execute(query)]
    mine = or_(Draft.created_by_id == person_id, Draft.updated_by_id == person_id)
    return versions, list(tx.session.scalars(select(Draft.question).where(mine).order_by(Draft.question)))


def _all(tx: Transaction, query: Select[Thing]) -> list[Thing]:
    return list(tx.session.scalars(query))
