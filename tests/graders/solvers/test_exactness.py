"""Exact in, exact out: floats appear only where something is irrational; extremes stay finite."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest

from graders.solvers import SOLVERS

HALF = Fraction(1, 2)


def call(name: str, *arguments: Any, **options: Any) -> Any:
    return SOLVERS[name](*arguments, **options)


@pytest.mark.parametrize(
    ("found", "exact"),
    [
        (call("sigmoid", 0), HALF),
        (call("tanh", [0, 0]), [0, 0]),
        (call("softmax", [7, 7, 7]), [Fraction(1, 3)] * 3),
        (call("softmax", [[1, 1], [0, 0]]), [[HALF, HALF], [HALF, HALF]]),
        (call("cross_entropy", [1, 0], [1, 0]), 0),
        (call("nll", 1, [0, 1]), 0),
        (call("relu", [-1, HALF]), [0, HALF]),
        (call("leaky_relu", -1), Fraction(-1, 100)),
        (call("elu", HALF), HALF),
        (call("mse", [1, 2], [HALF, 2]), Fraction(1, 8)),
        (call("hinge", [1, -1], [HALF, HALF]), 1),
        (call("batch_norm", [0, 3])["sigma"], Fraction(3, 2)),
        (call("avg_pool1d", [1, 3], 2), [2]),
        (call("step", [-1, 0, 2], 1), [0, 1, 1]),
        (call("memory_bytes", 3, 1), Fraction(3, 8)),
        (call("relu", True), 1),
        (call("relu_rnn", HALF, 1, 2, 1, [HALF])["y"], [2]),
    ],
)
def test_rational_answers_are_exact(found: Any, exact: Any) -> None:
    assert found == exact
    assert str(found) == str(exact)  # 1 and 1.0 are equal, but not the same


def test_a_variance_that_is_no_square_has_an_irrational_root() -> None:
    found = call("batch_norm", [0, 1, 2])
    assert found["var"] == Fraction(2, 3)
    assert found["sigma"] == pytest.approx(math.sqrt(2 / 3))


def test_exponentials_do_not_overflow_where_the_answer_is_finite() -> None:
    assert call("softmax", [1000, 0]) == [1, 0]
    assert call("log_softmax", [1000, 0]) == [0, -1000]
    assert call("cross_entropy_from_logits", 1, [1000, 0]) == 1000
    assert call("sigmoid", [-1000, 1000]) == [0, 1]
    assert call("softplus", [-1000, 1000]) == [0, 1000]
    assert call("tanh", 1000) == 1
    assert call("elu", -1000) == -1


def test_log_softmax_keeps_the_digits_of_small_differences() -> None:
    assert call("log_softmax", [0, -40])[0] == pytest.approx(-math.exp(-40), rel=1e-9)


@pytest.mark.parametrize("op", ["max", "min"])
def test_ties_share_the_gradient_and_kinks_have_none(op: str) -> None:
    tie = call("backprop", [{"name": "m", "op": op, "args": ["a", "b"]}], {"a": 2, "b": 2})
    assert (tie["grad"]["a"], tie["grad"]["b"]) == (HALF, HALF)
    reduced = call("backprop", [{"name": "m", "op": op, "args": ["a"]}], {"a": [3, 3]})
    assert reduced["grad"]["a"] == [HALF, HALF]


@pytest.mark.parametrize("op", ["relu", "abs"])
def test_the_derivative_at_a_kink_is_zero(op: str) -> None:
    assert call("backprop", [{"name": "r", "op": op, "args": ["a"]}], {"a": 0})["grad"]["a"] == 0


def test_relu_rnn_does_not_learn_through_a_state_at_zero() -> None:
    assert call("relu_rnn", 1, 1, 1, 1, [-1])["grad"] == {"u": 0, "w": 0, "h0": 0, "v": 0}


def test_backprop_sums_over_all_ways_and_gives_zero_where_there_is_none() -> None:
    nodes = [
        {"name": "twice", "op": "+", "args": ["a", "a"]},
        {"name": "aside", "op": "-", "args": ["a"]},
        {"name": "L", "op": "*", "args": ["twice", "a"]},
    ]
    found = call("backprop", nodes, {"a": 3, "unused": [1, 2]})
    assert found["grad"] == {"a": 12, "unused": [0, 0], "twice": 3, "aside": 0, "L": 1}
    assert call("backprop", nodes, {"a": 3}, root="twice")["grad"]["a"] == 2


def test_backprop_sums_the_gradient_of_what_was_broadcast() -> None:
    nodes = [
        {"name": "moved", "op": "add", "args": ["X", "row"]},
        {"name": "scaled", "op": "mul", "args": ["moved", "column"]},
        {"name": "L", "op": "sum", "args": ["scaled"]},
    ]
    found = call("backprop", nodes, {"X": [[1, 2], [3, 4]], "row": [10, 20], "column": [[1], [2]]})
    assert found["grad"]["row"] == [3, 3]
    assert found["grad"]["column"] == [[33], [37]]
    assert found["local"]["scaled"][0] == [[1, 1], [2, 2]]
