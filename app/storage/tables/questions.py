"""Question versions, their variants, and the quizzes made of them."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.storage.tables.columns import Id, Row, bounded, one_of


class QuestionVersion(Row):
    """A question as it was at one time; never changed. The three hashes say what an edit touched."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question", "number"), bounded("number", 1))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    question: Mapped[str] = mapped_column(String(200))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    points: Mapped[Fraction]
    points_real: Mapped[float]
    package: Mapped[dict[str, Any]]
    package_hash: Mapped[str] = mapped_column(String(64))
    variant_hash: Mapped[str] = mapped_column(String(64), index=True)
    observe_hash: Mapped[str] = mapped_column(String(64))
    rubric_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]


class Variant(Row):
    """One concrete question: numbers, text, figures, worked solution. Stored once, never made again."""

    __tablename__ = "variants"
    __table_args__ = (UniqueConstraint("variant_hash", "seed"), bounded("seed"))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    variant_hash: Mapped[str] = mapped_column(String(64))
    seed: Mapped[int]
    values: Mapped[dict[str, Any]]
    # What the student sees, and what only the result page shows: no exam page ever loads a solution.
    rendered: Mapped[dict[str, Any]]
    solution: Mapped[dict[str, Any]]
    fingerprint: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]


class Quiz(Row):
    """Questions in an order, with the rules of sitting them. The salt makes its seeds its own."""

    __tablename__ = "quizzes"
    __table_args__ = (
        one_of("seeds", "printed_first", "fresh"),
        bounded("minutes", 1, 100_000),
        bounded("attempts_allowed", 1, 1_000),
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


class QuizItem(Row):
    """One place of a quiz. `pool` lists further question versions; each attempt gets one of them all."""

    __tablename__ = "quiz_items"
    __table_args__ = (UniqueConstraint("quiz_id", "position"), bounded("position", 1, 10_000))

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    position: Mapped[int] = mapped_column(Integer)
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    pool: Mapped[list[Any] | None]
    weight: Mapped[Fraction]
    weight_real: Mapped[float]

    question_version: Mapped[QuestionVersion] = relationship(lazy="raise")
