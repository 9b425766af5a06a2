"""Pages that people drew or uploaded, and which drawings a course may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Row, bounded, one_of


class DrawnPage(Row):
    """One page of somebody's answer, as the PNG that was made of it here.

    It belongs to one field of one attempt and is kept there, not among the files of questions: whoever sees the
    attempt sees the page, and it goes with its person. The same picture of two people is two rows.
    """

    __tablename__ = "drawn_pages"
    __table_args__ = (bounded("width", 1, 100_000), bounded("height", 1, 100_000))

    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    png: Mapped[bytes] = mapped_column(LargeBinary)
    width: Mapped[int]
    height: Mapped[int]
    created_at: Mapped[datetime]


class Showing(Row):
    """Whether a drawing that was handed in is shown to its course.

    `consent` is what its person said after handing in; None: what the answer says holds.
    """

    __tablename__ = "showings"
    __table_args__ = (one_of("consent", "no", "shown", "named"),)

    attempt_item_id: Mapped[int] = mapped_column(ForeignKey("attempt_items.id"), primary_key=True)
    field: Mapped[str] = mapped_column(String(100), primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    consent: Mapped[str | None] = mapped_column(String(20))
    published_at: Mapped[datetime | None]
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("people.id"))
