"""Curves over an axis of steps, such as losses over the iterations of a training."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

from app.domain.values import Value
from graders.evaluation.display import number_text
from graders.presenting.figures.axes import DASHES, Axis, Entry, draw_axes, draw_legend, linear_axis, log_axis
from graders.presenting.figures.canvas import Canvas, DrawingError
from graders.presenting.figures.label import spoken
from graders.presenting.figures.reading import items, real, record, switch, text

WIDE = 310
HIGH = 180
MOST_SERIES = len(DASHES)
MOST_POINTS = 200
TOLD = 9


@dataclass(frozen=True, slots=True)
class Series:
    """One curve; a place without a value is a gap."""

    name: str
    at: list[float]
    values: list[float | None]


def curves(of: Value) -> Canvas:
    """Up to four curves, told apart by their dashes, with a legend above.

    `of`: {series: [{name, values: numbers or blanks, at: their places on the axis (0, 1, 2, …)}], every: distance
    of neighbouring places where `at` is missing, x: label, y: label, log: whether the vertical axis is
    logarithmic}. A linear axis of positive values begins at 0, lest a slow fall look steep.
    """
    data = record(of, "A picture of curves", ("series", "every", "x", "y", "log"), ("series",))
    every = real(data.get("every", 1), "`every`")
    if every <= 0:
        raise DrawingError("`every` must be above 0.")
    series = [_series(item, every) for item in items(data["series"], "The series", MOST_SERIES)]
    logarithmic = switch(data.get("log"), "`log`")
    x_label, y_label = text(data.get("x"), "The label `x`"), text(data.get("y"), "The label `y`")

    values = [value for one in series for value in one.values if value is not None]
    if not values:
        raise DrawingError("The curves have no values.")
    across = linear_axis([place for one in series for place in one.at], 0, WIDE)
    up = log_axis(values, 0, -HIGH) if logarithmic else linear_axis([*values, 0.0], 0, -HIGH)
    canvas = Canvas()
    draw_axes(canvas, across, up, x_label, y_label)
    for one, dashes in zip(series, DASHES, strict=False):
        _draw(canvas, one, across, up, dashes)
    entries = [Entry(one.name, dashes=dashes) for one, dashes in zip(series, DASHES, strict=False) if one.name]
    draw_legend(canvas, entries, across, up.end, y_label)
    axes = f"Vertical axis: {spoken(y_label) or 'values'}, {'logarithmic' if logarithmic else 'linear'}"
    canvas.says.append(f"{axes}, from {up.low:g} to {up.high:g}.")
    for number, one in enumerate(series):
        canvas.says.append(_told(one, number, spoken(x_label)))
    return canvas


def _series(value: Value, every: float) -> Series:
    data = record(value, "A series", ("name", "values", "at"), ("values",))
    numbers = [
        None if item is None else real(item, "A value of a series")
        for item in items(data["values"], "The values of a series", MOST_POINTS)
    ]
    places = [every * index for index in range(len(numbers))]
    if data.get("at") is not None:
        places = [real(item, "A place of a series") for item in items(data["at"], "`at`", MOST_POINTS)]
        if len(places) != len(numbers):
            raise DrawingError(f"`at` must have {len(numbers)} elements, not {len(places)}.")
        if any(after <= before for before, after in pairwise(places)):
            raise DrawingError("The places of a series must increase.")
    return Series(text(data.get("name"), "The name of a series"), places, numbers)


def _draw(canvas: Canvas, one: Series, across: Axis, up: Axis, dashes: str) -> None:
    """The stretches between the gaps; a value alone between two gaps is a dot."""
    points = [
        (across.place(place), None if value is None else up.place(value))
        for place, value in zip(one.at, one.values, strict=True)
    ]
    for missing, stretch in groupby(points, lambda point: point[1] is None):
        if missing:
            continue
        line = [(x, y) for x, y in stretch if y is not None]
        if len(line) > 1:
            canvas.line(line, "accent", dashes=dashes)
        else:
            canvas.dot(*line[0], 2.5)


def _told(one: Series, number: int, along: str) -> str:
    """A few values of a curve in words, the first and the last among them."""
    last = len(one.at) - 1
    places = sorted({round(last * step / (TOLD - 1)) for step in range(TOLD)})
    told = [
        f"{'no value' if (value := one.values[place]) is None else number_text(value)} at {number_text(one.at[place])}"
        for place in places
    ]
    name = spoken(one.name) or f"Curve {number + 1}"
    return f"{name}{f' by {along}' if along else ''}: {', '.join(told)}.".replace("-", "−")
