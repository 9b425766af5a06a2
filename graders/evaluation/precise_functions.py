"""The functions of formulas at high precision, in the real and in the complex field."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

from mpmath import libmp

from graders.evaluation.arithmetic import exact_root
from graders.evaluation.balls import Ball, Field, Real, Singular, TooLarge
from graders.evaluation.complex_balls import Complex
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise_arithmetic import (
    BITS,
    Precise,
    add,
    ball,
    constant,
    divide,
    log,
    multiply,
    shortened,
    subtract,
)

LARGEST_FACTORIAL = 3000
"""Larger arguments of the gamma function would cost more than they tell."""


_ERF_COSTS = 8
_GAMMA_COSTS = 200
"""Steps, times the square of how much higher than usual the precision is."""

EXPONENTS = 40
"""log2 of what is too large for exponentials."""
SATURATED = -1000.0
"""log2 of a distance that a function has long fallen below there from its limit."""

_ONE, _TWO = Fraction(1), Fraction(2)


def _exp(x: Precise, field: Field) -> Precise:
    if isinstance(x, Ball):
        return field.exp(x)
    top, bottom = x.as_integer_ratio()
    if not top:
        return _ONE
    opposite = field.exponentials.get((-top, bottom))
    if opposite is not None:  # as in 1/(1 + exp(-x)) beside exp(x)/(1 + exp(x)): a division is much quicker
        return field.divide(field.known(_ONE), opposite)
    found = field.exponentials[top, bottom] = field.exp(ball(x, field))
    return found


def _exponential(x: Precise, field: Field) -> Precise:
    try:
        return _exp(x, field)
    except TooLarge:
        if _far_side(x, field) > 0:
            raise
        return _at_its_end(Fraction(0), field)


def _logarithm_to(base: int) -> Callable[[Precise, Field], Precise]:
    def run(x: Precise, field: Field) -> Precise:
        if isinstance(x, Fraction) and x > 0:
            place = 0
            rest = x if x >= 1 else 1 / x
            while rest.denominator == 1 and rest.numerator % base == 0:
                rest, place = rest / base, place + 1
            if rest == 1:
                return Fraction(place if x >= 1 else -place)
        return divide(log(x, field), log(Fraction(base), field), field)

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


def _both_ways(x: Precise, field: Field) -> tuple[Precise, Precise]:
    """exp(x) and exp(-x), for one exponential."""
    rising = _exp(x, field)
    return rising, divide(_ONE, rising, field)


def _sinh(x: Precise, field: Field) -> Precise:
    return Fraction(0) if x == 0 else divide(subtract(*_both_ways(x, field), field), _TWO, field)


def _cosh(x: Precise, field: Field) -> Precise:
    return divide(add(*_both_ways(x, field), field), _TWO, field)


def _tanh(x: Precise, field: Field) -> Precise:
    if x == 0:
        return Fraction(0)
    try:
        both = _both_ways(x, field)
    except TooLarge:
        return _at_its_end(Fraction(_far_side(x, field)), field)
    return divide(subtract(*both, field), add(*both, field), field)


def _sigmoid(x: Precise, field: Field) -> Precise:
    try:
        rising = _exp(x, field)
    except TooLarge:
        return _at_its_end(Fraction(1 + _far_side(x, field), 2), field)
    return divide(rising, add(_ONE, rising, field), field)


def _far_side(x: Precise, field: Field) -> int:
    """The sign of a real number that is far from zero. Raises TooLarge for any other."""
    found = ball(x, field)
    if not isinstance(field, Real) or found.error > EXPONENTS or field.size(found.value) < EXPONENTS + 2:
        raise TooLarge
    return field.sign(found)


def _at_its_end(end: Fraction, field: Field) -> Ball:
    """The value of a function so near its limit that nothing about its argument shows any more."""
    field.saturated = True
    return Ball(field.rational(end).value, SATURATED)


def _softplus(x: Precise, field: Field) -> Precise:
    return log(add(_ONE, _exp(x, field), field), field)


def _abs(x: Precise, field: Field) -> Precise:
    return abs(x) if isinstance(x, Fraction) else field.absolute(x)


def _arc(name: str) -> Callable[[Precise, Real], Precise]:
    def run(x: Precise, field: Real) -> Precise:
        if x == 0 and name != "acos":
            return Fraction(0)
        if isinstance(x, Fraction) and abs(x) == 1 and name != "atan":
            half = divide(constant("pi", field), Fraction(2), field)
            if name == "asin":
                return multiply(x, half, field)
            return subtract(half, multiply(x, half, field), field)
        return field.arc(name, ball(x, field))

    return run


def _sign(x: Precise, field: Real) -> Fraction:
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


def _reciprocal(function: Callable[[Precise, Field], Precise]) -> Callable[[Precise, Field], Precise]:
    return lambda x, field: divide(Fraction(1), function(x, field), field)


def _one_and_square(x: Precise, field: Field, sign: int) -> Precise:
    """sqrt(1 ± x²)."""
    square = multiply(x, x, field)
    return _sqrt(add(Fraction(1), square if sign > 0 else multiply(Fraction(-1), square, field), field), field)


def _asinh(x: Precise, field: Field) -> Precise:
    if x == 0:
        return Fraction(0)
    if isinstance(field, Real):
        return field.smooth("asinh", ball(x, field), 0.0)
    return log(add(x, _one_and_square(x, field, 1), field), field)


def _acosh(x: Precise, field: Field) -> Precise:
    if x == 1:
        return Fraction(0)
    # The product of two roots, not the root of the product: so the principal value is right everywhere.
    below, above = _sqrt(subtract(x, Fraction(1), field), field), _sqrt(add(x, Fraction(1), field), field)
    return log(add(x, multiply(below, above, field), field), field)


def _atanh(x: Precise, field: Field) -> Precise:
    above, below = log(add(Fraction(1), x, field), field), log(subtract(Fraction(1), x, field), field)
    return divide(subtract(above, below, field), Fraction(2), field)


def _complex_asin(x: Precise, field: Complex) -> Precise:
    inner = add(multiply(field.unit, x, field), _one_and_square(x, field, -1), field)
    return multiply(field.rounded((libmp.fzero, libmp.fnone)), log(inner, field), field)


def _complex_acos(x: Precise, field: Complex) -> Precise:
    return subtract(divide(constant("pi", field), Fraction(2), field), _complex_asin(x, field), field)


def _complex_atan(x: Precise, field: Complex) -> Precise:
    turned = _atanh(multiply(field.unit, x, field), field)
    return multiply(field.rounded((libmp.fzero, libmp.fnone)), turned, field)


def _erf(x: Precise, field: Real) -> Precise:
    if x == 0:
        return Fraction(0)
    _pay(field, _ERF_COSTS)
    return field.smooth("erf", ball(x, field), 0.2)


def _pay(field: Field, factor: int) -> None:
    """Counts a function that takes more than a step at high precision. Raises TooLarge where that is too much."""
    if field.bits > 2 * BITS:
        field.effort.left -= factor * (field.bits // BITS) ** 2
        if field.effort.left < 0:
            raise TooLarge


def _gamma(x: Precise, field: Real) -> Precise:
    """Γ, which has no values at 0, -1, -2, …"""
    if isinstance(x, Fraction) and x.denominator == 1:
        if x <= 0:
            raise Singular
        if x <= LARGEST_FACTORIAL:
            return shortened(Fraction(math.factorial(int(x) - 1)), field)
    _pay(field, _GAMMA_COSTS)
    return field.gamma(ball(x, field), LARGEST_FACTORIAL)


def _factorial(x: Precise, field: Real) -> Precise:
    return _gamma(add(x, Fraction(1), field), field)


ANYWHERE: dict[str, Callable[[Precise, Field], Precise]] = {
    "sqrt": _sqrt,
    "exp": _exponential,
    "log": log,
    "log2": _logarithm_to(2),
    "log10": _logarithm_to(10),
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "sec": _reciprocal(_cos),
    "csc": _reciprocal(_sin),
    "cot": lambda x, field: divide(_cos(x, field), _sin(x, field), field),
    "sinh": _sinh,
    "cosh": _cosh,
    "tanh": _tanh,
    "sech": _reciprocal(_cosh),
    "csch": _reciprocal(_sinh),
    "coth": _reciprocal(_tanh),
    "asinh": _asinh,
    "acosh": _acosh,
    "atanh": _atanh,
    "sigmoid": _sigmoid,
    "softplus": _softplus,
    "abs": _abs,
}

_COMPLEX: dict[str, Callable[[Precise, Complex], Precise]] = {
    "asin": _complex_asin,
    "acos": _complex_acos,
    "atan": _complex_atan,
}

_REAL: dict[str, Callable[[Precise, Real], Precise]] = {
    "asin": _arc("asin"),
    "acos": _arc("acos"),
    "atan": _arc("atan"),
    "erf": _erf,
    "gamma": _gamma,
    "factorial": _factorial,
    "sign": _sign,
    "floor": _whole(up=False),
    "ceil": _whole(up=True),
    "relu": lambda x, field: _extreme([x, Fraction(0)], field, least=False),
}


def called(name: str, args: list[Precise], field: Field) -> Precise:
    """The value of a function.

    Raises:
        NoValue: there is none, or none that this precision can tell.
        NotAFormula: there is no such function of so many numbers, or not of complex ones.
    """
    if len(args) == 1:
        if name in ANYWHERE:
            return ANYWHERE[name](args[0], field)
        if isinstance(field, Complex) and name in _COMPLEX:
            return _COMPLEX[name](args[0], field)
    extreme = name in ("max", "min") and bool(args)
    if not extreme and (len(args) != 1 or name not in _REAL):
        raise NotAFormula
    if isinstance(field, Real):
        return _extreme(args, field, name == "min") if extreme else _REAL[name](args[0], field)
    real = Real(field.bits)
    parts = [real_part(arg, field) for arg in args]
    found = _extreme(parts, real, name == "min") if extreme else _REAL[name](parts[0], real)
    return found if isinstance(found, Fraction) else Ball((found.value, libmp.fzero), found.error)


def real_part(x: Precise, field: Field) -> Precise:
    """A value of the complex field that is real, in the real field. Raises NotAFormula if it is not."""
    if isinstance(x, Fraction) or isinstance(field, Real):
        return x
    if x.value[1] != libmp.fzero:
        raise NotAFormula
    return Ball(x.value[0], x.error)


def sign_of(x: Precise, field: Field) -> int:
    """The certain sign of a real value. Raises Singular where there is none, NotAFormula if it is not real."""
    return int(_sign(real_part(x, field), Real(field.bits)))
