"""Where piecewise formulas break: finds the pieces, so that every one of them is compared.

Conditions, |·|, sign, relu, max and min change their form where a function of the symbols is zero: their *edge*. Along
lines through the domain the zeros of all edges are found; between two neighbouring ones lies a piece, and one point of
each is compared. On an edge itself nothing is asked: two functions that differ only there are the same, unless one
states a value there (`single_points`).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from heapq import heappop, heappush
from itertools import chain

from app.domain.language.tree import Binary, Choice, Compare, Node, Number, distinct, free_names, size
from graders.equality.cuts import Value, cuts, middles
from graders.equality.edges import edges_in, in_terms, sign_at
from graders.equality.grids import grid_of
from graders.equality.hidden import EVALUATIONS, Search
from graders.equality.sampling import WHOLE, At, inside, points
from graders.equality.saturation import NO_SIGN
from graders.equality.thresholds import constants_in
from graders.evaluation.effort import current
from graders.evaluation.floats import FLOATS_A_STEP, Float, Formula, NotAFormula, compile_real

MOST_EDGES = 12
MOST_SYMBOLS = 8
BASES = (0, 4, 5)
"""Sample points through which lines go in the direction of every symbol."""
MOVED = 3
"""Of these at most so many more, moved to sides of thresholds on which none of them lies."""
SLANTED = 2
"""Lines in which all symbols change at once."""
PLACES_A_LINE = 40
"""Roughly, with those that the search for roots looks at."""
NARROW = 0.05
"""Pieces that are narrower, relative to where they lie, are met by no chance …"""
FAR = 3.0
"""… nor are thresholds so much farther away than all else, together with other conditions."""
COMMON = 9.0
"""The rarity of all other pieces."""
OVERFLOW = 300.0
"""Exponentials of larger numbers are no floats."""
MORE_LINES = 14
"""Through such pieces."""
NEAR_AN_EDGE = 1e-9
"""Where high precision has to say whether a point lies on it."""

_ASIDE = (Fraction(1, 10**7), Fraction(-3, 10**7), Fraction(7, 10**8))


class Breaks:
    """The edges of formulas with certain nodes.

    Raises NotAFormula when an edge is no formula of single numbers.
    """

    def __init__(self, edges: Iterable[Node], nodes: Sequence[Node], variables: Mapping[str, str]) -> None:
        self.variables = variables
        self._edges: list[Formula] = []
        self._trees: list[Node] = []
        self._whole: list[bool] = []
        self.left_out: list[Node] = []
        """Edges beyond the most that lines follow."""
        edges = list(edges)
        numbers = {float(abs(node.value)) for node in nodes if isinstance(node, Number) and abs(node.value) < 10**9}
        self._numbers = sorted(constants_in(edges, variables))[:12]
        self._numbers += sorted(numbers.difference(self._numbers))[: 16 - len(self._numbers)]
        self._nodes = 0
        self._grids: dict[str, list[float]] = {}
        used: set[str] = set()
        seen: dict[tuple[tuple[float | None, ...], frozenset[float]], Node] = {}
        sample = [point.floats for point in points(variables)[:6]]
        for edge in chain.from_iterable(in_terms(edge, variables) for edge in edges):
            names = free_names(edge) & variables.keys()
            if not names:
                continue
            if len(self._edges) == MOST_EDGES:
                self.left_out.append(edge)
                continue
            formula = compile_real(edge)
            values = tuple(_try(formula, point) for point in sample)
            turned = tuple(None if value is None else -value for value in values)
            sizes = frozenset(constants_in([edge], variables))  # 10⁻¹² and 1.01·10⁻¹² beside 1 are the same in floats
            if not self._is_among(edge, seen.get((values, sizes)), "-") and not (
                self._is_among(edge, seen.get((turned, sizes)), "+") or self._is_nothing(edge, values)
            ):
                seen[values, sizes] = edge
                self._edges.append(formula)
                self._trees.append(edge)
                self._nodes += size(edge)
                used |= names
                self._whole.append(all(variables[name] in WHOLE for name in names))
        self._names = [name for name in sorted(used) if variables[name] != "complex"][:MOST_SYMBOLS]

    def _is_among(self, edge: Node, other: Node | None, op: str) -> bool:
        """Whether an edge that floats do not tell from another one (or its negative) is the same."""
        if other is None or other is edge:
            return other is edge
        return not sign_at(Binary(op, edge, other), points(self.variables)[1])

    def _is_nothing(self, edge: Node, values: Sequence[float | None]) -> bool:
        """Whether a function is zero everywhere, so that nothing breaks there."""
        if any(value is not None and abs(value) > NEAR_AN_EDGE for value in values):
            return False
        if any(isinstance(node, (Choice, Compare)) for node in distinct(edge)) and self._is_more_elsewhere(edge):
            return False
        return all(_is_zero(edge, point) for point in points(self.variables)[3:6])

    def _is_more_elsewhere(self, edge: Node) -> bool:
        """Whether a function that is zero at some points is not where conditions inside of it hold, or fail."""
        formula, base = compile_real(edge), points(self.variables)[3].floats
        for name in free_names(edge) & self.variables.keys():
            for place in self._grid(self.variables[name]):
                value = _try(formula, {**base, name: place})
                if value is not None and abs(value) > NEAR_AN_EDGE * max(1.0, abs(place)):
                    return True
        return False

    def __bool__(self) -> bool:
        return bool(self._edges)

    def signs(self, point: At) -> tuple[int, ...]:
        """On which side of every edge a point lies; two points with the same signs lie in the same piece."""
        where = point.floats
        values = (_try(edge, where) for edge in self._edges)
        return tuple(NO_SIGN if value is None else (value > 0) - (value < 0) for value in values)

    @property
    def edges(self) -> list[tuple[Node, Formula]]:
        """The edges that lines follow, each also as a function of a point."""
        return [*zip(self._trees, self._edges, strict=True)]

    def one_sided(self, sample: Iterable[At]) -> list[tuple[Node, int]]:
        """The edges that had one sign only at all of these points, and that sign."""
        found: list[tuple[Node, int]] = []
        for tree, edge in (*self.edges, *((tree, compile_real(tree)) for tree in self.left_out)):
            seen = 0
            for point in sample:
                value = _try(edge, point.floats)
                if not value:
                    continue
                sign = (1 if value > 0 else -1) if abs(value) > NEAR_AN_EDGE else sign_at(tree, point) or seen
                if sign and seen == -sign:
                    break
                seen = sign
            else:
                found.append((tree, seen))
        return found

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
        if not self._may_look():
            return []
        sample = points(self.variables)
        names = self._names
        lines = [
            (base, name, cuts)
            for base in self._bases(sample)
            for name in names
            if (cuts := self._zeros_along(base.floats, name))
        ]
        found = [point for line in lines for point, _ in self._between_cuts(*line)]
        if len(names) > 1 and len(self._edges) > 1:
            found.extend(self._from_rare_places(lines))
        if len(names) > 1:
            found.extend(self._through_zero(sample[0]))
            for place in range(SLANTED):
                found.extend(self._between(sample[6 + place], sample[9 + place]))
        if "complex" not in self.variables.values():
            known = [point.floats for point in (*sample, *found)]
            search = Search(self._edges, self.variables)
            found.extend(search.points(known))  # type: ignore[arg-type]
            found.extend(self._beyond_floats(sample[0]))
            current().left -= (EVALUATIONS - search.left) * self._nodes // (FLOATS_A_STEP * len(self._edges))
        return found

    def _bases(self, sample: Sequence[At]) -> list[At]:
        """Points through which lines go: some of the sample, some moved to the other side of a threshold."""
        bases = [sample[place] for place in BASES if place < len(sample)]
        few = len(bases)
        for edge, tree in zip(self._edges, self._trees, strict=True):
            names = free_names(tree) & self.variables.keys()
            name = next(iter(names))
            if len(names) > 1 or name not in self._names or len(bases) == few + MOVED or len(self._names) < 2:
                continue
            sides = {_side(edge, base) for base in bases}
            cut_places = self._zeros_along(bases[0].floats, name) if len(sides - {0}) == 1 else ()
            for point, _ in self._between_cuts(bases[0], name, cut_places) if cut_places else ():
                if _side(edge, point) not in (0, *sides):
                    bases.append(At({**bases[few // 2], name: point[name]}))
                    break
        return bases

    def _beyond_floats(self, base: At) -> Iterator[At]:
        """Points beyond large numbers, where exponentials end floats and edges have no zeros that these could find."""
        far = [2 * size for size in self._numbers if OVERFLOW < size < 1e9]
        for name in self._names if far else ():
            for place in (far[-1], -far[-1]):
                if inside(Fraction(place), self.variables[name]):
                    yield At({**base, name: Fraction(place)})

    def zeros(self) -> Iterator[tuple[At, str, float]]:
        """Where edges are zero on lines parallel to the axes: a point of the line, what changes along it, its value."""
        if not self._may_look():
            return
        sample = points(self.variables)
        for base in (sample[place] for place in BASES if place < len(sample)):
            where = base.floats
            for name in self._names:
                yield from ((base, name, cut) for cut in self._zeros_along(where, name))

    def _may_look(self) -> bool:
        """Whether there is effort left for all lines; it is counted here."""
        lines = (len(BASES) + 2) * len(self._names)
        current().left -= lines * PLACES_A_LINE * self._nodes // FLOATS_A_STEP
        return bool(self._edges) and current().left > 0

    def _zeros_along(self, where: Mapping[str, Float], name: str) -> list[float]:
        point = dict(where)

        def at(edge: Formula) -> Value:
            def value(place: float) -> float | None:
                point[name] = place
                return _try(edge, point)

            return value

        return cuts([at(edge) for edge in self._edges], self._grid(self.variables[name]))

    def _between_cuts(self, base: At, name: str, found: Sequence[float]) -> Iterator[tuple[At, float]]:
        """Points of the pieces on the line through a point on which only one symbol changes, and how rare they are."""
        domain = self.variables[name]
        far = FAR * base.farthest
        if domain in WHOLE:
            near = {math.floor(cut) + step for cut in found for step in (-1, 0, 1, 2)}
            for whole in sorted(near):
                if domain == "integer" or whole >= 1:
                    yield At({**base, name: Fraction(whole)}), 1.0 if abs(whole) > far else COMMON
            return
        for place, short, width in middles(found, self._grid(domain)):
            narrow = width < NARROW * max(1.0, abs(place))
            yield At({**base, name: short}), width if narrow else 1.0 if far < abs(place) < 1e6 else COMMON

    def _from_rare_places(self, lines: Sequence[tuple[At, str, Sequence[float]]]) -> list[At]:
        """Points of pieces on lines through narrow pieces, distant ones, and edges: there conditions hold together."""
        queue: list[tuple[float, int, str, At]] = []
        seen: set[tuple[tuple[int, ...], str]] = set()
        found: list[At] = []

        def add(base: At, name: str, cut_places: Sequence[float]) -> None:
            for point, rarity in self._between_cuts(base, name, cut_places):
                if rarity == COMMON:
                    continue
                key = self.signs(point), name
                if key not in seen:
                    seen.add(key)
                    heappush(queue, (rarity, len(seen), name, point))

        for base, name, cut_places in lines:
            if base is lines[0][0]:
                add(base, name, cut_places)
        left = MORE_LINES
        while queue and left > 0:
            _, _, along, point = heappop(queue)
            for name in self._names:
                if name != along and left > 0:
                    left -= 1
                    places = self._zeros_along(point.floats, name)
                    found.extend(one for one, _ in self._between_cuts(point, name, places))
                    add(point, name, places)
        used = (MORE_LINES - left) * PLACES_A_LINE * self._nodes // FLOATS_A_STEP
        current().left -= used
        return found

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

        return [point(place) for _, place, _ in middles(cuts([at(edge) for edge in self._edges], grid), grid)]

    def _through_zero(self, base: At) -> list[At]:
        """Pieces on lines from zero through a point: where all symbols are large together, or small."""
        scaled = [name for name in self._names if self.variables[name] not in ("unit", *WHOLE)]
        if len(scaled) < 2:
            return []
        of_both_signs = [name for name in scaled if self.variables[name] in ("real", "nonzero")]
        if len(of_both_signs) == len(scaled):
            return self._along_ray(base, scaled, self._grid("real"))
        turned = At({**base, **{name: -base[name] for name in of_both_signs}})  # type: ignore[operator]
        bases = (base, turned) if of_both_signs else (base,)
        return [point for one in bases for point in self._along_ray(one, scaled, self._grid("positive"))]

    def _along_ray(self, base: At, scaled: Sequence[str], grid: Sequence[float]) -> list[At]:
        where = dict(base.floats)
        steps = {name: base.floats[name] for name in scaled}

        def at(edge: Formula) -> Value:
            def value(place: float) -> float | None:
                for name, step in steps.items():
                    where[name] = step * place
                return _try(edge, where)

            return value

        found = middles(cuts([at(edge) for edge in self._edges], grid), grid)
        return [At({**base, **{name: base[name] * place for name in scaled}}) for _, place, _ in found]  # type: ignore[operator]

    def _grid(self, domain: str) -> list[float]:
        """Places at which edges are looked at, in order; the numbers of the formulas are among them."""
        found = self._grids.get(domain)
        if found is None:
            found = self._grids[domain] = grid_of(domain, self._numbers)
        return found


def breaks_of(*trees: Node, variables: Mapping[str, str]) -> Breaks:
    """The edges of formulas or conditions. Raises NotAFormula as `Breaks` does."""
    nodes = [*distinct(*trees)]
    return Breaks(edges_in(nodes), nodes, variables)


def _is_zero(tree: Node, point: At) -> bool:
    """Whether a function is zero at a point, or too close to it to be sure that it is not."""
    return not sign_at(tree, point)


def _side(edge: Formula, point: At) -> int:
    value = _try(edge, point.floats)
    return 0 if value is None else (value > 0) - (value < 0)


def _try(formula: Formula, point: Mapping[str, Float]) -> float | None:
    try:
        found = formula(point)
        return found if isinstance(found, (int, float)) and abs(found) < 1e300 else None
    except (ArithmeticError, ValueError, NotAFormula):
        return None
