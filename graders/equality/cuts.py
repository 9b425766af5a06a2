"""Where functions change their sign along a line, and places in each piece between."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from fractions import Fraction
from itertools import pairwise

Value = Callable[[float], float | None]
"""A function along a line; None where it has no value."""

FAR_APART = 8.0
"""Between places whose quotient is larger, their geometric mean is in the middle."""
CLOSE = 4e-15
"""Relative distance of places that are not told apart."""
DIPS = 2
"""Small hollows in which a sign may change twice, for one function on one line."""
INTO_A_DIP = 30


def cuts(functions: Sequence[Value], grid: Sequence[float]) -> list[float]:
    """The places where a function changes its sign, in order, each once.

    Every function is looked at on the grid, in the hollows between, and where another one changes: a narrow region
    such as |a − b| < 10⁻⁶ lies around a zero of a − b.
    """
    seen = [[function(place) for place in grid] for function in functions]
    own = [_changes(*pair, grid) for pair in zip(functions, seen, strict=True)]
    found = {cut for found in own for cut in found}
    if len(functions) > 1:
        for number, (function, values) in enumerate(zip(functions, seen, strict=True)):
            others = {cut for other, found in enumerate(own) if other != number for cut in found}
            for cut in others:
                found.update(_between_neighbours(function, values, grid, cut))
    return sorted(found)


def _changes(function: Value, values: Sequence[float | None], grid: Sequence[float]) -> list[float]:
    found: list[float] = []
    for number, value in enumerate(values):
        if value is None:
            continue
        before = values[number - 1] if number else None
        if value == 0:
            # Of a stretch on which a function is zero, the ends count.
            if not (before == 0 and number + 1 < len(grid) and values[number + 1] == 0):
                found.append(grid[number])
        elif before and (before > 0) != (value > 0):
            found.append(_root(function, (grid[number - 1], before), (grid[number], value)))
    return found or _in_dips(function, values, grid)


def _in_dips(function: Value, values: Sequence[float | None], grid: Sequence[float]) -> list[float]:
    """Sign changes in hollows of a function that has one sign at all places of the grid."""
    found: list[float] = []
    dips = 0
    for number in range(1, len(grid) - 1):
        low, middle, high = values[number - 1 : number + 2]
        if low is None or middle is None or high is None or not abs(middle) < min(abs(low), abs(high)):
            continue
        place = _lowest(function, grid[number - 1 : number + 2], 1.0 if middle > 0 else -1.0)
        if place is not None:
            found += _between_neighbours(function, values, grid, place)
        dips += 1
        if dips == DIPS:
            break
    return found


def _lowest(function: Value, around: Sequence[float], sign: float) -> float | None:
    """A place between two others at which a function has the other sign, by golden sections; None if none is met."""
    low, place, high = around
    for step in range(INTO_A_DIP):
        aside = place + (high - place) * 0.38 if high - place > place - low else place - (place - low) * 0.38
        here, there = function(place), function(aside)
        if here is None or there is None:
            return None
        if sign * there <= 0:
            return aside
        if sign * there < sign * here:
            low, place, high = (place, aside, high) if aside > place else (low, aside, place)
        elif aside > place:
            high = aside
        else:
            low = aside
        # What is as high as its surroundings after some steps touches nothing.
        if step == 12 and sign * there > 0.5 * abs(function(around[0]) or 0.0):
            return None
    return None


def _between_neighbours(
    function: Value, values: Sequence[float | None], grid: Sequence[float], place: float
) -> list[float]:
    """The zeros on both sides of a place at which a function has another sign than next to it on the grid."""
    value = function(place)
    number = bisect_left(grid, place)
    if not value or not 0 < number < len(grid) or grid[number] == place:
        return []
    found = []
    for neighbour in (number - 1, number):
        beside = values[neighbour]
        if beside and (beside > 0) != (value > 0):
            low, high = sorted([(place, value), (grid[neighbour], beside)])
            found.append(_root(function, low, high))
    return found


def _root(function: Value, low: tuple[float, float], high: tuple[float, float]) -> float:
    """The zero between two places with different signs: by regula falsi, a look beside what it found, and bisection."""
    found: float | None = None
    for step in range(100):
        (a, left), (b, right) = low, high
        size = max(abs(a), abs(b))
        if b - a <= CLOSE * size:
            break
        if a and b and (a > 0) == (b > 0) and not 1 / FAR_APART < a / b < FAR_APART:
            middle = math.copysign(math.sqrt(abs(a)) * math.sqrt(abs(b)), a)
        elif step % 3 == 0:
            middle = found = a - left * (b - a) / (right - left)
        elif step % 3 == 1 and found in (a, b):
            middle = found + (CLOSE if found == a else -CLOSE) * size / 2
        else:
            middle = (a + b) / 2
        if not a < middle < b:
            middle = (a + b) / 2
        if middle in (a, b):
            break
        value = function(middle)
        if value is None:
            break
        if value == 0:
            return middle
        if (value > 0) == (left > 0):
            low = middle, value
        else:
            high = middle, value
    return low[0]


def middles(found: Sequence[float], grid: Sequence[float]) -> list[tuple[float, Fraction, float]]:
    """Places before, between and behind the cuts: roughly, with few digits, and how wide their piece is."""
    if not found:
        return []
    ends = [min(grid[0], found[0]), *found, max(grid[-1], found[-1])]
    places: list[tuple[float, Fraction, float]] = []
    for low, high in pairwise(ends):
        width = high - low
        if not width > CLOSE * max(abs(low), abs(high)):
            continue
        middle = low + width * 0.45
        places.append((middle, _short(middle, width), width))
        # Beside a far end the middle is far away too; one place close to the cut sees what happens next to it.
        for cut, side in ((low, 1), (high, -1)):
            near = cut + side * 0.05 * max(1.0, abs(cut))
            if low < near < high and width > 1:
                places.append((near, _short(near, 0.05), width))
    return places


def _short(place: float, width: float) -> Fraction:
    """A number with few digits, not farther away than a twentieth of the width."""
    digits = max(0, 1 - math.floor(math.log10(width)))
    tens: int = 10**digits
    scaled = place * tens if digits < 250 else math.inf
    return Fraction(round(scaled), tens) if abs(scaled) < 1e15 else Fraction(place)
