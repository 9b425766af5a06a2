"""Points in the plane: groups told apart by shape, lines, and arrows between points that have names."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.domain.values import Value
from graders.evaluation.display import number_text
from graders.presenting.figures.axes import (
    DASHES,
    MARKS,
    SMALL,
    Axis,
    Entry,
    Mark,
    draw_axes,
    draw_legend,
    draw_mark,
    draw_path,
    linear_axis,
)
from graders.presenting.figures.canvas import Canvas, DrawingError, Point
from graders.presenting.figures.label import spoken, width
from graders.presenting.figures.reading import items, pair, record, switch, text, texts

WIDE = 300
HIGH = 200
TALLEST = 320
MOST_POINTS = 120
MOST_LINES = len(DASHES)
MOST_ARROWS = 12
CLEAR = 8
KNOWN = ("groups", "lines", "arrows", "x", "y", "x_range", "y_range", "square")


@dataclass(frozen=True, slots=True)
class Group:
    """Points of one shape, each with a name or without."""

    name: str
    mark: Mark
    at: list[Point]
    names: list[str]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through places."""

    name: str
    at: list[Point]


def points(of: Value) -> Canvas:
    """A point cloud with two axes.

    `of`: a list of [x, y]; or {groups: [{name, at: [[x, y], …], names: a label for each point, mark: dot, cross,
    square or triangle}], lines: [{name, at: [[x, y], …]}], arrows: [[from, to, label]], x: label, y: label,
    x_range: [from, to], y_range: [from, to], square: whether both axes have the same unit length}. An arrow
    goes between names of points or places. Groups differ by their marks, lines by their dashes.
    """
    data: dict[str, Value] = {"groups": [{"at": of}]}
    if isinstance(of, dict):
        data = record(of, "A point cloud", KNOWN, ("groups",))
    groups = [
        _group(item, mark) for item, mark in zip(items(data["groups"], "The groups", len(MARKS)), MARKS, strict=False)
    ]
    if sum(len(group.at) for group in groups) > MOST_POINTS:
        raise DrawingError(f"A point cloud shows at most {MOST_POINTS} points.")
    lines = [_line(item) for item in _some(data.get("lines"), "The lines", MOST_LINES)]
    places = {name: at for group in groups for name, at in zip(group.names, group.at, strict=True) if name}
    arrows = [_arrow(item, places) for item in _some(data.get("arrows"), "The arrows", MOST_ARROWS)]

    all_places = [at for group in groups for at in group.at] + [at for start, end, _ in arrows for at in (start, end)]
    across, up = _axes(data, all_places)
    canvas = Canvas()
    x_label, y_label = text(data.get("x"), "The label `x`"), text(data.get("y"), "The label `y`")
    draw_axes(canvas, across, up, x_label, y_label)
    for line, dashes in zip(lines, DASHES, strict=False):
        draw_path(canvas, line.at, across, up, dashes)
    for arrow in arrows:
        _draw_arrow(canvas, *arrow, across, up)
    for group in groups:
        for (x, y), name in zip(group.at, group.names, strict=True):
            draw_mark(canvas, across.place(x), up.place(y), group.mark)
            if name:
                ends = [end if start == (x, y) else start for start, end, _ in arrows if (x, y) in (start, end)]
                _draw_name(canvas, name, (x, y), ends, across, up)
    entries = [Entry(group.name, group.mark) for group in groups if group.name]
    entries += [Entry(line.name, dashes=dashes) for line, dashes in zip(lines, DASHES, strict=False) if line.name]
    draw_legend(canvas, entries, across, up.end, y_label)
    _say(canvas, groups, lines, arrows)
    return canvas


def _some(value: Value, what: str, most: int) -> list[Value]:
    return [] if value is None else items(value, what, most)


def _group(value: Value, mark: Mark) -> Group:
    data = record(value, "A group of points", ("name", "at", "names", "mark"), ("at",))
    wanted = text(data.get("mark"), "A mark") or mark
    shape = next((known for known in MARKS if known == wanted), None)
    if shape is None:
        raise DrawingError(f"There is no mark `{wanted}`; there are {', '.join(MARKS)}.")
    at = [pair(item, "The place of a point") for item in items(data["at"], "The points", MOST_POINTS)]
    names = texts(data.get("names"), "The names of the points", len(at)) or [""] * len(at)
    return Group(text(data.get("name"), "The name of a group"), shape, at, names)


def _line(value: Value) -> Line:
    data = record(value, "A line", ("name", "at"), ("at",))
    at = [pair(item, "A place of a line") for item in items(data["at"], "A line", MOST_POINTS)]
    if len(at) < 2:
        raise DrawingError("A line goes through at least two places.")
    return Line(text(data.get("name"), "The name of a line"), at)


def _arrow(value: Value, places: dict[str, Point]) -> tuple[Point, Point, str]:
    ends = items(value, "An arrow", 3)
    if len(ends) < 2:
        raise DrawingError("An arrow is [from, to], or [from, to, label].")
    start, end = (_end(one, places) for one in ends[:2])
    if start == end:
        raise DrawingError("An arrow needs two different ends.")
    return start, end, text(ends[2], "The label of an arrow") if len(ends) == 3 else ""


def _end(value: Value, places: dict[str, Point]) -> Point:
    if not isinstance(value, str):
        return pair(value, "The end of an arrow")
    if value not in places:
        raise DrawingError(f"An arrow names the point `{value}`, which the figure does not have.")
    return places[value]


def _axes(data: dict[str, Value], places: list[Point]) -> tuple[Axis, Axis]:
    across = linear_axis([x for x, _ in places], 0, WIDE, _range(data.get("x_range"), "`x_range`"), margin=True)
    up = linear_axis([y for _, y in places], 0, -HIGH, _range(data.get("y_range"), "`y_range`"), margin=True)
    if switch(data.get("square"), "`square`"):
        high = WIDE * (up.high - up.low) / (across.high - across.low)
        if not 60 <= high <= TALLEST:
            raise DrawingError("With the same unit on both axes the figure would be too flat or too tall.")
        up = Axis(up.low, up.high, 0, -high, up.ticks)
    for x, y in places:
        if not (across.holds(x) and up.holds(y)):
            raise DrawingError(f"The point ({number_text(x)}, {number_text(y)}) lies outside the axes.")
    return across, up


def _range(value: Value, what: str) -> tuple[float, float] | None:
    if value is None:
        return None
    return pair(value, what)


def _draw_arrow(canvas: Canvas, start: Point, end: Point, label: str, across: Axis, up: Axis) -> None:
    """An arrow that keeps clear of the marks at its ends; its label stands beside the middle."""
    x1, y1, x2, y2 = across.place(start[0]), up.place(start[1]), across.place(end[0]), up.place(end[1])
    length = math.hypot(x2 - x1, y2 - y1)
    if length < 3 * CLEAR:
        raise DrawingError("The ends of an arrow are too close together to draw it.")
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    canvas.line([(x1 + CLEAR * ux, y1 + CLEAR * uy), (x2 - CLEAR * ux, y2 - CLEAR * uy)], arrow=True)
    if label:
        away = 9 + abs(uy) * width(label, SMALL) / 2
        canvas.text((x1 + x2) / 2 + uy * away, (y1 + y2) / 2 - ux * away, label, size=SMALL)


def _draw_name(canvas: Canvas, name: str, at: Point, away: list[Point], across: Axis, up: Axis) -> None:
    """A point's name on that side of it which points least towards the other ends of its arrows."""
    x, y = across.place(at[0]), up.place(at[1])
    others = [(across.place(end[0]) - x, up.place(end[1]) - y) for end in away]

    def crowded(side: Point) -> float:
        return sum(max(0.0, (side[0] * dx + side[1] * dy) / math.hypot(dx, dy)) for dx, dy in others)

    right, down = min(((1, -1), (-1, -1), (1, 1), (-1, 1)), key=crowded)
    canvas.text(x + 8 * right, y + 11 * down, name, anchor="start" if right > 0 else "end")


def _say(canvas: Canvas, groups: list[Group], lines: list[Line], arrows: list[tuple[Point, Point, str]]) -> None:
    for group in groups:
        told = [f"{spoken(name)} {_told(at)}".strip() for name, at in zip(group.names, group.at, strict=True)]
        canvas.says.append(f"{spoken(group.name) or 'Points'}: {', '.join(told)}.")
    for line in lines:
        canvas.says.append(f"{spoken(line.name) or 'A line'} from {_told(line.at[0])} to {_told(line.at[-1])}.")
    for start, end, label in arrows:
        canvas.says.append(f"Arrow from {_told(start)} to {_told(end)}{f': {spoken(label)}' if label else ''}.")


def _told(at: Point) -> str:
    return f"({number_text(at[0])}, {number_text(at[1])})".replace("-", "−")
