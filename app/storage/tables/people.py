"""People, their courses, and who is signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Id, Row, one_of


class PersonRow(Row):
    """Somebody. The password is kept as an argon2id hash; without one nobody can sign in by it."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(300))
    administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]


class Course(Row):
    """A course: people enrol in it, quizzes belong to it."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]


class Enrolment(Row):
    """What a person is in a course."""

    __tablename__ = "enrolments"
    __table_args__ = (one_of("role", "student", "assistant", "instructor"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]


class SessionRow(Row):
    """One sign-in. Only a hash of its token is kept: a copy of the database opens no session."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
