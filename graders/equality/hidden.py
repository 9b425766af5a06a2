"""Looks for pieces of piecewise formulas that no line has crossed: small regions, in which edges have rare signs.

For every edge that had the same sign wherever one looked, and every pair of edges that never had certain signs
together, a plain search goes downhill from the nearest point. What it finds is compared like all other points; how
long it looks is bounded by a count of evaluations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, product

from graders.equality.sampling import WHOLE, At, inside
from graders.evaluation.floats import Formula, NotAFormula

EVALUATIONS = 2500
STARTS = 2
ROUNDS = 14
MOST_SYMBOLS = 8
_CLOSEST = 1e-3
_FARTHEST = 1e5

Goal = Sequence[tuple[Formula, int]]
"""Edges and the signs that they should have."""


class Search:
    """Searches for points where edges have signs that they had at none of the points known so far."""

    def __init__(self, edges: Sequence[Formula], variables: Mapping[str, str]) -> None:
        self.edges = edges
        self.variables = variables
        self.left = EVALUATIONS

    def points(self, known: Sequence[Mapping[str, float]]) -> Iterator[At]:
        """New points; `known` are all others, in floats."""
        values = [[self._value(edge, point) for edge in self.edges] for point in known]
        for goal in self._unseen(values):
            starts = sorted(range(len(known)), key=lambda place: self._lack_of(goal, values[place]))
            for place in starts[:STARTS]:
                if self.left <= 0:
                    return
                found = self._descend(dict(known[place]), [(self.edges[edge], sign) for edge, sign in goal])
                if found is not None:
                    yield found
                    break

    def _unseen(self, values: Sequence[Sequence[float | None]]) -> Iterator[tuple[tuple[int, int], ...]]:
        """Signs that were never met: of one edge, then of two together, where each alone was."""
        signs = [[0 if value is None else (value > 0) - (value < 0) for value in row] for row in values]
        alone = {(edge, row[edge]) for row in signs for edge in range(len(self.edges))}
        for edge, sign in product(range(len(self.edges)), (1, -1)):
            if (edge, sign) not in alone:
                yield ((edge, sign),)
        for one, other in combinations(range(len(self.edges)), 2):
            together = {(row[one], row[other]) for row in signs}
            for pair in product((1, -1), (1, -1)):
                if pair not in together and (one, pair[0]) in alone and (other, pair[1]) in alone:
                    yield (one, pair[0]), (other, pair[1])

    def _lack_of(self, goal: Sequence[tuple[int, int]], values: Sequence[float | None]) -> float:
        """How far a point is from a goal; 0 where it is reached."""
        lack = 0.0
        for edge, sign in goal:
            value = values[edge]
            if value is None:
                return 1e300
            lack += max(0.0, -sign * value)
        return lack

    def _value(self, edge: Formula, where: Mapping[str, float]) -> float | None:
        try:
            value = edge(where)
        except (ArithmeticError, ValueError, NotAFormula):
            return None
        return value if isinstance(value, (int, float)) and abs(value) < 1e300 else None

    def _lack(self, goal: Goal, where: Mapping[str, float]) -> float:
        lack = 0.0
        for edge, sign in goal:
            self.left -= 1
            value = self._value(edge, where)
            if value is None:
                return 1e300
            # Zero is on the edge itself, which is not enough.
            lack += max(0.0, 1e-12 - sign * value)
        return lack

    def _descend(self, where: dict[str, float], goal: Goal) -> At | None:
        names = [name for name in sorted(where) if self.variables[name] != "complex"][:MOST_SYMBOLS]
        best = self._lack(goal, where)
        steps = {name: self._first_step(name, where[name]) for name in names}
        for _ in range(ROUNDS):
            if best == 0.0:
                return self._written(where, goal)
            better = False
            for name in names:
                for step in (steps[name], -steps[name]):
                    place = self._moved(name, where[name], step)
                    if self.left <= 0:
                        return None
                    lack = self._lack(goal, {**where, name: place})
                    if lack < best:
                        where[name], best, better = place, lack, True
                        steps[name] *= 1.7
                        break
                else:
                    steps[name] /= 2.5
            if not better and max(steps.values(), default=0.0) < _CLOSEST:
                return None
        return self._written(where, goal) if best == 0.0 else None

    def _first_step(self, name: str, value: float) -> float:
        match self.variables[name]:
            case "unit":
                return 0.2
            case domain if domain in WHOLE:
                return 1.0
            case _:
                return max(1.0, abs(value)) / 2

    def _moved(self, name: str, value: float, step: float) -> float:
        """A place next to another one, inside the domain."""
        place = min(max(value + step, -_FARTHEST), _FARTHEST)
        match self.variables[name]:
            case "unit":
                return min(max(place, 0.0005), 0.9995)
            case "positive" | "nonnegative":
                return place if place > 0 else value / 3
            case "negative":
                return place if place < 0 else value / 3
            case "natural" | "few":
                return max(1.0, float(round(place)))
            case "integer":
                return float(round(place))
            case _:
                return place

    def _written(self, where: Mapping[str, float], goal: Goal) -> At | None:
        """A point as short fractions, where it keeps its signs; if possible on no other edge."""
        fallback: At | None = None
        for size, aside in product((100, 10**4, 10**9), (0, 1009, 100_003)):
            point: dict[str, Fraction] = {}
            for order, (name, value) in enumerate(where.items()):
                whole = self.variables[name] in WHOLE
                point[name] = Fraction(value).limit_denominator(1 if whole else size)
                if aside and not whole:
                    point[name] += Fraction(1 + order, aside)
            allowed = all(
                self.variables[name] in WHOLE or inside(at, self.variables[name]) for name, at in point.items()
            )
            floats = {name: float(at) for name, at in point.items()}
            if allowed and self._lack(goal, floats) == 0.0:
                fallback = fallback or At(point)
                if all(self._value(edge, floats) for edge in self.edges):
                    return At(point)
        return fallback
