"""Points that show that two equations or inequalities are not the same: one holds there, the other does not.

Between the edges (`breaks`) plain points are looked at. Solutions of an equation are found where a symbol occurs only
linearly, and along lines where the sign changes; a solution that is no rational number is held within a ball in which
it certainly lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from app.domain.language.tree import Binary, Name, Node, Unary, free_names
from graders.equality.breaks import Breaks
from graders.equality.conditions import Atom, Condition, tree_of
from graders.equality.sampling import WHOLE, Coordinate, inside, points
from graders.equality.substitution import number, substitute
from graders.equality.wording import coordinates
from graders.evaluation.balls import Ball, Complex, Field, NoValue, Real, Undefined
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely, holds

Place = dict[str, Fraction | tuple[Fraction, Fraction] | Ball]

MOST_PLACES = 80
SOLUTIONS = 6
"""Solutions of an equation that are tried, a symbol and a way of finding them."""

_ZERO, _ONE = number(Fraction(0)), number(Fraction(1))


def difference_between(one: Condition, other: Condition, domains: Mapping[str, str], real: bool) -> str | None:
    """A sentence with a point at which certainly only one of two conditions holds; None where none was found."""
    field: Field = Real(BITS) if real else Complex(BITS)
    trees = tree_of(one), tree_of(other)
    for point in _places(one, other, domains, real):
        try:
            first, second = (holds(tree, point, field) for tree in trees)
        except (NoValue, NotAFormula):
            continue
        if first != second:
            who, whose = ("yours", "the reference") if second else ("the reference", "yours")
            return f"At {coordinates(point)} {who} holds and {whose} does not."
    for condition, opposite, who, whose in (
        (one, trees[1], "the reference", "yours"),
        (other, trees[0], "yours", "the reference"),
    ):
        if not isinstance(condition, Atom) or condition.op != "==":
            continue
        for place in _solutions(condition.difference, domains, field):
            if not _may_hold(opposite, place, field):
                return f"At {coordinates(place)} {who} holds and {whose} does not."
    return None


def _may_hold(condition: Node, place: Place, field: Field) -> bool:
    """Whether it is not certain that a condition does not hold; what has no value does not hold."""
    try:
        return holds(condition, place, field)
    except Undefined:
        return False
    except (NoValue, NotAFormula):
        return True


def _places(
    one: Condition, other: Condition, domains: Mapping[str, str], real: bool
) -> Iterator[Mapping[str, Coordinate]]:
    yield from points(domains)[:12]
    if real:
        breaks = Breaks([tree_of(one), tree_of(other)], domains)
        yield from breaks.pieces()[:MOST_PLACES]


def _solutions(function: Node, domains: Mapping[str, str], field: Field) -> Iterator[Place]:
    """Points at which a function is certainly zero."""
    names = [name for name in sorted(domains) if name in free_names(function)]
    for name in names:
        if is_affine(function, name):
            yield from _affine(function, name, domains, field)
    if isinstance(field, Real):
        yield from _crossings(function, domains, field)


def _affine(function: Node, name: str, domains: Mapping[str, str], field: Field) -> Iterator[Place]:
    at_zero, at_one = (substitute(function, {name: end}) for end in (_ZERO, _ONE))
    solution = Binary("/", at_zero, Binary("-", at_zero, at_one))
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


def is_affine(node: Node, name: str) -> bool:
    """Whether a formula is a + b·name, with a and b free of it, as its form shows."""
    if name not in free_names(node):
        return True
    match node:
        case Name():
            return True
        case Unary(op="+" | "-", operand=operand):
            return is_affine(operand, name)
        case Binary(op="+" | "-", left=left, right=right):
            return is_affine(left, name) and is_affine(right, name)
        case Binary(op="*", left=left, right=right):
            one, other = name in free_names(left), name in free_names(right)
            return one != other and is_affine(left if one else right, name)
        case Binary(op="/", left=left, right=right):
            return name not in free_names(right) and is_affine(left, name)
        case _:
            return False


def _crossings(function: Node, domains: Mapping[str, str], field: Real) -> Iterator[Place]:
    """Solutions along lines parallel to the axes, where the sign changes and nothing jumps."""
    try:
        breaks = Breaks([tree_of(Atom("==", function, _ZERO))], domains)
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
