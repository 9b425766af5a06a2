"""Evaluation of formulas at high precision with certain error bounds; rational parts stay exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from mpmath import libmp

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from graders.evaluation.arithmetic import exact_root
from graders.evaluation.balls import (
    Ball,
    Complex,
    Disputed,
    Field,
    Real,
    Singular,
    Undefined,
)
from graders.evaluation.floats import NotAFormula

BITS = 170
"""50 digits and a little."""

_EXACT_BITS = 600

Precise = Fraction | Ball
Point = Mapping[str, Fraction | tuple[Fraction, Fraction]]
"""Values of the symbols; a pair is a complex number."""


def evaluate_precisely(node: Node, point: Point, field: Field) -> Precise:
    """The value of a formula at a point.

    Raises:
        NoValue: there is none, or none that this precision can tell (its subclasses say which).
        NotAFormula: the tree is no formula of single numbers.
    """
    match node:
        case Number(value=value):
            return value
        case Name(id=name):
            return _named(name, point, field)
        case Unary(op="-", operand=operand):
            inner = evaluate_precisely(operand, point, field)
            return -inner if isinstance(inner, Fraction) else field.negative(inner)
        case Unary(op="+", operand=operand):
            return evaluate_precisely(operand, point, field)
        case Binary(op="**", left=left, right=right):
            return power(evaluate_precisely(left, point, field), evaluate_precisely(right, point, field), field)
        case Binary(op=op, left=left, right=right) if op in _OPERATIONS:
            one, other = evaluate_precisely(left, point, field), evaluate_precisely(right, point, field)
            return _OPERATIONS[op](one, other, field)
        case Call(function=name, args=args, kwargs=()):
            return _called(name, [evaluate_precisely(arg, point, field) for arg in args], field)
        case _:
            raise NotAFormula


def ball(value: Precise, field: Field) -> Ball:
    """A value as a ball."""
    return field.rational(value) if isinstance(value, Fraction) else value


def _named(name: str, point: Point, field: Field) -> Precise:
    found = point.get(name)
    if isinstance(found, Fraction):
        return found
    if found is not None:
        parts = [Real(field.bits).rational(part) for part in found]
        return Ball((parts[0].value, parts[1].value), max(part.error for part in parts) + 1)
    if name == "i" and isinstance(field, Complex):
        return field.unit
    if name not in ("pi", "e"):
        raise NotAFormula
    value = libmp.mpf_pi(field.bits, "n") if name == "pi" else libmp.mpf_e(field.bits, "n")
    return field.rounded((value, libmp.fzero) if isinstance(field, Complex) else value)


def _shortened(value: Fraction, field: Field) -> Precise:
    """Rationals stay exact up to a size."""
    if value.numerator.bit_length() + value.denominator.bit_length() <= _EXACT_BITS:
        return value
    return field.rational(value)


def add(a: Precise, b: Precise, field: Field) -> Precise:
    """a + b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _shortened(a + b, field)
    return field.add(ball(a, field), ball(b, field))


def subtract(a: Precise, b: Precise, field: Field) -> Precise:
    """a − b."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _shortened(a - b, field)
    return field.subtract(ball(a, field), ball(b, field))


def multiply(a: Precise, b: Precise, field: Field) -> Precise:
    """a · b; zero times anything is zero."""
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _shortened(a * b, field)
    if a == 0 or b == 0:
        return Fraction(0)
    return field.multiply(ball(a, field), ball(b, field))


def divide(a: Precise, b: Precise, field: Field) -> Precise:
    """a / b; Singular where b is or may be zero."""
    if b == 0:
        raise Singular
    if isinstance(a, Fraction) and isinstance(b, Fraction):
        return _shortened(a / b, field)
    return field.divide(ball(a, field), ball(b, field))


_OPERATIONS: dict[str, Callable[[Precise, Precise, Field], Precise]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
}


def power(base: Precise, exponent: Precise, field: Field) -> Precise:
    """`base ** exponent`; a negative base has real powers only for exponents that are certainly whole."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return _integer_power(base, exponent.numerator, field)
    if base == 0:
        if isinstance(exponent, Fraction) and exponent > 0:
            return Fraction(0)
        raise Singular
    if isinstance(field, Real):
        below = base < 0 if isinstance(base, Fraction) else field.sign(base) < 0
        if below:
            odd = isinstance(exponent, Fraction) and exponent.denominator % 2
            raise Disputed if odd else Undefined
    if isinstance(exponent, Fraction) and isinstance(base, Fraction) and base > 0 and exponent.denominator <= 12:
        root = exact_root(base, exponent.denominator)
        if root is not None:
            return _integer_power(root, exponent.numerator, field)
    return field.exp(ball(multiply(exponent, _log(base, field), field), field))


def _integer_power(base: Precise, exponent: int, field: Field) -> Precise:
    if exponent == 0:
        if base == 0:
            raise Singular
        return Fraction(1)
    if isinstance(base, Fraction):
        if base == 0 and exponent < 0:
            raise Singular
        size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if base in (0, 1, -1) or size * abs(exponent) <= _EXACT_BITS:
            return base**exponent
    if exponent == 1 and isinstance(base, Ball):
        return base
    if exponent == 2:
        return multiply(base, base, field)
    return field.integer_power(ball(base, field), exponent)


def _log(x: Precise, field: Field) -> Precise:
    if x == 1:
        return Fraction(0)
    if x == 0:
        raise Singular
    if isinstance(x, Fraction) and x < 0 and isinstance(field, Complex):
        turn = multiply(_named("pi", {}, field), field.unit, field)
        return add(field.log(field.rational(-x)), turn, field)
    return field.log(ball(x, field))


def _exp(x: Precise, field: Field) -> Precise:
    return Fraction(1) if x == 0 else field.exp(ball(x, field))


def _logarithm_to(base: int) -> Callable[[Precise, Field], Precise]:
    def run(x: Precise, field: Field) -> Precise:
        if isinstance(x, Fraction) and x > 0:
            place = 0
            rest = x if x >= 1 else 1 / x
            while rest.denominator == 1 and rest.numerator % base == 0:
                rest, place = rest / base, place + 1
            if rest == 1:
                return Fraction(place if x >= 1 else -place)
        return divide(_log(x, field), _log(Fraction(base), field), field)

    return run


def _sqrt(x: Precise, field: Field) -> Precise:
    if isinstance(x, Fraction) and x >= 0:
        root = exact_root(x, 2)
        if root is not None:
            return root
    if isinstance(x, Fraction) and x < 0 and isinstance(field, Complex):
        return multiply(_sqrt(-x, field), field.unit, field)
    return field.sqrt(ball(x, field))


def _sin(x: Precise, field: Field) -> Precise:
    return Fraction(0) if x == 0 else field.wave("sin", ball(x, field))


def _cos(x: Precise, field: Field) -> Precise:
    return Fraction(1) if x == 0 else field.wave("cos", ball(x, field))


def _tan(x: Precise, field: Field) -> Precise:
    return divide(_sin(x, field), _cos(x, field), field)


def _hyperbolic(x: Precise, field: Field, sign: int) -> Precise:
    rising = _exp(x, field)
    return divide(add(rising, divide(Fraction(sign), rising, field), field), Fraction(2), field)


def _sinh(x: Precise, field: Field) -> Precise:
    return Fraction(0) if x == 0 else _hyperbolic(x, field, -1)


def _cosh(x: Precise, field: Field) -> Precise:
    return _hyperbolic(x, field, 1)


def _tanh(x: Precise, field: Field) -> Precise:
    return divide(_sinh(x, field), _cosh(x, field), field)


def _sigmoid(x: Precise, field: Field) -> Precise:
    rising = _exp(x, field)
    return divide(rising, add(Fraction(1), rising, field), field)


def _softplus(x: Precise, field: Field) -> Precise:
    return _log(add(Fraction(1), _exp(x, field), field), field)


def _abs(x: Precise, field: Field) -> Precise:
    return abs(x) if isinstance(x, Fraction) else field.absolute(x)


def _arc(name: str) -> Callable[[Precise, Real], Precise]:
    def run(x: Precise, field: Real) -> Precise:
        if x == 0 and name != "acos":
            return Fraction(0)
        if isinstance(x, Fraction) and abs(x) == 1 and name != "atan":
            half = divide(_named("pi", {}, field), Fraction(2), field)
            if name == "asin":
                return multiply(x, half, field)
            return subtract(half, multiply(x, half, field), field)
        return field.arc(name, ball(x, field))

    return run


def _sign(x: Precise, field: Real) -> Precise:
    return Fraction((x > 0) - (x < 0)) if isinstance(x, Fraction) else Fraction(field.sign(x))


def _whole(up: bool) -> Callable[[Precise, Real], Precise]:
    def run(x: Precise, field: Real) -> Precise:
        if isinstance(x, Fraction):
            return Fraction(-(-x.numerator // x.denominator) if up else x.numerator // x.denominator)
        return field.whole(x, up)

    return run


def _extreme(values: list[Precise], field: Real, least: bool) -> Precise:
    result = values[0]
    for value in values[1:]:
        try:
            above = _sign(subtract(value, result, field), field)
            result = value if (above == -1 if least else above == 1) else result
        except Singular:
            result = field.nearly_equal(ball(result, field), ball(value, field))
    return result


_ANYWHERE: dict[str, Callable[[Precise, Field], Precise]] = {
    "sqrt": _sqrt,
    "exp": _exp,
    "log": _log,
    "log2": _logarithm_to(2),
    "log10": _logarithm_to(10),
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "abs": _abs,
}

_REAL: dict[str, Callable[[Precise, Real], Precise]] = {
    "asin": _arc("asin"),
    "acos": _arc("acos"),
    "atan": _arc("atan"),
    "sign": _sign,
    "floor": _whole(up=False),
    "ceil": _whole(up=True),
    "relu": lambda x, field: _extreme([x, Fraction(0)], field, least=False),
}


def _called(name: str, args: list[Precise], field: Field) -> Precise:
    if name in ("max", "min") and args and isinstance(field, Real):
        return _extreme(args, field, name == "min")
    if len(args) == 1:
        if name in _ANYWHERE:
            return _ANYWHERE[name](args[0], field)
        if name in _REAL and isinstance(field, Real):
            return _REAL[name](args[0], field)
    raise NotAFormula
