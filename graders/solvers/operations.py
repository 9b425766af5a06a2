"""The operations of the nodes of a computational graph, each with its shape, value and local gradients."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

import numpy as np

from graders.solvers.activations import hyperbolic, logistic, smooth_ramp, threshold
from graders.solvers.arrays import Array, Number, boxed, each, shape_text
from graders.solvers.exact import exponential, logarithm, quotient, root
from graders.solvers.solver import SolverError

Shape: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class Operation:
    """One kind of node.

    Attributes:
        arities: how many arguments it may have.
        shape: the shape of the result from the shapes of the arguments; SolverError where they do not fit.
        value: the result from the arguments.
        local: for every argument the derivative of the result by it, from the arguments and the result. Cell
            by cell in the shape of the result; for reductions in the shape of the argument; for matrix
            products the other factor, transposed.
        pull: the gradients by the arguments, from the arguments, the local gradients and the gradient by the
            result (upstream).
    """

    arities: tuple[int, ...]
    shape: Callable[..., Shape]
    value: Callable[..., Array]
    local: Callable[[list[Array], Array], list[Array]]
    pull: Callable[[list[Array], list[Array], Array], list[Array]]


def _chain(arguments: list[Array], local: list[Array], upstream: Array) -> list[Array]:
    """Upstream times local, summed over what broadcasting had repeated."""
    return [
        _unrepeated(boxed(upstream * slope), argument.shape) for argument, slope in zip(arguments, local, strict=True)
    ]


def _unrepeated(gradient: Array, shape: Shape) -> Array:
    extra = gradient.ndim - len(shape)
    repeated = tuple(range(extra)) + tuple(
        extra + axis for axis, size in enumerate(shape) if size == 1 != gradient.shape[extra + axis]
    )
    return boxed(np.sum(gradient, axis=repeated, keepdims=True)).reshape(shape) if repeated else gradient


def _broadcast(*shapes: Shape) -> Shape:
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        raise SolverError(f"the shapes {' and '.join(map(shape_text, shapes))} do not fit each other") from None


def _cellwise(value: Callable[[Number], Number], slope: Callable[[Number, Number], Number]) -> Operation:
    """A function of one number, applied to every cell; its slope gets the argument and the result."""
    return Operation(
        (1,),
        lambda shape: shape,
        lambda argument: each(value, argument),
        lambda arguments, result: [each(slope, arguments[0], result)],
        _chain,
    )


def _pairwise(value: Callable[[Number, Number], Number], *slopes: Callable[[Number, Number], Number]) -> Operation:
    """A function of two numbers, applied to every pair of cells, with its two slopes."""
    return Operation(
        (2,),
        _broadcast,
        lambda left, right: each(value, left, right),
        lambda arguments, _: [each(slope, *arguments) for slope in slopes],
        _chain,
    )


def _scalar(_shape: Shape) -> Shape:
    return ()


def _total(argument: Array) -> Array:
    return boxed(np.sum(argument))


def _constant_slope(slope: Callable[[int], Number]) -> Callable[[list[Array], Array], list[Array]]:
    """A local gradient that is the same for every cell of the only argument and depends on their number."""
    return lambda arguments, _: [np.full(arguments[0].shape, slope(arguments[0].size), dtype=object)]


def _extreme(best: Callable[[Number, Number], Number], reduce: Callable[[Array], Number]) -> Operation:
    """The largest or smallest: of all cells of one argument, or of each pair of cells of two; ties share."""
    pair = _pairwise(
        best,
        lambda left, right: Fraction(1, 2) if left == right else int(best(left, right) == left),
        lambda left, right: Fraction(1, 2) if left == right else int(best(left, right) == right),
    )

    def shape(*shapes: Shape) -> Shape:
        return () if len(shapes) == 1 else _broadcast(*shapes)

    def value(*arguments: Array) -> Array:
        return boxed(reduce(arguments[0])) if len(arguments) == 1 else pair.value(*arguments)

    def local(arguments: list[Array], result: Array) -> list[Array]:
        if len(arguments) == 2:
            return pair.local(arguments, result)
        hits = each(lambda cell: int(cell == result.item()), arguments[0])
        return [each(quotient, hits, _total(hits))]

    return Operation((1, 2), shape, value, local, _chain)


def _dot_shape(left: Shape, right: Shape) -> Shape:
    if len(left) != 1 or left != right:
        raise SolverError(f"dot needs two vectors of one length, not {shape_text(left)} and {shape_text(right)}")
    return ()


def _matmul_shape(left: Shape, right: Shape) -> Shape:
    fits = len(left) in (1, 2) and len(right) in (1, 2) and len(left) + len(right) > 2
    if not fits or left[-1] != right[0]:
        raise SolverError(
            f"matmul needs a matrix and a matrix or vector that fits, not {shape_text(left)} and {shape_text(right)}"
        )
    return left[:-1] + right[1:]


def _matmul_pull(arguments: list[Array], _: list[Array], upstream: Array) -> list[Array]:
    left, right = arguments
    # A vector is a row on the left and a column on the right.
    rows = left if left.ndim == 2 else left[np.newaxis]
    columns = right if right.ndim == 2 else right[:, np.newaxis]
    arriving = upstream.reshape(rows.shape[0], columns.shape[1])
    return [(arriving @ columns.T).reshape(left.shape), (rows.T @ arriving).reshape(right.shape)]


OPERATIONS: dict[str, Operation] = {
    "add": _pairwise(lambda a, b: a + b, lambda a, b: 1, lambda a, b: 1),
    "sub": _pairwise(lambda a, b: a - b, lambda a, b: 1, lambda a, b: -1),
    "mul": _pairwise(lambda a, b: a * b, lambda a, b: b, lambda a, b: a),
    "div": _pairwise(quotient, lambda a, b: quotient(1, b), lambda a, b: quotient(-a, b * b)),
    "neg": _cellwise(lambda x: -x, lambda x, y: -1),
    "square": _cellwise(lambda x: x * x, lambda x, y: 2 * x),
    "sqrt": _cellwise(root, lambda x, y: quotient(1, 2 * y)),
    "exp": _cellwise(exponential, lambda x, y: y),
    "log": _cellwise(logarithm, lambda x, y: quotient(1, x)),
    "abs": _cellwise(lambda x: max(x, -x), lambda x, y: threshold(x) - threshold(-x)),
    "relu": _cellwise(lambda x: max(0, x), lambda x, y: threshold(x)),
    "sigmoid": _cellwise(logistic, lambda x, y: y * (1 - y)),
    "tanh": _cellwise(hyperbolic, lambda x, y: 1 - y * y),
    "softplus": _cellwise(smooth_ramp, lambda x, y: logistic(x)),
    "max": _extreme(max, np.max),
    "min": _extreme(min, np.min),
    "sum": Operation((1,), _scalar, _total, _constant_slope(lambda size: 1), _chain),
    "mean": Operation(
        (1,),
        _scalar,
        lambda argument: boxed(quotient(_total(argument).item(), argument.size)),
        _constant_slope(lambda size: quotient(1, size)),
        _chain,
    ),
    "dot": Operation((2,), _dot_shape, lambda a, b: boxed(a @ b), lambda arguments, _: arguments[::-1], _chain),
    "matmul": Operation(
        (2,),
        _matmul_shape,
        lambda a, b: boxed(a @ b),
        lambda arguments, _: [arguments[1].T, arguments[0].T],
        _matmul_pull,
    ),
}

# What a drawing writes in its nodes.
SIGNS = {"+": "add", "-": "sub", "*": "mul", "·": "mul", "/": "div", "@": "matmul"}


def work(name: str, shapes: list[Shape], result: Shape) -> int:
    """Elementary operations of a node, from the shapes of its arguments and of its result."""
    touched = math.prod(result) + sum(map(math.prod, shapes))
    return touched * (shapes[0][-1] if name == "matmul" else 1)
