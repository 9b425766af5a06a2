"""Queries about courses and who is enrolled in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar, cast

from sqlalchemy import delete, func, insert, select, union, update

from app.domain.access import Role
from app.storage.tables import Attempt, Course, Enrolment, PersonRow, Quiz
from app.storage.transaction import Transaction

Thing = TypeVar("Thing")
AT_A_TIME = 500
"""How many names one statement asks for: both engines limit the parameters of a statement."""


def add_course(tx: Transaction, public_id: str, title: str, term: str, time_zone: str) -> Course:
    """Store a course."""
    row = Course(public_id=public_id, title=title, term=term, time_zone=time_zone, created_at=tx.now())
    tx.session.add(row)
    tx.session.flush()
    return row


def course(tx: Transaction, course_id: int) -> Course | None:
    """A course by number."""
    return tx.session.get(Course, course_id)


def courses_with_role(tx: Transaction, person_id: int, *, every: bool) -> list[tuple[Course, Role | None]]:
    """A person's courses (or every course), with what they are in each; newest first."""
    mine = (Enrolment.course_id == Course.id) & (Enrolment.person_id == person_id)
    query = select(Course, Enrolment.role).join(Enrolment, mine, isouter=every).order_by(Course.id.desc())
    return [(row[0], cast("Role | None", row[1])) for row in tx.session.execute(query)]


def people_counts(tx: Transaction, course_ids: Sequence[int]) -> dict[int, int]:
    """How many people are enrolled in each course; those who were erased do not count."""
    counts: dict[int, int] = {}
    for some in _batched(course_ids):
        query = (
            select(Enrolment.course_id, func.count())
            .join(PersonRow, PersonRow.id == Enrolment.person_id)
            .where(PersonRow.erased_at.is_(None), Enrolment.course_id.in_(some))
            .group_by(Enrolment.course_id)
        )
        counts |= {row[0]: row[1] for row in tx.session.execute(query)}
    return counts


def quiz_counts(tx: Transaction, course_ids: Sequence[int], *, drafts: bool) -> dict[int, int]:
    """How many quizzes each course has: with the drafts, or only those that students see."""
    counts: dict[int, int] = {}
    for some in _batched(course_ids):
        query = select(Quiz.course_id, func.count()).where(Quiz.course_id.in_(some)).group_by(Quiz.course_id)
        if not drafts:
            query = query.where(Quiz.state == "published")
        counts |= {row[0]: row[1] for row in tx.session.execute(query)}
    return counts


def enrolled(tx: Transaction, course_id: int) -> list[tuple[Enrolment, PersonRow]]:
    """Everybody in a course by name; those who were erased are nobody any more."""
    query = (
        select(Enrolment, PersonRow)
        .join(PersonRow, PersonRow.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, PersonRow.erased_at.is_(None))
        .order_by(func.lower(PersonRow.name), PersonRow.id)
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def enrolment(tx: Transaction, course_id: int, person_id: int, *, lock: bool = False) -> Enrolment | None:
    """What somebody is in a course; with `lock`, until the transaction ends."""
    query = select(Enrolment).where(Enrolment.course_id == course_id, Enrolment.person_id == person_id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return tx.session.scalar(query)


def instructors(tx: Transaction, course_id: int) -> set[int]:
    """The instructors of a course, kept as they are until the transaction ends."""
    query = (
        select(Enrolment.person_id)
        .join(PersonRow, PersonRow.id == Enrolment.person_id)
        .where(Enrolment.course_id == course_id, Enrolment.role == "instructor", PersonRow.erased_at.is_(None))
        .order_by(Enrolment.person_id)
        .with_for_update(of=Enrolment)
    )
    return set(tx.session.scalars(query))


def staff(tx: Transaction, course_id: int) -> list[PersonRow]:
    """Assistants and instructors of a course; those who were erased are nobody any more."""
    query = (
        select(PersonRow)
        .join(Enrolment, Enrolment.person_id == PersonRow.id)
        .where(Enrolment.course_id == course_id, Enrolment.role.in_(("assistant", "instructor")))
        .where(PersonRow.erased_at.is_(None))
        .order_by(PersonRow.id)
    )
    return list(tx.session.scalars(query))


def change_role(tx: Transaction, course_id: int, person_id: int, role: str) -> None:
    """Give somebody another role."""
    mine = (Enrolment.course_id == course_id) & (Enrolment.person_id == person_id)
    tx.session.execute(update(Enrolment).where(mine).values(role=role))


def remove(tx: Transaction, course_id: int, person_id: int) -> None:
    """Somebody leaves a course; what they handed in stays."""
    mine = (Enrolment.course_id == course_id) & (Enrolment.person_id == person_id)
    tx.session.execute(delete(Enrolment).where(mine))


def people_by_login(tx: Transaction, logins: Iterable[str]) -> dict[str, PersonRow]:
    """Those of these (folded) logins that exist."""
    found: dict[str, PersonRow] = {}
    for some in _batched(sorted(set(logins))):
        rows = tx.session.scalars(select(PersonRow).where(PersonRow.login.in_(some)))
        found |= {row.login: row for row in rows}
    return found


def roles(tx: Transaction, course_id: int) -> dict[int, str]:
    """What everybody in a course is, by person."""
    query = select(Enrolment.person_id, Enrolment.role).where(Enrolment.course_id == course_id)
    return {row[0]: row[1] for row in tx.session.execute(query)}


def groups(tx: Transaction, course_id: int) -> dict[int, str]:
    """The group of everybody in a course who is in one, by person."""
    query = select(Enrolment.person_id, Enrolment.group).where(Enrolment.course_id == course_id, Enrolment.group != "")
    return {row[0]: row[1] for row in tx.session.execute(query)}


def set_groups(tx: Transaction, course_id: int, wanted: Mapping[int, str]) -> None:
    """Put people of a course into these groups (by person)."""
    by_group: dict[str, list[int]] = {}
    for person_id, group in wanted.items():
        by_group.setdefault(group, []).append(person_id)
    for group, people in by_group.items():
        for some in _batched(people):
            mine = (Enrolment.course_id == course_id) & Enrolment.person_id.in_(some)
            tx.session.execute(update(Enrolment).where(mine).values(group=group))


def add_people(tx: Transaction, new: Sequence[tuple[str, str, str | None]]) -> None:
    """Store people without passwords: (folded login, name, e-mail); a login that is taken by now stays as it is."""
    for some in _batched(new):
        rows = [
            {"login": login, "name": name, "email": email, "administrator": False, "created_at": tx.now()}
            for login, name, email in some
        ]
        tx.session.execute(tx.upsert(PersonRow).on_conflict_do_nothing(index_elements=["login"]), rows)


def add_enrolments(tx: Transaction, course_id: int, new: Sequence[tuple[int, str]]) -> None:
    """Enrol people who are not in the course yet: (person, role)."""
    for some in _batched(new):
        rows = [
            {"course_id": course_id, "person_id": person_id, "role": role, "created_at": tx.now()}
            for person_id, role in some
        ]
        tx.session.execute(insert(Enrolment), rows)


def instructed_by(tx: Transaction, person_id: int) -> set[int]:
    """The courses that somebody instructs."""
    mine = (Enrolment.person_id == person_id, Enrolment.role == "instructor")
    return set(tx.session.scalars(select(Enrolment.course_id).where(*mine)))


def touched_by(tx: Transaction, person_id: int) -> set[int]:
    """The courses that somebody is in, or has sat a quiz of."""
    enrolled_in = select(Enrolment.course_id).where(Enrolment.person_id == person_id)
    sat = select(Quiz.course_id).join(Attempt, Attempt.quiz_id == Quiz.id).where(Attempt.person_id == person_id)
    return set(tx.session.scalars(union(enrolled_in, sat)))


def alone_in(tx: Transaction, person_id: int) -> list[str]:
    """The titles of the courses whose only instructor somebody is."""
    others = select(Enrolment.course_id).where(Enrolment.role == "instructor", Enrolment.person_id != person_id)
    mine = (Enrolment.person_id == person_id, Enrolment.role == "instructor", Course.archived_at.is_(None))
    query = (
        select(Course.title)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(*mine, Course.id.not_in(others))
        .order_by(Course.title)
    )
    return list(tx.session.scalars(query))


def _batched(things: Sequence[Thing]) -> Iterator[Sequence[Thing]]:
    return (things[start : start + AT_A_TIME] for start in range(0, len(things), AT_A_TIME))
