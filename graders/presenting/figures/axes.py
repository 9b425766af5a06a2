"""Two axes with round numbers, linear or logarithmic, and the lines and marks that are drawn between them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from graders.presenting.figures.canvas import Canvas, DrawingError, Point
from graders.presenting.figures.label import width

Mark: TypeAlias = Literal["dot", "cross", "square", "triangle"]

MARKS: tuple[Mark, ...] = ("dot", "cross", "square", "triangle")
DASHES = ("", "7 4", "2 3", "9 3 2 3")
SMALL = 13
ROW = 20
MOST_DECADES = 24
# Decades that are read more easily as 0.01 … 1000 than as powers.
_PLAIN_DECADES = range(-2, 4)


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` at pixel `start` to `high` at pixel `end`; `ticks` are values with their labels."""

    low: float
    high: float
    start: float
    end: float
    ticks: tuple[tuple[float, str], ...]
    log: bool = False

    def place(self, value: float) -> float:
        """The pixel of a value."""
        low, high = self._scaled(self.low), self._scaled(self.high)
        return self.start + (self._scaled(value) - low) / (high - low) * (self.end - self.start)

    def holds(self, value: float) -> bool:
        """Whether a value lies between the ends."""
        return self.low <= value <= self.high

    def _scaled(self, value: float) -> float:
        return math.log10(value) if self.log else value


def linear_axis(
    values: Sequence[float],
    start: float,
    end: float,
    given: tuple[float, float] | None = None,
    *,
    margin: bool = False,
) -> Axis:
    """An axis over all values that ends at round numbers, or a little beyond the values, or over the given range."""
    low, high = given or (min(values), max(values))
    if given and low >= high:
        raise DrawingError("The range of an axis goes from a smaller to a larger number.")
    if high - low <= 1e-9 * max(abs(low), abs(high)):
        spread = max(abs(low), 1.0) / 2
        low, high = low - spread, high + spread
    elif margin and not given:
        low, high = low - 0.1 * (high - low), high + 0.1 * (high - low)
    step = _step((high - low) / 5)
    if not given and not margin:
        low, high = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return Axis(low, high, start, end, tuple((number * step, _written(number, step)) for number in numbers))


def log_axis(values: Sequence[float], start: float, end: float) -> Axis:
    """A logarithmic axis over whole decades, at least one.

    Raises:
        DrawingError: a value is not positive, or they span too many decades.
    """
    if min(values) <= 0:
        raise DrawingError("A logarithmic axis shows only positive numbers.")
    first = math.floor(math.log10(min(values)) + 1e-9)
    last = max(math.ceil(math.log10(max(values)) - 1e-9), first + 1)
    if last - first > MOST_DECADES:
        raise DrawingError(f"The numbers span more than the {MOST_DECADES} decades that a figure can show.")
    decades = range(first, last + 1, math.ceil((last - first) / 6))
    plain = first in _PLAIN_DECADES and last in _PLAIN_DECADES
    ticks = tuple((10.0**at, f"{10.0**at:.{max(0, -at)}f}" if plain else f"10^{{{at}}}") for at in decades)
    return Axis(10.0**first, 10.0**last, start, end, ticks, log=True)


def _step(rough: float) -> float:
    """1, 2 or 5 times a power of ten, not below the rough step."""
    power = 10.0 ** math.floor(math.log10(rough))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough * (1 - 1e-9))


def _written(number: int, step: float) -> str:
    value = number * step
    if value and not 1e-4 <= abs(step) <= abs(value) < 1e6:
        power = math.floor(math.log10(abs(value)) + 1e-9)
        return f"{value / 10.0**power:.3g}·10^{{{power}}}".replace("-", "−")
    places = max(0, -math.floor(math.log10(step) + 1e-9))
    return f"{value:.{places}f}".replace("-", "−") if value else "0"


def draw_axes(canvas: Canvas, across: Axis, up: Axis, x_label: str, y_label: str) -> None:
    """Faint lines at every tick of the vertical axis, both axes with their numbers, and what they measure."""
    for value, written in up.ticks:
        y = up.place(value)
        canvas.line([(across.start, y), (across.end, y)], "faint")
        canvas.text(across.start - 7, y, written, size=SMALL, anchor="end", tone="muted")
    if up.log:
        _fine_ticks(canvas, across, up)
    canvas.line([(across.start, up.end), (across.start, up.start), (across.end, up.start)])
    for value, written in across.ticks:
        x = across.place(value)
        canvas.line([(x, up.start), (x, up.start + 4)])
        canvas.text(x, up.start + 14, written, size=SMALL, tone="muted")
    if x_label:
        canvas.text(across.end, up.start + 33, x_label, size=SMALL, anchor="end")
    if y_label:
        lead = max((width(written, SMALL) for _, written in up.ticks), default=0) + 7
        canvas.text(across.start - lead, up.end - 19, y_label, size=SMALL, anchor="start")


def _fine_ticks(canvas: Canvas, across: Axis, up: Axis) -> None:
    """Short ticks at 2 … 9 of every decade: they show that the axis is logarithmic."""
    first, last = round(math.log10(up.low)), round(math.log10(up.high))
    if last - first > 4:
        return
    for decade in range(first, last):
        for digit in range(2, 10):
            y = up.place(digit * 10.0**decade)
            canvas.line([(across.start - 4, y), (across.start, y)], "faint")


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a legend: a mark, or a sample of a dashed line, and its name."""

    name: str
    mark: Mark | None = None
    dashes: str = ""

    @property
    def wide(self) -> float:
        """How much room it takes."""
        return (16 if self.mark else 36) + width(self.name, SMALL)


def draw_legend(canvas: Canvas, entries: Sequence[Entry], across: Axis, top: float, y_label: str) -> None:
    """In one row beside the label of the vertical axis where it fits, else in rows above it."""
    wide = across.end - across.start
    rows: list[list[Entry]] = [[]]
    for entry in entries:
        if rows[-1] and sum(one.wide + 18 for one in rows[-1]) + entry.wide > wide:
            rows.append([])
        rows[-1].append(entry)
    long = sum(one.wide + 18 for one in rows[0]) - 18
    beside = len(rows) == 1 and width(y_label, SMALL) + 24 + long <= wide
    y = top - 19 if beside else top - 19 - ROW * len(rows)
    for row in rows:
        x = across.end - long if beside else across.start
        for entry in row:
            if entry.mark:
                draw_mark(canvas, x + 5, y, entry.mark)
            else:
                canvas.line([(x, y), (x + 30, y)], "accent", dashes=entry.dashes)
            canvas.text(x + entry.wide - width(entry.name, SMALL), y, entry.name, size=SMALL, anchor="start")
            x += entry.wide + 18
        y += ROW


def draw_mark(canvas: Canvas, x: float, y: float, mark: Mark) -> None:
    """A mark around (x, y), told apart from the others by its shape alone."""
    if mark == "dot":
        canvas.dot(x, y, 4.2)
    elif mark == "cross":
        canvas.line([(x - 4.2, y - 4.2), (x + 4.2, y + 4.2)], "accent")
        canvas.line([(x - 4.2, y + 4.2), (x + 4.2, y - 4.2)], "accent")
    elif mark == "square":
        canvas.box(x - 4, y - 4, 8, 8)
    else:
        canvas.line([(x, y - 5), (x + 4.8, y + 3.6), (x - 4.8, y + 3.6), (x, y - 5)])


def draw_path(canvas: Canvas, points: Sequence[Point], across: Axis, up: Axis, dashes: str) -> None:
    """A line through places given in numbers; what leaves the axes is cut off."""
    piece: list[Point] = []
    for start, end in pairwise(points):
        cut = _cut(start, end, across, up)
        if cut is None:
            continue
        first, last = [(across.place(x), up.place(y)) for x, y in cut]
        if piece and piece[-1] != first:
            canvas.line(piece, "accent", dashes=dashes)
            piece = []
        piece += [first, last] if not piece else [last]
    if piece:
        canvas.line(piece, "accent", dashes=dashes)


def _cut(start: Point, end: Point, across: Axis, up: Axis) -> tuple[Point, Point] | None:
    """The part of a segment between the axes' ends (after Liang and Barsky), or None."""
    if across.holds(start[0]) and across.holds(end[0]) and up.holds(start[1]) and up.holds(end[1]):
        return start, end
    dx, dy = end[0] - start[0], end[1] - start[1]
    enter, leave = 0.0, 1.0
    for slope, room in (
        (-dx, start[0] - across.low),
        (dx, across.high - start[0]),
        (-dy, start[1] - up.low),
        (dy, up.high - start[1]),
    ):
        if slope == 0:
            if room < 0:
                return None
        elif slope < 0:
            enter = max(enter, room / slope)
        else:
            leave = min(leave, room / slope)
    if enter >= leave:
        return None
    return (start[0] + enter * dx, start[1] + enter * dy), (start[0] + leave * dx, start[1] + leave * dy)
