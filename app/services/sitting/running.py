"""Attempts that are running: their deadlines follow the rules, and staff give time, pause, go on and end.

Everything is in whole seconds and UTC. Staff name the attempts they mean by public id; None means all that are open.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.operating.transactions import Transaction
from app.services.quizzes.terms import seconds_paused, terms_of, zone_for
from app.services.sitting import submissions
from app.services.sitting.sitting_events import Kind, happened
from app.storage import accommodations, attempts
from app.storage.tables import Attempt, Quiz

MOST_SECONDS = 7 * 24 * 3600
"""What can be given, or taken back, at once."""

LEAST_LEFT = timedelta(seconds=60)
"""Taking time back never leaves less than this."""


def move_deadlines(tx: Transaction, quiz: Quiz, person_id: int | None = None, by: int | None = None) -> int:
    """Give every open attempt at a quiz (or those of one person) the deadline of today's rules; how many moved."""
    found = attempts.open_at(tx, quiz, person_id)
    return len(_follow_rules(tx, quiz, found, by=by, reason=""))


def give_time(
    tx: Transaction, quiz: Quiz, chosen: Collection[str] | None, seconds: int, by: int | None, reason: str
) -> int:
    """Move deadlines of open attempts; how many moved. Negative seconds take back what was given before.

    Raises:
        InvalidInput: no such amount of time.
        NotFound: one of the attempts is not at this quiz.
        Conflict: none of them is open and has a deadline, or so much cannot be taken back.
    """
    if seconds == 0 or abs(seconds) > MOST_SECONDS:
        raise InvalidInput("Time is given, or taken back, by up to seven days.", "seconds")
    found = [one for one in _open(tx, quiz, chosen) if one[0].deadline_at is not None]
    if not found:
        raise Conflict("No open attempt of these has a deadline that could be moved.")
    for attempt, _ in found:
        if attempt.added_seconds + seconds < 0:
            raise Conflict("No more time can be taken back than was given before.")
        attempt.added_seconds += seconds
    moved = _follow_rules(tx, quiz, found, by=by, reason=reason, told=chosen is not None)
    if seconds < 0 and any(_left(attempt, tx.now()) < LEAST_LEFT for attempt in moved):
        raise Conflict("That would leave somebody less than a minute. End the attempt instead.")
    if chosen is None:
        details = {"seconds": seconds, "attempts": len(moved)}
        happened(tx, quiz.id, None, "deadline moved", text=reason, by=by, details=details)
    _record(tx, quiz, moved, by, "gave time" if seconds > 0 else "took time back", seconds=seconds)
    return len(moved)


def pause(tx: Transaction, quiz: Quiz, chosen: Collection[str] | None, by: int | None, reason: str) -> int:
    """Let the time of open attempts stand still; how many were not paused before. What is typed is still saved.

    Raises:
        NotFound: one of the attempts is not at this quiz.
        Conflict: none of them is open.
    """
    now = tx.now()
    running = [attempt for attempt, _ in _some(_open(tx, quiz, chosen)) if attempt.paused_at is None]
    stopped = [one for one in running if one.deadline_at is None or now < one.deadline_at]
    for attempt in stopped:
        attempt.paused_at = now
    _write(tx, quiz, stopped, chosen, "paused", by, reason)
    _record(tx, quiz, stopped, by, "paused")
    return len(stopped)


def resume(tx: Transaction, quiz: Quiz, chosen: Collection[str] | None, by: int | None, reason: str) -> int:
    """Let the time of paused attempts go on where it stood; how many were paused.

    Raises:
        NotFound: one of the attempts is not at this quiz.
        Conflict: none of them is open.
    """
    now = tx.now()
    paused = [one for one in _some(_open(tx, quiz, chosen)) if one[0].paused_at is not None]
    for attempt, _ in paused:
        attempt.added_seconds += seconds_paused(attempt, now)
        attempt.paused_at = None
    _follow_rules(tx, quiz, paused, by=by, reason=reason, told=False)
    going = [attempt for attempt, _ in paused]
    _write(tx, quiz, going, chosen, "resumed", by, reason)
    _record(tx, quiz, going, by, "resumed")
    return len(going)


def end(
    tx: Transaction,
    quiz: Quiz,
    chosen: Collection[str] | None,
    by: int | None,
    reason: str,
    wake: Callable[[], None] = lambda: None,
) -> int:
    """Hand open attempts in now, with what was saved; how many. `wake` is called after COMMIT.

    Raises:
        NotFound: one of the attempts is not at this quiz.
        Conflict: none of them is open.
    """
    ended = [attempt for attempt, _ in _some(_open(tx, quiz, chosen))]
    _write(tx, quiz, ended, chosen, "ended", by, reason)
    for attempt in ended:
        submissions.hand_in_for(tx, attempt, quiz, by)
    _record(tx, quiz, ended, by, "ended")
    tx.afterwards(wake)
    return len(ended)


def _open(tx: Transaction, quiz: Quiz, chosen: Collection[str] | None) -> list[tuple[Attempt, bool]]:
    if chosen is not None:
        unknown = set(chosen) - attempts.ids_at(tx, quiz.id, chosen)
        if unknown:
            raise NotFound("There is no such attempt at this quiz.")
    return attempts.open_at(tx, quiz, chosen=chosen)


def _some(found: list[tuple[Attempt, bool]]) -> list[tuple[Attempt, bool]]:
    if not found:
        raise Conflict("None of these attempts is open any more.")
    return found


def _follow_rules(
    tx: Transaction,
    quiz: Quiz,
    found: Iterable[tuple[Attempt, bool]],
    *,
    by: int | None,
    reason: str,
    told: bool = True,
) -> list[Attempt]:
    moved: list[Attempt] = []
    granted, zone = accommodations.by_person(tx, quiz.id), zone_for(tx, quiz)
    for attempt, preview in found:
        terms = terms_of(quiz, zone, granted.get(attempt.person_id), preview=preview)
        deadline, before = terms.deadline(attempt.started_at, attempt.added_seconds), attempt.deadline_at
        if before == deadline:
            continue
        attempt.deadline_at = deadline
        moved.append(attempt)
        if told:
            both = deadline is not None and before is not None
            seconds = round((deadline - before).total_seconds()) if both and deadline and before else None
            details = {"seconds": seconds}
            happened(tx, quiz.id, attempt.id, "deadline moved", text=reason, by=by, details=details)
    tx.session.flush()
    return moved


def _left(attempt: Attempt, now: datetime) -> timedelta:
    return timedelta.max if attempt.deadline_at is None else attempt.deadline_at - (attempt.paused_at or now)


def _write(
    tx: Transaction,
    quiz: Quiz,
    touched: list[Attempt],
    chosen: Collection[str] | None,
    kind: Kind,
    by: int | None,
    reason: str,
) -> None:
    if chosen is None and touched:
        happened(tx, quiz.id, None, kind, text=reason, by=by, details={"attempts": len(touched)})
        return
    for attempt in touched:
        happened(tx, quiz.id, attempt.id, kind, text=reason, by=by)


def _record(tx: Transaction, quiz: Quiz, touched: list[Attempt], by: int | None, action: str, **details: int) -> None:
    subject = f"attempt {touched[0].public_id}" if len(touched) == 1 else f"quiz {quiz.public_id}"
    if touched:
        # The reason may tell of somebody's health: it stands in the event alone, where it can be erased.
        tx.record(by, action, subject, attempts=len(touched), **details)
    tx.session.flush()
