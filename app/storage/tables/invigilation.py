"""While people sit: what happened, who is there, what arrived too late, and what was tried in practice."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Id, Row, bounded, one_of


class SittingEvent(Row):
    """Something that happened while a quiz was sat: news for its open pages, and the incident log of its staff.

    Append-only. Without an attempt it concerns everybody who sits the quiz. `person_id`: who did it; none: the server.
    """

    __tablename__ = "sitting_events"
    __table_args__ = (
        Index("ix_sitting_events_quiz_id", "quiz_id", "kind"),
        Index("ix_sitting_events_attempt_id", "attempt_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    attempt_id: Mapped[int | None] = mapped_column(ForeignKey("attempts.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]


class Presence(Row):
    """When an open page of an attempt last gave a sign of life."""

    __tablename__ = "presences"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    seen_at: Mapped[datetime]


class PageVisit(Row):
    """When a page of an attempt was last asked for of which no sign of life followed: a page without scripts."""

    __tablename__ = "page_visits"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    visited_at: Mapped[datetime]


class LateSave(Row):
    """A save that came when nothing could be saved any more, kept for the staff to decide about.

    What it holds was typed after `not_before` (the last moment that the server had told the page; none: unknown) and
    before `received_at`. `origin`: sent by the page, or brought as an answer file.
    """

    __tablename__ = "late_saves"
    __table_args__ = (
        UniqueConstraint("attempt_id", "device", "seq"),
        bounded("seq"),
        one_of("origin", "page", "file"),
        one_of("state", "waiting", "accepted", "declined"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    device: Mapped[str] = mapped_column(String(64))
    seq: Mapped[int]
    origin: Mapped[str] = mapped_column(String(20))
    not_before: Mapped[datetime | None]
    received_at: Mapped[datetime]
    changes: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(String(20), default="waiting", server_default="waiting")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))


class PracticeCheck(Row):
    """Answers to one question that somebody let Gradus look at while practising, and what they would be worth."""

    __tablename__ = "practice_checks"
    __table_args__ = (Index("ix_practice_checks_attempt_item_id", "attempt_item_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    answers: Mapped[dict[str, Any]]
    credit: Mapped[dict[str, Any] | None]
    points: Mapped[Fraction]
    upto: Mapped[Fraction]
    max: Mapped[Fraction]
    created_at: Mapped[datetime]
