"""Queries about drawings that were handed in, and which of them a course may see."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, select

from app.storage.quizzes import by_enrolled
from app.storage.submissions import counting
from app.storage.tables import (
    Attempt,
    AttemptItem,
    Grading,
    PersonRow,
    QuestionVersion,
    Quiz,
    Showing,
    SubmissionItem,
    Variant,
)
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Sample:
    """One variant of a question that was asked in a quiz: all variants of it have the same parts and fields."""

    version_id: int
    question: str
    title: str
    rendered: dict[str, Any]


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What somebody handed in to one question, with what it was credited with."""

    attempt_item_id: int
    submission_item_id: int
    attempt: str
    number: int
    position: int
    name: str
    login: str
    version_id: int
    answers: dict[str, Any]
    credit: dict[str, Any] | None


def samples(tx: Transaction, quiz_id: int) -> list[Sample]:
    """One variant of every question version that students were asked in a quiz."""
    chosen = (
        select(AttemptItem.question_version_id, func.min(AttemptItem.variant_id).label("variant_id"))
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz_id)
        .group_by(AttemptItem.question_version_id)
        .subquery()
    )
    query = (
        select(QuestionVersion.id, QuestionVersion.question, QuestionVersion.title, Variant.rendered)
        .join(chosen, chosen.c.question_version_id == QuestionVersion.id)
        .join(Variant, Variant.id == chosen.c.variant_id)
        .order_by(QuestionVersion.id)
    )
    return [Sample(*row) for row in tx.session.execute(query)]


def handed_in(
    tx: Transaction,
    quiz_id: int,
    version_ids: Collection[int],
    attempt_item_ids: Collection[int] | None = None,
    *,
    previews: bool = False,
) -> list[HandedIn]:
    """What students handed in to these questions of a quiz (or to some of them only), by name.

    Of those who are in the course now; `previews`: of whomever.
    """
    query = (
        select(
            AttemptItem.id,
            SubmissionItem.id,
            Attempt.public_id,
            Attempt.number,
            AttemptItem.position,
            PersonRow.name,
            PersonRow.login,
            AttemptItem.question_version_id,
            SubmissionItem.answers_frozen,
            Grading.credit,
        )
        .join(SubmissionItem, SubmissionItem.attempt_item_id == AttemptItem.id)
        .outerjoin(Grading, Grading.id == SubmissionItem.current_grading_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(PersonRow, PersonRow.id == Attempt.person_id)
        .where(Attempt.quiz_id == quiz_id, AttemptItem.question_version_id.in_(version_ids), counting())
        .order_by(PersonRow.name, PersonRow.id, Attempt.number, AttemptItem.position)
    )
    if not previews:
        query = query.where(by_enrolled())
    if attempt_item_ids is not None:
        query = query.where(AttemptItem.id.in_(attempt_item_ids))
    return [HandedIn(*row) for row in tx.session.execute(query)]


def of_items(tx: Transaction, item_ids: Collection[int]) -> dict[tuple[int, str], Showing]:
    """What is known about showing these drawings, by question of an attempt and field."""
    found = tx.session.scalars(select(Showing).where(Showing.attempt_item_id.in_(item_ids)))
    return {(row.attempt_item_id, row.field): row for row in found}


def published(tx: Transaction, quiz_id: int) -> list[Showing]:
    """The drawings of a quiz that its staff has published, whether or not they may be shown at the moment."""
    query = (
        select(Showing)
        .join(AttemptItem, AttemptItem.id == Showing.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz_id, Showing.published_at.is_not(None))
    )
    return list(tx.session.scalars(query))


def row_for(tx: Transaction, item_id: int, field: str) -> Showing:
    """The row of a drawing, there or new."""
    statement = tx.upsert(Showing).values(
        attempt_item_id=item_id, field=field, public_id=secrets.token_urlsafe(12), consent=None
    )
    tx.session.execute(statement.on_conflict_do_nothing(index_elements=["attempt_item_id", "field"]))
    query = select(Showing).where(Showing.attempt_item_id == item_id, Showing.field == field)
    return tx.session.scalars(query.execution_options(populate_existing=True)).one()


def forget(tx: Transaction, person_id: int) -> None:
    """Show nothing of a person any more."""
    asked = select(AttemptItem.id).join(Attempt, Attempt.id == AttemptItem.attempt_id)
    mine = asked.where(Attempt.person_id == person_id).scalar_subquery()
    tx.session.execute(delete(Showing).where(Showing.attempt_item_id.in_(mine)))
