"""Where one goes forward only: which questions of an attempt still take answers."""

from __future__ import annotations

from datetime import datetime, timedelta

JUST_LEFT = timedelta(seconds=60)
"""So long after a question was left, what was typed in it before may still arrive."""


def takes_answers(furthest: int, furthest_at: datetime | None, position: int, at: datetime) -> bool:
    """Whether the question at that position takes answers that arrive then.

    `furthest` is the question that was reached, at `furthest_at`; 0 where one may come back to every question.
    """
    if not furthest or position == furthest:
        return True
    return position == furthest - 1 and furthest_at is not None and at <= furthest_at + JUST_LEFT
