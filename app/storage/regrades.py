"""Queries about regrades: which there are, whom they concern, and how far each of their answers is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, tuple_, update

from app.storage.quizzes import by_staff
from app.storage.submissions import counting
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Grading,
    Observation,
    PersonRow,
    QuestionVersion,
    Quiz,
    Regrade,
    RegradeItem,
    Submission,
    SubmissionItem,
    Variant,
)
from app.storage.transaction import Transaction

AT_ONCE = 400
"""Rows in one statement: engines bound the number of parameters."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a quiz as it was sat or is graded now, with how many handed-in answers that concerns."""

    question: str
    version_id: int
    number: int
    title: str
    variant_hash: str
    answers: int


@dataclass(frozen=True, slots=True)
class Concerned:
    """A submitted question that a regrade may concern. `version_id` is the rubric that counts for it."""

    item_id: int
    version_id: int
    variant_id: int
    current_grading_id: int | None


@dataclass(frozen=True, slots=True)
class Given:
    """What was answered to a question in one variant, with the question as it was shown."""

    item_id: int
    variant_id: int
    variant_hash: str
    answers: dict[str, Any]


def add(tx: Transaction, row: Regrade) -> None:
    """Store a regrade."""
    tx.session.add(row)
    tx.session.flush()


def of_quiz(tx: Transaction, quiz_id: int) -> list[tuple[Regrade, str]]:
    """The regrades of a quiz with who began them, the newest first."""
    query = (
        select(Regrade, PersonRow.name)
        .join(PersonRow, PersonRow.id == Regrade.person_id)
        .where(Regrade.quiz_id == quiz_id)
        .order_by(Regrade.id.desc())
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def in_quiz(tx: Transaction, quiz_id: int, public_id: str, *, lock: bool = False) -> Regrade | None:
    """The regrade of that public id at this quiz; locked against other changes when asked."""
    query = select(Regrade).where(Regrade.quiz_id == quiz_id, Regrade.public_id == public_id)
    return tx.session.scalar(query.with_for_update() if lock else query)


def regrade(tx: Transaction, number: int, *, lock: bool = False) -> Regrade | None:
    """The regrade of that number; locked against other changes when asked."""
    return tx.session.get(Regrade, number, with_for_update=lock or None)


def asked(tx: Transaction, quiz_id: int) -> list[Asked]:
    """What was asked and handed in at a quiz, by question and by the version that counts."""
    query = (
        _handed_in(
            quiz_id,
            QuestionVersion.question,
            QuestionVersion.id,
            QuestionVersion.number,
            QuestionVersion.title,
            QuestionVersion.variant_hash,
            func.count(),
        )
        .group_by(
            QuestionVersion.question,
            QuestionVersion.id,
            QuestionVersion.number,
            QuestionVersion.title,
            QuestionVersion.variant_hash,
        )
        .order_by(QuestionVersion.question, QuestionVersion.number)
    )
    return [Asked(*row) for row in tx.session.execute(query)]


def software(tx: Transaction, quiz_id: int) -> dict[str, int]:
    """How many answers count by the facts of which software."""
    query = (
        _handed_in(quiz_id, Observation.grader_fingerprint, func.count())
        .join(Observation, Observation.id == SubmissionItem.observation_id)
        .where(Observation.facts.is_not(None))
        .group_by(Observation.grader_fingerprint)
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def concerned(
    tx: Transaction, quiz_id: int, question: str | None, *, other_than_version: int = 0, other_than_software: str = ""
) -> list[Concerned]:
    """The graded answers of students at a quiz (to one question), by number; previews of the staff are left out."""
    columns = (SubmissionItem.id, QuestionVersion.id, AttemptItem.variant_id, SubmissionItem.current_grading_id)
    query = _handed_in(quiz_id, *columns).where(SubmissionItem.observation_id.is_not(None))
    if question is not None:
        query = query.where(QuestionVersion.question == question)
    if other_than_version:
        query = query.where(QuestionVersion.id != other_than_version)
    if other_than_software:
        query = query.join(Observation, Observation.id == SubmissionItem.observation_id).where(
            Observation.grader_fingerprint != other_than_software
        )
    return [Concerned(*row) for row in tx.session.execute(query.order_by(SubmissionItem.id))]


def given(tx: Transaction, item_ids: Sequence[int]) -> Iterator[Given]:
    """What was answered in these submitted questions."""
    for start in range(0, len(item_ids), AT_ONCE):
        query = (
            select(SubmissionItem.id, Variant.id, Variant.variant_hash, SubmissionItem.answers_frozen)
            .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
            .join(Variant, Variant.id == AttemptItem.variant_id)
            .where(SubmissionItem.id.in_(item_ids[start : start + AT_ONCE]))
        )
        for row in tx.session.execute(query):
            yield Given(*row)


def shown(tx: Transaction, variant_id: int) -> dict[str, Any]:
    """A variant as students see it."""
    found: dict[str, Any] = tx.session.execute(select(Variant.rendered).where(Variant.id == variant_id)).scalar_one()
    return found


def preparing(tx: Transaction) -> list[int]:
    """Regrades of which nothing waits: their answers are to be found, or all of them are prepared."""
    waiting = exists().where(RegradeItem.regrade_id == Regrade.id, RegradeItem.step == "waiting")
    query = select(Regrade.id).where(Regrade.state == "preparing", ~waiting).order_by(Regrade.id)
    return list(tx.session.scalars(query))


def grade_again_since(tx: Transaction, regrade_id: int, quiz_id: int, question: str, since: datetime) -> None:
    """Let answers be credited once more that were first graded while a regrade was waiting to be applied."""
    known = exists().where(RegradeItem.regrade_id == regrade_id, RegradeItem.submission_item_id == SubmissionItem.id)
    late = (
        _handed_in(quiz_id, SubmissionItem.id)
        .join(Grading, Grading.id == SubmissionItem.current_grading_id)
        .where(QuestionVersion.question == question, Grading.created_at >= since, ~known)
    )
    tx.session.execute(
        update(SubmissionItem)
        .where(SubmissionItem.id.in_(late.scalar_subquery()))
        .values(current_grading_id=None)
        .execution_options(synchronize_session=False)
    )


def of_numbers(tx: Transaction, numbers: Collection[int]) -> dict[int, Regrade]:
    """The regrades of these numbers."""
    return {row.id: row for row in tx.session.scalars(select(Regrade).where(Regrade.id.in_(numbers)))}


def is_last(tx: Transaction, regrade: Regrade) -> bool:
    """Whether no rubric and no graders were applied at its quiz after that regrade, nor are just being taken back."""
    reached = exists().where(RegradeItem.regrade_id == Regrade.id, RegradeItem.step == "applied")
    later = tuple_(Regrade.applied_at, Regrade.id) > tuple_(
        bindparam("at", regrade.applied_at, Regrade.applied_at.type), bindparam("id", regrade.id)
    )
    query = select(Regrade.id).where(
        Regrade.quiz_id == regrade.quiz_id,
        Regrade.kind.in_(("rubric", "software")),
        or_(and_(Regrade.state == "applied", later), and_(Regrade.state == "undone", reached)),
    )
    return tx.session.scalar(query.limit(1)) is None


def any_applied(tx: Transaction, item_ids: Sequence[int]) -> bool:
    """Whether a regrade has been applied at the quiz of any of these submitted questions."""
    query = (
        select(Regrade.id)
        .join(Attempt, Attempt.quiz_id == Regrade.quiz_id)
        .join(AttemptItem, AttemptItem.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .where(SubmissionItem.id.in_(item_ids), Regrade.state == "applied")
        .limit(1)
    )
    return tx.session.scalar(query) is not None


def unreached(tx: Transaction, item_ids: Sequence[int]) -> list[int]:
    """Those of these submitted questions that a rubric applied at their quiz has left alone."""
    known = exists().where(RegradeItem.regrade_id == Regrade.id, RegradeItem.submission_item_id == SubmissionItem.id)
    query = (
        select(SubmissionItem.id)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Regrade, Regrade.quiz_id == Attempt.quiz_id)
        .where(SubmissionItem.id.in_(item_ids), Regrade.state == "applied", Regrade.kind == "rubric", ~known)
        .distinct()
    )
    return list(tx.session.scalars(query))


def missed(tx: Transaction, item_id: int) -> list[Regrade]:
    """The applied regrades of its quiz that do not know a student's submitted question yet, in their order."""
    known = exists().where(RegradeItem.regrade_id == Regrade.id, RegradeItem.submission_item_id == item_id)
    query = (
        select(Regrade)
        .join(Attempt, Attempt.quiz_id == Regrade.quiz_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Submission, Submission.attempt_id == Attempt.id)
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .where(SubmissionItem.id == item_id, Regrade.state == "applied", Regrade.kind != "software")
        .where(~known, ~by_staff())
        .order_by(Regrade.applied_at, Regrade.id)
    )
    return list(tx.session.scalars(query))


def _handed_in(quiz_id: int, *columns: Any) -> Select[Any]:
    """What students handed in at a quiz, each question with the version whose rubric counts."""
    version = func.coalesce(SubmissionItem.version_id, AttemptItem.question_version_id)
    return (
        select(*columns)
        .select_from(SubmissionItem)
        .join(AttemptItem, AttemptItem.id == SubmissionItem.attempt_item_id)
        .join(QuestionVersion, QuestionVersion.id == version)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, ~by_staff(), counting())
    )


def question_of(tx: Transaction, version_id: int) -> str:
    """Which question that is a version of."""
    return tx.session.execute(select(QuestionVersion.question).where(QuestionVersion.id == version_id)).scalar_one()
