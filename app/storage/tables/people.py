"""People, their courses, and who is signed in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Id, Row, bounded, one_of


class PersonRow(Row):
    """Somebody. The password is kept as an argon2id hash; without one nobody can sign in by it."""

    __tablename__ = "people"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    login: Mapped[str] = mapped_column(String(200), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    password_hash: Mapped[str | None] = mapped_column(String(300))
    administrator: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    email: Mapped[str | None] = mapped_column(String(320), index=True)
    # Somebody whose name was erased on request; their marks stay, without a person to point at.
    erased_at: Mapped[datetime | None]
    # The language of the pages, once it was chosen.
    language: Mapped[str | None] = mapped_column(String(20))


class Course(Row):
    """A course: people enrol in it, quizzes belong to it."""

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime]
    term: Mapped[str] = mapped_column(String(100), default="", server_default="")
    time_zone: Mapped[str] = mapped_column(String(60), default="UTC", server_default="UTC")
    archived_at: Mapped[datetime | None]


class Enrolment(Row):
    """What a person is in a course; `group` is the course's own word for some of its students, such as a lab group."""

    __tablename__ = "enrolments"
    __table_args__ = (one_of("role", "student", "assistant", "instructor"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    group: Mapped[str] = mapped_column("group_name", String(100), default="", server_default="")


class FailedTries(Row):
    """Wrong passwords or codes of late; `key` is a hash of what was tried and of the address from where."""

    __tablename__ = "failed_tries"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    count: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(index=True)


class SessionRow(Row):
    """One sign-in. Only a hash of its token is kept: a copy of the database opens no session."""

    __tablename__ = "sessions"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Invitation(Row):
    """A link by which people enrol themselves in a course. Only a hash of its token is kept."""

    __tablename__ = "invitations"
    __table_args__ = (one_of("role", "student", "assistant", "instructor"), bounded("uses_left"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    uses_left: Mapped[int | None]
    revoked_at: Mapped[datetime | None]


class OneTimeLink(Row):
    """A link that works once: to set a password, or to become the first administrator (then without a person)."""

    __tablename__ = "one_time_links"
    __table_args__ = (one_of("purpose", "first administrator", "password"),)

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(30))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Mail(Row):
    """A letter that a duty sends, in the transaction of what it is about."""

    __tablename__ = "mails"
    __table_args__ = (one_of("state", "waiting", "sent", "given up"), bounded("tries"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    address: Mapped[str] = mapped_column(String(320))
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), index=True)
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
