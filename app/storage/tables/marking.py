"""Marking by people: who is at which part, sentences used again, which quizzes are marked twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Id, Row, bounded


class Claim(Row):
    """A part of one submitted question that somebody is marking, so that two markers never meet. It expires."""

    __tablename__ = "claims"

    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_items.id"), primary_key=True)
    part: Mapped[str] = mapped_column(String(100), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    taken_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Snippet(Row):
    """A comment that a course's markers use again for one question."""

    __tablename__ = "snippets"
    __table_args__ = (Index("ix_snippets_course_id_question", "course_id", "question"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    question: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class SecondMarking(Row):
    """How many of a quiz's answers, in percent, a second person marks without seeing the first one's decisions."""

    __tablename__ = "second_markings"
    __table_args__ = (bounded("percent", 1, 100),)

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    percent: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
