"""Regrades: what was graded anew, from which grading to which, why; and the requests of students for one."""

from __future__ import annotations

from datetime import datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.storage.tables.columns import Id, Row, one_of


class Regrade(Row):
    """One change that concerns many answers of a quiz: previewed first, applied or dropped, undone at most once.

    `rubric`: another question version; `software`: the graders of today; `void`: a part that counts in full for all;
    `accept`: an answer that counts as well. `details` says which, in words that the kind defines.
    """

    __tablename__ = "regrades"
    __table_args__ = (
        one_of("kind", "rubric", "software", "void", "accept"),
        one_of("state", "preparing", "previewed", "applied", "undone", "dropped"),
        Index("ix_regrades_quiz_id", "quiz_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"))
    kind: Mapped[str] = mapped_column(String(20))
    state: Mapped[str] = mapped_column(String(20))
    reason: Mapped[str] = mapped_column(Text)
    details: Mapped[dict[str, Any]]
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class RegradeItem(Row):
    """One submitted question of a regrade: the grading that counted, and what it would be worth (if known yet).

    Applying makes a grading of the latter (`after_id`), undoing lets the former count again. `chunk`: those that one
    worker takes together. `judgement_upto`: the newest decision of a person that was taken into account. `decided`:
    what another rubric makes of people's decisions (app.services.marking.regrade_changes).
    """

    __tablename__ = "regrade_items"
    __table_args__ = (
        one_of("step", "waiting", "prepared", "applied", "undone"),
        Index("ix_regrade_items_submission_item_id", "submission_item_id"),
        # Each chunk asks for its rows, and how many are left: among 10,000 answers of one regrade.
        Index("ix_regrade_items_step", "regrade_id", "step", "chunk"),
    )

    regrade_id: Mapped[int] = mapped_column(ForeignKey("regrades.id"), primary_key=True)
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_items.id"), primary_key=True)
    before_id: Mapped[int | None] = mapped_column(ForeignKey("gradings.id"))
    before_version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id"))
    after_id: Mapped[int | None] = mapped_column(ForeignKey("gradings.id"))
    cause: Mapped[str] = mapped_column(Text, default="", server_default="")
    chunk: Mapped[int]
    step: Mapped[str] = mapped_column(String(20))
    observation_id: Mapped[int | None] = mapped_column(ForeignKey("observations.id"))
    judgement_upto: Mapped[int] = mapped_column(Id, default=0)
    credit: Mapped[dict[str, Any] | None]
    state: Mapped[str | None] = mapped_column(String(20))
    points: Mapped[Fraction | None]
    upto: Mapped[Fraction | None]
    max: Mapped[Fraction | None]
    changed: Mapped[bool | None]
    decided: Mapped[str] = mapped_column(String(20), default="", server_default="")


class RegradeRequest(Row):
    """A student asks to look at one criterion again; the conversation hangs below it."""

    __tablename__ = "regrade_requests"
    __table_args__ = (
        one_of("state", "open", "granted", "declined", "withdrawn"),
        Index("ix_regrade_requests_submission_item_id", "submission_item_id"),
    )

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(String(40), unique=True)
    submission_item_id: Mapped[int] = mapped_column(ForeignKey("submission_items.id"))
    part: Mapped[str] = mapped_column(String(100))
    criterion: Mapped[str] = mapped_column(String(100))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    state: Mapped[str] = mapped_column(String(20))
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class RequestMessage(Row):
    """One message of that conversation."""

    __tablename__ = "request_messages"
    __table_args__ = (Index("ix_request_messages_request_id", "request_id"),)

    id: Mapped[int] = mapped_column(Id, primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("regrade_requests.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
