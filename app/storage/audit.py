"""Queries about the audit: who did what to which thing, the newest first."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.storage.tables import Attempt, AuditEntry, Course, PersonRow, Quiz, Regrade, Webhook
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about, where it is still there: its quiz with its course, or whom it concerns."""

    course: str = ""
    quiz: str = ""
    title: str = ""
    person: str = ""


def entries(
    tx: Transaction,
    *,
    course: tuple[int, str] | None,
    actions: Collection[str] = (),
    who: str = "",
    before: int | None = None,
    limit: int,
) -> list[tuple[AuditEntry, str, str]]:
    """Entries with the name and login of who did it, the newest first; of one course where one is given.

    `course`: its number and public id. `who`: a piece of a name or login. `before`: only what is older than that one.
    """
    query = (
        select(AuditEntry, PersonRow.name, PersonRow.login)
        .outerjoin(PersonRow, PersonRow.id == AuditEntry.person_id)
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if course is not None:
        query = query.where(_of_course(*course))
    if actions:
        query = query.where(AuditEntry.action.in_(actions))
    if who:
        query = query.where(
            or_(*(column.icontains(who, autoescape=True) for column in (PersonRow.name, PersonRow.login)))
        )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return [(row[0], row[1] or "", row[2] or "") for row in tx.session.execute(query)]


def _of_course(number: int, public_id: str) -> ColumnElement[bool]:
    """What was done to a course, to its quizzes, their attempts and regrades, its webhooks and its people."""
    quizzes = select(Quiz.id).where(Quiz.course_id == number)
    things = union_all(
        select(literal("quiz ") + Quiz.public_id).where(Quiz.course_id == number),
        select(literal("attempt ") + Attempt.public_id).where(Attempt.quiz_id.in_(quizzes)),
        select(literal("regrade ") + Regrade.public_id).where(Regrade.quiz_id.in_(quizzes)),
        select(literal("webhook ") + Webhook.public_id).where(Webhook.course_id == number),
    )
    # Of people, and of what is gone, the details say in which course it was.
    named = or_(AuditEntry.subject.startswith("person "), AuditEntry.action == "deleted a quiz")
    return or_(
        AuditEntry.subject.in_((f"course {public_id}", f"course {number}")),
        AuditEntry.subject.in_(things),
        and_(named, AuditEntry.details["course"].as_string() == str(number)),
    )


def things(tx: Transaction, subjects: Sequence[str]) -> dict[str, Thing]:
    """What these subjects stand for, where it is still there."""
    ids: dict[str, list[str]] = {}
    for subject in set(subjects):
        kind, _, name = subject.partition(" ")
        ids.setdefault(kind, []).append(name)
    found: dict[str, Thing] = {}
    sitter = aliased(PersonRow)
    attempts = (
        select(Attempt.public_id, Course.public_id, Quiz.public_id, Quiz.title, sitter.name)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .join(sitter, sitter.id == Attempt.person_id)
        .where(Attempt.public_id.in_(ids.get("attempt", ())))
    )
    found |= {f"attempt {row[0]}": Thing(*row[1:]) for row in tx.session.execute(attempts)}
    quizzes = (
        select(Quiz.public_id, Course.public_id, Quiz.public_id, Quiz.title)
        .join(Course, Course.id == Quiz.course_id)
        .where(Quiz.public_id.in_(ids.get("quiz", ())))
    )
    found |= {f"quiz {row[0]}": Thing(*row[1:]) for row in tx.session.execute(quizzes)}
    regrades = (
        select(Regrade.public_id, Course.public_id, Quiz.public_id, Quiz.title)
        .join(Quiz, Quiz.id == Regrade.quiz_id)
        .join(Course, Course.id == Quiz.course_id)
        .where(Regrade.public_id.in_(ids.get("regrade", ())))
    )
    found |= {f"regrade {row[0]}": Thing(*row[1:]) for row in tx.session.execute(regrades)}
    numbers = [int(one) for one in ids.get("person", ()) if one.isdecimal()]
    people = select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(numbers))
    found |= {f"person {row[0]}": Thing(person=row[1]) for row in tx.session.execute(people)}
    return found
