"""Losses of predictions; the truth is always the first argument."""

from __future__ import annotations

import math
from collections.abc import Callable

from app.domain.values import Value
from graders.solvers.activations import log_shares
from graders.solvers.arguments import cells, filled, whole
from graders.solvers.arrays import Array, Number, as_array, as_value, boxed, each, shape_text
from graders.solvers.exact import logarithm, quotient
from graders.solvers.solver import SolverError, solver


def _cost(target: Value, prediction: Value) -> int:
    return 10 * cells(target, prediction)


@solver(cost=_cost)
def mse(target: Value, prediction: Value) -> Value:
    """Mean squared error over all cells, exact for exact numbers.

    Shapes: two numbers or two arrays of one shape; the result is a number.

    Raises:
        SolverError: the shapes differ, or there is nothing to average.

    Source: Université de Montréal, 1e (there with its own factor).
    """
    return _mean_over(target, prediction, lambda truth, guess: (truth - guess) ** 2)


@solver(cost=_cost)
def mae(target: Value, prediction: Value) -> Value:
    """Mean absolute error over all cells, exact for exact numbers.

    Shapes: two numbers or two arrays of one shape; the result is a number.

    Raises:
        SolverError: the shapes differ, or there is nothing to average.

    Source: Halloween midterm, 3.3a (the L1 norm).
    """
    return _mean_over(target, prediction, lambda truth, guess: max(truth - guess, guess - truth))


@solver(cost=_cost)
def hinge(target: Value, score: Value) -> Value:
    """Mean of max(0, 1 − target · score), for targets −1 and 1.

    Shapes: two numbers or two arrays of one shape; the result is a number.

    Raises:
        SolverError: the shapes differ, or a target is neither −1 nor 1.

    Source: Cortes and Vapnik 1995.
    """

    def margin(truth: Number, guess: Number) -> Number:
        if truth not in (-1, 1):
            raise SolverError(f"target must hold −1 and 1 only, not {truth}.")
        return max(0, 1 - truth * guess)

    return _mean_over(target, score, margin)


@solver(cost=_cost)
def binary_cross_entropy(target: Value, probability: Value) -> Value:
    """Mean of −t·log p − (1 − t)·log(1 − p), with natural logarithms and 0·log 0 = 0.

    Shapes: two numbers or two arrays of one shape, all in [0, 1]; the result is a number, in nats.

    Raises:
        SolverError: the shapes differ, a number leaves [0, 1], or the loss is infinite.

    Source: TUM I2DL WS20/21, 4a.
    """

    def surprise(truth: Number, guess: Number) -> Number:
        _in_unit(truth, "target")
        _in_unit(guess, "probability")
        return _weighted_log(truth, guess) + _weighted_log(1 - truth, 1 - guess)

    return _mean_over(target, probability, surprise)


@solver(cost=_cost)
def cross_entropy(p: Value, q: Value) -> Value:
    """Cross-entropy −Σ p·log q of the predicted distribution q under the true one p, with 0·log 0 = 0.

    Shapes: p and q (n), or (b, n) for the mean over b samples; all in [0, 1]; the result is a number, in
    nats.

    Raises:
        SolverError: the shapes differ, a number leaves [0, 1], or the loss is infinite.

    Source: Shannon 1948; Université de Montréal, 1c and 1d.
    """
    truth, guess = _alike(p, q, "p", "q", 1, 2)
    for array, name in ((truth, "p"), (guess, "q")):
        for cell in array.flat:
            _in_unit(cell, name)
    return as_value(quotient(sum(each(_weighted_log, truth, guess).flat), _samples(truth)))


@solver(cost=_cost)
def nll(labels: Value, probabilities: Value) -> Value:
    """Negative log-likelihood −log p of the true classes, the mean over the samples.

    Shapes: a class (counted from 0) with probabilities (n), or a list of b classes with (b, n); the result is
    a number, in nats.

    Raises:
        SolverError: the shapes do not fit, there is no such class, or the loss is infinite.

    Source: TUM I2DL WS20/21, 7a.
    """

    def surprise(row: Array, label: int) -> Number:
        _in_unit(row[label], "probabilities")
        return _weighted_log(1, row[label])

    return _mean_over_labels(labels, probabilities, "probabilities", surprise)


@solver(cost=_cost)
def cross_entropy_from_logits(labels: Value, logits: Value) -> Value:
    """Cross-entropy of the softmax of the logits with the true classes, the mean over the samples.

    Shapes: a class (counted from 0) with logits (n), or a list of b classes with (b, n); the result is a
    number, in nats.

    Raises:
        SolverError: the shapes do not fit, or there is no such class.

    Source: TUM I2DL WS20/21, 7a.
    """

    def surprise(row: Array, label: int) -> Number:
        loss: Number = -log_shares(boxed(row - max(row)))[label]
        return loss

    return _mean_over_labels(labels, logits, "logits", surprise)


def _mean_over(target: Value, prediction: Value, loss: Callable[[Number, Number], Number]) -> Value:
    truth, guess = _alike(target, prediction, "target", "the prediction")
    return as_value(quotient(sum(each(loss, truth, guess).flat), truth.size))


def _mean_over_labels(labels: Value, rows: Value, name: str, loss: Callable[[Array, int], Number]) -> Value:
    predicted = filled(rows, name, 1, 2)
    classes = as_array(labels, "labels")
    if classes.shape != predicted.shape[:-1]:
        raise SolverError(
            f"labels must be one class for each row of {name}, but they are {shape_text(classes.shape)} "
            f"for {shape_text(predicted.shape)}."
        )
    count = predicted.shape[-1]
    losses = []
    for row, label in zip(predicted.reshape(-1, count), classes.flat, strict=True):
        chosen = whole(label, "labels", 0)
        if chosen >= count:
            raise SolverError(f"labels must be less than {count}, the number of classes, not {chosen}.")
        losses.append(loss(row, chosen))
    return as_value(quotient(sum(losses), len(losses)))


def _alike(first: Value, second: Value, first_name: str, second_name: str, *dimensions: int) -> tuple[Array, Array]:
    one, other = filled(first, first_name, *dimensions), filled(second, second_name, *dimensions)
    if one.shape != other.shape:
        raise SolverError(f"{first_name} is {shape_text(one.shape)}, but {second_name} is {shape_text(other.shape)}.")
    return one, other


def _samples(array: Array) -> int:
    return math.prod(array.shape[:-1])


def _in_unit(cell: Number, name: str) -> None:
    if not 0 <= cell <= 1:
        raise SolverError(f"{name} must lie between 0 and 1, but has {cell}.")


def _weighted_log(weight: Number, probability: Number) -> Number:
    """−weight · log probability."""
    if weight == 0:
        return 0
    if probability == 0:
        raise SolverError("Something true was predicted with probability 0, so the loss is infinite.")
    return -weight * logarithm(probability)
