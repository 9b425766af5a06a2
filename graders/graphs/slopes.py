"""Local gradients of a node: the derivative of its value by each of its inputs, as matrices of single cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from graders.graphs.operations import Array, ShapeError, aligned, run

Slope = Callable[[Array], Array]

CELLWISE: Mapping[str, Slope] = {
    "neg": lambda x: np.full_like(x, -1.0),
    "square": lambda x: 2 * x,
    "sqrt": lambda x: 0.5 / np.sqrt(x),
    "exp": np.exp,
    "log": lambda x: 1 / x,
    "abs": np.sign,
    "sin": np.cos,
    "cos": lambda x: -np.sin(x),
    "tanh": lambda x: 1 - np.tanh(x) ** 2,
    "sigmoid": lambda x: run("sigmoid", [x]) * (1 - run("sigmoid", [x])),
    "relu": lambda x: (x > 0).astype(np.float64),
    "softplus": lambda x: run("sigmoid", [x]),
}
"""Functions of single cells: their derivatives. At a kink, that of 0."""

_LINEAR = frozenset(["+", "-", "*", "dot", "matmul", "outer", "transpose", "sum", "mean", "conv", "="])
"""Linear in each input while the others stand still."""


def local_gradients(operator: str, inputs: Sequence[Array]) -> list[Array]:
    """The derivative of a node by every input: (cells of the result, cells of the input).

    Args:
        inputs: values without an axis of points: numbers (), vectors (d,), matrices (m, d).

    Raises:
        ShapeError: the inputs do not fit, or the derivative of this operator is not known.
    """
    with np.errstate(all="ignore"):
        if operator in CELLWISE:
            return [np.diag(CELLWISE[operator](inputs[0]).ravel())]
        if operator in ("max", "min", "maxpool") or (operator in ("sum", "mean") and len(inputs) > 1):
            return _selected(operator, inputs) if operator not in ("sum", "mean") else _by_basis(operator, inputs)
        if operator in _LINEAR:
            return _by_basis(operator, inputs)
        if operator == "/":
            top, bottom = inputs
            return _pairwise(inputs, [1 / bottom, -top / (bottom * bottom)])
        if operator == "**":
            low, high = inputs
            return _pairwise(inputs, [high * np.power(low, high - 1), np.power(low, high) * np.log(low)])
        if operator == "norm":
            return [inputs[0].reshape(1, -1) / np.sqrt(np.square(inputs[0]).sum())]
    raise ShapeError(f"No derivative of {operator} is known.")


def _value(operator: str, inputs: Sequence[Array]) -> Array:
    return np.asarray(run(operator, [one[np.newaxis] for one in inputs])[0], dtype=np.float64)


def _by_basis(operator: str, inputs: Sequence[Array]) -> list[Array]:
    """What is linear in an input is known from what it does to each cell alone."""
    found = []
    for place, one in enumerate(inputs):
        at_zero = _value(operator, [*inputs[:place], np.zeros_like(one), *inputs[place + 1 :]]).ravel()
        columns = []
        for cell in range(one.size):
            unit = np.zeros(one.size)
            unit[cell] = 1
            moved = [*inputs[:place], unit.reshape(one.shape), *inputs[place + 1 :]]
            columns.append(_value(operator, moved).ravel() - at_zero)
        found.append(np.stack(columns, axis=1))
    return found


def _pairwise(inputs: Sequence[Array], slopes: Sequence[Array]) -> list[Array]:
    """From the derivatives of cells of the result by the cells they were made of."""
    shape = np.broadcast_shapes(*(one.shape for one in inputs))
    found = []
    for one, slope in zip(inputs, slopes, strict=True):
        came_from = np.broadcast_to(np.arange(one.size).reshape(one.shape), shape).ravel()
        jacobian = np.zeros((came_from.size, one.size))
        jacobian[np.arange(came_from.size), came_from] = np.broadcast_to(slope, shape).ravel()
        found.append(jacobian)
    return found


def _selected(operator: str, inputs: Sequence[Array]) -> list[Array]:
    """The greatest or least passes everything on; of several, the first does."""
    sign = -1 if operator == "min" else 1
    if len(inputs) == 1:
        jacobian = np.zeros((1, inputs[0].size))
        jacobian[0, np.argmax(sign * inputs[0])] = 1
        return [jacobian]
    shaped = [one[0] for one in aligned(*(one[np.newaxis] for one in inputs))]
    stacked = np.stack(np.broadcast_arrays(*(sign * one for one in shaped)))
    first = np.argmax(stacked, axis=0)
    return _pairwise(inputs, [(first == place).astype(np.float64) for place in range(len(inputs))])
