"""Numbers of high precision with a bound for their error, in the real and in the complex field.

A ball is an immutable number of mpmath's library (so nothing here depends on a global precision) and the logarithm to
base 2 of a bound for its absolute error. Every operation adds what rounding and the errors of its operands can do, so
that a difference larger than its bound is certain.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar, NamedTuple

from mpmath import libmp

from graders.evaluation.effort import current

EXACT = -math.inf
LARGEST = 2.0**40
"""Exponents beyond this are refused, long before they cost memory or time."""
MOST_TERMS = 2000
VISIBLE = 70
"""Bits that must be left of the smaller of two terms."""


class NoValue(Exception):
    """There is no value here that could be compared."""


class Undefined(NoValue):
    """Certainly no value: the logarithm or root of a negative number, and the like."""


class Singular(NoValue):
    """A division by zero, the logarithm of zero, or so close to it that this precision cannot tell."""


class TooLarge(NoValue):
    """A number too large to calculate with."""


class Close(Singular):
    """A value so close to where a function breaks or ends that this precision cannot tell on which side it is."""


class Disputed(NoValue):
    """Conventions differ, as for the cube root of a negative number."""


class Ball(NamedTuple):
    """`value` is an mpf of mpmath.libmp (real field) or a pair of them (complex field)."""

    value: Any
    error: float


_COUNTED = [math.log2(count + 0.0625) for count in range(17)]


def total(*errors: float) -> float:
    """A bound for the logarithm of the sum of (at most 16) bounds, at most 1.1 times too large by number."""
    largest = max(errors)
    if largest == EXACT:
        return EXACT
    # What is below 2^-8 of the largest adds at most a sixteenth of it, all together.
    near = largest - 8
    count = 0
    for error in errors:
        if error > near:
            count += 1
    return largest + _COUNTED[count]


def size_of(value: Any) -> float:
    """An upper bound for log2|x| of an mpf; at most 1 too large."""
    return float(value[2] + value[3]) if value[1] else EXACT


class Field(ABC):
    """What the real and the complex field share. `bits` is the working precision."""

    zero: Any
    operations: ClassVar[dict[str, Callable[..., Any]]]

    def __init__(self, bits: int, terms: int = MOST_TERMS) -> None:
        self.bits = bits
        self.cost = max(bits // 170, 1)
        self.effort = current()
        self.terms = terms
        """Terms of sums that may still be added up."""
        self.values: dict[int, tuple[Any, Any]] | None = None
        """Values of parts of formulas by the id of the part, with the part itself, while there is one point only."""
        self._known: dict[int, tuple[Fraction, Ball]] = {}
        self.exponentials: dict[tuple[int, int], Ball] = {}
        """Those of rational numbers, by numerator and denominator."""
        self.absorbed = 0.0
        """log2 of how much smaller some term was than what it was added to, where too few of its bits are left."""
        self.gap = bits - VISIBLE
        self.saturated = False  # whether some function is so near its limit that its value can only refute

    def known(self, value: Fraction) -> Ball:
        """`rational(value)`, remembered: coordinates occur again and again."""
        found = self._known.get(id(value))
        if found is not None and found[0] is value:
            return found[1]
        ball = self.rational(value)
        self._known[id(value)] = value, ball
        return ball

    def absorb(self, gap: float, term: Ball) -> None:
        """Notes a term so many bits smaller than what it is added to; none that shows, or may be a zero (a - a)."""
        if self.gap < gap < math.inf and term.error < self.size(term.value) - 2:  # beside a zero it is infinite
            self.absorbed = max(self.absorbed, gap)

    def spend(self, terms: int) -> None:
        """Counts the terms of a sum. Raises TooLarge when there are too many in all."""
        if terms > self.terms:
            self.terms = 0
            raise TooLarge
        self.terms -= terms

    @abstractmethod
    def rational(self, value: Fraction) -> Ball:
        """A rational number as a ball."""

    @staticmethod
    @abstractmethod
    def size(value: Any) -> float:
        """An upper bound for log2 of the absolute value of a number."""

    def is_off_zero(self, ball: Ball) -> bool:
        """Whether no number in the ball is zero."""
        try:
            self.lower(ball)
        except Singular:
            return False
        return True

    @abstractmethod
    def lower(self, ball: Ball) -> float:
        """A lower bound for log2 of the absolute value anywhere in the ball; Singular if it may be zero."""

    def rounded(self, value: Any, one: float = EXACT, two: float = EXACT, three: float = EXACT) -> Ball:
        """A computed value, with the errors of its operands and its own rounding."""
        size = self.size(value)
        if size > LARGEST:
            raise TooLarge
        return Ball(value, total(size - self.bits + 2, one, two, three))

    def upper(self, ball: Ball) -> float:
        """An upper bound for log2 of the absolute value at the centre."""
        return self.size(ball.value)

    def add(self, a: Ball, b: Ball) -> Ball:
        gap = self.upper(a) - self.upper(b)
        self.absorb(abs(gap), b if gap > 0 else a)
        return self.rounded(self.operations["add"](a.value, b.value, self.bits, "n"), a.error, b.error)

    def subtract(self, a: Ball, b: Ball) -> Ball:
        gap = self.upper(a) - self.upper(b)
        self.absorb(abs(gap), b if gap > 0 else a)
        return self.rounded(self.operations["sub"](a.value, b.value, self.bits, "n"), a.error, b.error)

    def negative(self, a: Ball) -> Ball:
        return self.subtract(Ball(self.zero, EXACT), a)

    def multiply(self, a: Ball, b: Ball) -> Ball:
        errors = (self.upper(a) + b.error, self.upper(b) + a.error, a.error + b.error)
        return self.rounded(self.operations["mul"](a.value, b.value, self.bits, "n"), *errors)

    def divide(self, a: Ball, b: Ball) -> Ball:
        least = self.lower(b)
        value = self.operations["div"](a.value, b.value, self.bits, "n")
        return self.rounded(value, a.error - least, self.size(value) + b.error - least + 1)

    def exp(self, a: Ball) -> Ball:
        if self.upper(a) > 40 or a.error > 0:
            raise TooLarge
        self.absorb(-self.upper(a), a)
        value = self.operations["exp"](a.value, self.bits, "n")
        return self.rounded(value, self.size(value) + a.error + 1)

    def log(self, a: Ball) -> Ball:
        least = self.off_cut(a)
        return self.rounded(self.operations["log"](a.value, self.bits, "n"), a.error - least + 1)

    @abstractmethod
    def absolute(self, a: Ball) -> Ball:
        """The absolute value."""

    @abstractmethod
    def off_cut(self, a: Ball) -> float:
        """`lower(a)`, where logarithm and roots are defined and continuous around the ball."""

    def sqrt(self, a: Ball) -> Ball:
        """The root of what is certainly not zero."""
        try:
            least = self.off_cut(a)
        except Singular:
            raise Close from None
        return self.rounded(self.operations["sqrt"](a.value, self.bits, "n"), a.error - least / 2)

    def wave(self, name: str, a: Ball) -> Ball:
        """sin or cos."""
        if self.upper(a) > 2000 or a.error > 0:
            raise TooLarge
        self.absorb((-3 if name == "sin" else -2) * self.upper(a), a)  # what follows: -x³/6, -x²/2
        return self.rounded(self.operations[name](a.value, self.bits, "n"), a.error + self.stretch(a))

    def stretch(self, a: Ball) -> float:
        """log2 of a bound for the derivative of sin and cos around the ball."""
        return 0.0

    def integer_power(self, a: Ball, exponent: int) -> Ball:
        try:
            least = self.lower(a)
        except Singular:
            size = total(self.upper(a), a.error) + 1
            if exponent < 0 or size >= 0:
                raise
            return Ball(self.zero, max(exponent * size, -LARGEST))
        if abs(exponent) * max(1.0, abs(least) + 2) > LARGEST:
            raise TooLarge
        value = self.operations["pow_int"](a.value, exponent, self.bits, "n")
        relative = a.error - least + math.log2(abs(exponent)) + 1
        if relative > 0:
            raise Singular
        return self.rounded(value, self.size(value) + relative + 1)


_WHOLE = {value: Ball(libmp.from_int(value), EXACT) for value in range(-20, 21)}


class Real(Field):
    """The real field: negative numbers have no root and no logarithm."""

    zero = libmp.fzero
    operations: ClassVar[dict[str, Callable[..., Any]]] = {
        "add": libmp.mpf_add,
        "sub": libmp.mpf_sub,
        "mul": libmp.mpf_mul,
        "div": libmp.mpf_div,
        "exp": libmp.mpf_exp,
        "log": libmp.mpf_log,
        "sqrt": libmp.mpf_sqrt,
        "sin": libmp.mpf_sin,
        "cos": libmp.mpf_cos,
        "pow_int": libmp.mpf_pow_int,
    }

    # What most formulas are made of, written out for speed.

    def rounded(self, value: Any, one: float = EXACT, two: float = EXACT, three: float = EXACT) -> Ball:
        size = value[2] + value[3] if value[1] else EXACT
        if size > LARGEST:
            raise TooLarge
        # As `total` has it.
        own = largest = size - self.bits + 2.0
        if one > largest:
            largest = one
        if two > largest:
            largest = two
        if three > largest:
            largest = three
        if largest != EXACT:
            near = largest - 8
            largest += _COUNTED[(own > near) + (one > near) + (two > near) + (three > near)]
        return tuple.__new__(Ball, (value, largest))  # a named tuple takes its time over the names

    def add(self, a: Ball, b: Ball) -> Ball:
        one, other = a[0], b[0]
        gap = one[2] + one[3] - other[2] - other[3]
        if not -self.gap < gap < self.gap and one[1] and other[1]:
            self.absorb(abs(gap), b if gap > 0 else a)
        return self.rounded(libmp.mpf_add(one, other, self.bits, "n"), a[1], b[1])

    def subtract(self, a: Ball, b: Ball) -> Ball:
        one, other = a[0], b[0]
        gap = one[2] + one[3] - other[2] - other[3]
        if not -self.gap < gap < self.gap and one[1] and other[1]:
            self.absorb(abs(gap), b if gap > 0 else a)
        return self.rounded(libmp.mpf_sub(one, other, self.bits, "n"), a[1], b[1])

    def multiply(self, a: Ball, b: Ball) -> Ball:
        (one, error), (other, other_error) = a, b
        value = libmp.mpf_mul(one, other, self.bits, "n")
        if error == other_error == EXACT:
            return self.rounded(value)
        return self.rounded(value, size_of(one) + other_error, size_of(other) + error, error + other_error)

    def divide(self, a: Ball, b: Ball) -> Ball:
        least = self.lower(b)
        value = libmp.mpf_div(a[0], b[0], self.bits, "n")
        return self.rounded(value, a[1] - least, size_of(value) + b[1] - least + 1)

    def exp(self, a: Ball) -> Ball:
        exponent, error = a
        size = size_of(exponent)
        if size > 40 or error > 0:
            raise TooLarge
        self.absorb(-size, a)
        value = libmp.mpf_exp(exponent, self.bits, "n")
        return self.rounded(value, size_of(value) + error + 1)

    def negative(self, a: Ball) -> Ball:
        return self.rounded(libmp.mpf_neg(a[0], self.bits, "n"), a[1])

    def rational(self, value: Fraction) -> Ball:
        top, bottom = value.as_integer_ratio()
        if bottom == 1 and top in _WHOLE:
            return _WHOLE[top]
        short = top.bit_length() <= self.bits
        if bottom == 1 and short:
            return Ball(libmp.from_int(top), EXACT)
        found = libmp.from_rational(top, bottom, self.bits, "n")
        dyadic = bottom & (bottom - 1) == 0
        return Ball(found, EXACT) if dyadic and short else self.rounded(found)

    size = staticmethod(size_of)

    def is_off_zero(self, ball: Ball) -> bool:
        size = size_of(ball[0]) - 1
        return size != EXACT and ball[1] <= size - 2

    def lower(self, ball: Ball) -> float:
        size = size_of(ball.value) - 1
        if size == EXACT or ball.error > size - 2:
            raise Singular
        return size - 1

    def sign(self, ball: Ball) -> int:
        """The certain sign; Close where there is none."""
        try:
            self.lower(ball)
        except Singular:
            raise Close from None
        return -1 if ball.value[0] else 1

    def off_cut(self, a: Ball) -> float:
        least = self.lower(a)
        if a.value[0]:
            raise Undefined
        return least

    def arc(self, name: str, a: Ball) -> Ball:
        """asin, acos or atan."""
        self.absorb(max(self.upper(a) if name == "atan" else 0.0, -3 * self.upper(a)), a)
        if name == "atan":
            return self.rounded(libmp.mpf_atan(a.value, self.bits, "n"), a.error)
        room = self.subtract(self.rational(Fraction(1)), self.multiply(a, a))
        if self.sign(room) < 0:
            raise Undefined
        function = libmp.mpf_asin if name == "asin" else libmp.mpf_acos
        try:
            least = self.lower(room)
        except Singular:
            raise Close from None
        return self.rounded(function(a.value, self.bits, "n"), a.error - least / 2 + 1)

    def smooth(self, name: str, a: Ball, steepness: float) -> Ball:
        """asinh or erf; `steepness` is log2 of the largest derivative anywhere."""
        size = self.upper(a)
        if name == "erf" and size > 2:  # 1 - erf(x) is about exp(-x²)
            self.absorb(1.5 * 4.0 ** min(size, 60), a)
        self.absorb(-3 * size, a)
        return self.rounded(_SMOOTH[name](a.value, self.bits, "n"), a.error + steepness)

    def gamma(self, a: Ball, largest: int) -> Ball:
        """The gamma function up to `largest`, off its poles."""
        if self.upper(a) > 8 and (a.value[0] or self.upper(a) > math.log2(largest)):
            raise TooLarge
        place = float(libmp.to_float(a.value))
        off_pole = abs(place - round(place)) if place < 0.5 else 1.0
        if off_pole < 1e-6 or a.error > -30:
            raise Singular
        value = libmp.mpf_gamma(a.value, self.bits, "n")
        # |Γ'/Γ| = |ψ| is at most log(2 + |x|) + 4 over the distance from the nearest pole.
        relative = a.error + math.log2(math.log(2 + abs(place)) + 4 / off_pole)
        return self.rounded(value, self.size(value) + relative + 1)

    def absolute(self, a: Ball) -> Ball:
        return Ball(libmp.mpf_abs(a.value), a.error)

    def nearly_equal(self, a: Ball, b: Ball) -> Ball:
        """The maximum or minimum of two balls that overlap."""
        return Ball(a.value, total(a.error, b.error, self.upper(self.subtract(a, b))))

    def whole(self, a: Ball, up: bool) -> Fraction:
        """floor, or with `up` ceil."""
        if self.upper(a) > self.bits - 20:
            raise TooLarge
        below = libmp.to_int(libmp.mpf_floor(a.value, self.bits, "n"))
        for edge in (below, below + 1):
            self.sign(self.subtract(a, self.rational(Fraction(edge))))
        return Fraction(below + up)


_SMOOTH: dict[str, Callable[..., Any]] = {"asinh": libmp.mpf_asinh, "erf": libmp.mpf_erf}
