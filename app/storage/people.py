"""Queries about people, courses and enrolments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import select

from app.domain.access import Role
from app.storage.tables import Course, Enrolment, PersonRow
from app.storage.transaction import Transaction


def person_by_login(tx: Transaction, login: str) -> PersonRow | None:
    """Logins are compared without regard to case: they are stored folded."""
    return tx.session.scalar(select(PersonRow).where(PersonRow.login == login.casefold()))


def person(tx: Transaction, person_id: int) -> PersonRow | None:
    """Somebody by number."""
    return tx.session.get(PersonRow, person_id)


def add_person(tx: Transaction, login: str, name: str, password_hash: str | None, administrator: bool) -> PersonRow:
    """Store somebody; the login must be free."""
    row = PersonRow(
        login=login.casefold(),
        name=name,
        password_hash=password_hash,
        administrator=administrator,
        created_at=tx.now(),
    )
    tx.session.add(row)
    tx.session.flush()
    return row


def course_by_title(tx: Transaction, title: str) -> Course | None:
    """The oldest course of this title."""
    return tx.session.scalar(select(Course).where(Course.title == title).order_by(Course.id).limit(1))


def add_course(tx: Transaction, public_id: str, title: str) -> Course:
    """Store a course."""
    row = Course(public_id=public_id, title=title, created_at=tx.now())
    tx.session.add(row)
    tx.session.flush()
    return row


def enrol(tx: Transaction, course_id: int, person_id: int, role: str) -> None:
    """Enrol, or give another role."""
    statement = tx.upsert(Enrolment).values(course_id=course_id, person_id=person_id, role=role, created_at=tx.now())
    keys = ["course_id", "person_id"]
    tx.session.execute(statement.on_conflict_do_update(index_elements=keys, set_={"role": role}))


def course_with_role(tx: Transaction, public_id: str, person_id: int) -> tuple[Course, Role | None] | None:
    """A course, and what this person is in it."""
    mine = (Enrolment.course_id == Course.id) & (Enrolment.person_id == person_id)
    query = select(Course, Enrolment.role).outerjoin(Enrolment, mine).where(Course.public_id == public_id)
    row = tx.session.execute(query).one_or_none()
    return None if row is None else (row[0], cast("Role | None", row[1]))


def has_role(tx: Transaction, person_id: int, roles: Sequence[Role]) -> bool:
    """Whether somebody has one of these roles in any course."""
    query = select(Enrolment.course_id).where(Enrolment.person_id == person_id, Enrolment.role.in_(roles)).limit(1)
    return tx.session.scalar(query) is not None
