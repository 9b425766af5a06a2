"""Which of several attempts counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias

Counts: TypeAlias = Literal["best", "last", "first", "average"]


@dataclass(frozen=True, slots=True)
class Taken:
    """An attempt that has been handed in. Points are sure, `upto` is possible; without them it is being graded."""

    number: int
    points: Fraction | None = None
    upto: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """What counts: the numbers of these attempts, and what they are worth together, as far as it is known.

    `sure`: nothing that is still being graded, or waits for a person, can change it.
    """

    numbers: tuple[int, ...]
    points: Fraction | None
    upto: Fraction | None
    sure: bool


NOTHING = Counted((), None, None, True)


def counting(attempts: Sequence[Taken], rule: Counts) -> Counted:
    """Of attempts that have been handed in, in any order, what counts by this rule."""
    if not attempts:
        return NOTHING
    by_number = sorted(attempts, key=lambda attempt: attempt.number)
    if rule == "first":
        return _one(by_number[0])
    if rule == "last":
        return _one(by_number[-1])
    graded = [attempt for attempt in by_number if attempt.points is not None]
    all_sure = all(_sure(attempt) for attempt in by_number)
    if not graded:
        return Counted((), None, None, False)
    if rule == "average":
        points = sum((attempt.points or Fraction(0) for attempt in graded), Fraction(0)) / len(graded)
        upto = sum((_upto(attempt) for attempt in graded), Fraction(0)) / len(graded)
        return Counted(tuple(attempt.number for attempt in graded), points, upto, all_sure)
    # Of equals the earliest, so that what counts does not move without a reason.
    best = max(graded, key=lambda attempt: (attempt.points or Fraction(0), _upto(attempt), -attempt.number))
    upto = max(_upto(attempt) for attempt in graded)
    return Counted((best.number,), best.points, upto, all_sure)


def _one(attempt: Taken) -> Counted:
    return Counted((attempt.number,), attempt.points, attempt.upto, _sure(attempt))


def _upto(attempt: Taken) -> Fraction:
    return attempt.upto if attempt.upto is not None else attempt.points or Fraction(0)


def _sure(attempt: Taken) -> bool:
    return attempt.points is not None and attempt.points == _upto(attempt)
