"""Arrays as nested lists: their shapes, and applying a function cell by cell with numpy's broadcasting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import prod
from typing import cast

from app.domain.values import Value
from graders.evaluation.errors import EvaluationError
from graders.evaluation.fuel import check_length

Shape = tuple[int, ...]


def shape(value: Value) -> Shape:
    """The lengths along each axis; () for a single cell.

    Raises:
        EvaluationError: the rows differ in length.
    """
    if not isinstance(value, list):
        return ()
    if not value:
        return (0,)
    first = shape(value[0])
    if any(shape(row) != first for row in value[1:]):
        raise EvaluationError("The rows of this list differ in length.")
    return (len(value), *first)


def shape_text(found: Shape) -> str:
    """A shape for people: `2×3`, `4`, or `a single number`."""
    return "×".join(str(length) for length in found) if found else "a single number"


def broadcast(function: Callable[[Value, Value], Value], left: Value, right: Value) -> Value:
    """The function cell by cell; axes are aligned from the last, and a length of 1 is stretched.

    Raises:
        EvaluationError: the shapes do not fit, or the result would be too large.
    """
    if not isinstance(left, list) and not isinstance(right, list):
        return function(left, right)
    return _spread(function, left, shape(left), right, shape(right))


def common_shape(one: Shape, other: Shape) -> Shape:
    """The shape that two arrays broadcast to."""
    rank = max(len(one), len(other))
    result: list[int] = []
    for a, b in zip((1,) * (rank - len(one)) + one, (1,) * (rank - len(other)) + other, strict=True):
        if a != b and 1 not in (a, b):
            raise EvaluationError(f"The shapes {shape_text(one)} and {shape_text(other)} do not fit together.")
        result.append(b if a == 1 else a)
    check_length(prod(result))
    return tuple(result)


def _spread(function: Callable[[Value, Value], Value], left: Value, one: Shape, right: Value, other: Shape) -> Value:
    common_shape(one, other)
    return _pair(function, left, one, right, other)


def _pair(function: Callable[[Value, Value], Value], left: Value, one: Shape, right: Value, other: Shape) -> Value:
    if not one and not other:
        return function(left, right)
    if len(one) > len(other):
        return [_pair(function, row, one[1:], right, other) for row in cast("list[Value]", left)]
    if len(other) > len(one):
        return [_pair(function, left, one, row, other[1:]) for row in cast("list[Value]", right)]
    rows, others = cast("list[Value]", left), cast("list[Value]", right)
    if one[0] != other[0]:
        rows, others = (rows * other[0], others) if one[0] == 1 else (rows, others * one[0])
    return [_pair(function, a, one[1:], b, other[1:]) for a, b in zip(rows, others, strict=True)]


def each(function: Callable[[Value], Value], value: Value) -> Value:
    """The function of every cell, in the same nesting."""
    if isinstance(value, list):
        return [each(function, item) for item in value]
    return function(value)


def cells(value: Value) -> Iterator[Value]:
    """All cells, row by row; a single value is its own only cell."""
    if isinstance(value, list):
        for item in value:
            yield from cells(item)
    else:
        yield value


def has_blank(value: Value) -> bool:
    """Whether the value is blank or has a blank cell."""
    return any(cell is None for cell in cells(value))


def along(function: Callable[[list[Value]], Value], value: Value, axis: int) -> Value:
    """The function of every line along an axis, which disappears (negative axes count from the last).

    Raises:
        EvaluationError: there is no such axis.
    """
    rank = len(shape(value))
    if not -rank <= axis < rank:
        raise EvaluationError(f"There is no axis {axis}; the array has {rank}.")
    return _along(function, cast("list[Value]", value), axis % rank)


def _along(function: Callable[[list[Value]], Value], rows: list[Value], axis: int) -> Value:
    if axis:
        return [_along(function, cast("list[Value]", row), axis - 1) for row in rows]
    if rows and isinstance(rows[0], list):
        columns = zip(*cast("list[list[Value]]", rows), strict=True)
        return [_along(function, list(column), 0) for column in columns]
    return function(rows)
