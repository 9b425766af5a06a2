"""Activation functions, cell by cell, and softmax."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from app.domain.values import Value, normal
from graders.solvers.arguments import cells, filled, number, switch
from graders.solvers.arrays import Array, Number, as_array, as_value, boxed, each
from graders.solvers.exact import as_float, exponential, logarithm, quotient
from graders.solvers.solver import solver


def _cost(x: Value, *_options: Value) -> int:
    return 10 * cells(x)


@solver(cost=_cost)
def relu(x: Value) -> Value:
    """Rectified linear unit max(0, x), of a number or of every cell of an array.

    Raises:
        SolverError: x does not hold numbers.

    Source: TUM I2DL WS20/21, 10b.
    """
    return as_value(each(lambda cell: max(0, cell), as_array(x, "x")))


@solver(cost=_cost)
def leaky_relu(x: Value, slope: Value = normal(Fraction(1, 100))) -> Value:
    """Leaky rectified linear unit: x where positive, else slope · x; of a number or of every cell.

    Raises:
        SolverError: x does not hold numbers, or slope is not a number.

    Source: Maas et al. 2013.
    """
    factor = number(slope, "slope")
    return as_value(each(lambda cell: cell if cell > 0 else factor * cell, as_array(x, "x")))


@solver(cost=_cost)
def elu(x: Value, alpha: Value = 1) -> Value:
    """Exponential linear unit: x where positive, else alpha · (e^x − 1); of a number or of every cell.

    Raises:
        SolverError: x does not hold numbers, or alpha is not a number.

    Source: Clevert et al. 2016.
    """
    factor = number(alpha, "alpha")

    def unit(cell: Number) -> Number:
        if cell >= 0:
            return cell
        return factor * math.expm1(as_float(cell))

    return as_value(each(unit, as_array(x, "x")))


@solver(cost=_cost)
def sigmoid(x: Value) -> Value:
    """Logistic sigmoid 1 / (1 + e^−x), of a number or of every cell of an array; exactly 1/2 at 0.

    Raises:
        SolverError: x does not hold numbers.

    Source: TUM I2DL WS20/21, 7a.
    """
    return as_value(each(logistic, as_array(x, "x")))


@solver(cost=_cost)
def tanh(x: Value) -> Value:
    """Hyperbolic tangent, of a number or of every cell of an array; exactly 0 at 0.

    Raises:
        SolverError: x does not hold numbers.

    Source: Halloween midterm, 1.2.
    """
    return as_value(each(hyperbolic, as_array(x, "x")))


@solver(cost=_cost)
def softplus(x: Value) -> Value:
    """Softplus log(1 + e^x), of a number or of every cell of an array, without overflow.

    Raises:
        SolverError: x does not hold numbers.

    Source: Dugas et al. 2001.
    """
    return as_value(each(smooth_ramp, as_array(x, "x")))


@solver(cost=_cost)
def step(x: Value, at_zero: Value = 0) -> Value:
    """Threshold unit: 1 where x is positive, 0 where negative, and `at_zero` (0 or 1) at 0; cell by cell.

    Raises:
        SolverError: x does not hold numbers, or at_zero is neither 0 nor 1.

    Source: TUM I2DL WS20/21, 9c (0 at 0).
    """
    middle = switch(at_zero, "at_zero")
    return as_value(each(lambda cell: threshold(cell, middle), as_array(x, "x")))


@solver(cost=_cost)
def softmax(z: Value) -> Value:
    """Softmax along the last axis: positive numbers that sum to 1; exact where all scores are equal.

    Shapes: z (n) or any array with scores along its last axis; the result has the same shape.

    Raises:
        SolverError: z is a single number or empty.

    Source: Université de Montréal, 7 (soft attention).
    """
    scores = _scores(z)
    grown = each(exponential, scores)
    return as_value(each(quotient, grown, np.sum(grown, axis=-1, keepdims=True)))


@solver(cost=_cost)
def log_softmax(z: Value) -> Value:
    """Logarithm of the softmax along the last axis, without overflow or loss of digits.

    Shapes: z (n) or any array with scores along its last axis; the result has the same shape.

    Raises:
        SolverError: z is a single number or empty.

    Source: TUM I2DL WS20/21, 7a.
    """
    return as_value(log_shares(_scores(z)))


def threshold(cell: Number, at_zero: int = 0) -> int:
    """1 above zero, 0 below, `at_zero` between."""
    return at_zero if cell == 0 else int(cell > 0)


def logistic(cell: Number) -> Number:
    """1 / (1 + e^−x), stable on both sides."""
    if cell == 0:
        return Fraction(1, 2)
    shrunk = math.exp(-abs(as_float(cell)))
    return (1 if cell > 0 else shrunk) / (1 + shrunk)


def hyperbolic(cell: Number) -> Number:
    """The hyperbolic tangent, exact at 0."""
    return 0 if cell == 0 else math.tanh(as_float(cell))


def smooth_ramp(cell: Number) -> Number:
    """log(1 + e^x), stable on both sides."""
    value = as_float(cell)
    return max(0.0, value) + math.log1p(math.exp(-abs(value)))


def log_shares(scores: Array) -> Array:
    """The logarithm of the softmax of scores whose largest along the last axis is 0."""
    totals = each(logarithm, boxed(np.sum(each(exponential, scores), axis=-1, keepdims=True)))
    return boxed(scores - totals)


def _scores(z: Value) -> Array:
    """The scores, shifted along the last axis so that the largest is 0: the softmax stays the same."""
    scores = filled(z, "z", *range(1, 9))
    return boxed(scores - np.max(scores, axis=-1, keepdims=True))
