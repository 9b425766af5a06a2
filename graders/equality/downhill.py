"""Looks for a point at which a function has a certain sign, or is zero, from several places downhill.

Where squares and absolute values are added, all their insides are made zero at once (Gauss and Newton); otherwise
Newton's steps along each coordinate lead to a minimum, however narrow the hollow is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np

from app.domain.language.tree import Binary, Call, Node, Number, distinct, free_names, size
from graders.equality.edges import sign_at
from graders.equality.sampling import WHOLE, At, inside
from graders.equality.substitution import same_tree
from graders.evaluation.effort import current
from graders.evaluation.floats import FLOATS_A_STEP, Formula, compile_real

STARTS = 4
ROUNDS = 12
STEP = 1e-4
"""Relative, for derivatives."""
FARTHEST = 1e6
ROUNDED = (1, 12, 100, 10**4, 10**9)
"""Largest denominators of coordinates, in turn."""


def points_with(tree: Node, sign: int, domains: Mapping[str, str], sample: Sequence[At]) -> Iterator[At]:
    """Points at which a function certainly has this sign; `sample` says where to begin."""
    names = [name for name in sorted(free_names(tree)) if domains.get(name, "complex") not in ("complex", *WHOLE)]
    if not names or current().left <= 0:
        return
    search = _Search(tree, sign, names, domains)
    for start in sorted(sample, key=search.height_at)[:STARTS]:
        for where in (search.insides_zero(start.floats), search.lowest(start.floats)):
            found = search.written(start, where) if where else None
            if found is not None:
                yield found
                break
    current().left -= search.evaluations * size(tree) // FLOATS_A_STEP


class _Search:
    def __init__(self, tree: Node, sign: int, names: Sequence[str], domains: Mapping[str, str]) -> None:
        self.tree, self.sign, self.names, self.domains = tree, sign, names, domains
        self.evaluations = 0
        self._formula = compile_real(tree)
        self._insides = [compile_real(one) for one in _insides(tree) if free_names(one) & set(names)]

    def height_at(self, point: At) -> float:
        """What is to become small; below zero where the function has the sign that is wanted."""
        return self._height(point.floats)  # type: ignore[arg-type]

    def _height(self, where: Mapping[str, float]) -> float:
        value = self._value(self._formula, where)
        return abs(value) if self.sign == 0 else -self.sign * value

    def _value(self, formula: Formula, where: Mapping[str, float]) -> float:
        self.evaluations += 1
        try:
            value = formula(where)
        except (ArithmeticError, ValueError):
            return 1e300
        return float(value) if isinstance(value, (int, float)) and abs(value) < 1e300 else 1e300

    def insides_zero(self, start: Mapping[str, float | complex]) -> dict[str, float] | None:
        """Where all insides of squares and absolute values are zero, or as small as they can be together."""
        if not self._insides:
            return None
        where: dict[str, float] = dict(start)  # type: ignore[arg-type]
        for _ in range(ROUNDS):
            values = np.array([self._value(inner, where) for inner in self._insides])
            slopes = np.empty((len(values), len(self.names)))
            for column, name in enumerate(self.names):
                step = STEP * max(1.0, abs(where[name]))
                there = np.array([self._value(inner, {**where, name: where[name] + step}) for inner in self._insides])
                slopes[:, column] = (there - values) / step
            if not (np.abs(values) < 1e290).all() or not np.isfinite(slopes).all():
                return None
            steps = np.linalg.lstsq(slopes, -values, rcond=1e-9)[0]
            for name, way in zip(self.names, steps, strict=True):
                where[name] = min(max(where[name] + float(way), -FARTHEST), FARTHEST)
            if float(np.abs(steps).max()) < 1e-13 * max(1.0, *(abs(where[name]) for name in self.names)):
                break
        return where

    def lowest(self, start: Mapping[str, float | complex]) -> dict[str, float]:
        """A minimum, coordinate by coordinate."""
        where: dict[str, float] = dict(start)  # type: ignore[arg-type]
        height = self._height(where)
        for _ in range(ROUNDS):
            before = height
            for name in self.names:
                where[name], height = self._along(where, name, height)
            if height < 0 or not height < before:
                break
        return where

    def _along(self, where: Mapping[str, float], name: str, height: float) -> tuple[float, float]:
        place = where[name]
        step = STEP * max(1.0, abs(place))
        above, below = (self._height({**where, name: place + way}) for way in (step, -step))
        slope, bend = (above - below) / (2 * step), (above - 2 * height + below) / step**2
        # Where the function bends the other way, downhill as far as the symbol is large.
        way = -slope / bend if bend > 0 else -np.sign(slope) * max(1.0, abs(place)) / 2
        for _ in range(6):
            there = float(min(max(place + way, -FARTHEST), FARTHEST))
            value = self._height({**where, name: there})
            if value < height:
                return there, value
            way /= 4
        return place, height

    def written(self, start: At, where: Mapping[str, float]) -> At | None:
        """The point as short fractions, if the function certainly has the sign there."""
        for most in ROUNDED:
            short = {name: Fraction(where[name]).limit_denominator(most) for name in self.names}
            point = At({**start, **short})
            if (
                all(inside(value, self.domains[name]) for name, value in short.items())
                and sign_at(self.tree, point) == self.sign
            ):
                return point
        return None


def _insides(tree: Node) -> Iterator[Node]:
    for part in distinct(tree):
        match part:
            case Binary(op="**", left=left, right=Number(value=value)) if value.denominator == 1 and value % 2 == 0:
                yield left
            case Binary(op="*", left=left, right=right) if same_tree(left, right):
                yield left
            case Call(function="abs", args=(inner,)):
                yield inner
