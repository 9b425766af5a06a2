"""What can be said of a drawn line: exact where comparing is enough, floats where a best line is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

import numpy as np

Point: TypeAlias = tuple[Fraction, Fraction]

BEND = 0.04
"""How far a straight line may bulge, as a share of its length on the sheet."""
REACH = Fraction(3, 4)
"""The share of the data's width that a line has to cross."""
NEAR = 2
"""A line is near the best fit if its squared error is at most this many times the smallest possible one."""
SLACK = Fraction(1, 20)
"""… and, for data that fit exactly, if it stays this near on average, as a share of their height."""
END = Fraction(3, 20)
"""How far an S-curve may be from its levels at its ends, as a share of their distance."""
WIGGLE = Fraction(1, 50)
"""How far a rising curve may fall back, as a share of the distance of its levels."""


@dataclass(frozen=True, slots=True)
class Fit:
    """The least-squares line y = a + b x, and its sum of squared errors."""

    a: Fraction
    b: Fraction
    error: Fraction


def best_line(data: Sequence[Point]) -> Fit:
    """The least-squares line of the data; level where all x are the same."""
    n = len(data)
    mx, my = sum((x for x, _ in data), Fraction(0)) / n, sum((y for _, y in data), Fraction(0)) / n
    spread = sum(((x - mx) ** 2 for x, _ in data), Fraction(0))
    b = sum(((x - mx) * (y - my) for x, y in data), Fraction(0)) / spread if spread else Fraction(0)
    a = my - b * mx
    return Fit(a, b, sum(((y - a - b * x) ** 2 for x, y in data), Fraction(0)))


def without_doubles(line: Sequence[Point]) -> list[Point]:
    """The line without points that only repeat the one before."""
    return [point for place, point in enumerate(line) if place == 0 or point != line[place - 1]]


def from_left(line: Sequence[Point]) -> list[Point] | None:
    """The line from left to right if it is a function: no two of its places share an x. Else None."""
    steps = [b[0] - a[0] for a, b in pairwise(line)]
    if not steps:
        return None
    if all(step > 0 for step in steps):
        return [*line]
    return [*reversed(line)] if all(step < 0 for step in steps) else None


def height_at(function: Sequence[Point], x: Fraction) -> Fraction:
    """The height of a function at x; beyond its ends it goes on as it ended."""
    for (x1, y1), (x2, y2) in pairwise(function):
        if x <= x2 or (x2, y2) == function[-1]:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    raise ValueError("A function has at least two points.")


def straight(line: Sequence[Point], wide: Fraction, high: Fraction) -> bool:
    """Whether the line has no bend: it bulges little beside its own best line, on a sheet `wide` by `high`."""
    places = np.array([[float(x / wide), float(y / high)] for x, y in line])
    places -= places.mean(axis=0)
    # The best line through the middle, by total least squares: the direction of the largest spread.
    along, across = (places @ np.linalg.svd(places)[2].T).T
    return bool(np.max(np.abs(across)) <= BEND * (np.max(along) - np.min(along)))


def reaches(line: Sequence[Point], data: Sequence[Point]) -> bool:
    """Whether the line crosses most of the width of the data."""
    left, right = min(x for x, _ in data), max(x for x, _ in data)
    first, last = max(left, min(x for x, _ in line)), min(right, max(x for x, _ in line))
    return last - first >= REACH * (right - left)


def near(function: Sequence[Point], data: Sequence[Point]) -> bool:
    """Whether the function fits the data about as well as their least-squares line does."""
    error = sum(((y - height_at(function, x)) ** 2 for x, y in data), Fraction(0))
    high = max(y for _, y in data) - min(y for _, y in data)
    return error <= NEAR * best_line(data).error + len(data) * (SLACK * high) ** 2


@dataclass(frozen=True, slots=True)
class Levels:
    """Where an S-curve over the data begins and ends, made to rise: a falling one is turned over."""

    low: Fraction
    high: Fraction
    rises: bool

    @property
    def middle(self) -> Fraction:
        return (self.low + self.high) / 2

    def turned(self, points: Sequence[Point]) -> list[Point]:
        """The points, upside down where the data fall."""
        return [(x, y if self.rises else self.low + self.high - y) for x, y in points]


def levels(data: Sequence[Point]) -> Levels:
    """The two levels between which the data change, and which way."""
    heights = [y for _, y in data]
    return Levels(min(heights), max(heights), best_line(data).b >= 0)


def sigmoid(function: Sequence[Point], data: Sequence[Point]) -> bool:
    """Whether the function is a monotone S from near one level of the data to near the other: halfway up near
    the threshold of the data, below the chord before that, above the chord after it.
    """
    about = levels(data)
    curve, unit = about.turned(function), about.high - about.low
    if abs(curve[0][1] - about.low) > END * unit or abs(curve[-1][1] - about.high) > END * unit:
        return False
    highest = curve[0][1]
    for _, y in curve:
        if y < highest - WIGGLE * unit:
            return False
        highest = max(highest, y)
    crossing = crossing_of(curve, about.middle)
    if crossing is None or not _well_placed(crossing, about, about.turned(data)):
        return False
    at = (crossing, about.middle)
    before, after = [one for one in curve if one[0] < crossing], [one for one in curve if one[0] > crossing]
    sags, rises = -_farthest([*before, at], -1), _farthest([at, *after], 1)
    return min(sags, rises) >= WIGGLE * unit


def _farthest(piece: Sequence[Point], way: int) -> Fraction:
    """How far a piece of a curve gets above (1) the chord between its ends, or below it (-1, and negative)."""
    chord = [piece[0], piece[-1]]
    off = [y - height_at(chord, x) for x, y in piece]
    return max(off) if way > 0 else min(off)


def _well_placed(crossing: Fraction, about: Levels, data: Sequence[Point]) -> bool:
    """Whether a threshold puts at most one point more on the wrong side than the best one."""
    places = sorted({x for x, _ in data})
    tries = [(a + b) / 2 for a, b in pairwise(places)] or places
    fewest = min(misplaced(data, one, about.middle) for one in tries)
    return misplaced(data, crossing, about.middle) <= fewest + 1


def crossing_of(curve: Sequence[Point], middle: Fraction) -> Fraction | None:
    """Where a rising curve first gets up to a height."""
    for (x1, y1), (x2, y2) in pairwise(curve):
        if y1 <= middle <= y2 and y1 < y2:
            return x1 + (x2 - x1) * (middle - y1) / (y2 - y1)
    return None


def misplaced(data: Sequence[Point], threshold: Fraction, middle: Fraction) -> int:
    """How many points are high left of a threshold or low right of it."""
    return sum((y > middle and x < threshold) or (y < middle and x > threshold) for x, y in data)


def sample_line(data: Sequence[Point], left: Fraction, right: Fraction) -> list[Point]:
    """The least-squares line between two places."""
    fit = best_line(data)
    return [(x, fit.a + fit.b * x) for x in (left, right)]


def sample_sigmoid(data: Sequence[Point], left: Fraction, right: Fraction) -> list[Point]:
    """A logistic curve between the levels of the data, halfway up at their threshold, within two places."""
    about = levels(data)
    turned = about.turned(data)
    places = sorted({x for x, _ in data})
    middles = [(a + b) / 2 for a, b in pairwise(places)] or places
    best = min(middles, key=lambda one: misplaced(turned, one, about.middle))
    half = min(best - left, right - best)
    inner = [best + half * Fraction(k, 10) for k in (-9, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 9)]
    curve = []
    for x in [left, *inner, right]:
        share = Fraction(1 / (1 + float(np.exp(-8 * float((x - best) / half))))).limit_denominator(1000)
        curve.append((x, about.low + (about.high - about.low) * share))
    return about.turned(curve)
