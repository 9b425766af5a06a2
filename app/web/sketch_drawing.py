"""The picture of a sketch as SVG, for pages without scripts, for results and for paper.

Scripts draw the same picture (static/js/answers/sketch-drawing.js); both follow the classes of css/sketch.css.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from markupsafe import Markup

from app.domain.answers import Read, read
from app.domain.sketch_answers import exact
from app.domain.sketch_frames import Side, SketchFrame
from app.domain.widgets import Widget
from app.web.wording import gettext

WIDE, HIGH = 380, 260
LEFT, RIGHT, ABOVE, BELOW = 48, 16, 26, 40
HEAD = 10

Place = tuple[float, float]


def sketch_picture(widget: Mapping[str, Any], value: Any = None) -> Markup:
    """The sheet with what is given on it and, where it can be read, what was drawn."""
    known = Widget.model_validate({name: one for name, one in widget.items() if one is not None})
    if known.frame is None:
        return Markup()
    found = read(known, value)
    strokes = drawn_places(found) if isinstance(found, Read) and not found.blank else []
    words = found.words if isinstance(found, Read) else ""
    return Markup(_Sheet(known.frame).svg(strokes, words))  # noqa: S704  every text in it is escaped


def drawn_places(found: Read) -> list[list[Place]]:
    """The places of every stroke of a sketch that was read."""
    strokes: Any = found.cells
    return [[(float(exact(x) or 0), float(exact(y) or 0)) for x, y in stroke] if stroke else [] for stroke in strokes]


def ticks(low: float, high: float) -> list[tuple[float, str]]:
    """Round numbers between the ends of an axis, with their labels."""
    rough = (high - low) / 6
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough * (1 - 1e-9))
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    numbers = range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)
    return [(number * step, f"{number * step:.{digits}f}".replace("-", "−") if number else "0") for number in numbers]


def _lettered(name: str) -> str:
    """A name as it is set: the a of f_a lower and smaller."""
    stem, low, rest = name.partition("_")
    return f'{escape(stem)}<tspan class="lowered" dy="4">{escape(rest)}</tspan>' if low else escape(name)


class _Sheet:
    """Places on the sheet in pixels, and pieces of SVG."""

    def __init__(self, frame: SketchFrame) -> None:
        self.frame = frame
        wide, high = frame.x.high - frame.x.low, frame.y.high - frame.y.low
        # Directions are judged by eye, so arrows have the same unit on both axes.
        unit = min(WIDE / wide, (HIGH + 60) / high)
        square = frame.draw == "arrows"
        self.wide: float = unit * wide if square else WIDE
        self.high: float = unit * high if square else HIGH

    def at(self, place: Place) -> Place:
        """The pixel of a place."""
        x, y = self.frame.x, self.frame.y
        across = LEFT + (place[0] - x.low) / (x.high - x.low) * self.wide
        return round(across, 1), round(ABOVE + (y.high - place[1]) / (y.high - y.low) * self.high, 1)

    def svg(self, strokes: Sequence[Sequence[Place]], words: str) -> str:
        total = f"{LEFT + self.wide + RIGHT:.0f} {ABOVE + self.high + BELOW:.0f}"
        wide, high = total.split()
        pieces = [self._axes(), self._given()]
        pieces += [self._stroke(number, [*places]) for number, places in enumerate(strokes) if places]
        told = escape(" ".join(one for one in (gettext("Drawing."), self._told(), words) if one))
        return (
            f'<svg class="sketch" viewBox="0 0 {total}" width="{wide}" height="{high}" role="img" aria-label="{told}">'
            f"{''.join(pieces)}</svg>"
        )

    def _told(self) -> str:
        labels = self.frame.labels or ("",) * len(self.frame.points)
        given = [f"{name} ({x:g}, {y:g})".strip() for name, (x, y) in zip(labels, self.frame.points, strict=True)]
        return f"{gettext('Given points:')} {', '.join(given)}.".replace("-", "−") if given else ""

    def _axes(self) -> str:
        left, bottom, right, top = LEFT, ABOVE + self.high, LEFT + self.wide, ABOVE
        lines, texts = [], []
        for value, label in ticks(self.frame.x.low, self.frame.x.high):
            x = self.at((value, 0))[0]
            lines.append(f"M{x} {top}V{bottom:.1f}")
            texts.append(f'<text x="{x}" y="{bottom + 16:.1f}" text-anchor="middle">{label}</text>')
        for value, label in ticks(self.frame.y.low, self.frame.y.high):
            y = self.at((0, value))[1]
            lines.append(f"M{left} {y}H{right:.1f}")
            texts.append(f'<text x="{left - 7}" y="{y + 4:.1f}" text-anchor="end">{label}</text>')
        names = self._name(self.frame.x, right, bottom + 33, "end") + self._name(
            self.frame.y, left - 7, top - 11, "middle"
        )
        grid = f'<path class="grid-line" d="{"".join(lines)}"/>'
        axes = f'<path class="axis" d="M{left} {top}V{bottom:.1f}H{right:.1f}"/>'
        return f'{grid}{axes}<g class="ticks">{"".join(texts)}</g>{names}'

    def _name(self, side: Side, x: float, y: float, anchor: str) -> str:
        return f'<text class="axis-name" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(side.label)}</text>'

    def _given(self) -> str:
        pieces = []
        labels = self.frame.labels or ("",) * len(self.frame.points)
        for name, place in zip(labels, self.frame.points, strict=True):
            x, y = self.at(place)
            pieces.append(f'<circle class="point" cx="{x}" cy="{y}" r="4.5"/>')
            if name:
                at = f'x="{x - 8:.1f}" y="{y + 18:.1f}" text-anchor="end"'
                pieces.append(f'<text class="point-name" {at}>{_lettered(name)}</text>')
        return "".join(pieces)

    def _stroke(self, number: int, places: list[Place]) -> str:
        arrow = self.frame.draw == "arrows"
        if arrow:
            places = _from_start(self.frame.starts[number], places)
        ends = [self.at(place) for place in places]
        name = _lettered(self.frame.names[number])
        style = f'class="stroke stroke-{number % 4}"'
        if arrow and ends[0] == ends[1]:
            x, y = ends[0]
            return f'<g {style}><circle class="nowhere" cx="{x}" cy="{y}" r="9"/></g>'
        head = _head(*ends) if arrow else ""
        path = f'<path d="M{" L".join(f"{x} {y}" for x, y in ends)}"/>' if len(ends) > 1 else ""
        dots = "" if arrow else "".join(f'<circle class="dot" cx="{x}" cy="{y}" r="3"/>' for x, y in ends)
        x, y = ends[-1]
        label = f'<text class="stroke-name" x="{x:.1f}" y="{y - 9:.1f}" text-anchor="end">{name}</text>'
        return f"<g {style}>{path}{head}{dots}{'' if arrow else label}</g>"


def _from_start(start: Place, places: list[Place]) -> list[Place]:
    """Where an arrow starts and ends on the sheet; given by its ends, it is moved to its start."""
    (x1, y1), (x2, y2) = ((0.0, 0.0), places[0]) if len(places) == 1 else (places[0], places[-1])
    return [start, (start[0] + x2 - x1, start[1] + y2 - y1)]


def _head(start: Place, tip: Place) -> str:
    long = math.hypot(tip[0] - start[0], tip[1] - start[1]) or 1.0
    ux, uy = (tip[0] - start[0]) / long, (tip[1] - start[1]) / long
    back = (tip[0] - HEAD * ux, tip[1] - HEAD * uy)
    corners = [tip, (back[0] - 4.5 * uy, back[1] + 4.5 * ux), (back[0] + 4.5 * uy, back[1] - 4.5 * ux)]
    return f'<polygon class="head" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in corners)}"/>'
