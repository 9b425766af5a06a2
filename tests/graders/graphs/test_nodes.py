"""Operators of graphs against plain numpy, and their local gradients against finite differences."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest

from app.domain.graph_operators import OPERATORS
from graders.graphs.operations import Array, ShapeError, run
from graders.graphs.slopes import local_gradients

A, B, X, Y = np.array([1.5, -2.0, 0.5]), np.array([0.25, 3.0, -1.0]), np.array(1.25), np.array(2.5)
M, N = np.array([[1.0, 2.0], [3.0, -1.0], [0.5, 4.0]]), np.array([[2.0, 0.0, 1.0], [1.0, -1.0, 5.0]])
POSITIVE = np.abs(A) + 0.5

# Each case by hand: an operator, its inputs, and what plain numpy says.
CASES: list[tuple[str, list[Array], Callable[..., object]]] = [
    ("+", [A, B], lambda a, b: a + b),
    ("+", [X, A, B], lambda x, a, b: x + a + b),
    ("-", [A, X], lambda a, x: a - x),
    ("*", [X, M], lambda x, m: x * m),
    ("*", [A, B, A], lambda a, b, c: a * b * c),
    ("/", [A, B], lambda a, b: a / b),
    ("/", [X, A], lambda x, a: x / a),
    ("**", [POSITIVE, Y], lambda a, y: a**y),
    ("dot", [A, B], lambda a, b: a @ b),
    ("matmul", [M, N], lambda m, n: m @ n),
    ("matmul", [N, A], lambda n, a: n @ a),
    ("matmul", [A, M], lambda a, m: a @ m),
    ("matmul", [A, B], lambda a, b: a @ b),
    ("outer", [A, B], np.outer),
    ("transpose", [M], lambda m: m.T),
    ("transpose", [A], lambda a: a),
    ("neg", [A], lambda a: -a),
    ("square", [A], lambda a: a * a),
    ("sqrt", [POSITIVE], np.sqrt),
    ("exp", [A], np.exp),
    ("log", [POSITIVE], np.log),
    ("abs", [A], np.abs),
    ("sin", [A], np.sin),
    ("cos", [A], np.cos),
    ("tanh", [A], np.tanh),
    ("sigmoid", [A], lambda a: 1 / (1 + np.exp(-a))),
    ("relu", [A], lambda a: np.where(a > 0, a, 0)),
    ("softplus", [A], lambda a: np.log(1 + np.exp(a))),
    ("max", [A], np.max),
    ("max", [A, B], np.maximum),
    ("max", [M, X], np.maximum),
    ("min", [M], np.min),
    ("min", [A, B, X], lambda a, b, x: np.minimum(np.minimum(a, b), x)),
    ("sum", [M], np.sum),
    ("sum", [A, B], lambda a, b: a + b),
    ("mean", [A], np.mean),
    ("mean", [A, X], lambda a, x: (a + x) / 2),
    ("norm", [A], lambda a: math.sqrt((a * a).sum())),
    ("conv", [np.array([2.0, 1.0, 2.0, 5.0]), np.array([1.0, -1.0])], lambda x, k: np.correlate(x, k, "valid")),
    ("maxpool", [A], np.max),
    ("=", [A], lambda a: a),
]


def value(operator: str, inputs: list[Array]) -> Array:
    return np.asarray(run(operator, [one[np.newaxis] for one in inputs])[0])


def test_every_operator_has_a_case() -> None:
    assert {operator for operator, _, _ in CASES} == set(OPERATORS)


@pytest.mark.parametrize(("operator", "inputs", "plain"), CASES, ids=[f"{one[0]}-{i}" for i, one in enumerate(CASES)])
def test_nodes_compute_what_numpy_computes(operator: str, inputs: list[Array], plain: Callable[..., object]) -> None:
    found = value(operator, inputs)
    assert np.allclose(found, np.asarray(plain(*inputs)), rtol=1e-14, atol=0)
    many = run(operator, [np.stack([one, 2 * one, one + 1]) for one in inputs])
    assert np.allclose(many[1], np.asarray(plain(*(2 * one for one in inputs))), rtol=1e-13, atol=0)


@pytest.mark.parametrize(("operator", "inputs", "plain"), CASES, ids=[f"{one[0]}-{i}" for i, one in enumerate(CASES)])
def test_local_gradients_are_finite_differences(
    operator: str, inputs: list[Array], plain: Callable[..., object]
) -> None:
    step = 1e-6
    for place, known in enumerate(local_gradients(operator, inputs)):
        for cell in range(inputs[place].size):
            nudge = np.zeros(inputs[place].size)
            nudge[cell] = step
            moved = nudge.reshape(inputs[place].shape)
            high = [one + moved if i == place else one for i, one in enumerate(inputs)]
            low = [one - moved if i == place else one for i, one in enumerate(inputs)]
            slope = (np.asarray(plain(*high)) - np.asarray(plain(*low))).ravel() / (2 * step)
            assert np.allclose(known[:, cell], slope, rtol=1e-7, atol=1e-7), (operator, place, cell)


@pytest.mark.parametrize(
    ("operator", "inputs"),
    [("dot", [A, X]), ("dot", [A, B[:2]]), ("matmul", [X, A]), ("matmul", [M, M]), ("+", [A, B[:2]])],
)  # fmt: skip
def test_shapes_that_do_not_fit_are_refused(operator: str, inputs: list[Array]) -> None:
    with pytest.raises(ShapeError):
        value(operator, inputs)


def test_layers_of_a_question_tell_their_inputs_apart() -> None:
    one = run("f", [np.array([1.0]), np.array([2.0])])
    assert one == run("f", [np.array([1.0]), np.array([2.0])])
    assert one != run("f", [np.array([2.0]), np.array([1.0])])
    assert one != run("g", [np.array([1.0]), np.array([2.0])])
    with pytest.raises(ShapeError):
        local_gradients("f", [A])
