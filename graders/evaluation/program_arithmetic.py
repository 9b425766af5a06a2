"""Operators of programs: arithmetic with counting, comparisons, products of matrices."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from graders.evaluation.errors import EvaluationError
from graders.evaluation.program_memory import WHOLE, Data, Held, Items, Meter, Value, as_array, hold

_NUMPY: Mapping[str, Callable[..., Any]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.true_divide,
    "//": np.floor_divide,
    "%": np.remainder,
    "**": np.power,
}
_COMPARISONS: Mapping[str, Callable[..., Any]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_PLAIN = frozenset([int, float])
_QUICK: Mapping[str, Callable[..., Any]] = {"+": operator.add, "-": operator.sub, "*": operator.mul}
"""What plain numbers need no numpy for."""
_NOT = {
    "+": "{0} and {1} cannot be added.",
    "-": "{0} and {1} cannot be subtracted.",
    "*": "{0} and {1} cannot be multiplied entry by entry.",
    "/": "{0} and {1} cannot be divided entry by entry.",
    "@": "{0} and {1} cannot be multiplied as matrices.",
}


def is_whole(data: Data) -> bool:
    """Whether the numbers count something: whole by their type."""
    return data.dtype.kind in "iub"


def sized(data: Data) -> str:
    """A shape in words."""
    if data.ndim == 0:
        return "a number"
    if data.ndim == 1:
        return f"an array of {data.size}"
    return f"an array of {' × '.join(map(str, data.shape))}"


def together(operation: str, one: Data, other: Data) -> int:
    """How many entries two arrays have together.

    Raises:
        EvaluationError: their shapes do not fit; the sentence names both.
    """
    try:
        return math.prod(np.broadcast_shapes(one.shape, other.shape))
    except ValueError:
        says = _NOT.get(operation, "{0} and {1} cannot be taken entry by entry.").format(sized(one), sized(other))
        raise EvaluationError(says[0].upper() + says[1:]) from None


def binary(meter: Meter, op: str, left: Value, right: Value) -> Value:
    """`left op right`."""
    if type(left) in _PLAIN and type(right) in _PLAIN and op in _QUICK:
        found = _QUICK[op](left, right)
        if isinstance(found, float) or -WHOLE < found < WHOLE:
            meter.multiplications += op == "*" and isinstance(found, float)
            meter.operations += 1
            return found  # type: ignore[no-any-return]
    if isinstance(left, Items) or isinstance(right, Items):
        listed = _of_lists(meter, op, left, right)
        if listed is not None:
            return listed
    if op == "@":
        return matmul(meter, left, right)
    if op not in _NUMPY:
        raise EvaluationError(f"The sign {op} cannot be used here.")
    one, other = as_array(left), as_array(right)
    size = together(op, one, other)
    meter.room(size)
    meter.operations += size
    meter.multiplications += size * _multiplications(op, one, other)
    return hold(meter, _calculated(op, one, other))


def _of_lists(meter: Meter, op: str, left: Value, right: Value) -> Value:
    """Lists are put together with + and repeated with *; None where they stand for arrays."""
    if op == "+" and isinstance(left, Items) and isinstance(right, Items):
        meter.room(len(left.values) + len(right.values))
        return Items(meter, left.values + right.values)
    if op == "*":
        items, times = (left, right) if isinstance(left, Items) else (right, left)
        if isinstance(items, Items) and isinstance(times, int):
            meter.room(len(items.values) * max(times, 0))
            return Items(meter, items.values * times)
    return None


def _multiplications(op: str, one: Data, other: Data) -> int:
    """Multiplications for one entry of the result."""
    if op in ("+", "-") or (is_whole(one) and is_whole(other) and (op != "/" or one.ndim == other.ndim == 0)):
        return 0
    if op == "**" and other.ndim == 0 and float(other) == 2:
        return 1
    if op == "**" and other.ndim == 0 and float(other).is_integer() and 2 <= float(other) <= 1000:
        exponent = int(other)
        return exponent.bit_length() + exponent.bit_count() - 2
    if op == "**" and is_whole(one):
        return 0
    return 1


def _calculated(op: str, one: Data, other: Data) -> Data:
    if one.dtype.kind == "b" and op != "/":
        one = one.astype(np.int64)
    if other.dtype.kind == "b":
        other = other.astype(np.int64)
    if not (is_whole(one) and is_whole(other)):
        return np.asarray(_NUMPY[op](one, other))
    if op == "**" and np.any(other < 0):
        if one.ndim == other.ndim == 0:
            return np.asarray(np.power(one.astype(np.float64), other))
        raise EvaluationError("Whole numbers have no negative powers in numpy; write 2.0 instead of 2.")
    if op in ("//", "%") and np.any(other == 0):
        raise EvaluationError("This divides by zero.")
    floats = np.asarray(_NUMPY[op](one.astype(np.float64), other.astype(np.float64)))
    if op == "/" or (floats.size and not np.max(np.abs(floats)) < WHOLE):
        return floats
    return np.asarray(_NUMPY[op](one, other))


def matmul(meter: Meter, left: Value, right: Value) -> Value:
    """`left @ right` of arrays with one or two axes."""
    one, other = as_array(left), as_array(right)
    if not (1 <= one.ndim <= 2 and 1 <= other.ndim <= 2) or one.shape[-1] != other.shape[0]:
        says = _NOT["@"].format(sized(one), sized(other))
        raise EvaluationError(says[0].upper() + says[1:])
    rows = one.shape[0] if one.ndim == 2 else 1
    columns = other.shape[1] if other.ndim == 2 else 1
    work = rows * one.shape[-1] * columns
    meter.room(rows * columns)
    meter.spend(work // 1000)
    meter.operations += 2 * work
    if not (is_whole(one) and is_whole(other)):
        meter.multiplications += work
    return hold(meter, one.astype(np.float64) @ other.astype(np.float64))


def compare(meter: Meter, op: str, left: Value, right: Value) -> Value:
    """`left op right`: true or false, entry by entry."""
    if op not in _COMPARISONS:
        raise EvaluationError(f"The word {op} cannot be used here.")
    one, other = as_array(left), as_array(right)
    size = together(op, one, other)
    meter.room(size)
    meter.operations += size
    return hold(meter, np.asarray(_COMPARISONS[op](one, other)))


def negated(meter: Meter, value: Value) -> Value:
    """`-value`; the sign of one number, as in `v[::-1]`, counts for nothing."""
    data = as_array(value)
    meter.room(data.size)
    meter.operations += data.size if data.ndim else 0
    return hold(meter, -data.astype(np.int64) if data.dtype.kind == "b" else -data)


def truth(value: Value) -> bool:
    """Whether a condition holds."""
    if isinstance(value, Held):
        if value.array.size != 1:
            raise EvaluationError("A condition on a whole array is neither true nor false; use np.where.")
        return bool(value.array.reshape(()))
    if isinstance(value, (Items, range)):
        return len(value.values if isinstance(value, Items) else value) > 0
    return bool(value)
