"""Answers to surveys, apart from everybody who gave them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Document, Row


class SurveyAnswer(Row):
    """What somebody said in one field of a survey: no person, no attempt, no time.

    The key is random and the table is ordered by it, so that not even the order of the rows tells who came when.
    """

    __tablename__ = "survey_answers"
    __table_args__ = (Index("ix_survey_answers_quiz_id", "quiz_id"), {"sqlite_with_rowid": False})

    key: Mapped[str] = mapped_column(String(40), primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    question_version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    part: Mapped[str] = mapped_column(String(100))
    field: Mapped[str] = mapped_column(String(100))
    value: Mapped[Any] = mapped_column(Document)
