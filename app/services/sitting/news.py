"""News for the open pages of attempts: how each stands, what it has been told, and whose pages are there.

What is said here is for the person who sits the attempt; nothing of it tells about questions or marks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, TypeAlias

from app.services.operating.transactions import Transaction
from app.services.quizzes.terms import seconds_left
from app.services.sitting.sitting_events import NEWS, happened
from app.storage import news, sitting_events
from app.storage.tables import Attempt, SittingEvent

State: TypeAlias = Literal["open", "paused", "handed in"]

STILL_TOLD = timedelta(hours=12)
"""What was said to everybody so long before an attempt began is told to it too: a correction, for one."""

SEEN_LATELY = timedelta(seconds=18)
"""Every process hears of the pages that it has, and writes it down, more often than this."""


@dataclass(frozen=True, slots=True)
class Message:
    """What the staff has written to somebody's page; `id` grows with time."""

    id: int
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class News:
    """How an attempt stands at `now`. `seconds_left` stand still while it is paused; None without a deadline.

    `another_page` is the number of the event by which another device came to it; None while there was none.
    """

    attempt_id: str
    numbers: tuple[int, int]
    state: State
    now: datetime
    seconds_left: float | None
    messages: tuple[Message, ...]
    another_page: int | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event that open pages hear of: in which quiz, in which attempt; None: in every one of the quiz."""

    id: int
    quiz: int
    attempt: int | None


def newest(tx: Transaction) -> int:
    """The number of the newest event; 0 when there is none."""
    return sitting_events.newest(tx)


def look(tx: Transaction, after: int) -> list[Happened]:
    """What open pages have to hear of, after that number."""
    return [Happened(*row) for row in news.after(tx, after, NEWS)]


def news_of(tx: Transaction, attempt_ids: Collection[str]) -> dict[str, News]:
    """How these attempts stand, by public id, in two queries whatever their number; unknown ones are missing."""
    if not attempt_ids:
        return {}
    found = news.by_public_ids(tx, attempt_ids)
    told = news.told(tx, found, ("message", "another page")) if found else []
    own: dict[int | None, list[SittingEvent]] = {}
    for event in told:
        # Those for everybody lie under the negative number of their quiz.
        own.setdefault(event.attempt_id or -event.quiz_id, []).append(event)
    now = tx.now()
    return {one.public_id: _news(one, [*own.get(-one.quiz_id, ()), *own.get(one.id, ())], now) for one in found}


def _news(attempt: Attempt, told: list[SittingEvent], now: datetime) -> News:
    others = [event.id for event in told if event.kind == "another page"]
    return News(
        attempt_id=attempt.public_id,
        numbers=(attempt.id, attempt.quiz_id),
        state="handed in" if attempt.state != "open" else "paused" if attempt.paused_at is not None else "open",
        now=now,
        seconds_left=seconds_left(attempt, now),
        messages=messages_in(attempt, told),
        another_page=max(others, default=None),
    )


def messages_in(attempt: Attempt, told: Collection[SittingEvent]) -> tuple[Message, ...]:
    """The messages among these events that are (still) for somebody in this attempt, oldest first."""
    since = attempt.started_at - STILL_TOLD
    found = (event for event in told if event.kind == "message" and event.at >= since)
    return tuple(Message(event.id, event.at, event.text) for event in sorted(found, key=lambda event: event.id))


def messages_to(tx: Transaction, attempt: Attempt) -> tuple[Message, ...]:
    """What the staff has written to this attempt, or to everybody in its quiz."""
    return messages_in(attempt, news.told(tx, [attempt], ("message",)))


def seen(tx: Transaction, ago: Mapping[int, float]) -> None:
    """Pages of these attempts gave a sign of life, so many seconds ago."""
    news.seen(tx, {number: tx.now() - timedelta(seconds=seconds) for number, seconds in ago.items()})


def visited(tx: Transaction, ago: Mapping[int, float]) -> None:
    """Pages of these attempts were asked for, so many seconds ago, and said nothing since: they have no scripts."""
    news.visited(tx, {number: tx.now() - timedelta(seconds=seconds) for number, seconds in ago.items()})


def gone(tx: Transaction, numbers: Collection[int]) -> int:
    """Nothing was heard of the pages that this process had of these attempts for a while; how many are without any.

    Those that another process has seen lately have a page there.
    """
    missing = news.not_seen_since(tx, numbers, tx.now() - SEEN_LATELY)
    before = news.newest_of(tx, [one.id for one in missing], ("went offline", "came back")) if missing else {}
    missing = [one for one in missing if before.get(one.id) != "went offline"]
    for one in missing:
        happened(tx, one.quiz_id, one.id, "went offline")
    return len(missing)


def away(tx: Transaction, numbers: Collection[int]) -> set[int]:
    """Those of these attempts that went offline and have not come back yet."""
    found = news.newest_of(tx, numbers, ("went offline", "came back"))
    return {number for number, kind in found.items() if kind == "went offline"}


def back(tx: Transaction, numbers: Collection[tuple[int, int]]) -> None:
    """Pages of these attempts, each with its quiz, are there again."""
    for attempt, quiz in sorted(numbers):
        happened(tx, quiz, attempt, "came back")
