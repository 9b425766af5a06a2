"""Arithmetic on single cells: exact on integers and fractions, floats only where a result is irrational."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction

from app.domain.values import Share, Symbolic, Value, normal
from graders.evaluation.display import number_text
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import combine
from graders.evaluation.fuel import MAX_BITS, check_number

Number = int | Fraction | float


def kind(value: Value) -> str:
    """What a value is, in a word for error sentences."""
    if isinstance(value, str):
        return f"the text “{value[:30]}”"
    if isinstance(value, Symbolic):
        return f"the formula {value.source[:30]}"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a record"
    if isinstance(value, Share):
        return "an undecided share"
    return "nothing" if value is None else "a number"


def number(value: Value, what: str) -> Number:
    """The value as a number (True counts 1), where `what` needs one.

    Raises:
        EvaluationError: it is something else.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (int, Fraction, float)):
        return value
    if isinstance(value, Share) and value.decided:
        return normal(value.lo)
    raise EvaluationError(f"{what} needs a number, not {kind(value)}.")


def whole(value: Value, what: str) -> int:
    """The value as a whole number, where `what` needs one."""
    found = number(value, what)
    if not isinstance(found, int):
        raise EvaluationError(f"{what} needs a whole number, not {number_text(found)}.")
    return found


def apply(op: str, left: Value, right: Value) -> Value:
    """`left op right` for two cells (no lists); blank if one is blank.

    Raises:
        EvaluationError: no such operation on these, division by zero, or a result too large.
    """
    if left is None or right is None:
        return None
    if isinstance(left, Symbolic) or isinstance(right, Symbolic):
        return combine(op, left, right)
    if isinstance(left, str) and isinstance(right, str) and op == "+":
        return left + right
    if _undecided(left) or _undecided(right):
        return _on_shares(op, left, right)
    for side in (left, right):
        if isinstance(side, (str, dict, list)):
            raise EvaluationError(f"“{op}” cannot be used with {kind(side)}.")
    try:
        result = _OPERATIONS[op](number(left, op), number(right, op))
    except ZeroDivisionError:
        raise EvaluationError("This divides by zero.") from None
    except OverflowError:
        raise EvaluationError("The result is too large.") from None
    check_number(result)
    return normal(result) if isinstance(result, Fraction) else result


def _undecided(value: Value) -> bool:
    return isinstance(value, Share) and not value.decided


def _divide(left: Number, right: Number) -> Number:
    if isinstance(left, float) or isinstance(right, float):
        return left / right
    return Fraction(left) / right


def _floor_divide(left: Number, right: Number) -> Number:
    return floor(_divide(left, right))


def _modulo(left: Number, right: Number) -> Number:
    return left - floor(_divide(left, right)) * right


def floor(value: Number) -> int:
    """The greatest whole number below; a float within 1e-9 of a whole number is that number."""
    if isinstance(value, float):
        nearest = round(value)
        if abs(value - nearest) <= 1e-9 * max(1.0, abs(value)):
            return nearest
    return math.floor(value)


def power(base: Number, exponent: Number) -> Number:
    """`base ** exponent`: exact for whole exponents and perfect roots.

    Raises:
        EvaluationError: a negative base without a real power, or a result too long.
        ZeroDivisionError: zero to a negative power.
    """
    if isinstance(base, float) or isinstance(exponent, float):
        return _float_power(float(base), float(exponent))
    if isinstance(exponent, int):
        length = max(base.numerator.bit_length(), base.denominator.bit_length()) - 1
        if length * abs(exponent) > MAX_BITS:
            raise EvaluationError("The result has too many digits.")
        return Fraction(base) ** exponent
    if base < 0:
        raise EvaluationError("A negative number has no real power with a fractional exponent.")
    if exponent.denominator <= 64:
        root = exact_root(Fraction(base), exponent.denominator)
        if root is not None:
            return power(root, exponent.numerator)
    return _float_power(float(base), float(exponent))


def _float_power(base: float, exponent: float) -> float:
    if base < 0 and exponent != math.floor(exponent):
        raise EvaluationError("A negative number has no real power with a fractional exponent.")
    return math.pow(base, exponent) if base or exponent >= 0 else 1 / base


def exact_root(value: Fraction, degree: int) -> Fraction | None:
    """The exact root of a number ≥ 0, or None where it is irrational."""
    top, bottom = _whole_root(value.numerator, degree), _whole_root(value.denominator, degree)
    return None if top is None or bottom is None else Fraction(top, bottom)


def _whole_root(value: int, degree: int) -> int | None:
    if value < 2:
        return value
    if degree == 2:
        guess = math.isqrt(value)
    else:
        guess = 1 << -(-value.bit_length() // degree)  # Newton's steps fall from above
        while True:
            better = ((degree - 1) * guess + value // guess ** (degree - 1)) // degree
            if better >= guess:
                break
            guess = better
    return guess if guess**degree == value else None


_OPERATIONS: dict[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": _divide,
    "//": _floor_divide,
    "%": _modulo,
    "**": power,
}


def _on_shares(op: str, left: Value, right: Value) -> Share:
    """Interval arithmetic where a person has yet to decide."""
    (a, b), (c, d) = _interval(left), _interval(right)
    if op == "+":
        ends = [a + c, b + d]
    elif op == "-":
        ends = [a - d, b - c]
    elif op == "*":
        ends = [a * c, a * d, b * c, b * d]
    elif op == "/" and not c <= 0 <= d:
        ends = [a / c, a / d, b / c, b / d]
    else:
        raise EvaluationError(f"“{op}” cannot be used with an undecided share here.")
    lo, hi = min(ends), max(ends)
    if lo < 0 or hi > 1:
        raise EvaluationError("This would make a share below 0 or above 1.")
    return Share(lo, hi)


def _interval(value: Value) -> tuple[Fraction, Fraction]:
    if isinstance(value, Share):
        return value.lo, value.hi
    exact = Fraction(number(value, "A share"))
    return exact, exact
