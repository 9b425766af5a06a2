"""The complex field of numbers with a bound for their error."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any, ClassVar

from mpmath import libmp

from graders.evaluation.balls import EXACT, Ball, Field, Real, Singular, TooLarge, size_of


class Complex(Field):
    """The complex field, with principal values."""

    zero = libmp.mpc_zero
    unit = Ball((libmp.fzero, libmp.fone), EXACT)
    operations: ClassVar[dict[str, Callable[..., Any]]] = {
        "add": libmp.mpc_add,
        "sub": libmp.mpc_sub,
        "mul": libmp.mpc_mul,
        "div": libmp.mpc_div,
        "exp": libmp.mpc_exp,
        "log": libmp.mpc_log,
        "sqrt": libmp.mpc_sqrt,
        "sin": libmp.mpc_sin,
        "cos": libmp.mpc_cos,
        "pow_int": libmp.mpc_pow_int,
    }

    def rational(self, value: Fraction) -> Ball:
        real = Real(self.bits).rational(value)
        return Ball((real.value, libmp.fzero), real.error)

    @staticmethod
    def size(value: Any) -> float:
        return max(size_of(value[0]), size_of(value[1])) + 1

    def lower(self, ball: Ball) -> float:
        size = max(size_of(ball.value[0]), size_of(ball.value[1])) - 1
        if size == EXACT or ball.error > size - 2:
            raise Singular
        return size - 1

    def off_cut(self, a: Ball) -> float:
        least = self.lower(a)
        real, imaginary = a.value
        if real[0] and a.error != EXACT and size_of(imaginary) - 1 <= a.error:
            raise Singular
        return least

    def stretch(self, a: Ball) -> float:
        height = size_of(a.value[1])
        if height > 30:
            raise TooLarge
        return 1.5 * float(2.0**height) + 1

    def absolute(self, a: Ball) -> Ball:
        return self.rounded((libmp.mpc_abs(a.value, self.bits, "n"), libmp.fzero), a.error)
