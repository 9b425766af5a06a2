"""A drawing under construction: primitives in pixels, then one SVG that follows the colours of the page.

Nothing carries a colour of its own: lines and text are `currentColor`, and the classes `fig-line`,
`fig-faint`, `fig-fill`, `fig-text`, `fig-muted` and `fig-accent` let the page say more. There are no style
attributes and no ids.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Literal, TypeAlias

from graders.presenting.figures.label import Run, runs, spoken, width

Point: TypeAlias = tuple[float, float]
Anchor: TypeAlias = Literal["start", "middle", "end"]
Tone: TypeAlias = Literal["line", "faint", "accent"]

MARGIN = 8
NATURAL = 384
SIZE = 15
SERIF = "KaTeX_Math, 'Latin Modern Math', 'Cambria Math', 'Times New Roman', serif"
WIDTHS = {"line": "1.25", "faint": "1", "accent": "1.75"}


class DrawingError(ValueError):
    """A figure cannot be drawn from this value; the text is one sentence for the author."""


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace("-0.0", "0")


class Canvas:
    """Collects shapes; `svg` closes it. `says` tells the values in words, piece by piece."""

    def __init__(self) -> None:
        self.says: list[str] = []
        self._shapes: list[str] = []
        self._left = self._top = math.inf
        self._right = self._bottom = -math.inf

    def _reach(self, *points: Point) -> None:
        for x, y in points:
            self._left, self._right = min(self._left, x), max(self._right, x)
            self._top, self._bottom = min(self._top, y), max(self._bottom, y)

    def _stroke(self, tone: Tone, dashes: str = "") -> str:
        dash = f' stroke-dasharray="{dashes}"' if dashes else ""
        opacity = ' stroke-opacity="0.35"' if tone == "faint" else ""
        return f'class="fig-{tone}" stroke="currentColor" stroke-width="{WIDTHS[tone]}"{opacity}{dash}'

    def line(self, points: Sequence[Point], tone: Tone = "line", *, dashes: str = "", arrow: bool = False) -> None:
        """A line through the points, dashed as in `3 3`; with an arrow its last point is the tip."""
        self._reach(*points)
        ends = list(points)
        if arrow:
            ends[-1] = self._head(points[-2], points[-1], tone)
        path = "M" + " L".join(f"{_number(x)} {_number(y)}" for x, y in ends)
        self._shapes.append(f'<path d="{path}" fill="none" {self._stroke(tone, dashes)}/>')

    def curve(self, points: Sequence[Point], tone: Tone = "line") -> None:
        """A smooth arrow from left to right through the points, level where it passes them."""
        self._reach(*points)
        x, y = points[-1]
        ends = [*points[:-1], self._head((x - 10, y), (x, y), tone)]
        path = f"M{_number(ends[0][0])} {_number(ends[0][1])}"
        for (x1, y1), (x2, y2) in pairwise(ends):
            middle = _number((x1 + x2) / 2)
            path += f" C{middle} {_number(y1)} {middle} {_number(y2)} {_number(x2)} {_number(y2)}"
        self._shapes.append(f'<path d="{path}" fill="none" {self._stroke(tone)}/>')

    def _head(self, start: Point, tip: Point, tone: Tone) -> Point:
        """Draws an arrow head; returns where the line has to end."""
        length = math.hypot(tip[0] - start[0], tip[1] - start[1]) or 1.0
        ux, uy = (tip[0] - start[0]) / length, (tip[1] - start[1]) / length
        back = (tip[0] - 7 * ux, tip[1] - 7 * uy)
        corners = [tip, (back[0] - 3 * uy, back[1] + 3 * ux), (back[0] + 3 * uy, back[1] - 3 * ux)]
        points = " ".join(f"{_number(x)},{_number(y)}" for x, y in corners)
        name = "fig-head-accent" if tone == "accent" else "fig-head"
        opacity = ' fill-opacity="0.35"' if tone == "faint" else ""
        self._shapes.append(f'<polygon points="{points}" class="{name}" fill="currentColor"{opacity} stroke="none"/>')
        return (tip[0] - 6 * ux, tip[1] - 6 * uy)

    def box(
        self,
        x: float,
        y: float,
        wide: float,
        high: float,
        tone: Tone | None = "line",
        *,
        radius: float = 0,
        filled: bool = False,
        dashed: bool = False,
    ) -> None:
        """A rectangle with its upper left corner at (x, y)."""
        self._reach((x, y), (x + wide, y + high))
        place = (
            f'<rect x="{_number(x)}" y="{_number(y)}" width="{_number(wide)}" height="{_number(high)}" '
            f'rx="{_number(radius)}"'
        )
        if filled:
            self._shapes.append(f'{place} class="fig-fill" fill="currentColor" fill-opacity="0.06" stroke="none"/>')
        if tone is not None:
            self._shapes.append(f'{place} fill="none" {self._stroke(tone, "3 3" if dashed else "")}/>')

    def circle(self, x: float, y: float, radius: float, *, filled: bool = False) -> None:
        """A circle around (x, y)."""
        self._reach((x - radius, y - radius), (x + radius, y + radius))
        place = f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"'
        if filled:
            self._shapes.append(f'{place} class="fig-fill" fill="currentColor" fill-opacity="0.06" stroke="none"/>')
        self._shapes.append(f'{place} fill="none" {self._stroke("line")}/>')

    def dot(self, x: float, y: float, radius: float) -> None:
        """A full disc around (x, y)."""
        self._reach((x - radius, y - radius), (x + radius, y + radius))
        place = f'<circle cx="{_number(x)}" cy="{_number(y)}" r="{_number(radius)}"'
        self._shapes.append(f'{place} class="fig-head" fill="currentColor" stroke="none"/>')

    def text(
        self,
        x: float,
        y: float,
        label: str,
        *,
        size: float = SIZE,
        anchor: Anchor = "middle",
        tone: Literal["text", "muted", "accent"] = "text",
    ) -> None:
        """A label whose middle line is at y. See `label` for how `h_1` and `\\lambda` are set."""
        long = width(label, size)
        left = x - {"start": 0.0, "middle": long / 2, "end": long}[anchor]
        self._reach((left, y - size * 0.6), (left + long, y + size * 0.6))
        name = {"text": "fig-text", "muted": "fig-text fig-muted", "accent": "fig-text fig-text-accent"}[tone]
        opacity = ' fill-opacity="0.7"' if tone == "muted" else ""
        place = f'x="{_number(x)}" y="{_number(y + size * 0.35)}" font-size="{_number(size)}"'
        place += f' text-anchor="{anchor}"'
        self._shapes.append(
            f'<text {place} class="{name}" fill="currentColor"{opacity}>{_set(runs(label), size)}</text>'
        )

    def svg(self, title: str) -> str:
        """The whole drawing. The title and what was said of the values are its text alternative.

        Raises:
            DrawingError: nothing was drawn.
        """
        if not self._shapes:
            raise DrawingError("The figure is empty.")
        left, top = self._left - MARGIN, self._top - MARGIN
        wide, high = self._right - left + MARGIN, self._bottom - top + MARGIN
        name = "fig fig-wide" if wide > NATURAL else "fig"
        title = spoken(title)
        long = escape(" ".join([title, *self.says]).strip())
        return (
            f'<svg class="{name}" viewBox="{_number(left)} {_number(top)} {_number(wide)} {_number(high)}" '
            f'width="{_number(wide)}" height="{_number(high)}" role="img" aria-label="{long}">'
            f"<title>{escape(title)}</title>{''.join(self._shapes)}</svg>"
        )


def _set(pieces: list[Run], size: float) -> str:
    """Runs as tspans: raised and lowered pieces smaller, single letters in a mathematical italic."""
    out = []
    at = 0.0
    for piece in pieces:
        wanted = -size * 0.38 if piece.level > 0 else size * 0.26 if piece.level < 0 else 0.0
        attributes = f' dy="{_number(wanted - at)}"' if wanted != at else ""
        at = wanted
        if piece.level:
            attributes += f' font-size="{_number(size * 0.72)}"'
        if piece.letter:
            attributes += f' class="fig-math" font-style="italic" font-family="{SERIF}"'
        text = escape(piece.text)
        out.append(f"<tspan{attributes}>{text}</tspan>" if attributes else text)
    return "".join(out)
