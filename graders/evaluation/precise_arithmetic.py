"""Arithmetic at high precision with certain error bounds; rational parts stay exact."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from mpmath import libmp

from graders.evaluation.arithmetic import exact_root
from graders.evaluation.balls import (
    Ball,
    Disputed,
    Field,
    Real,
    Singular,
    Undefined,
)
from graders.evaluation.complex_balls import Complex

BITS = 170
"""50 digits and a little."""

_EXACT_BITS = 600

SHORT = 10**6
"""The largest denominator of fractions that others are as good as."""

Precise = Fraction | Ball


def ball(value: Precise, field: Field) -> Ball:
    """A value as a ball."""
    return value if isinstance(value, Ball) else _rounded(value, field)


def _rounded(value: Fraction, field: Field) -> Ball:
    """A rational that is no longer exact; notes where it is as good as a shorter one, as 1 + 10^(-60) is."""
    found = field.known(value)
    if max(value.numerator.bit_length(), value.denominator.bit_length()) > field.gap:
        near = value.limit_denominator(SHORT)
        if near and near != value:
            field.absorb(_bits(near) - _bits(value - near), found)
    return found


def constant(name: str, field: Field) -> Ball:
    """π or e."""
    value = libmp.mpf_pi(field.bits, "n") if name == "pi" else libmp.mpf_e(field.bits, "n")
    return field.rounded((value, libmp.fzero) if isinstance(field, Complex) else value)


def shortened(value: Fraction, field: Field) -> Precise:
    """Rationals stay exact up to a size."""
    top, bottom = value.as_integer_ratio()
    if top.bit_length() + bottom.bit_length() <= _EXACT_BITS:
        return value
    return field.rational(value)


def add(a: Precise, b: Precise, field: Field) -> Precise:
    """a + b."""
    if not isinstance(a, Ball) and not isinstance(b, Ball):
        (top, bottom), (other, below) = a.as_integer_ratio(), b.as_integer_ratio()
        # Fractions of whole numbers calculate slowly; many coordinates are whole.
        return _summed(a, b, Fraction(top + other) if bottom == below == 1 else a + b, field)
    return field.add(ball(a, field), ball(b, field))


def subtract(a: Precise, b: Precise, field: Field) -> Precise:
    """a − b."""
    if not isinstance(a, Ball) and not isinstance(b, Ball):
        (top, bottom), (other, below) = a.as_integer_ratio(), b.as_integer_ratio()
        return _summed(a, b, Fraction(top - other) if bottom == below == 1 else a - b, field)
    return field.subtract(ball(a, field), ball(b, field))


def _summed(a: Fraction, b: Fraction, value: Fraction, field: Field) -> Precise:
    """The sum or difference of two rationals, exact up to a size."""
    found = shortened(value, field)
    if isinstance(found, Ball) and a and b:
        field.absorb(abs(_bits(a) - _bits(b)), field.known(a))
    return found


def _bits(value: Fraction) -> int:
    """log2 of a number that is not zero, roughly."""
    return value.numerator.bit_length() - value.denominator.bit_length()


def multiply(a: Precise, b: Precise, field: Field) -> Precise:
    """a · b; zero times anything is zero."""
    if not isinstance(a, Ball) and not isinstance(b, Ball):
        (top, bottom), (other, below) = a.as_integer_ratio(), b.as_integer_ratio()
        return shortened(Fraction(top * other) if bottom == below == 1 else a * b, field)
    if a == 0 or b == 0:
        return Fraction(0)
    return field.multiply(ball(a, field), ball(b, field))


def divide(a: Precise, b: Precise, field: Field) -> Precise:
    """a / b; Singular where b is or may be zero."""
    if b == 0:
        raise Singular
    if not isinstance(a, Ball) and not isinstance(b, Ball):
        return shortened(a / b, field)
    return field.divide(ball(a, field), ball(b, field))


OPERATIONS: dict[str, Callable[[Precise, Precise, Field], Precise]] = {
    "+": add,
    "-": subtract,
    "*": multiply,
    "/": divide,
}
"""All but powers."""


def power(base: Precise, exponent: Precise, field: Field) -> Precise:
    """`base ** exponent`; a negative base has real powers only for exponents that are certainly whole."""
    if isinstance(exponent, Fraction) and exponent.denominator == 1:
        return _integer_power(base, exponent.numerator, field)
    if base == 0:
        if exponent > 0 if isinstance(exponent, Fraction) else isinstance(field, Real) and field.sign(exponent) > 0:
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
    return field.exp(ball(multiply(exponent, log(base, field), field), field))


def _integer_power(base: Precise, exponent: int, field: Field) -> Precise:
    if exponent == 0:
        if base == 0:
            raise Singular
        return Fraction(1)
    if not isinstance(base, Ball):
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


def log(x: Precise, field: Field) -> Precise:
    """The natural logarithm; in the complex field its principal value."""
    if x == 1:
        return Fraction(0)
    if x == 0:
        raise Singular
    if not isinstance(x, Ball) and x < 0 and isinstance(field, Complex):
        turn = multiply(constant("pi", field), field.unit, field)
        return add(field.log(field.rational(-x)), turn, field)
    return field.log(ball(x, field))
