"""Nested lists of the question language as numpy arrays of exact numbers, and back."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from app.domain.values import Share, Value, normal
from graders.solvers.solver import BlankError, SolverError

Array: TypeAlias = npt.NDArray[Any]  # always of dtype object
Number: TypeAlias = int | Fraction | float

MAX_DIMENSIONS = 8


def as_array(value: Value, name: str = "the array") -> Array:
    """A number or rectangular nested list as an array of dtype object, with the exact numbers as its cells.

    True and False become 1 and 0; a bare number becomes an array without dimensions.

    Raises:
        SolverError: `value` is ragged, too deep, or holds something that is not a number. `name` is the
            argument that the sentence names.
        BlankError: a cell is blank.
    """
    cells: list[Number] = []
    shape = _collect(value, name, cells, MAX_DIMENSIONS)
    array = np.empty(shape, dtype=object)
    array.ravel()[:] = cells
    return array


def as_value(result: Any) -> Value:
    """An array, scalar, list or record as a value: no numpy inside, whole fractions as ints.

    Raises:
        SolverError: `result` is no value.
    """
    if isinstance(result, np.ndarray | np.generic):
        result = result.tolist()
    if isinstance(result, float):
        return float(result)
    if result is None or isinstance(result, bool | int | str | Share):
        return result
    if isinstance(result, Fraction):
        return normal(result)
    if isinstance(result, list | tuple):
        return [as_value(item) for item in result]
    if isinstance(result, dict):
        return {key: as_value(item) for key, item in result.items()}
    raise SolverError(f"A {type(result).__name__} is not a value of the question language.")


def boxed(result: Any) -> Array:
    """The same cells as an array: numpy unpacks object arrays without dimensions at every step."""
    if isinstance(result, np.ndarray):
        return result
    box = np.empty((), dtype=object)
    box[()] = result
    return box


def each(function: Callable[..., Number], *arrays: Array) -> Array:
    """Apply a function of numbers to every cell, broadcasting several arrays like numpy."""
    return boxed(np.frompyfunc(function, len(arrays), 1)(*arrays))


def shape_text(shape: tuple[int, ...]) -> str:
    """A shape as people write it: `3×4`, or `a single number`."""
    if not shape:
        return "a single number"
    return f"{shape[0]} values" if len(shape) == 1 else "×".join(map(str, shape))


def _collect(value: Value, name: str, cells: list[Number], levels: int) -> tuple[int, ...]:
    """Append the cells in reading order and return the shape."""
    if not isinstance(value, list):
        cells.append(_cell(value, name))
        return ()
    if not levels:
        raise SolverError(f"{name} is nested more than {MAX_DIMENSIONS} levels deep.")
    shapes = {_collect(item, name, cells, levels - 1) for item in value}
    if len(shapes) > 1:
        raise SolverError(f"{name} must be rectangular, but its rows have different lengths.")
    return (len(value), *shapes.pop()) if shapes else (0,)


def _cell(value: Value, name: str) -> Number:
    if value is None:
        raise BlankError(f"{name} has a blank cell.")
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, int | Fraction):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return float(value)
    shown = repr(value) if isinstance(value, str | float) else f"a {type(value).__name__}"
    raise SolverError(f"{name} must hold numbers only, not {shown[:40]}.")
