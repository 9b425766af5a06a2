"""What the operators of a graph compute, on many points at once: arrays whose first axis counts the points."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.float64]

LARGEST = 4096
"""Entries of one value."""


class ShapeError(Exception):
    """Inputs that do not fit each other; one sentence."""


def run(operator: str, inputs: Sequence[Array]) -> Array:
    """The values of a node: numbers (n,), vectors (n, d) or matrices (n, m, d) of n points.

    Cells without a value are not finite.

    Raises:
        ShapeError: the inputs do not fit.
    """
    with np.errstate(all="ignore"):
        result = _OPERATIONS[operator](*inputs) if operator in _OPERATIONS else _layer(operator, inputs)
    if result[0].size > LARGEST:
        raise ShapeError("This grows too large.")
    return result


def aligned(*inputs: Array) -> list[Array]:
    """The inputs with as many axes as the one that has most: a number beside a vector is spread over it."""
    most = max(one.ndim for one in inputs)
    shaped = [one.reshape(one.shape[0], *[1] * (most - one.ndim), *one.shape[1:]) for one in inputs]
    try:
        np.broadcast_shapes(*(one.shape for one in shaped))
    except ValueError:
        raise ShapeError(f"Shapes {' and '.join(str(one.shape[1:]) for one in inputs)} do not fit.") from None
    return shaped


def _joined(operation: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    return lambda *inputs: reduce(operation, aligned(*inputs))


def _over_cells(reduction: Callable[[Array], Array], several: Callable[..., Array]) -> Callable[..., Array]:
    """Over all cells of one input, or over several inputs."""

    def operation(*inputs: Array) -> Array:
        if len(inputs) > 1:
            return several(*inputs)
        return reduction(inputs[0].reshape(inputs[0].shape[0], -1))

    return operation


def _einsum(rule: str, *inputs: Array) -> Array:
    result: Array = np.einsum(rule, *inputs)
    return result


def _dot(left: Array, right: Array) -> Array:
    if left.shape != right.shape or left.ndim != 2:
        raise ShapeError("A dot product needs two vectors of one length.")
    return _einsum("ni,ni->n", left, right)


def _matmul(left: Array, right: Array) -> Array:
    if min(left.ndim, right.ndim) < 2:
        raise ShapeError("A matrix product needs matrices or vectors.")
    if left.ndim == right.ndim == 2:
        return _dot(left, right)
    if left.shape[-1] != right.shape[1]:
        raise ShapeError("The inner sizes of this product do not fit.")
    if left.ndim == 2:
        return _einsum("ni,nij->nj", left, right)
    return _einsum("nij,nj->ni" if right.ndim == 2 else "nij,njk->nik", left, right)


def _outer(left: Array, right: Array) -> Array:
    if left.ndim != 2 or right.ndim != 2:
        raise ShapeError("An outer product needs two vectors.")
    return _einsum("ni,nj->nij", left, right)


def _conv(signal: Array, kernel: Array) -> Array:
    if signal.ndim != 2 or kernel.ndim != 2 or kernel.shape[1] > signal.shape[1]:
        raise ShapeError("A kernel slides over a sequence that is at least as long.")
    windows = np.lib.stride_tricks.sliding_window_view(signal, kernel.shape[1], axis=1)
    return _einsum("nij,nj->ni", windows, kernel)


def _sigmoid(x: Array) -> Array:
    half: Array = 0.5 * (1 + np.tanh(0.5 * x))
    return half


def _mean_of(*inputs: Array) -> Array:
    shaped = aligned(*inputs)
    total: Array = reduce(np.add, shaped) / len(shaped)
    return total


_OPERATIONS: Mapping[str, Callable[..., Array]] = {
    "+": _joined(np.add),
    "-": _joined(np.subtract),
    "*": _joined(np.multiply),
    "/": _joined(np.divide),
    "**": _joined(np.power),
    "dot": _dot,
    "matmul": _matmul,
    "outer": _outer,
    "transpose": lambda x: x.swapaxes(1, 2) if x.ndim == 3 else x,
    "neg": np.negative,
    "square": np.square,
    "sqrt": np.sqrt,
    "exp": np.exp,
    "log": np.log,
    "abs": np.abs,
    "sin": np.sin,
    "cos": np.cos,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda x: np.maximum(x, 0.0),
    "softplus": lambda x: np.logaddexp(x, 0.0),
    "max": _over_cells(lambda x: x.max(axis=1), _joined(np.maximum)),
    "min": _over_cells(lambda x: x.min(axis=1), _joined(np.minimum)),
    "sum": _over_cells(lambda x: x.sum(axis=1), _joined(np.add)),
    "mean": _over_cells(lambda x: x.mean(axis=1), _mean_of),
    "norm": lambda x: np.sqrt(np.square(x.reshape(x.shape[0], -1)).sum(axis=1)),
    "conv": _conv,
    "maxpool": lambda x: x.reshape(x.shape[0], -1).max(axis=1),
    "=": lambda x: x,
}


def _layer(name: str, inputs: Sequence[Array]) -> Array:
    """A layer of the question's own: some smooth function of all its inputs, in their order, the same everywhere."""
    total = np.zeros(inputs[0].shape[0])
    for place, one in enumerate(inputs):
        cells = one.reshape(one.shape[0], -1)
        for entry in range(cells.shape[1]):
            slope, bend = _coefficients(name, place, entry)
            total = total + slope * cells[:, entry] + bend * np.tanh(cells[:, entry])
    return np.asarray(np.sin(total) + 0.25 * np.tanh(total), dtype=np.float64)


def _coefficients(name: str, place: int, entry: int) -> tuple[float, float]:
    digest = hashlib.sha256(f"layer {name} {place} {entry}".encode()).digest()
    return 0.3 + digest[0] / 256, 0.5 + digest[1] / 200
