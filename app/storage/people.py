"""Queries about people, courses and enrolments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import func, or_, select

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


def add_if_free(
    tx: Transaction, login: str, name: str, password_hash: str | None, administrator: bool, email: str | None
) -> PersonRow | None:
    """Store somebody, whatever others do at this moment; None when the login is taken."""
    statement = tx.upsert(PersonRow).values(
        login=login,
        name=name,
        password_hash=password_hash,
        administrator=administrator,
        email=email,
        created_at=tx.now(),
    )
    added = statement.on_conflict_do_nothing(index_elements=["login"]).returning(PersonRow.id)
    person_id = tx.session.execute(added).scalar()
    return None if person_id is None else tx.session.get(PersonRow, person_id)


def by_login_or_email(tx: Transaction, who: str, limit: int) -> list[PersonRow]:
    """The accounts of this login or e-mail address, both in small letters."""
    query = select(PersonRow).where(or_(PersonRow.login == who, PersonRow.email == who)).order_by(PersonRow.id)
    return list(tx.session.scalars(query.limit(limit)))


def search(tx: Transaction, words: str, offset: int, limit: int) -> tuple[list[PersonRow], int]:
    """People whose name, login or e-mail address holds this text, by name; and how many there are in all."""
    fields = (PersonRow.name, PersonRow.login, PersonRow.email)
    named = or_(*(field.icontains(words, autoescape=True) for field in fields))
    found = [PersonRow.erased_at.is_(None), *([named] if words else [])]
    total = tx.session.scalar(select(func.count()).select_from(PersonRow).where(*found)) or 0
    query = select(PersonRow).where(*found).order_by(func.lower(PersonRow.name), PersonRow.id)
    return list(tx.session.scalars(query.offset(offset).limit(limit))), total


def administrators(tx: Transaction) -> set[int]:
    """The administrators, kept as they are until the transaction ends."""
    query = select(PersonRow.id).where(PersonRow.administrator, PersonRow.erased_at.is_(None)).with_for_update()
    return set(tx.session.scalars(query))


def any_administrator(tx: Transaction) -> bool:
    """Whether there is an administrator."""
    query = select(PersonRow.id).where(PersonRow.administrator, PersonRow.erased_at.is_(None)).limit(1)
    return tx.session.scalar(query) is not None


def enrolments(tx: Transaction, person_id: int) -> list[tuple[Course, Enrolment]]:
    """A person's courses, newest first."""
    query = (
        select(Course, Enrolment)
        .join(Enrolment, Enrolment.course_id == Course.id)
        .where(Enrolment.person_id == person_id)
        .order_by(Course.id.desc())
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


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
