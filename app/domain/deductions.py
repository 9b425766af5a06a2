"""What lateness and repetition leave of the points of an attempt, and why. Exact; clocks are the callers' business.

Days are counted from the moment that the work was due, each begun one as a whole one, as many as the rules have. They
are those of the calendar: a day after 23:59 it is 23:59 again, also when summer time begins or ends. Deductions follow
each other: each takes its share of what the ones before have left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from fractions import Fraction
from math import prod
from typing import Any, Literal, TypeAlias

Kind: TypeAlias = Literal["late", "repeated"]
DAY = timedelta(days=1)
ALL = Fraction(1)


@dataclass(frozen=True, slots=True)
class Rules:
    """`late_days` further days after work was due, each begun one costs `late_percent` of the points; each further
    attempt is worth `decay_percent` (of the points of a first one) less than the one before."""

    late_days: int = 0
    late_percent: int = 0
    decay_percent: int = 0


@dataclass(frozen=True, slots=True)
class Deduction:
    """Takes `percent` of what is there: for `count` days that the work was late, or because it is attempt `count`."""

    kind: Kind
    count: int
    percent: int

    @property
    def says(self) -> str:
        """The reason in words."""
        if self.kind == "repeated":
            return f"minus {self.percent} % for attempt {self.count}"
        days = "one day" if self.count == 1 else f"{self.count} days"
        return f"minus {self.percent} % for {days} late"


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of the points of an attempt after these deductions."""

    deductions: tuple[Deduction, ...] = ()

    @property
    def factor(self) -> Fraction:
        """The share of the points that is left, from 0 to 1."""
        return prod((Fraction(100 - one.percent, 100) for one in self.deductions), start=ALL)

    @property
    def percent(self) -> Fraction:
        """The same in percent."""
        return 100 * self.factor

    @property
    def says(self) -> str:
        """All reasons in words; empty where nothing is taken."""
        return ", then ".join(one.says for one in self.deductions)


WHOLE = Left()


def left(number: int, done_at: datetime, due_at: datetime | None, rules: Rules, zone: tzinfo = UTC) -> Left:
    """What is left of the points of attempt `number` (from 1) whose answers were there at `done_at`.

    Without `due_at` nothing is ever late. `zone`: whose calendar says what a day is.
    """
    found: list[Deduction] = []
    days = days_late(done_at, due_at, rules.late_days, zone)
    if days and rules.late_percent:
        found.append(Deduction("late", days, min(100, days * rules.late_percent)))
    if number > 1 and rules.decay_percent:
        found.append(Deduction("repeated", number, min(100, (number - 1) * rules.decay_percent)))
    return Left(tuple(found))


def days_late(done_at: datetime, due_at: datetime | None, most: int, zone: tzinfo = UTC) -> int:
    """How many days late, the begun one included, up to `most`; 0 in time."""
    if due_at is None or done_at <= due_at:
        return 0
    days = max(1, (done_at - due_at) // DAY - 1)
    while days < most and days_after(due_at, days, zone) < done_at:
        days += 1
    return min(most, days)


def days_after(moment: datetime, days: int, zone: tzinfo) -> datetime:
    """When the clock of a zone shows the same, so many days later; the later one where it shows it twice, or never."""
    clock = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return max(clock.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)) if days else moment


def after_deductions(points: Fraction, factor: Fraction) -> Fraction:
    """What counts of points that were earned: the one place where a total meets its factor."""
    return points if factor == 1 else points * factor


def written(found: Left) -> list[list[Any]] | None:
    """Deductions as they are stored; None where there are none."""
    return [[one.kind, one.count, one.percent] for one in found.deductions] or None


def left_from(stored: list[Any] | None) -> Left:
    """Deductions as they were stored."""
    return Left(tuple(Deduction(kind, int(count), int(percent)) for kind, count, percent in stored or ()))
