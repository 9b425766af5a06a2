"""The rules of a quiz as they hold for one person: accommodations, and staff who only look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.transactions import Transaction
from app.storage import accommodations
from app.storage.tables import Accommodation, Quiz


@dataclass(frozen=True, slots=True)
class Terms:
    """When somebody may begin (`opens_at` to `closes_at`), and how long they have (`minutes`, until `ends_at`).

    `preview`: staff may look at any time, also at drafts, as often as they like.
    """

    opens_at: datetime | None
    closes_at: datetime | None
    ends_at: datetime | None
    minutes: int | None
    attempts_allowed: int | None
    preview: bool = False
    draft: bool = False
    archived: bool = False

    def why_not_start(self, now: datetime, taken: int) -> str:
        """Why a further attempt cannot start now, as a sentence; empty when it can."""
        if self.archived:
            return "This course is over, so no attempt can start."
        if self.preview:
            return ""
        if self.draft:
            return "This quiz is not published."
        if self.opens_at is not None and now < self.opens_at:
            return "This quiz is not open yet."
        if self.closes_at is not None and now >= self.closes_at:
            return "This quiz is closed."
        if self.attempts_allowed is not None and taken >= self.attempts_allowed:
            return "You have used all attempts at this quiz."
        return ""

    def deadline(self, started_at: datetime) -> datetime | None:
        """When an attempt that starts then is over."""
        over = None if self.minutes is None else started_at + timedelta(minutes=self.minutes)
        if self.ends_at is None:
            return over
        return self.ends_at if over is None else min(over, self.ends_at)


def terms_of(
    quiz: Quiz, granted: Accommodation | None = None, *, preview: bool = False, archived: bool = False
) -> Terms:
    """The terms of a quiz for somebody with this accommodation.

    Extra minutes also run beyond the closing time, unless the accommodation names one of its own.
    """
    draft = quiz.state == "draft"
    if preview:
        return Terms(None, None, None, quiz.minutes, None, True, draft, archived)
    if granted is None:
        return Terms(
            quiz.opens_at,
            quiz.closes_at,
            quiz.closes_at,
            quiz.minutes,
            quiz.attempts_allowed,
            draft=draft,
            archived=archived,
        )
    closes = ends = quiz.closes_at
    if closes is not None and granted.closes_at is not None:
        closes = ends = max(closes, granted.closes_at)
    elif closes is not None:
        ends = closes + timedelta(minutes=granted.extra_minutes)
    minutes = None if quiz.minutes is None else quiz.minutes + granted.extra_minutes
    allowed = quiz.attempts_allowed
    if allowed is not None and granted.attempts_allowed is not None:
        allowed = granted.attempts_allowed
    return Terms(quiz.opens_at, closes, ends, minutes, allowed, draft=draft, archived=archived)


def terms_for(tx: Transaction, quiz: Quiz, person_id: int, *, preview: bool, archived: bool = False) -> Terms:
    """The terms of a quiz for this person."""
    granted = None if preview else accommodations.of_person(tx, person_id, [quiz.id]).get(quiz.id)
    return terms_of(quiz, granted, preview=preview, archived=archived)


def everybody_ends(quiz: Quiz, granted: Iterable[Accommodation]) -> datetime | None:
    """When the time of the last person is over; None for a quiz that never closes."""
    if quiz.closes_at is None:
        return None
    ends = (terms_of(quiz, one).ends_at for one in granted)
    return max([quiz.closes_at, *(moment for moment in ends if moment is not None)])
