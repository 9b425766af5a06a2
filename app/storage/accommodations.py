"""Queries about accommodations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import CursorResult, bindparam, delete, select

from app.storage.tables import Accommodation, Enrolment, PersonRow
from app.storage.transaction import Transaction

_OF_PERSON = select(Accommodation).where(
    Accommodation.person_id == bindparam("person"), Accommodation.quiz_id.in_(bindparam("quizzes", expanding=True))
)


def of_quiz(tx: Transaction, quiz_id: int) -> list[tuple[Accommodation, PersonRow]]:
    """All accommodations of a quiz with their people, by name."""
    query = (
        select(Accommodation, PersonRow)
        .join(PersonRow, PersonRow.id == Accommodation.person_id)
        .where(Accommodation.quiz_id == quiz_id)
        .order_by(PersonRow.name, PersonRow.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def by_person(tx: Transaction, quiz_id: int) -> dict[int, Accommodation]:
    """All accommodations of a quiz, by person."""
    return {row.person_id: row for row in of_quizzes(tx, [quiz_id]).get(quiz_id, [])}


def of_quizzes(tx: Transaction, quiz_ids: Sequence[int]) -> dict[int, list[Accommodation]]:
    """All accommodations of these quizzes, by quiz."""
    found: dict[int, list[Accommodation]] = {}
    if quiz_ids:
        query = select(Accommodation).where(Accommodation.quiz_id.in_(quiz_ids))
        for row in tx.session.scalars(query.execution_options(populate_existing=True)):
            found.setdefault(row.quiz_id, []).append(row)
    return found


def of_person(tx: Transaction, person_id: int, quiz_ids: Sequence[int]) -> dict[int, Accommodation]:
    """A person's accommodations in these quizzes, by quiz."""
    rows = tx.session.scalars(_OF_PERSON, {"person": person_id, "quizzes": list(quiz_ids)})
    return {row.quiz_id: row for row in rows}


def keep(
    tx: Transaction,
    quiz_id: int,
    person_id: int,
    by_id: int,
    *,
    extra_minutes: int,
    closes_at: datetime | None,
    attempts_allowed: int | None,
    reason: str,
) -> None:
    """Store an accommodation instead of an earlier one."""
    values = {
        "extra_minutes": extra_minutes,
        "closes_at": closes_at,
        "attempts_allowed": attempts_allowed,
        "reason": reason,
        "created_by_id": by_id,
        "created_at": tx.now(),
    }
    statement = tx.upsert(Accommodation).values(quiz_id=quiz_id, person_id=person_id, **values)
    tx.session.execute(statement.on_conflict_do_update(index_elements=["quiz_id", "person_id"], set_=values))


def remove(tx: Transaction, quiz_id: int, person_id: int) -> bool:
    """Remove an accommodation; whether there was one."""
    statement = delete(Accommodation).where(Accommodation.quiz_id == quiz_id, Accommodation.person_id == person_id)
    return cast("CursorResult[tuple[()]]", tx.session.execute(statement)).rowcount > 0


def students(tx: Transaction, course_id: int) -> list[PersonRow]:
    """The students of a course, by name."""
    query = (
        select(PersonRow)
        .join(Enrolment, Enrolment.person_id == PersonRow.id)
        .where(Enrolment.course_id == course_id, Enrolment.role == "student")
        .order_by(PersonRow.name, PersonRow.id)
    )
    return list(tx.session.scalars(query))
