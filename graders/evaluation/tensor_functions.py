"""Functions of whole vectors and matrices, and the sentences for shapes that do not fit."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, cast

import numpy as np

from graders.evaluation import tensor_duals as duals
from graders.evaluation.errors import EvaluationError
from graders.evaluation.tensor_duals import Shape, Tensor, linear, number, plain, shape

LARGEST = 10_000
"""Entries of one array."""


class ShapeError(EvaluationError):
    """Two shapes that do not fit: a mistake in the formula, not a limit of the evaluation."""

    def __init__(self, operation: str, one: Shape, other: Shape) -> None:
        first, second = described(one), described(other)
        match operation:
            case "@":
                says = f"{first} and {second} cannot be multiplied: {one[1]} columns meet {other[0]} rows."
            case "square":
                says = f"{first} is not square."
            case "gradient":
                says = f"{first} has no gradient, but a Jacobian."
            case _:
                says = _NOT.get(operation, "{0} and {1} cannot be taken entry by entry.").format(first, second)
        super().__init__(says[0].upper() + says[1:])
        self.shapes = one, other


_NOT = {
    "+": "{0} and {1} cannot be added.",
    "-": "{0} and {1} cannot be subtracted.",
    "*": "{0} and {1} cannot be multiplied entry by entry.",
    "/": "{0} and {1} cannot be divided entry by entry.",
    "**": "{0} and {1} cannot be raised entry by entry.",
    "dot": "{0} and {1} cannot be multiplied to a number.",
    "outer": "{0} and {1} cannot be multiplied to a matrix as vectors.",
    "concat": "{0} and {1} cannot be put together.",
}


def described(one: Shape) -> str:
    """A shape in words, as in “a column of 3 entries”."""
    rows, columns = one
    if one == (1, 1):
        return "a number"
    if columns == 1:
        return f"a column of {rows} entries"
    if rows == 1:
        return f"a row of {columns} entries"
    return f"a {rows} × {columns} matrix"


def fitting(operation: str, one: Shape, other: Shape) -> None:
    """Raises ShapeError unless the shapes are the same or one of them is a number's."""
    if one != other and (1, 1) not in (one, other):
        raise ShapeError(operation, one, other)


def place(array: np.ndarray[Any, Any]) -> Shape:
    """The rows and columns of a plain array."""
    return cast(Shape, array.shape[-2:])


def whole(tensor: Tensor, what: str = "size") -> int:
    """The whole number that a tensor is.

    Raises:
        EvaluationError: it is something else.
    """
    array = plain(tensor)
    if array.shape != (1, 1):
        raise EvaluationError(f"The {what} is one number, not {described(shape(tensor))}.")
    value = float(array[0, 0])
    if not math.isfinite(value) or abs(value - round(value)) > 1e-9 or abs(value) > LARGEST:
        raise EvaluationError(f"The {what} is a whole number that is not too large.")
    return round(value)


def check_size(rows: int, columns: int) -> None:
    """Raises EvaluationError before an array is built that would be too large, or of no entries."""
    if rows < 1 or columns < 1:
        raise EvaluationError("A size is at least 1.")
    if rows * columns > LARGEST:
        raise EvaluationError(f"A matrix of {rows} × {columns} entries is too large.")


def turned(tensor: Tensor) -> Tensor:
    """The transpose."""
    return linear(lambda array: np.swapaxes(array, -1, -2), tensor)


def stacked(tensors: list[Tensor]) -> Tensor:
    """Numbers as a column, rows as a matrix.

    Raises:
        EvaluationError: columns, or rows of different lengths.
    """
    widths = {shape(tensor)[1] for tensor in tensors}
    if any(shape(tensor)[0] != 1 for tensor in tensors) or len(widths) > 1:
        raise EvaluationError("The entries of a list are numbers, or rows of the same length.")
    check_size(len(tensors), widths.pop())
    return duals.gathered(tensors, lambda arrays: np.concatenate(arrays, axis=-2))


def _is_vector(one: Shape) -> bool:
    return 1 in one


def _as_column(tensor: Tensor) -> Tensor:
    return turned(tensor) if shape(tensor)[0] == 1 else tensor


def _total(tensor: Tensor) -> Tensor:
    return linear(lambda array: array.sum(axis=(-2, -1), keepdims=True), tensor)


def _added(values: list[Tensor], divided: bool) -> Tensor:
    """The sum of all entries, or (with an axis) of every column (0) or row (1)."""
    tensor = values[0]
    rows, columns = shape(tensor)
    if len(values) == 1:
        found, count = _total(tensor), rows * columns
    else:
        axis = whole(values[1], "axis")
        if axis not in (0, 1):
            raise EvaluationError("The axis is 0 (sums of the columns) or 1 (sums of the rows).")
        found = linear(lambda array: array.sum(axis=axis - 2, keepdims=True), tensor)
        count = columns if axis else rows
    return duals.over(found, number(count)) if divided else found


def _dot(one: Tensor, other: Tensor) -> Tensor:
    left, right = shape(one), shape(other)
    if _is_vector(left) and _is_vector(right):
        if left[0] * left[1] != right[0] * right[1]:
            raise ShapeError("dot", left, right)
        return _total(duals.times(_as_column(one), _as_column(other)))
    if (1, 1) in (left, right):
        return duals.times(one, other)
    if left[1] != right[0]:
        raise ShapeError("@", left, right)
    return duals.matmul(one, other)


def _outer(one: Tensor, other: Tensor) -> Tensor:
    left, right = shape(one), shape(other)
    if not (_is_vector(left) and _is_vector(right)):
        raise ShapeError("outer", left, right)
    check_size(left[0] * left[1], right[0] * right[1])
    return duals.matmul(_as_column(one), turned(_as_column(other)))


def _norm(values: list[Tensor]) -> Tensor:
    """The Euclidean norm (of a matrix: Frobenius), or the p-norm of a vector."""
    if len(values) == 1:
        return duals.apply("sqrt", _total(duals.times(values[0], values[0])))
    order = float(plain(values[1]).flat[0])
    if not _is_vector(shape(values[0])) or shape(values[1]) != (1, 1) or not order >= 1:
        raise EvaluationError("A p-norm is that of a vector, with p at least 1.")
    sizes = duals.apply("abs", values[0])
    if math.isinf(order):
        return _extreme([sizes], largest=True)
    return duals.power(_total(duals.power(sizes, values[1])), number(1 / order))


def _square(tensor: Tensor) -> int:
    rows, columns = shape(tensor)
    if rows != columns:
        raise ShapeError("square", (rows, columns), (rows, columns))
    return rows


def _trace(tensor: Tensor) -> Tensor:
    _square(tensor)
    return linear(duals.trace, tensor)


def _det(tensor: Tensor) -> Tensor:
    _square(tensor)
    return duals.determinant(tensor)


def _inv(tensor: Tensor) -> Tensor:
    size = _square(tensor)
    try:
        return duals.inverse(tensor)
    except np.linalg.LinAlgError:
        return np.full((size, size), math.nan)


def _diag(tensor: Tensor) -> Tensor:
    """The matrix with that diagonal; of a matrix its diagonal."""
    rows, columns = shape(tensor)
    if not _is_vector((rows, columns)):
        return linear(lambda array: np.diagonal(array, axis1=-2, axis2=-1)[..., None], tensor)
    size = rows * columns
    check_size(size, size)
    return linear(lambda array: array.reshape(*array.shape[:-2], size, 1) * np.eye(size), tensor)


def _eye(values: list[Tensor]) -> Tensor:
    rows, columns = whole(values[0]), whole(values[-1])
    check_size(rows, columns)
    return np.eye(rows, columns)


def _filled(values: list[Tensor], value: float) -> Tensor:
    rows, columns = whole(values[0]), whole(values[1]) if len(values) > 1 else 1
    check_size(rows, columns)
    return np.full((rows, columns), value)


def _arange(values: list[Tensor]) -> Tensor:
    ends = [whole(value, "end") for value in values]
    first, last, step = (0, ends[0], 1) if len(ends) == 1 else (ends[0], ends[1], ends[2] if len(ends) > 2 else 1)
    if not step or not range(first, last, step):
        raise EvaluationError("This list of whole numbers is empty.")
    check_size(len(range(first, last, step)), 1)
    return np.array(range(first, last, step), dtype=np.float64)[:, None]


def _kron(one: Tensor, other: Tensor) -> Tensor:
    check_size(shape(one)[0] * shape(other)[0], shape(one)[1] * shape(other)[1])
    return duals.kron(one, other)


def _concat(values: list[Tensor]) -> Tensor:
    """Columns (and matrices of the same width) below each other, rows beside each other."""
    axis = -1 if all(shape(value)[0] == 1 for value in values) and any(shape(value)[1] > 1 for value in values) else -2
    if axis == -2 and len({shape(value)[1] for value in values}) > 1:
        raise ShapeError("concat", shape(values[0]), shape(values[1]))
    check_size(sum(shape(value)[0] for value in values), max(shape(value)[1] for value in values))
    return duals.gathered(values, lambda arrays: np.concatenate(arrays, axis=axis))


def _along(tensor: Tensor) -> int:
    """The axis along which a vector runs; the rows of a matrix."""
    return -1 if shape(tensor)[0] == 1 else -2


def _reverse(tensor: Tensor) -> Tensor:
    axis = _along(tensor)
    return linear(lambda array: np.flip(array, axis=axis), tensor)


def _cumsum(tensor: Tensor) -> Tensor:
    axis = _along(tensor)
    return linear(lambda array: array.cumsum(axis=axis), tensor)


def _extreme(values: list[Tensor], largest: bool) -> Tensor:
    """The largest (smallest) entry of one array, or entry by entry that of several."""
    if len(values) == 1:
        only = values[0]
        flat = plain(only).reshape(-1)
        if np.isnan(flat).any():
            return number(math.nan)
        row, column = divmod(int(flat.argmax() if largest else flat.argmin()), shape(only)[1])
        return linear(lambda array: array[..., row : row + 1, column : column + 1], only)
    found = values[0]
    for value in values[1:]:
        fitting("max", shape(found), shape(value))
        one, other = plain(found), plain(value)
        first = one >= other if largest else one <= other
        found = duals.chosen(first | np.isnan(one), found, value)
    return found


def _softmax(tensor: Tensor) -> Tensor:
    if not _is_vector(shape(tensor)):
        raise EvaluationError("The softmax is that of a vector.")
    powers = duals.apply("exp", duals.minus(tensor, _extreme([tensor], largest=True)))
    return duals.over(powers, _total(powers))


def _one(function: Callable[[Tensor], Tensor], name: str) -> Callable[[list[Tensor]], Tensor]:
    return _counted(name, 1, 1, lambda values: function(values[0]))


def _two(function: Callable[[Tensor, Tensor], Tensor], name: str) -> Callable[[list[Tensor]], Tensor]:
    return _counted(name, 2, 2, lambda values: function(values[0], values[1]))


def _counted(
    name: str, fewest: int, most: int, function: Callable[[list[Tensor]], Tensor]
) -> Callable[[list[Tensor]], Tensor]:
    def call(values: list[Tensor]) -> Tensor:
        if not fewest <= len(values) <= most:
            raise EvaluationError(f"“{name}” cannot be calculated with {len(values)} values.")
        return function(values)

    return call


FUNCTIONS: Mapping[str, Callable[[list[Tensor]], Tensor]] = {
    "transpose": _one(turned, "transpose"),
    "dot": _two(_dot, "dot"),
    "outer": _two(_outer, "outer"),
    "norm": _counted("norm", 1, 2, _norm),
    "sum": _counted("sum", 1, 2, lambda values: _added(values, divided=False)),
    "mean": _counted("mean", 1, 2, lambda values: _added(values, divided=True)),
    "trace": _one(_trace, "trace"),
    "det": _one(_det, "det"),
    "inv": _one(_inv, "inv"),
    "diag": _one(_diag, "diag"),
    "eye": _counted("eye", 1, 2, _eye),
    "ones": _counted("ones", 1, 2, lambda values: _filled(values, 1.0)),
    "zeros": _counted("zeros", 1, 2, lambda values: _filled(values, 0.0)),
    "arange": _counted("arange", 1, 3, _arange),
    "kron": _two(_kron, "kron"),
    "concat": _counted("concat", 1, 50, _concat),
    "reverse": _one(_reverse, "reverse"),
    "cumsum": _one(_cumsum, "cumsum"),
    "softmax": _one(_softmax, "softmax"),
    "max": _counted("max", 1, 50, lambda values: _extreme(values, largest=True)),
    "min": _counted("min", 1, 50, lambda values: _extreme(values, largest=False)),
}
"""Functions of vectors and matrices by name; each checks how many values it is given."""
