"""Attempts, what was typed in them, and every save that ever arrived."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.tables.columns import Document, Id, Row, bounded, one_of
from app.storage.tables.questions import QuestionVersion, Variant


class Attempt(Row):
    """One sitting of a quiz by a person.

    `deadline_at` follows from the rules, the accommodation, and `added_seconds` (given while it ran, pauses included).
    While it is paused its deadline does not come. `furthest`: the question that was reached, and when, where none may
    be seen again; 0 where all may.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("quiz_id", "person_id", "number"),
        one_of("state", "open", "handed in"),
        bounded("number", 1, 100_000),
        bounded("added_seconds"),
        bounded("furthest", 0, 10_000),
        Index("ix_attempts_state_deadline_at", "state", "deadline_at"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    number: Mapped[int]
    state: Mapped[str] = mapped_column(String(20))
    started_at: Mapped[datetime]
    deadline_at: Mapped[datetime | None]
    added_seconds: Mapped[int] = mapped_column(default=0, server_default="0")
    paused_at: Mapped[datetime | None]
    furthest: Mapped[int] = mapped_column(default=0, server_default="0")
    furthest_at: Mapped[datetime | None]
    honour_at: Mapped[datetime | None]
    # The tab whose page saved last.
    page: Mapped[str] = mapped_column(String(64), default="", server_default="")


class AttemptItem(Row):
    """One question of an attempt: which version, in which variant; `section` as in the quiz, `hints` taken so far.

    `practised`, while somebody practises: the "seeds" of the variants before this one, "hints" of this one by part.
    """

    __tablename__ = "attempt_items"
    __table_args__ = (
        UniqueConstraint("attempt_id", "position"),
        bounded("position", 1, 10_000),
        bounded("section", 0, 1_000),
        bounded("hints", 0, 1_000),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    position: Mapped[int]
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    weight: Mapped[Fraction]
    weight_real: Mapped[float]
    section: Mapped[int] = mapped_column(default=0, server_default="0")
    hints: Mapped[int] = mapped_column(default=0, server_default="0")
    practised: Mapped[dict[str, Any] | None]

    attempt: Mapped[Attempt] = relationship(lazy="raise")
    variant: Mapped[Variant] = relationship(lazy="raise")
    question_version: Mapped[QuestionVersion] = relationship(lazy="raise")


class Save(Row):
    """One save as it arrived. The same (device, seq) never counts twice, however often it is sent."""

    __tablename__ = "saves"
    __table_args__ = (bounded("seq"),)

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    device: Mapped[str] = mapped_column(String(64), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    received_at: Mapped[datetime]
    changes: Mapped[list[Any]]


class Answer(Row):
    """The newest value of one field: a projection of the saves."""

    __tablename__ = "answers"
    __table_args__ = (bounded("revision"),)

    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    revision: Mapped[int]
    value: Mapped[Any] = mapped_column(Document, nullable=True)
    saved_at: Mapped[datetime]
