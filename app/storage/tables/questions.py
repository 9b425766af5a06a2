"""Question versions, their sources, images and variants, the bank's index, and drafts."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
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


class QuestionSource(Row):
    """The folder a version was made from, file by file, and who brought it: what export gives back."""

    __tablename__ = "question_sources"
    __table_args__ = (one_of("origin", "bank", "editor", "import", "api"),)

    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), primary_key=True)
    folder: Mapped[dict[str, Any]]
    origin: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    note: Mapped[str] = mapped_column(Text, default="")


class Blob(Row):
    """A file of a question, kept once under the hash of its content; what was shown once can be shown again."""

    __tablename__ = "blobs"

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    media: Mapped[str] = mapped_column(String(100))
    content: Mapped[bytes]
    created_at: Mapped[datetime]


class QuestionEntry(Row):
    """One line of the bank's index: the newest version of a question, ready to be searched and listed."""

    __tablename__ = "questions"
    __table_args__ = (bounded("parts"), bounded("number", 1))

    question: Mapped[str] = mapped_column(String(200), primary_key=True)
    newest_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(500))
    exam: Mapped[str] = mapped_column(String(200), default="")
    label: Mapped[str] = mapped_column(String(200), default="")
    points: Mapped[Fraction]
    points_real: Mapped[float]
    parts: Mapped[int]
    tags: Mapped[list[Any]]
    graders: Mapped[list[Any]]
    # Case-folded title, id, tags, items, statements and prompts.
    search: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]

    newest: Mapped[QuestionVersion] = relationship(lazy="raise")


class QuestionWord(Row):
    """What a question can be found by: a tag, a grader, its exam, an inventory item."""

    __tablename__ = "question_words"
    __table_args__ = (
        one_of("kind", "tag", "grader", "exam", "item"),
        Index("ix_question_words_kind_word", "kind", "word"),
    )

    question: Mapped[str] = mapped_column(ForeignKey("questions.question"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    word: Mapped[str] = mapped_column(String(200), primary_key=True)


class Draft(Row):
    """A question being written, as a folder of files. `version` is the one it began from (0: none)."""

    __tablename__ = "drafts"
    __table_args__ = (bounded("revision"), bounded("version"))

    question: Mapped[str] = mapped_column(String(200), primary_key=True)
    folder: Mapped[dict[str, Any]]
    title: Mapped[str] = mapped_column(String(500), default="")
    revision: Mapped[int]
    version: Mapped[int]
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    updated_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
