"""Arithmetic that stays exact while it can: quotients, roots, exponentials and logarithms of numbers."""

from __future__ import annotations

import math
from fractions import Fraction

from app.domain.values import normal
from graders.solvers.arrays import Array, Number
from graders.solvers.solver import SolverError

# About 3,000 digits: enough for every honest question, and a stop for squares of squares of squares.
MAX_BITS = 10_000


def as_float(number: Number) -> float:
    """The nearest float.

    Raises:
        SolverError: the number is beyond the range of floats.
    """
    try:
        return float(number)
    except OverflowError:
        raise SolverError("A number is too large for an irrational function.") from None


def quotient(numerator: Number, denominator: Number) -> Number:
    """`numerator / denominator`, a Fraction or int where both are exact.

    Raises:
        SolverError: the denominator is zero.
    """
    if denominator == 0:
        raise SolverError("A division by zero is not defined.")
    if isinstance(numerator, float) or isinstance(denominator, float):
        return as_float(numerator) / as_float(denominator)
    return normal(Fraction(numerator) / denominator)


def root(number: Number) -> Number:
    """The square root, exact where the number is the square of a rational one.

    Raises:
        SolverError: the number is negative.
    """
    if number < 0:
        raise SolverError("The square root of a negative number is not real.")
    if not isinstance(number, float):
        above, below = math.isqrt(number.numerator), math.isqrt(number.denominator)
        if above**2 == number.numerator and below**2 == number.denominator:
            return normal(Fraction(above, below))
    return math.sqrt(as_float(number))


def exponential(number: Number) -> Number:
    """e to the power of `number`; exactly 1 at 0.

    Raises:
        SolverError: the result is beyond the range of floats.
    """
    if number == 0:
        return 1
    try:
        return math.exp(as_float(number))
    except OverflowError:
        raise SolverError("An exponential is too large for a floating-point number.") from None


def logarithm(number: Number) -> Number:
    """The natural logarithm; exactly 0 at 1.

    Raises:
        SolverError: the number is not positive.
    """
    if number <= 0:
        raise SolverError("The logarithm is defined for positive numbers only.")
    if number == 1:
        return 0
    return math.log(as_float(number))


def bounded(array: Array) -> Array:
    """The same array, with every exact cell short enough to compute on.

    Raises:
        SolverError: a number has more than MAX_BITS binary digits.
    """
    for cell in array.flat:
        if not isinstance(cell, float) and max(cell.numerator.bit_length(), cell.denominator.bit_length()) > MAX_BITS:
            raise SolverError("A number grows beyond three thousand digits.")
    return array
