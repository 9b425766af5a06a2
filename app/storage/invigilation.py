"""Queries about who sits a quiz at this moment: a handful of them, however many students there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import aliased

from app.storage.changes import FLAG
from app.storage.tables import (
    Answer,
    Attempt,
    AttemptItem,
    AuditEntry,
    Enrolment,
    LateSave,
    PageVisit,
    PersonRow,
    Presence,
    QuestionVersion,
    SittingEvent,
    Submission,
)
from app.storage.transaction import Transaction

NOTHING = ('""', "[]", "null")
"""What a field holds, as JSON, after everything in it was deleted again."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A student of the course with one attempt at the quiz; without, if there is none yet."""

    person_id: int
    login: str
    name: str
    group: str
    attempt_id: int | None
    public_id: str | None
    number: int | None
    state: str | None
    started_at: datetime | None
    deadline_at: datetime | None
    added_seconds: int | None
    paused_at: datetime | None
    seen_at: datetime | None
    visited_at: datetime | None
    handed_in_at: datetime | None


@dataclass(frozen=True, slots=True)
class Progress:
    """How many fields of an attempt hold something, and when one was last saved."""

    answered: int
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class Happening:
    """An event with the names of whom it concerns and who did it, where it concerns or was done by somebody."""

    event: SittingEvent
    student_id: int | None
    student: str | None
    login: str | None
    by: str | None


def seats(tx: Transaction, course_id: int, quiz_id: int) -> list[Seat]:
    """Every student of the course with every attempt at the quiz, by name, the oldest attempt first."""
    handed_in = select(Submission.attempt_id, Submission.at).where(~Submission.superseded).subquery()
    mine = and_(Attempt.person_id == PersonRow.id, Attempt.quiz_id == quiz_id)
    query = (
        select(
            PersonRow.id,
            PersonRow.login,
            PersonRow.name,
            Enrolment.group,
            Attempt.id,
            Attempt.public_id,
            Attempt.number,
            Attempt.state,
            Attempt.started_at,
            Attempt.deadline_at,
            Attempt.added_seconds,
            Attempt.paused_at,
            Presence.seen_at,
            PageVisit.visited_at,
            handed_in.c.at,
        )
        .join(Enrolment, Enrolment.person_id == PersonRow.id)
        .outerjoin(Attempt, mine)
        .outerjoin(Presence, Presence.attempt_id == Attempt.id)
        .outerjoin(PageVisit, PageVisit.attempt_id == Attempt.id)
        .outerjoin(handed_in, handed_in.c.attempt_id == Attempt.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == "student", PersonRow.erased_at.is_(None))
        .order_by(func.lower(PersonRow.name), PersonRow.id, Attempt.number)
    )
    return [Seat(*list(row)) for row in tx.session.execute(query)]


def progress(tx: Transaction, quiz_id: int) -> dict[int, Progress]:
    """How far every attempt at a quiz is in which something was saved."""
    filled = and_(Answer.field != FLAG, Answer.value.is_not(None), cast(Answer.value, String).not_in(NOTHING))
    query = (
        select(AttemptItem.attempt_id, func.count().filter(filled), func.max(Answer.saved_at))
        .join(AttemptItem, AttemptItem.id == Answer.attempt_item_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz_id)
        .group_by(AttemptItem.attempt_id)
    )
    return {row[0]: Progress(row[1], row[2]) for row in tx.session.execute(query)}


def asked(tx: Transaction, quiz_id: int) -> dict[int, list[tuple[int, str]]]:
    """The question versions of every attempt at a quiz: their row numbers and what their packages hash to."""
    query = (
        select(AttemptItem.attempt_id, QuestionVersion.id, QuestionVersion.package_hash)
        .join(QuestionVersion, QuestionVersion.id == AttemptItem.question_version_id)
        .join(Attempt, Attempt.id == AttemptItem.attempt_id)
        .where(Attempt.quiz_id == quiz_id)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for attempt_id, version_id, package_hash in tx.session.execute(query):
        found.setdefault(attempt_id, []).append((version_id, package_hash))
    return found


def packages(tx: Transaction, version_ids: Iterable[int]) -> dict[str, Any]:
    """The packages of question versions, by what they hash to."""
    query = select(QuestionVersion.package_hash, QuestionVersion.package).where(
        QuestionVersion.id.in_(sorted(set(version_ids)))
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def waiting(tx: Transaction, quiz_id: int) -> dict[int, int]:
    """How many late saves of every attempt at a quiz wait for a decision; attempts without any are left out."""
    query = (
        select(LateSave.attempt_id, func.count())
        .join(Attempt, Attempt.id == LateSave.attempt_id)
        .where(Attempt.quiz_id == quiz_id, LateSave.state == "waiting")
        .group_by(LateSave.attempt_id)
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def attempt_ids(tx: Transaction, quiz_id: int, *, only_open: bool = False) -> dict[str, int]:
    """The row numbers of the attempts at a quiz (of the open ones), by public id."""
    query = select(Attempt.public_id, Attempt.id).where(Attempt.quiz_id == quiz_id)
    if only_open:
        query = query.where(Attempt.state == "open")
    return {row[0]: row[1] for row in tx.session.execute(query)}


def log(tx: Transaction, quiz_id: int) -> list[Happening]:
    """What happened while a quiz was sat, oldest first.

    Events about somebody who has no attempt name them in their details (`person`).
    """
    student, doer = aliased(PersonRow), aliased(PersonRow)
    concerned = func.coalesce(Attempt.person_id, SittingEvent.details["person"].as_integer())
    query = (
        select(SittingEvent, student.id, student.name, student.login, doer.name)
        .outerjoin(Attempt, Attempt.id == SittingEvent.attempt_id)
        .outerjoin(student, student.id == concerned)
        .outerjoin(doer, doer.id == SittingEvent.person_id)
        .where(SittingEvent.quiz_id == quiz_id)
        .order_by(SittingEvent.id)
    )
    return [Happening(*row) for row in tx.session.execute(query)]


@contextmanager
def all_or_nothing(tx: Transaction) -> Iterator[None]:
    """What is changed within is undone by an exception, while the transaction itself goes on."""
    with tx.session.begin_nested():
        yield


def ordered_before(tx: Transaction, order: str) -> bool:
    """Whether the audit knows that this was asked for before."""
    return tx.session.scalar(select(AuditEntry.id).where(AuditEntry.subject == order).limit(1)) is not None
