"""Functions that bring many cells down to one, or to one per line along an axis."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from app.domain.values import Share, Value, normal
from graders.evaluation.arithmetic import apply, kind, number, whole
from graders.evaluation.comparing import equal, ordered
from graders.evaluation.errors import EvaluationError
from graders.evaluation.fuel import MAX_BITS, check_number
from graders.evaluation.functions import Function
from graders.evaluation.scalars import sqrt
from graders.evaluation.shapes import along, broadcast, cells
from graders.evaluation.truth import conjunction, disjunction, plain, truth


def add_up(items: list[Value]) -> Value:
    """The sum of cells; blank if one is blank. Floats are summed without rounding on the way."""
    if any(item is None for item in items):
        return None
    if any(isinstance(item, float) for item in items):
        total = math.fsum(float(number(item, "“sum”")) for item in items)
        check_number(total)
        return total
    result: Value = 0
    for item in items:
        if isinstance(item, (str, dict, list)):
            raise EvaluationError(f"“sum” needs numbers, not {kind(item)}.")
        result = apply("+", result, item)
    return result


def sum_cost(*args: Value, **_: Value) -> int:
    """Steps for adding fractions: common denominators grow."""
    denominators: set[int] = set()
    count = 0
    for value in args:
        for cell in cells(value):
            count += 1
            if isinstance(cell, Fraction):
                denominators.add(cell.denominator)
    length = min(MAX_BITS, sum(denominator.bit_length() for denominator in denominators))
    return count * (1 + length // 64)


def average(items: list[Value]) -> Value:
    """The mean of cells; blank if one is blank."""
    if not items:
        raise EvaluationError("An empty list has no mean.")
    return apply("/", add_up(items), len(items))


def _product(items: list[Value]) -> Value:
    result: Value = 1
    for item in items:
        result = apply("*", result, item)
    return result


def _extreme(name: str, op: str) -> Callable[[list[Value]], Value]:
    def best(one: Value, other: Value) -> Value:
        if isinstance(one, Share) or isinstance(other, Share):
            left, right = truth(one), truth(other)
            return plain((disjunction if op == ">" else conjunction)([left, right]))
        return other if ordered(op, other, one) == Share(Fraction(1), Fraction(1)) else one

    def run(items: list[Value]) -> Value:
        if not items:
            raise EvaluationError(f"An empty list has no {name}imum.")
        if any(item is None for item in items):
            return None
        result = items[0]
        if not isinstance(result, Share):
            number(result, f"“{name}”")
        for item in items[1:]:
            result = best(result, item)
        return result

    return run


largest = _extreme("max", ">")
smallest = _extreme("min", "<")


def _over(function: Callable[[list[Value]], Value], x: Value, axis: Value) -> Value:
    if axis is None:
        return function(list(cells(x)))
    return along(function, x, whole(axis, "The axis"))


def _sum(x: Value, axis: Value = None) -> Value:
    return _over(add_up, x, axis)


def _mean(x: Value, axis: Value = None) -> Value:
    return _over(average, x, axis)


def _prod(x: Value, axis: Value = None) -> Value:
    return _over(_product, x, axis)


def _pick(name: str, function: Callable[[list[Value]], Value]) -> Callable[..., Value]:
    def run(*x: Value, axis: Value = None) -> Value:
        if len(x) == 1:
            return _over(function, x[0], axis)
        if not x or axis is not None or len({isinstance(item, list) for item in x}) > 1:
            raise EvaluationError(
                f"“{name}” takes one list, or several numbers, or several lists; an axis is named: axis=0."
            )
        result = x[0]
        for item in x[1:]:
            result = broadcast(lambda one, other: function([one, other]), result, item)
        return result

    return run


def _arg(name: str, function: Callable[[list[Value]], Value]) -> Callable[[Value, Value], Value]:
    def position(items: list[Value]) -> Value:
        best = function(items)
        return next(place for place, item in enumerate(items) if equal(item, best).lo == 1)

    def run(x: Value, axis: Value = None) -> Value:
        return _over(position, x, axis)

    run.__name__ = name
    return run


def _norm(x: Value) -> Value:
    total = add_up([apply("*", cell, cell) for cell in cells(x)])
    return None if total is None else sqrt(number(total, "“norm”"))


def _any(x: Value) -> Value:
    return plain(disjunction(truth(cell) for cell in cells(x)))


def _all(x: Value) -> Value:
    return plain(conjunction(truth(cell) for cell in cells(x)))


def _right(x: Value) -> tuple[Fraction, Fraction, int]:
    lo = hi = Fraction(0)
    count = 0
    for cell in cells(x):
        share = truth(cell)
        count += 1
        if share is not None:
            lo, hi = lo + share.lo, hi + share.hi
    return lo, hi, count


def _share(x: Value) -> Value:
    lo, hi, count = _right(x)
    if not count:
        return 0
    return normal(lo / count) if lo == hi else Share(lo / count, hi / count)


def _count(x: Value, value: Value = True) -> Value:
    found = [equal(cell, value) for cell in cells(x)]
    if any(not share.decided for share in found):
        raise EvaluationError("“count” cannot count what a person has yet to decide.")
    return sum(share.lo == 1 for share in found)


def _filled(x: Value) -> Value:
    return sum(cell is not None and cell != "" for cell in cells(x))


def _blank(x: Value) -> Value:
    return all(cell is None for cell in cells(x))


REDUCTIONS = [
    Function("sum", "the sum of all cells, or along an axis", _sum, blanks="cells", cost=sum_cost),
    Function("mean", "the mean of all cells, or along an axis", _mean, blanks="cells", cost=sum_cost),
    Function("prod", "the product of all cells, or along an axis", _prod, blanks="cells", cost=sum_cost),
    Function(
        "max",
        "the greatest of a list (also along an axis), of numbers, or cell by cell of lists",
        _pick("max", largest),
        blanks="cells",
    ),
    Function(
        "min",
        "the least of a list (also along an axis), of numbers, or cell by cell of lists",
        _pick("min", smallest),
        blanks="cells",
    ),
    Function("argmax", "the first position of the greatest", _arg("argmax", largest)),
    Function("argmin", "the first position of the least", _arg("argmin", smallest)),
    Function("norm", "the Euclidean length", _norm, cost=sum_cost),
    Function("any", "whether any cell is true; blank only if all are", _any, blanks="cells"),
    Function("all", "whether all cells are true; blank if one is and none is false", _all, blanks="cells"),
    Function("share", "the share of the cells that are right; a blank cell is not", _share, blanks="cells"),
    Function("count", "how many cells are true, or equal to a value", _count, blanks="cells"),
    Function("filled", "how many cells are filled in", _filled, blanks="all"),
    Function("blank", "whether nothing is filled in", _blank, blanks="all"),
]
