"""Where piecewise formulas break: finds the pieces, so that every one of them is compared.

Conditions, |·|, sign, relu, max and min change their form where a function of the symbols is zero: their *edge*. Along
lines through the domain the zeros of all edges are found; between two neighbouring ones lies a piece, and one point of
each is compared. On an edge itself nothing is asked: two functions that differ only there are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from app.domain.language.tree import Binary, Call, Compare, Node, Number, distinct, free_names, size
from graders.equality.hidden import EVALUATIONS, Search
from graders.equality.sampling import WHOLE, At, points
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.effort import current
from graders.evaluation.floats import FLOATS_A_STEP, Float, Formula, NotAFormula, compile_real
from graders.evaluation.precise import BITS, evaluate_precisely

MOST_EDGES = 12
MOST_SYMBOLS = 8
BASES = (0, 4, 5)
"""Sample points through which lines go in the direction of every symbol."""
SLANTED = 3
"""Lines in which all symbols change at once."""
PLACES_A_LINE = 40
"""Roughly, with those that the search for roots looks at."""
NEAR_AN_EDGE = 1e-9
"""Where high precision has to say whether a point lies on it."""

_ASIDE = (Fraction(1, 10**7), Fraction(-3, 10**7), Fraction(7, 10**8))

_STEPS = (0.001, 0.03, 0.2, 0.6, 1.1, 1.9, 3.1, 5.3, 9.7, 31.0, 103.0, 1009.0)
_PARTS = (0.0007, 0.01, 0.04, 0.11, 0.19, 0.31, 0.43, 0.52, 0.61, 0.73, 0.84, 0.93, 0.97, 0.9993)
# Where a threshold is calculated ("x > 10^6", "1 - p < 10^-6") its number stands nowhere.
_FAR_STEPS = (1e-8, 2e5, 3e8, 5e12)
_FAR_PARTS = (1e-10, 3e-6, 1 - 3e-6, 1 - 1e-10)
_FAR_WHOLE = (130.0, 20011.0, 3e8)

Value = Callable[[float], float | None]


class Breaks:
    """The edges of formulas with certain nodes.

    Raises NotAFormula when an edge is no formula of single numbers.
    """

    def __init__(self, edges: Iterable[Node], nodes: Sequence[Node], variables: Mapping[str, str]) -> None:
        self.variables = variables
        self._edges: list[Formula] = []
        self._trees: list[Node] = []
        self._whole: list[bool] = []
        self._numbers = sorted({float(value) for value in map(abs, _numbers(nodes)) if value < 10**9})[:16]
        self._nodes = 0
        seen: set[tuple[float | None, ...]] = set()
        sample = [point.floats for point in points(variables)[:6]]
        for edge in edges:
            names = free_names(edge)
            if not names or not names <= variables.keys() or len(self._edges) == MOST_EDGES:
                continue
            formula = compile_real(edge)
            values = tuple(_try(formula, point) for point in sample)
            turned = tuple(None if value is None else -value for value in values)
            if values not in seen and turned not in seen and not self._is_nothing(edge, values):
                seen.add(values)
                self._edges.append(formula)
                self._trees.append(edge)
                self._nodes += size(edge)
                self._whole.append(all(variables[name] in WHOLE for name in names))

    def _is_nothing(self, edge: Node, values: Sequence[float | None]) -> bool:
        """Whether a function is zero everywhere, so that nothing breaks there."""
        if any(value is not None and abs(value) > NEAR_AN_EDGE for value in values):
            return False
        return all(_is_zero(edge, point) for point in points(self.variables)[3:6])

    def __bool__(self) -> bool:
        return bool(self._edges)

    def signs(self, point: At) -> tuple[int, ...]:
        """On which side of every edge a point lies; two points with the same signs lie in the same piece."""
        where = point.floats
        values = (_try(edge, where) for edge in self._edges)
        return tuple(9 if value is None else (value > 0) - (value < 0) for value in values)

    def off_edges(self, point: At) -> bool:
        """Whether a point lies on no edge.

        Edges between whole numbers count, and so do stretches on which a function like relu(x) is zero altogether.
        """
        where = point.floats
        for edge, tree, whole in zip(self._edges, self._trees, self._whole, strict=True):
            value = _try(edge, where)
            if not whole and value is not None and abs(value) < NEAR_AN_EDGE and _is_zero(tree, point):
                if not all(_is_zero(tree, self._beside(point, step)) for step in _ASIDE):
                    return False
        return True

    def _beside(self, point: At, step: Fraction) -> At:
        """A point very near to another one."""
        return At(
            {
                name: value * (1 + step * (order + 1))
                if isinstance(value, Fraction) and self.variables[name] not in WHOLE
                else value
                for order, (name, value) in enumerate(point.items())
            }
        )

    def pieces(self) -> list[At]:
        """A point of every piece that the lines cross."""
        found: list[At] = []
        if not self._may_look():
            return found
        sample = points(self.variables)
        names = sorted(self.variables)[:MOST_SYMBOLS]
        for base in (sample[place] for place in BASES if place < len(sample)):
            for name in names:
                if self.variables[name] != "complex":
                    found.extend(self._along(base, name))
        if len(names) > 1:
            for place in range(SLANTED):
                found.extend(self._between(sample[6 + place], sample[9 + place]))
        if "complex" not in self.variables.values():
            known = [point.floats for point in (*sample, *found)]
            search = Search(self._edges, self.variables)
            found.extend(search.points(known))  # type: ignore[arg-type]
            current().left -= (EVALUATIONS - search.left) * self._nodes // (FLOATS_A_STEP * len(self._edges))
        return found

    def zeros(self) -> Iterator[tuple[At, str, float]]:
        """Where edges are zero on lines parallel to the axes: a point of the line, what changes along it, its value."""
        if not self._may_look():
            return
        sample = points(self.variables)
        for base in (sample[place] for place in BASES if place < len(sample)):
            where = base.floats
            for name in sorted(self.variables)[:MOST_SYMBOLS]:
                if self.variables[name] != "complex":
                    yield from ((base, name, cut) for cut in self._zeros_along(where, name))

    def _may_look(self) -> bool:
        """Whether there is effort left for all lines; it is counted here."""
        lines = (len(BASES) + 1) * min(len(self.variables), MOST_SYMBOLS)
        current().left -= lines * PLACES_A_LINE * self._nodes // FLOATS_A_STEP
        return bool(self._edges) and current().left > 0

    def _zeros_along(self, where: Mapping[str, Float], name: str) -> list[float]:
        def at(edge: Formula) -> Value:
            return lambda place: _try(edge, {**where, name: place})

        return _cuts([at(edge) for edge in self._edges], self._grid(self.variables[name]))

    def _along(self, base: At, name: str) -> list[At]:
        """Pieces on the line through a point on which only one symbol changes."""
        domain = self.variables[name]
        grid = self._grid(domain)
        cuts = self._zeros_along(base.floats, name)
        if domain in WHOLE:
            near = {Fraction(math.floor(cut) + step) for cut in cuts for step in (-1, 0, 1, 2)}
            places = sorted(place for place in near if domain == "integer" or place >= 1)
        else:
            places = _middles(cuts, grid)
        return [At({**base, name: place}) for place in places]

    def _between(self, one: At, other: At) -> list[At]:
        """Pieces on the line through two points, in between and beyond where the domains allow."""
        ends = {
            name: (value, other[name])
            for name, value in one.items()
            if isinstance(value, Fraction) and self.variables[name] not in WHOLE
        }
        if not ends:
            return []
        open_ended = all(self.variables[name] in ("real", "nonzero") for name in ends)
        grid = [(place - 8) / 4 if open_ended else (place + 0.5) / 24 for place in range(24)]

        def point(place: Fraction) -> At:
            moved = {name: begin + (end - begin) * place for name, (begin, end) in ends.items()}  # type: ignore[operator]
            return At({**one, **moved})

        where = one.floats
        lines = {name: (float(begin), float(end - begin)) for name, (begin, end) in ends.items()}  # type: ignore[operator]

        def at(edge: Formula) -> Value:
            def value(place: float) -> float | None:
                return _try(edge, {**where, **{name: begin + way * place for name, (begin, way) in lines.items()}})

            return value

        return [point(place) for place in _middles(_cuts([at(edge) for edge in self._edges], grid), grid)]

    def _grid(self, domain: str) -> list[float]:
        """Places at which edges are looked at, in order; the numbers of the formulas are among them."""
        if domain == "unit":
            return sorted({*_PARTS, *_FAR_PARTS, *(number for number in self._numbers if 0 < number < 1)})
        sizes = {*_STEPS, *_FAR_STEPS, *self._numbers, *(1.5 * number for number in self._numbers)} - {0.0}
        if domain in WHOLE:
            far = () if domain == "few" else _FAR_WHOLE
            sizes = {*map(float, range(1, 12)), *far, *(float(round(number)) for number in self._numbers)}
        match domain:
            case "positive" | "nonnegative" | "natural" | "few":
                return sorted(sizes)
            case "negative":
                return sorted(-size for size in sizes)
            case _:
                return sorted({*sizes, *(-size for size in sizes), 0.0})


def _numbers(nodes: Iterable[Node]) -> Iterable[Fraction]:
    return (part.value for part in nodes if isinstance(part, Number))


def edges_in(nodes: Iterable[Node]) -> Iterator[Node]:
    """Functions whose zeros are where formulas with these nodes may break."""
    for part in nodes:
        match part:
            case Compare(first=first, rest=rest):
                items = [first, *(item for _, item in rest)]
                yield from (Binary("-", one, other) for one, other in pairwise(items))
            case Call(function="abs" | "sign" | "relu", args=(inner,)):
                yield inner
            case Call(function="max" | "min", args=args):
                for place, one in enumerate(args):
                    yield from (Binary("-", one, other) for other in args[place + 1 :])


def breaks_of(*trees: Node, variables: Mapping[str, str]) -> Breaks:
    """The edges of formulas or conditions. Raises NotAFormula as `Breaks` does."""
    nodes = [*distinct(*trees)]
    return Breaks(edges_in(nodes), nodes, variables)


def _is_zero(tree: Node, point: At) -> bool:
    """Whether a function is zero at a point, or too close to it to be sure that it is not."""
    field = Real(BITS)
    try:
        value = evaluate_precisely(tree, point, field)
        return value == 0 if isinstance(value, Fraction) else field.sign(value) == 0
    except (NoValue, NotAFormula):
        return True


def _try(formula: Formula, point: Mapping[str, Float]) -> float | None:
    try:
        found = formula(point)
        return found if isinstance(found, (int, float)) and abs(found) < 1e300 else None
    except (ArithmeticError, ValueError, NotAFormula):
        return None


def _cuts(edges: Sequence[Value], grid: Sequence[float]) -> list[float]:
    """The places where an edge changes its sign, in order, each once."""
    found: list[float] = []
    for edge in edges:
        before: tuple[float, float] | None = None
        for place in grid:
            value = edge(place)
            if value is None:
                before = None
                continue
            if value == 0:
                found.append(place)
            elif before is not None and (before[1] > 0) != (value > 0) and before[1] != 0:
                found.append(_root(edge, before, (place, value)))
            before = place, value
    found.sort()
    return [cut for number, cut in enumerate(found) if not number or cut > found[number - 1]]


def _root(edge: Value, low: tuple[float, float], high: tuple[float, float]) -> float:
    """The zero between two places with different signs, by regula falsi and bisection in turn."""
    for step in range(80):
        (a, left), (b, right) = low, high
        middle = (a + b) / 2 if step % 2 else a - left * (b - a) / (right - left)
        if not min(a, b) < middle < max(a, b):
            middle = (a + b) / 2
        if middle in (a, b):
            break
        value = edge(middle)
        if value is None:
            break
        if value == 0:
            return middle
        if (value > 0) == (left > 0):
            low = middle, value
        else:
            high = middle, value
    return low[0]


def _middles(cuts: Sequence[float], grid: Sequence[float]) -> list[Fraction]:
    """A place before, between and behind the cuts; as short as there is room for."""
    if not cuts:
        return []
    ends = [min(grid[0], cuts[0]), *cuts, max(grid[-1], cuts[-1])]
    found = []
    for low, high in pairwise(ends):
        if not high - low > 4e-15 * max(abs(low), abs(high)):
            continue
        middle = Fraction(low + (high - low) * 0.45)
        for longest in (20, 1000, 10**6):
            short = middle.limit_denominator(longest)
            if low < short < high and min(short - Fraction(low), Fraction(high) - short) * 4 > Fraction(high - low):
                middle = short
                break
        found.append(middle)
        # Beside a far end the middle is far away too; one place close to the cut sees what happens next to it.
        for cut, side in ((low, 1), (high, -1)):
            near = cut + side * 0.05 * max(1.0, abs(cut))
            if low < near < high and high - low > 1:
                found.append(Fraction(near).limit_denominator(1000))
    return found
