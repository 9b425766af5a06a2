"""Quizzes: questions in an order, the rules of sitting them, and who sits under other rules."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.tables.columns import Id, Row, bounded, one_of
from app.storage.tables.questions import QuestionVersion


class Quiz(Row):
    """Questions in an order, with the rules of sitting them. The salt makes its seeds its own.

    A draft is seen by staff only and follows the bank; published, its question versions stay as they are.
    """

    __tablename__ = "quizzes"
    __table_args__ = (
        one_of("seeds", "printed_first", "fresh"),
        one_of("state", "draft", "published"),
        one_of("counts", "best", "last", "first", "average"),
        one_of("release", "at once", "after closing", "by hand"),
        one_of("feedback", "with marks", "apart"),
        one_of("solutions", "with marks", "apart"),
        bounded("revision"),
        bounded("minutes", 1, 100_000),
        bounded("attempts_allowed", 1, 1_000),
        one_of("mode", "exam", "homework", "practice"),
        one_of("navigation", "free", "forward"),
        bounded("grace_seconds", 0, 3_600),
        bounded("late_days", 0, 365),
        bounded("late_percent", 0, 100),
        bounded("decay_percent", 0, 100),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"), index=True)
    title: Mapped[str] = mapped_column(String(300))
    description: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[int | None]
    attempts_allowed: Mapped[int | None]
    seeds: Mapped[str] = mapped_column(String(20))
    salt: Mapped[str] = mapped_column(String(40))
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(20), default="published", server_default="published")
    published_at: Mapped[datetime | None]
    # Which of several attempts counts, and when students see marks; comments and solutions come with them or apart.
    counts: Mapped[str] = mapped_column(String(20), default="best", server_default="best")
    release: Mapped[str] = mapped_column(String(20), default="at once", server_default="at once")
    released_at: Mapped[datetime | None]
    feedback: Mapped[str] = mapped_column(String(20), default="with marks", server_default="with marks")
    feedback_at: Mapped[datetime | None]
    solutions: Mapped[str] = mapped_column(String(20), default="with marks", server_default="with marks")
    solutions_at: Mapped[datetime | None]
    # Until when students may ask for another look at their marks; none: always.
    requests_until: Mapped[datetime | None]
    shuffle: Mapped[bool] = mapped_column(default=False, server_default=false())
    revision: Mapped[int] = mapped_column(default=0, server_default="0")
    mode: Mapped[str] = mapped_column(String(20), default="exam", server_default="exam")
    # Everybody gets the same questions in the same variants; else each person has their own.
    same_for_all: Mapped[bool] = mapped_column(default=False, server_default=false())
    navigation: Mapped[str] = mapped_column(String(20), default="free", server_default="free")
    # What has to be said, and where from and with what, before somebody may start. Empty: nothing is asked.
    access_code: Mapped[str] = mapped_column(String(100), default="", server_default="")
    networks: Mapped[str] = mapped_column(Text, default="", server_default="")
    browser_keys: Mapped[str] = mapped_column(Text, default="", server_default="")
    honour: Mapped[str] = mapped_column(Text, default="", server_default="")
    # How long after the deadline a save still counts; none: as the installation says.
    grace_seconds: Mapped[int | None]
    # Handing in after closing: on how many further days, and what each of them, begun, costs in percent.
    late_days: Mapped[int] = mapped_column(default=0, server_default="0")
    late_percent: Mapped[int] = mapped_column(default=0, server_default="0")
    # What each further attempt is worth less than the one before, in percent of the points.
    decay_percent: Mapped[int] = mapped_column(default=0, server_default="0")


class QuizSection(Row):
    """A heading, with a text, over some questions of a quiz; `number` from 1."""

    __tablename__ = "quiz_sections"
    __table_args__ = (bounded("number", 1, 1_000),)

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text, default="", server_default="")


class QuizItem(Row):
    """One place of a quiz. `pool` lists further question versions; each attempt gets `take` of them all.

    `each` is what a drawn question is worth in the quiz, whatever it is worth by itself; without it `weight` counts.
    `tag` says how the pool was found, so that a draft can follow the bank. `section` is the number of its section,
    0 without one.
    """

    __tablename__ = "quiz_items"
    __table_args__ = (
        UniqueConstraint("quiz_id", "position"),
        bounded("position", 1, 10_000),
        bounded("take", 1, 100),
        bounded("section", 0, 1_000),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    position: Mapped[int] = mapped_column(Integer)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    pool: Mapped[list[Any] | None]
    weight: Mapped[Fraction]
    weight_real: Mapped[float]
    take: Mapped[int] = mapped_column(default=1, server_default="1")
    each: Mapped[Fraction | None]
    tag: Mapped[str | None] = mapped_column(String(200))
    section: Mapped[int] = mapped_column(default=0, server_default="0")

    question_version: Mapped[QuestionVersion] = relationship(lazy="raise")


class Accommodation(Row):
    """Other rules for one person in one quiz, with the reason."""

    __tablename__ = "accommodations"
    __table_args__ = (bounded("extra_minutes", 0, 100_000), bounded("attempts_allowed", 1, 1_000))

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), primary_key=True, index=True)
    extra_minutes: Mapped[int] = mapped_column(default=0)
    closes_at: Mapped[datetime | None]
    attempts_allowed: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text, default="")
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
