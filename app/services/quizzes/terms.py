"""The rules of a quiz as they hold for one person: accommodations, and staff who only look."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, tzinfo

from app.domain.deductions import days_after
from app.services.courses.local_times import zone_of
from app.services.operating.transactions import Transaction
from app.storage import accommodations, quizzes
from app.storage.tables import Accommodation, Attempt, Quiz


@dataclass(frozen=True, slots=True)
class Terms:
    """When somebody may begin (`opens_at` to `closes_at`), and how long they have (`minutes`, until `ends_at`).

    Work is due at `ends_at`; on `late_days` further days of the calendar in `zone` attempts may still begin and go on,
    and lose points for it.
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
    late_days: int = 0
    zone: tzinfo = UTC

    @property
    def closed_at(self) -> datetime | None:
        """From when on nobody may begin any more, late or not."""
        return None if self.closes_at is None else days_after(self.closes_at, self.late_days, self.zone)

    @property
    def over_at(self) -> datetime | None:
        """When everything is over, late or not."""
        return None if self.ends_at is None else days_after(self.ends_at, self.late_days, self.zone)

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
        if self.closed_at is not None and now >= self.closed_at:
            return "This quiz is closed."
        if self.attempts_allowed is not None and taken >= self.attempts_allowed:
            return "You have used all attempts at this quiz."
        return ""

    def deadline(self, started_at: datetime, added_seconds: int = 0) -> datetime | None:
        """When an attempt that starts then is over; `added_seconds` were given while it ran."""
        over = None if self.minutes is None else started_at + timedelta(minutes=self.minutes)
        if self.over_at is not None:
            over = self.over_at if over is None else min(over, self.over_at)
        return None if over is None else over + timedelta(seconds=added_seconds)


def terms_of(
    quiz: Quiz, zone: tzinfo, granted: Accommodation | None = None, *, preview: bool = False, archived: bool = False
) -> Terms:
    """The terms of a quiz for somebody with this accommodation; late days are those of the `zone` of its course.

    Extra minutes also run beyond the closing time, unless the accommodation names one of its own. Nothing that is
    practised is ever due.
    """
    terms = replace(_written(quiz, granted, preview=preview, archived=archived), zone=zone)
    return replace(terms, ends_at=None, minutes=None, late_days=0) if quiz.mode == "practice" else terms


def _written(quiz: Quiz, granted: Accommodation | None, *, preview: bool, archived: bool) -> Terms:
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
            late_days=quiz.late_days or 0,
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
    return Terms(
        quiz.opens_at, closes, ends, minutes, allowed, draft=draft, archived=archived, late_days=quiz.late_days or 0
    )


def terms_for(tx: Transaction, quiz: Quiz, person_id: int, *, preview: bool, archived: bool = False) -> Terms:
    """The terms of a quiz for this person."""
    granted = None if preview else accommodations.of_person(tx, person_id, [quiz.id]).get(quiz.id)
    return terms_of(quiz, zone_for(tx, quiz), granted, preview=preview, archived=archived)


def zone_for(tx: Transaction, quiz: Quiz) -> tzinfo:
    """Whose calendar counts the late days of a quiz: that of its course. Nothing is asked for where there are none."""
    return zone_of(quizzes.course(tx, quiz.course_id).time_zone) if quiz.late_days else UTC


def seconds_paused(attempt: Attempt, now: datetime) -> int:
    """For how many seconds, a begun one included, an attempt has been paused; 0 while it runs."""
    if attempt.paused_at is None:
        return 0
    return max(0, math.ceil((now - attempt.paused_at).total_seconds()))


def seconds_left(attempt: Attempt, now: datetime) -> float | None:
    """The time until its deadline, which stands still while it is paused; None when there is no deadline."""
    if attempt.deadline_at is None:
        return None
    return max(0.0, (attempt.deadline_at - (attempt.paused_at or now)).total_seconds())


def everybody_ends(quiz: Quiz, zone: tzinfo, granted: Iterable[Accommodation]) -> datetime | None:
    """When the time of the last person is over, late or not; None for a quiz that never closes."""
    ends = (terms_of(quiz, zone, one).over_at for one in (None, *granted))
    return max((moment for moment in ends if moment is not None), default=None)
