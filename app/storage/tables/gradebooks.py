"""The gradebook of a course: its rules, and what people added to or took from a mark."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Id, Row, bounded


class Gradebook(Row):
    """How a course's quizzes make a grade: weights, drops, letters. Without a row, every quiz weighs the same."""

    __tablename__ = "gradebooks"
    __table_args__ = (bounded("revision"),)

    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), primary_key=True)
    rules: Mapped[dict[str, Any]]
    revision: Mapped[int]


class Adjustment(Row):
    """Points added to (or taken from) a student's mark of a quiz, or of the whole course, with the reason.

    Of the course they are percentage points. `excused`: the quiz does not count for this student, whatever they did.
    """

    __tablename__ = "adjustments"
    __table_args__ = (Index("ix_adjustments_course_id", "course_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    points: Mapped[Fraction]
    points_real: Mapped[float]
    excused: Mapped[bool] = mapped_column(default=False, server_default=false())
    reason: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
