"""Reading the arguments of a solver: whole numbers, pairs, switches, records and arrays of a wanted shape."""

from __future__ import annotations

from fractions import Fraction

from app.domain.values import Value
from graders.solvers.arrays import Array, Number, as_array, shape_text
from graders.solvers.solver import BlankError, SolverError


def number(value: Value, name: str) -> Number:
    """One number.

    Raises:
        SolverError: `value` is an array or no number.
    """
    array = as_array(value, name)
    if array.ndim:
        raise SolverError(f"{name} must be a single number, not {shape_text(array.shape)}.")
    cell: Number = array.item()
    return cell


def whole(value: Value, name: str, least: int | None = None) -> int:
    """One whole number (2.0 counts as 2), at least `least`.

    Raises:
        SolverError: `value` is no such number.
    """
    found = number(value, name)
    if (isinstance(found, float) and not found.is_integer()) or (
        isinstance(found, Fraction) and found.denominator != 1
    ):
        raise SolverError(f"{name} must be a whole number, not {found}.")
    if least is not None and found < least:
        raise SolverError(f"{name} must be at least {least}, not {int(found)}.")
    return int(found)


def wholes(value: Value, name: str, count: int, least: int) -> tuple[int, ...]:
    """`count` whole numbers, or one number that stands for all of them.

    Raises:
        SolverError: `value` is something else.
    """
    if not isinstance(value, list):
        return (whole(value, name, least),) * count
    if len(value) != count:
        raise SolverError(f"{name} must be one number or a list of {count}, not a list of {len(value)}.")
    return tuple(whole(item, name, least) for item in value)


def switch(value: Value, name: str) -> int:
    """A yes or no, as 1 or 0.

    Raises:
        SolverError: `value` is none of True, False, 1 and 0.
    """
    found = number(value, name)
    if found not in (0, 1):
        raise SolverError(f"{name} must be True or False, not {found}.")
    return int(found)


def filled(value: Value, name: str, *dimensions: int) -> Array:
    """An array that is not empty and has one of the given numbers of dimensions (any, where none is given).

    Raises:
        SolverError: `value` is something else.
    """
    array = as_array(value, name)
    if array.size == 0:
        raise SolverError(f"{name} must not be empty.")
    if dimensions and array.ndim not in dimensions:
        wanted = " or ".join(map(str, dimensions))
        raise SolverError(f"{name} must have {wanted} dimensions, not {array.ndim}.")
    return array


def records(value: Value, name: str) -> list[dict[str, Value]]:
    """A list of records.

    Raises:
        SolverError: `value` is something else.
    """
    if value is None:
        raise BlankError(f"{name} is blank.")
    if not isinstance(value, list):
        raise SolverError(f"{name} must be a list of records.")
    found = [item for item in value if isinstance(item, dict)]
    if len(found) < len(value):
        raise SolverError(f"{name} must be a list of records.")
    return found


def cells(*values: Value) -> int:
    """How many single values the arguments hold altogether; the basis of most cost estimates."""
    count, waiting = 0, list(values)
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting.extend(value)
        elif isinstance(value, dict):
            waiting.extend(value.values())
        count += 1
    return count
