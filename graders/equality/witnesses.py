"""Points that show that two equations or inequalities are not the same: one holds there, the other does not.

Between the edges (`breaks`) plain points are looked at. Solutions of an equation are found where a symbol occurs only
linearly, and along lines where the sign changes; a solution that is no rational number is held within a ball in which
it certainly lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from app.domain.language.tree import Binary, Node, Unary, free_names
from graders.equality.affine import affine_parts
from graders.equality.breaks import breaks_of
from graders.equality.conditions import Atom, Condition, atoms_of, tree_of
from graders.equality.downhill import points_with
from graders.equality.sampling import WHOLE, Coordinate, inside, points
from graders.equality.substitution import number
from graders.equality.wording import coordinates, holds_where
from graders.evaluation.balls import Ball, Field, NoValue, Real, Undefined
from graders.evaluation.complex_balls import Complex
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely, holds

Place = dict[str, Fraction | tuple[Fraction, Fraction] | Ball]

MOST_PLACES = 80
MOST_EDGES = 4
SOLUTIONS = 6
"""Solutions of an equation that are tried, a symbol and a way of finding them."""

_ZERO = number(Fraction(0))


def difference_between(one: Condition, other: Condition, domains: Mapping[str, str], real: bool) -> str | None:
    """A sentence with a point at which certainly only one of two conditions holds; None where none was found."""
    field: Field = Real(BITS) if real else Complex(BITS)
    trees = tree_of(one), tree_of(other)
    for point in _places(one, other, domains, real):
        first, second = (_holds(tree, point, field) for tree in trees)
        if first is None or second is None:
            continue
        if first != second:
            return holds_where(coordinates(point), second)
    for condition, opposite, mine in ((one, trees[1], False), (other, trees[0], True)):
        if not isinstance(condition, Atom) or condition.op not in ("==", "<="):
            continue
        for place in _solutions(condition.difference, domains, field):
            if _holds(opposite, place, field) is False:
                return holds_where(coordinates(place), mine)
    for where in _on_edges(one, other, domains, field):
        first, second = (_holds(tree, where, field) for tree in trees)
        if first is not None and second is not None and first != second:
            return holds_where(coordinates(where), second)
    return None


def _on_edges(
    one: Condition, other: Condition, domains: Mapping[str, str], field: Field
) -> Iterator[Mapping[str, Coordinate | Ball]]:
    """Points at which both sides of an atom are the same; there strict and other inequalities differ."""
    differences = [atom.difference for condition in (one, other) for atom in atoms_of(condition)]
    for difference in differences[:MOST_EDGES]:
        for name in sorted(free_names(difference) & domains.keys()):
            yield from _affine(difference, name, domains, field)
        if isinstance(field, Real):
            yield from points_with(difference, 0, domains, points(domains))


def _holds(condition: Node, place: Mapping[str, Coordinate | Ball], field: Field) -> bool | None:
    """Whether a condition certainly holds or does not; what has no value does not hold."""
    try:
        return holds(condition, place, field)
    except Undefined:
        return False
    except (NoValue, NotAFormula):
        return None


def _places(
    one: Condition, other: Condition, domains: Mapping[str, str], real: bool
) -> Iterator[Mapping[str, Coordinate]]:
    yield from points(domains)[:12]
    if real:
        breaks = breaks_of(tree_of(one), tree_of(other), variables=domains)
        yield from breaks.pieces()[:MOST_PLACES]


def _solutions(function: Node, domains: Mapping[str, str], field: Field) -> Iterator[Place]:
    """Points at which a function is certainly zero."""
    names = [name for name in sorted(domains) if name in free_names(function)]
    for name in names:
        yield from _affine(function, name, domains, field)
    if isinstance(field, Real):
        yield from _crossings(function, domains, field)


def _affine(function: Node, name: str, domains: Mapping[str, str], field: Field) -> Iterator[Place]:
    parts = affine_parts(function, name)
    if parts is None:
        return
    solution = Binary("/", Unary("-", parts[1]), parts[0])
    for point in points(domains)[:SOLUTIONS]:
        try:
            value = evaluate_precisely(solution, point, field)
        except (NoValue, NotAFormula):
            continue
        if isinstance(value, Fraction):
            if domains[name] == "complex" or inside(value, domains[name]):
                yield {**point, name: value}
        elif domains[name] in ("real", "complex"):
            yield {**point, name: value}


def _crossings(function: Node, domains: Mapping[str, str], field: Real) -> Iterator[Place]:
    """Solutions along lines parallel to the axes, where the sign changes and nothing jumps."""
    try:
        breaks = breaks_of(tree_of(Atom("==", function, _ZERO)), variables=domains)
    except NotAFormula:
        return
    for base, name, place in breaks.zeros():
        if domains[name] in WHOLE:
            continue
        for size in (1, 12, 1000):
            near = Fraction(place).limit_denominator(size)
            if inside(near, domains[name]) and _value(function, {**base, name: near}, field) == 0:
                yield {**base, name: near}
                break
        else:
            found = _around(function, base, name, place, field)
            if found is not None:
                yield found


def _around(function: Node, base: Mapping[str, Coordinate], name: str, place: float, field: Real) -> Place | None:
    """A ball in which the function certainly has a zero."""
    width = Fraction(max(abs(place), 2.0**-20)) / 2**40
    centre = Fraction(place)
    signs = []
    for end in (centre - width, centre + width):
        value = _value(function, {**base, name: end}, field)
        if value is None:
            return None
        try:
            signs.append((value > 0) - (value < 0) if isinstance(value, Fraction) else field.sign(value))
        except NoValue:
            return None
    if signs[0] * signs[1] != -1:
        return None
    size = field.upper(field.rational(width)) + 1
    around: Place = {**base, name: Ball(field.rational(centre).value, size)}
    return around if _value(function, around, field) is not None else None


def _value(function: Node, place: Mapping[str, Coordinate | Ball], field: Real) -> Fraction | Ball | None:
    try:
        return evaluate_precisely(function, place, field)
    except (NoValue, NotAFormula):
        return None
