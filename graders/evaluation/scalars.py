"""Functions of single numbers, applied to every cell of an array; exact where the result is rational."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from app.domain.values import Value, normal
from graders.evaluation.arithmetic import Number, apply, exact_root, floor, number, whole
from graders.evaluation.errors import EvaluationError
from graders.evaluation.fuel import MAX_BITS, bits
from graders.evaluation.functions import Function
from graders.evaluation.shapes import broadcast, each


def sqrt(value: Number) -> Number:
    """The square root, exact for squares of rationals."""
    if value < 0:
        raise EvaluationError("A negative number has no real square root.")
    if not isinstance(value, float):
        exact = exact_root(Fraction(value), 2)
        return math.sqrt(value) if exact is None else normal(exact)
    return math.sqrt(value)


def exp(value: Number) -> Number:
    """e to the power; exp(0) is exactly 1."""
    return 1 if value == 0 else math.exp(value)


def _positive(value: Number) -> Number:
    if value <= 0:
        raise EvaluationError("Only positive numbers have a logarithm.")
    return value


def _log(value: Number) -> float:
    """The natural logarithm, also of fractions that no float can hold."""
    if isinstance(value, Fraction):
        return math.log(value.numerator) - math.log(value.denominator) if bits(value) > 900 else math.log(value)
    return math.log(value)


def log(value: Number) -> Number:
    """The natural logarithm; log(1) is exactly 0."""
    return 0 if _positive(value) == 1 else _log(value)


def log2(value: Number) -> Number:
    """The logarithm to base 2, exact for powers of two."""
    _positive(value)
    if not isinstance(value, float):
        top, bottom = value.numerator, value.denominator
        if top & (top - 1) == 0 and bottom & (bottom - 1) == 0:
            return top.bit_length() - bottom.bit_length()
        return _log(value) / math.log(2)
    return math.log2(value)


def log10(value: Number) -> Number:
    """The logarithm to base 10, exact for powers of ten."""
    _positive(value)
    if not isinstance(value, float):
        power = len(str(value.numerator)) - len(str(value.denominator))
        if Fraction(10) ** power == value:
            return power
        return math.log10(value.numerator) - math.log10(value.denominator)
    return math.log10(value)


def ceil(value: Number) -> int:
    """The least whole number above; a float within 1e-9 of a whole number is that number."""
    return -floor(-value)


def sign(value: Number) -> int:
    """−1, 0 or 1."""
    return (value > 0) - (value < 0)


def round_half_up(value: Number, digits: int) -> Number:
    """Rounded to decimal places, halves away from zero as taught at school."""
    if abs(digits) > 300:
        raise EvaluationError("Numbers are rounded to at most 300 places.")
    scale = Fraction(10) ** digits
    size = math.floor(abs(Fraction(value)) * scale + Fraction(1, 2)) / scale
    return normal(-size if value < 0 else size)


def absolute(value: Number) -> Number:
    """The size of a number."""
    return -value if value < 0 else value


def is_whole(value: Value) -> bool:
    """Whether a value is a whole number (a float: within 1e-9)."""
    if isinstance(value, float):
        return abs(value - round(value)) <= 1e-9
    return isinstance(value, int)


def _inverse(function: Callable[[Number], Number], name: str) -> Callable[[Number], Number]:
    def run(value: Number) -> Number:
        if not -1 <= value <= 1:
            raise EvaluationError(f"“{name}” needs a number between -1 and 1.")
        return function(value)

    return run


def _irrational(function: Callable[[float], float]) -> Callable[[Number], Number]:
    def run(value: Number) -> Number:
        return function(float(value))

    return run


def _exact_at_zero(function: Callable[[float], float], there: int) -> Callable[[Number], Number]:
    def run(value: Number) -> Number:
        return there if value == 0 else function(float(value))

    return run


def _cellwise(name: str, doc: str, function: Callable[[Number], Number]) -> Function:
    def run(x: Value) -> Value:
        def one(cell: Value) -> Value:
            return None if cell is None else function(number(cell, f"“{name}”"))

        return each(one, x)

    return Function(name, doc, run, blanks="cells")


def _round(x: Value, digits: Value = 0) -> Value:
    places = whole(digits, "The number of digits")
    return each(lambda cell: None if cell is None else round_half_up(number(cell, "“round”"), places), x)


def _mod(a: Value, b: Value) -> Value:
    return broadcast(lambda one, other: apply("%", one, other), a, b)


def _whole(v: Value) -> Value:
    return is_whole(v)


def _gcd(*numbers: Value) -> Value:
    return math.gcd(*(whole(item, "“gcd”") for item in numbers))


def _lcm(*numbers: Value) -> Value:
    found = [whole(item, "“lcm”") for item in numbers]
    if sum(bits(item) for item in found) > MAX_BITS:
        raise EvaluationError("The result has too many digits.")
    return math.lcm(*found)


def _factorial(n: Value) -> Value:
    found = whole(n, "“factorial”")
    if not 0 <= found <= 500:
        raise EvaluationError("“factorial” needs a whole number from 0 to 500.")
    return math.factorial(found)


SCALARS = [
    _cellwise("abs", "the size of a number", absolute),
    _cellwise("sqrt", "the square root, exact for squares of rationals", sqrt),
    _cellwise("exp", "e to the power x", exp),
    _cellwise("log", "the natural logarithm", log),
    _cellwise("log2", "the logarithm to base 2, exact for powers of two", log2),
    _cellwise("log10", "the logarithm to base 10, exact for powers of ten", log10),
    _cellwise("floor", "the greatest whole number below", floor),
    _cellwise("ceil", "the least whole number above", ceil),
    _cellwise("sign", "-1, 0 or 1", sign),
    _cellwise("sin", "the sine (radians)", _exact_at_zero(math.sin, 0)),
    _cellwise("cos", "the cosine (radians)", _exact_at_zero(math.cos, 1)),
    _cellwise("tan", "the tangent (radians)", _exact_at_zero(math.tan, 0)),
    _cellwise("asin", "the inverse sine", _inverse(_exact_at_zero(math.asin, 0), "asin")),
    _cellwise("acos", "the inverse cosine", _inverse(_irrational(math.acos), "acos")),
    _cellwise("atan", "the inverse tangent", _exact_at_zero(math.atan, 0)),
    _cellwise("sinh", "the hyperbolic sine", _exact_at_zero(math.sinh, 0)),
    _cellwise("cosh", "the hyperbolic cosine", _exact_at_zero(math.cosh, 1)),
    Function("round", "rounded to decimal places, halves away from zero", _round, blanks="cells"),
    Function("mod", "the remainder after division, as %", _mod, blanks="cells"),
    Function("whole", "whether v is a whole number", _whole),
    Function("gcd", "the greatest common divisor", _gcd),
    Function("lcm", "the least common multiple", _lcm),
    Function("factorial", "1·2·…·n for n up to 500", _factorial),
]
