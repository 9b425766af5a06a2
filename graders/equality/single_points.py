"""Values at single points: what a formula states by `==` or `!=` of real numbers (`f + 1[x = 3]`, `5 if x = 3 else x`).

Such points are met by no chance, so they are solved for and compared by themselves. Where an inequality or a sign
changes at the same place nothing is asked: which value a jump has, as the derivative of |x| at 0, is a convention.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations, pairwise

from app.domain.language.tree import Binary, Call, Compare, Constant, Node, Number, distinct, free_names, map_tree
from graders.equality.affine import affine_parts
from graders.equality.bounds import sign_everywhere
from graders.equality.downhill import points_with
from graders.equality.modular import NotRational
from graders.equality.pointwise import compare
from graders.equality.roots import fraction_of, gaps_of, squarefree
from graders.equality.sampled import Pair
from graders.equality.sampling import WHOLE, At, inside, points
from graders.equality.unseen import may_differ
from graders.equality.wording import difference
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.effort import current
from graders.evaluation.floats import Formula, NotAFormula
from graders.evaluation.precise import BITS, Precise, evaluate_precisely

SINGLE_POINTS = "single points"
"""The word of `up_to` for which no value at a single point counts."""

MOST_STATED = 4
BASES = 6
LONGEST = 20_000
"""Nodes that are evaluated for one pair: points times size."""
LEAST_LEFT = 2_000
"""Of the effort for a verdict; with less, nothing is looked for."""
_ZERO = Fraction(0)
_ASIDE = Fraction(1, 10**7 + 19)
_SOMEWHERE = tuple(map(Fraction, (*range(13), *range(-12, 0), "1/4", "1/2", "3/4")))
_LETTERS = frozenset(["e", "pi"])
_EQUALITIES = frozenset(["==", "!="])
_INEQUALITIES = frozenset(["<", "<=", ">", ">="])

NOT_REACHED = "Whether both have the same value at the single points that are stated is not certain."


def difference_at_single_points(pair: Pair, variables: Mapping[str, str]) -> str:
    """Why two formulas that agree elsewhere differ where one states a value; empty where they do not.

    `NOT_REACHED` where only one of them states a value at a point that cannot be written down (`1[x = √2]`), or where
    there are too many to be looked at.
    """
    stated = [*_differences(pair.compared, _EQUALITIES)]
    if not stated:
        return ""
    used = {name: domain for name, domain in variables.items() if name in pair.names}
    try:
        edges = [edge for edge in _apart(stated) if _is_real(edge, used)]
        search = _Search(pair, used, edges[:MOST_STATED])
        left = LONGEST // max(1, pair.size)
        for point in search.points():
            left -= 1
            if left < 0:
                return NOT_REACHED
            outcome = compare(pair.reference, pair.answer, point, real=True)
            if outcome.kind == "different":
                return difference(point, outcome)
        open_edges = [edge for edge in edges if edge not in search.stated or not search.is_known(edge)]
        known = [(edge, 0) for edge in edges if edge not in open_edges]
        sides = [(edge, 0) for edge in open_edges]
        if edges and (_nothing_left() or (sides and may_differ(pair, sides, known, used, points(used)))):
            return NOT_REACHED
        return ""
    except NotAFormula:
        return ""


def states_values(nodes: Iterable[Node], variables: Mapping[str, str]) -> bool:
    """Whether among these nodes something is stated where two real numbers are the same, or are not."""
    return any(_is_real(edge, variables) for edge in _differences(nodes, _EQUALITIES))


def without_single_points(node: Node, variables: Mapping[str, str]) -> Node:
    """The formula with its values almost everywhere: no equality of real numbers holds, entries of vectors included."""

    def change(part: Node) -> Node:
        match part:
            case Compare(rest=((op, _),)) if op in _EQUALITIES and _is_real(part, variables):
                return Constant(op == "!=", part.span)
        return part

    return map_tree(node, change)


@dataclass(frozen=True, slots=True)
class _Search:
    """Where certain differences are zero, one or several at a time."""

    pair: Pair
    used: Mapping[str, str]
    stated: Sequence[Node]

    def points(self) -> Iterator[At]:
        edges = self.stated
        jumps = [*_differences(self.pair.nodes, _INEQUALITIES), *_signs(self.pair.nodes)]
        for point, chosen in self._all_points(edges):
            if self._is_single(point, chosen) and not any(_vanishes(jump, point) for jump in jumps):
                yield point

    def _all_points(self, edges: Sequence[Node]) -> Iterator[tuple[At, Sequence[Node]]]:
        sample = points(self.used)
        zero = At({name: _ZERO if _belongs(_ZERO, self.used[name]) else at for name, at in sample[0].items()})
        for base in (*sample[:BASES], zero):
            for together in range(1, len(edges) + 1):
                for chosen in combinations(edges, together):
                    for point in self._solved(base, chosen, frozenset()):
                        yield point, chosen
        for edge in edges:
            for point in points_with(edge, 0, self.used, sample[:BASES]):
                yield point, [edge]

    def _solved(self, base: At, edges: Sequence[Node], taken: frozenset[str]) -> Iterator[At]:
        """Points of the domain at which all edges are exactly zero; one symbol is moved for each."""
        if not edges:
            yield base
            return
        if _nothing_left():
            return
        first, *rest = edges
        for name in sorted(free_names(first) - taken):
            if name in self.used and self.used[name] not in WHOLE:
                for root in self._roots(first, base, name):
                    yield from self._solved(At({**base, name: root}), rest, taken | free_names(first))

    def _roots(self, edge: Node, base: At, name: str) -> Iterator[Fraction]:
        """Rational values of a symbol for which an edge is exactly zero: of a line its root, else what is tried."""
        domain = self.used[name]
        zero, one = (_value(edge, At({**base, name: Fraction(place)})) for place in (0, 1))
        if isinstance(zero, Fraction) and isinstance(one, Fraction) and zero != one:
            root = zero / (zero - one)
            if _value(edge, At({**base, name: root})) == 0:
                if _belongs(root, domain):
                    yield root
                return
        numbers = {node.value for node in self.pair.nodes if isinstance(node, Number)}
        for root in dict.fromkeys([*_SOMEWHERE, *sorted({*numbers, *(-number for number in numbers)})]):
            if _nothing_left():
                return
            if _belongs(root, domain) and _value(edge, At({**base, name: root})) == 0:
                yield root

    def is_known(self, edge: Node) -> bool:
        """Whether all points at which an edge is zero were tried, or it is zero nowhere or on whole stretches."""
        names = [name for name in sorted(free_names(edge)) if self.used.get(name, "complex") not in ("complex", *WHOLE)]
        known, strict = sign_everywhere(edge, self.used)
        if known and strict:
            return True
        sample = points(self.used)
        if any(_value(edge, point) == 0 for point in sample[:BASES]):
            return True
        if any(affine_parts(edge, name) for name in names):
            return any(True for base in sample[:BASES] for _ in self._solved(base, [edge], frozenset()))
        return len(names) == 1 and self._has_all_roots(edge, names[0], sample[0])

    def _has_all_roots(self, edge: Node, name: str, base: At) -> bool:
        """Whether as many roots of a polynomial were tried as there are."""
        try:
            gaps = gaps_of(squarefree(fraction_of(edge, name)[0]))
        except NotRational:
            return False
        # A root that is not in the domain counts only where the domain begins or ends within the gap.
        inside = [gap for gap in gaps if any(_belongs(end, self.used[name]) for end in gap)]
        return len([*self._roots(edge, base, name)]) >= len(inside)

    def _is_single(self, point: At, edges: Sequence[Node]) -> bool:
        """Whether nothing that is zero there stays so when one of its symbols moves (unlike relu(x), for x below 0)."""
        for edge in edges:
            for name in free_names(edge) & self.used.keys():
                coordinate = point[name]
                if self.used[name] in WHOLE or not isinstance(coordinate, Fraction):
                    continue
                for step in (_ASIDE, -_ASIDE):
                    if _vanishes(edge, At({**point, name: coordinate + step})):
                        return False
        return True


def _nothing_left() -> bool:
    return current().left < LEAST_LEFT


def _stated_in(tree: Node) -> Iterator[Node]:
    return _differences(distinct(tree), _EQUALITIES)


def _differences(nodes: Iterable[Node], ops: frozenset[str]) -> Iterator[Node]:
    """The differences of what is compared by one of these signs."""
    for part in nodes:
        if isinstance(part, Compare):
            sides = [part.first, *(side for _, side in part.rest)]
            for (op, _), (one, other) in zip(part.rest, pairwise(sides), strict=True):
                if op in ops:
                    yield Binary("-", one, other)


def _signs(nodes: Iterable[Node]) -> Iterator[Node]:
    for part in nodes:
        if isinstance(part, Call) and part.function == "sign" and len(part.args) == 1:
            yield part.args[0]


def _is_real(node: Node, variables: Mapping[str, str]) -> bool:
    """Whether all its names are numbers, and one of them a real number that is not whole by its domain."""
    names = free_names(node)
    known = [variables[name] for name in names if name in variables]
    return names <= {*variables, *_LETTERS} and "complex" not in known and any(one not in WHOLE for one in known)


def _apart(edges: Iterable[Node]) -> list[Node]:
    """The edges, each once."""
    found: dict[tuple[object, ...], Node] = {}
    for edge in edges:
        names = sorted(free_names(edge))
        values = tuple(
            _value(edge, At({name: Fraction(3 * order + place, 7) for order, name in enumerate(names)}))
            for place in (1, 5, 9)
        )
        known = all(isinstance(value, Fraction) for value in values)
        turned = tuple(-value for value in values if isinstance(value, Fraction))
        key: tuple[object, ...] = (*names, *map(str, values)) if known else (id(edge),)
        if (*names, *map(str, turned)) not in found:
            found.setdefault(key, edge)
    return [*found.values()]


def _belongs(value: Fraction, domain: str) -> bool:
    return inside(value, domain) or (domain == "nonnegative" and value == 0)


def _value(node: Node, point: At) -> Precise | None:
    try:
        return evaluate_precisely(node, point, Real(BITS))
    except NoValue:
        return None


def _try(formula: Formula, point: At) -> float | None:
    try:
        found = formula(point.floats)
    except (ArithmeticError, ValueError):
        return None
    return None if isinstance(found, complex) else float(found)


def _vanishes(edge: Node, point: At) -> bool:
    """Whether a difference is zero at a point, or cannot be told from it."""
    value = _value(edge, point)
    if value is None or isinstance(value, Fraction):
        return not value
    try:
        return Real(BITS).sign(value) == 0
    except NoValue:
        return True
