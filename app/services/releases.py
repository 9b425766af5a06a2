"""When students see what their attempts are worth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from app.services.terms import everybody_ends
from app.services.transactions import Transaction
from app.storage import accommodations
from app.storage.tables import Accommodation, Quiz


@dataclass(frozen=True, slots=True)
class Release:
    """Whether marks and solutions are shown; `at`: since when or from when on, if that is known."""

    shown: bool
    at: datetime | None = None


def release_state(quiz: Quiz, granted: Iterable[Accommodation], now: datetime) -> Release:
    """The release of a quiz. "After closing" waits for everybody: whoever still writes must not read solutions."""
    if quiz.released_at is not None:
        return Release(quiz.released_at <= now, quiz.released_at)
    if quiz.release == "at once":
        return Release(True)
    ends = everybody_ends(quiz, granted) if quiz.release == "after closing" else None
    return Release(ends is not None and now >= ends, ends)


def release_states(tx: Transaction, quizzes: Iterable[Quiz]) -> dict[int, Release]:
    """The release of several quizzes, by number of their rows."""
    rows = list(quizzes)
    waiting = [quiz.id for quiz in rows if quiz.release == "after closing" and quiz.released_at is None]
    granted = accommodations.of_quizzes(tx, waiting)
    return {quiz.id: release_state(quiz, granted.get(quiz.id, ()), tx.now()) for quiz in rows}
