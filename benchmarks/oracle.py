"""The oracle: plain evaluation with mpmath at 120 digits, without error bounds, at points of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from random import Random

import mpmath

from app.domain.language.tree import Binary, Call, Choice, Compare, Name, Node, Number, Unary

POINTS = 36
AROUND = tuple(map(Fraction, ("0.98", "0.9991", "1.0007", "1.03", "3")))
"""Multiples of a number at which a formula may change."""


class NoValue(Exception):
    """The oracle has no value here."""


def value(node: Node, point: dict[str, Fraction]) -> mpmath.mpf:
    """The oracle: plain evaluation with mpmath at 120 digits, without error bounds. Raises NoValue."""
    with mpmath.workdps(120):
        try:
            found = _value(node, {name: mpmath.mpf(at.numerator) / at.denominator for name, at in point.items()})
        except (ArithmeticError, ValueError):
            raise NoValue from None
        if isinstance(found, mpmath.mpc) or not mpmath.isfinite(found) or abs(found) > mpmath.mpf(10) ** 200:
            raise NoValue
        return found


def _value(node: Node, point: dict[str, mpmath.mpf]) -> mpmath.mpf:
    match node:
        case Number(value=number):
            return mpmath.mpf(number.numerator) / number.denominator
        case Name(id="e"):
            return mpmath.e + 0
        case Name(id=name):
            return point[name]
        case Unary(operand=operand):
            return -_value(operand, point)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return _value(then if _true(condition, point) else otherwise, point)
        case Call(function="indicator", args=(condition,)):
            return mpmath.mpf(_true(condition, point))
        case Call(function=function, args=args):
            values = [_value(arg, point) for arg in args]
            if function in ("log", "log2", "sqrt") and values[0] <= 0:
                raise ValueError
            return _FUNCTIONS[function](*values)
        case Binary(op=op, left=left, right=right):
            return _combined(op, _value(left, point), _value(right, point))
        case _:
            raise ValueError


def _combined(op: str, a: mpmath.mpf, b: mpmath.mpf) -> mpmath.mpf:
    if max(abs(a), abs(b)) > mpmath.mpf(10) ** 300 or (op == "**" and a < 0 and b != int(b)):
        raise ValueError
    match op:
        case "+":
            return a + b
        case "-":
            return a - b
        case "*":
            return a * b
        case "/":
            return a / b
        case _:
            return a**b


def _true(condition: Node, point: dict[str, mpmath.mpf]) -> bool:
    assert isinstance(condition, Compare)
    a, b = _value(condition.first, point), _value(condition.rest[0][1], point)
    if abs(a - b) < mpmath.mpf(10) ** -30:
        raise ValueError
    return bool({">": a > b, "<": a < b, "<=": a <= b, ">=": a >= b}[condition.rest[0][0]])


def _exp(x: mpmath.mpf) -> mpmath.mpf:
    if abs(x) > 90:
        raise ValueError
    return mpmath.exp(x)


_FUNCTIONS: dict[str, Callable[..., mpmath.mpf]] = {
    "exp": _exp,
    "log": mpmath.log,
    "log2": lambda x: mpmath.log(x) / mpmath.log(2),
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tanh": mpmath.tanh,
    "sinh": lambda x: (_exp(x) - _exp(-x)) / 2,
    "cosh": lambda x: (_exp(x) + _exp(-x)) / 2,
    "sigmoid": lambda x: 1 / (1 + _exp(-x)),
    "softplus": lambda x: mpmath.log(1 + _exp(x)),
    "relu": lambda x: max(x, mpmath.mpf(0)),
    "abs": abs,
    "sign": mpmath.sign,
    "max": max,
    "min": min,
}


def _points(dice: Random, near: Sequence[Fraction]) -> Iterator[dict[str, Fraction]]:
    def somewhere() -> dict[str, Fraction]:
        scale = Fraction(dice.choice([1, 1, 3, 10]))
        return {
            "x": Fraction(dice.randrange(-4999, 5000), 1501) * scale,
            "y": Fraction(dice.randrange(1, 5000), 1501) * scale,
            "p": Fraction(dice.randrange(1, 1500), 1501),
            "n": Fraction(dice.randrange(1, 9)),
        }

    for _ in range(POINTS):
        yield somewhere()
    for number in near:
        for part in AROUND:
            for name, place in (
                ("x", number * part),
                ("x", -number * part),
                ("y", number * part),
                ("p", number * part),
            ):
                if name != "p" or place < 1:
                    yield somewhere() | {name: place}


def differ(one: Node, other: Node, seed: int, near: Sequence[Fraction] = ()) -> bool | None:
    """Whether two formulas differ at one of many points of the oracle's own; None where it has too few values.

    More points lie around the numbers `near`, where a formula may change.
    """
    seen = 0
    for point in _points(Random(seed), near):
        try:
            a, b = value(one, point), value(other, point)
        except NoValue:
            continue
        seen += 1
        if abs(a - b) > mpmath.mpf(10) ** -25 * max(abs(a), abs(b), mpmath.mpf(10) ** -10):
            return True
    return False if seen >= 12 else None
