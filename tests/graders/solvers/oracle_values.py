"""Activations, losses and batch norm once more: definitions at fifty digits, and the statistics module."""

from __future__ import annotations

import statistics
from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from mpmath.ctx_mp import MPContext

from tests.exact import fractions_between

EXACT = st.integers(-9, 9) | fractions_between(-4, 4, max_denominator=6)
NUMBERS = EXACT | st.floats(-30, 30).map(lambda value: round(value, 6)) | st.sampled_from([-800, 0, 800])
mp = MPContext()  # its own precision: nothing is changed for other tests
mp.dps = 50
mpf = mp.mpf


def precise(value: Any) -> Any:
    return mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpf(value)


def everywhere(function: Any) -> Any:
    """A function of one precise number, applied to nested lists."""

    def apply(x: Any, *options: Any) -> Any:
        if isinstance(x, list):
            return [apply(item, *options) for item in x]
        return function(precise(x), *map(precise, options))

    return apply


def softmax(z: Any) -> Any:
    if isinstance(z[0], list):
        return [softmax(row) for row in z]
    grown = [mp.exp(precise(score)) for score in z]
    return [value / mp.fsum(grown) for value in grown]


def log_softmax(z: Any) -> Any:
    if isinstance(z[0], list):
        return [log_softmax(row) for row in z]
    return [mp.log(share) for share in softmax(z)]


def flat(value: Any) -> list[Any]:
    return [cell for item in value for cell in flat(item)] if isinstance(value, list) else [precise(value)]


def mean(cells: Any) -> Any:
    listed = list(cells)
    return mp.fsum(listed) / len(listed)


def averaged(loss: Any) -> Any:
    return lambda target, guess: mean(map(loss, flat(target), flat(guess)))


def surprise(weight: Any, probability: Any) -> Any:
    return -weight * mp.log(probability) if weight else mpf(0)


def cross_entropy(p: Any, q: Any) -> Any:
    samples = len(p) if isinstance(p[0], list) else 1
    return mp.fsum(map(surprise, flat(p), flat(q))) / samples


def nll(labels: Any, rows: Any) -> Any:
    if isinstance(labels, list):
        return mp.fsum(map(nll, labels, rows)) / len(labels)
    return -mp.log(precise(rows[labels]))


def cross_entropy_from_logits(labels: Any, rows: Any) -> Any:
    return nll_of_logs(labels, log_softmax(rows))


def nll_of_logs(labels: Any, rows: Any) -> Any:
    if isinstance(labels, list):
        return mp.fsum(map(nll_of_logs, labels, rows)) / len(labels)
    return -rows[labels]


def batch_norm(z: Any, gamma: Any, beta: Any, eps: Any, ddof: int) -> Any:
    if not isinstance(z[0], list):
        single = batch_norm([[value] for value in z], gamma, beta, eps, ddof)
        unwrapped = {name: [row[0] for row in single[name]] for name in ("znorm", "y")}
        return {name: single[name][0] for name in ("mu", "var", "sigma")} | unwrapped
    columns = [list(map(Fraction, column)) for column in zip(*z, strict=True)]
    mu = [statistics.mean(column) for column in columns]
    variance = statistics.variance if ddof else statistics.pvariance
    var = [variance(column) for column in columns]
    scales = [mp.sqrt(precise(spread) + precise(eps)) for spread in var]
    znorm = [
        [precise(value - mean) / scale for value, mean, scale in zip(map(Fraction, row), mu, scales, strict=True)]
        for row in z
    ]
    weights, offsets = (
        [precise(number) for number in (option if isinstance(option, list) else [option] * len(mu))]
        for option in (gamma, beta)
    )
    y = [[g * value + b for value, g, b in zip(row, weights, offsets, strict=True)] for row in znorm]
    sigma = [mp.sqrt(precise(spread)) for spread in var]
    return {"mu": mu, "var": var, "sigma": sigma, "znorm": znorm, "y": y}


@st.composite
def batch_norm_calls(draw: Any) -> list[Any]:
    samples, features = draw(st.integers(2, 5)), draw(st.integers(1, 3))
    column = st.lists(EXACT, min_size=samples, max_size=samples).filter(lambda cells: len(set(cells)) > 1)
    columns = [draw(column) for _ in range(features)]
    per_feature = EXACT | st.lists(EXACT, min_size=features, max_size=features)
    z = [list(row) for row in zip(*columns, strict=True)]
    options = [draw(st.sampled_from([0, Fraction(1, 10), 0.5])), draw(st.integers(0, 1))]
    if draw(st.booleans()) and features == 1:
        return [columns[0], draw(EXACT), draw(EXACT), *options]
    return [z, draw(per_feature), draw(per_feature), *options]


def rows_of(cells: Any, length: int) -> Any:
    return st.lists(cells, min_size=length, max_size=length)


@st.composite
def alike(draw: Any, first: Any, second: Any) -> list[Any]:
    """Two numbers, lists or matrices of one shape."""
    shape = draw(st.sampled_from([(), (3,), (2, 3)]))
    for size in reversed(shape):
        first, second = rows_of(first, size), rows_of(second, size)
    return [draw(first), draw(second)]


def ratios(positive: bool) -> Any:
    """Three probabilities as exact fractions."""
    parts = rows_of(st.integers(1 if positive else 0, 6), 3).filter(any)
    return parts.map(lambda shares: [Fraction(share, sum(shares)) for share in shares])


def labelled(rows: Any) -> Any:
    labels = st.integers(0, 2)
    several = st.integers(1, 3).flatmap(lambda size: st.tuples(rows_of(labels, size), rows_of(rows, size)))
    return (st.tuples(labels, rows) | several).map(list)


UNITS = fractions_between(Fraction(1, 20), Fraction(19, 20), max_denominator=20)
ARRAYS = NUMBERS | st.lists(NUMBERS, max_size=4) | st.lists(st.lists(NUMBERS, min_size=2, max_size=2), min_size=1)
SCORES = rows_of(NUMBERS, 3) | st.lists(rows_of(NUMBERS, 3), min_size=1, max_size=2)
ALONE = ARRAYS.map(lambda x: [x])
TWO_ROWS = st.tuples(rows_of(ratios(False), 2), rows_of(ratios(True), 2))

ORACLES = {
    "relu": (ALONE, everywhere(lambda x: (x + abs(x)) / 2)),
    "leaky_relu": (
        st.tuples(ARRAYS, fractions_between(0, 1, max_denominator=100)).map(list),
        everywhere(lambda x, slope: max(x, slope * x)),
    ),
    "elu": (
        st.tuples(ARRAYS, EXACT).map(list),
        everywhere(lambda x, alpha: max(x, 0) + alpha * (mp.exp(min(x, 0)) - 1)),
    ),
    "sigmoid": (ALONE, everywhere(lambda x: 1 / (1 + mp.exp(-x)))),
    "tanh": (ALONE, everywhere(lambda x: 1 - 2 / (1 + mp.exp(2 * x)))),
    "softplus": (ALONE, everywhere(lambda x: x + mp.log(1 + mp.exp(-x)) if x > 0 else mp.log(1 + mp.exp(x)))),
    "step": (
        st.tuples(ARRAYS, st.sampled_from([0, 1])).map(list),
        everywhere(lambda x, at_zero: (mp.sign(x) + 1) / 2 if x else at_zero),
    ),
    "softmax": (SCORES.map(lambda z: [z]), softmax),
    "log_softmax": (SCORES.map(lambda z: [z]), log_softmax),
    "mse": (alike(NUMBERS, NUMBERS), averaged(lambda truth, guess: (truth - guess) ** 2)),
    "mae": (alike(NUMBERS, NUMBERS), averaged(lambda truth, guess: abs(truth - guess))),
    "hinge": (
        alike(st.sampled_from([-1, 1]), NUMBERS),
        averaged(lambda truth, score: max(mpf(0), 1 - truth * score)),
    ),
    "binary_cross_entropy": (
        alike(UNITS | st.sampled_from([0, 1]), UNITS),
        averaged(lambda truth, guess: surprise(truth, guess) + surprise(1 - truth, 1 - guess)),
    ),
    "cross_entropy": ((st.tuples(ratios(False), ratios(True)) | TWO_ROWS).map(list), cross_entropy),
    "nll": (labelled(ratios(True)), nll),
    "cross_entropy_from_logits": (labelled(rows_of(NUMBERS, 3)), cross_entropy_from_logits),
    "batch_norm": (batch_norm_calls(), batch_norm),
}
