"""Functions of programs that make arrays or arrange their elements; memory is bounded before it is taken."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np

from graders.evaluation import program_arithmetic as arithmetic
from graders.evaluation.errors import EvaluationError
from graders.evaluation.program_memory import (
    LARGEST,
    Data,
    Held,
    Items,
    Meter,
    Value,
    as_array,
    each_of,
    hold,
    number_of,
    view,
    whole_of,
)

Function: TypeAlias = Callable[..., Value]


def one_number(value: Value) -> Any:
    """The single number that a value is, as numpy has it.

    Raises:
        EvaluationError: it has several entries.
    """
    data = as_array(value)
    if data.size != 1:
        raise EvaluationError("One number is needed here, not an array.")
    return number_of(data.reshape(()))


def _wholes(values: tuple[Value, ...]) -> list[int]:
    """Whole numbers, given one after another or in one list."""
    if len(values) == 1 and isinstance(values[0], (Items, Held)):
        values = tuple(each_of(values[0]))
    return [whole_of(value, "size") for value in values]


def _shape_of(value: Value) -> tuple[int, ...]:
    sizes = _wholes((value,))
    if any(size < 0 for size in sizes):
        raise EvaluationError("A size cannot be negative.")
    return tuple(sizes)


def _full(meter: Meter, shape: Value, columns: Value, value: Any) -> Value:
    sizes = _shape_of(shape) + (() if columns is None else _shape_of(columns))
    meter.room(math.prod(sizes))
    return hold(meter, np.full(sizes, value))


def _like(meter: Meter, a: Value, value: Any) -> Value:
    data = as_array(a)
    meter.room(data.size)
    return hold(meter, np.full(data.shape, value, dtype=data.dtype))


def _eye(meter: Meter, N: Value, M: Value = None, k: Value = 0) -> Value:
    rows = whole_of(N, "size")
    columns = rows if M is None else whole_of(M, "size")
    if rows < 0 or columns < 0:
        raise EvaluationError("A size cannot be negative.")
    meter.room(rows * columns)
    return hold(meter, np.eye(rows, columns, max(-rows, min(columns, whole_of(k)))))


def _arange(meter: Meter, *ends: Value) -> Value:
    if not 1 <= len(ends) <= 3:
        raise EvaluationError("“arange” takes a start, an end and a step.")
    numbers = [one_number(end) for end in ends]
    start, stop, step = (0, numbers[0], 1) if len(numbers) == 1 else (*numbers, 1)[:3]
    if not step or not all(math.isfinite(one) for one in (start, stop, step)):
        raise EvaluationError("The ends of an arange are finite, and its step is not 0.")
    meter.room(max(0, math.ceil((float(stop) - float(start)) / float(step))))
    return hold(meter, np.arange(start, stop, step))


def _linspace(meter: Meter, start: Value, stop: Value, num: Value = 50) -> Value:
    count = whole_of(num, "size")
    meter.room(max(count, 0))
    return hold(meter, np.linspace(one_number(start), one_number(stop), max(count, 0)))


def an_array(meter: Meter, a: Value) -> Value:
    """The array that a list or range is; an array itself is not copied."""
    return a if isinstance(a, Held) else _copy(meter, a)


def _copy(meter: Meter, a: Value) -> Value:
    data = as_array(a)
    meter.room(data.size)
    return hold(meter, data.copy()) if data.ndim else a


def _diag(meter: Meter, v: Value, k: Value = 0) -> Value:
    data, offset = as_array(v), whole_of(k)
    if data.ndim == 1:
        size = data.size + abs(offset)
        meter.room(size * size)
        return hold(meter, np.diag(data, offset))
    if data.ndim == 2 and isinstance(v, Held):
        return view(v, np.diagonal(data, offset))
    raise EvaluationError("The diagonal is that of an array with one or two axes.")


def _times(counts: Value, size: int) -> Any:
    many = as_array(counts)
    if not arithmetic.is_whole(many) or np.any(many < 0) or many.ndim > 1 or (many.ndim and many.size not in (1, size)):
        raise EvaluationError("The repetitions are a whole number, or one for every entry.")
    return int(many.reshape(-1)[0]) if many.size == 1 else many


def _repeat(meter: Meter, a: Value, repeats: Value, axis: Value = None) -> Value:
    data = as_array(a)
    along = None if axis is None else axis_of(data, axis)
    many = _times(repeats, data.size if along is None else data.shape[along])
    if isinstance(many, int):
        meter.room(data.size * many)
    else:
        meter.room(int(many.sum()) * (1 if along is None else max(1, data.size // max(1, data.shape[along]))))
    return hold(meter, np.repeat(data, many, along))


def _tile(meter: Meter, A: Value, reps: Value) -> Value:
    data, many = as_array(A), _shape_of(reps)
    meter.room(data.size * math.prod(many))
    return hold(meter, np.tile(data, many))


def _insert(meter: Meter, arr: Value, obj: Value, values: Value, axis: Value = None) -> Value:
    data, places, new = as_array(arr), as_array(obj), as_array(values)
    if not arithmetic.is_whole(places):
        raise EvaluationError("Places are whole numbers.")
    along = None if axis is None else axis_of(data, axis)
    meter.room(data.size + max(places.size, new.size) * (1 if along is None else max(1, data.size)))
    return hold(meter, np.insert(data, places, new, along))


def _append(meter: Meter, arr: Value, values: Value, axis: Value = None) -> Value:
    one, other = as_array(arr), as_array(values)
    along = None if axis is None else axis_of(one, axis)
    meter.room(one.size + other.size)
    return hold(meter, np.append(one, other, along))


def _parts(values: tuple[Value, ...]) -> list[Data]:
    """The arrays to be joined: in one list, or (as in formulas) one after another."""
    if len(values) == 1:
        values = tuple(each_of(values[0]))
    return [as_array(value) for value in values]


def _joined(join: Callable[..., Any]) -> Function:
    def function(meter: Meter, *values: Value) -> Value:
        parts = _parts(values)
        meter.room(sum(part.size for part in parts))
        return hold(meter, join(parts))

    return function


def _along(join: Callable[..., Any]) -> Function:
    def function(meter: Meter, *values: Value, axis: Value = 0) -> Value:
        if len(values) == 2 and isinstance(values[0], Items) and isinstance(values[1], int):
            axis, values = values[1], values[:1]
        parts = _parts(values)
        meter.room(sum(part.size for part in parts))
        if join is np.concatenate:
            parts = [np.atleast_1d(part) for part in parts]
        return hold(meter, join(parts, axis=whole_of(axis, "axis")))

    return function


def axis_of(data: Data, axis: Value) -> int:
    """The place of an axis, counted from 0."""
    found = whole_of(axis, "axis")
    if not -data.ndim <= found < data.ndim:
        raise EvaluationError(f"This array has no axis {found}.")
    return found % data.ndim


def _viewed(change: Callable[[Data], Data]) -> Function:
    """A function that only arranges the same elements."""

    def function(meter: Meter, a: Value) -> Value:
        held = an_array(meter, a)
        return view(held, change(held.array)) if isinstance(held, Held) else held

    return function


def _reverse(meter: Meter, m: Value, axis: Value = None) -> Value:
    held = an_array(meter, m)
    if not isinstance(held, Held):
        raise EvaluationError("A number cannot be reversed.")
    return view(held, np.flip(held.array, 0 if axis is None else axis_of(held.array, axis)))


def _flip(meter: Meter, m: Value, axis: Value = None) -> Value:
    """Without an axis along all of them, unlike a slice."""
    held = an_array(meter, m)
    if axis is not None or not isinstance(held, Held):
        return _reverse(meter, m, axis)
    return view(held, np.flip(held.array))


def _roll(meter: Meter, a: Value, shift: Value, axis: Value = None) -> Value:
    data = as_array(a)
    meter.room(data.size)
    return hold(meter, np.roll(data, whole_of(shift), None if axis is None else axis_of(data, axis)))


def _reshape(meter: Meter, a: Value, *shape: Value) -> Value:
    held = an_array(meter, a)
    sizes = _wholes(shape)
    if not isinstance(held, Held):
        raise EvaluationError("A number cannot be arranged.")
    try:
        return view(held, held.array.reshape(sizes))
    except ValueError:
        asked = " × ".join(map(str, sizes))
        raise EvaluationError(f"{arithmetic.sized(held.array).capitalize()} does not fit into {asked}.") from None


def _expand_dims(meter: Meter, a: Value, axis: Value) -> Value:
    held = an_array(meter, a)
    place = whole_of(axis, "axis")
    if not isinstance(held, Held) or not -held.array.ndim - 1 <= place <= held.array.ndim:
        raise EvaluationError("There is no such axis to be added.")
    return view(held, np.expand_dims(held.array, place))


def _triangle(lower: bool) -> Function:
    def function(meter: Meter, m: Value, k: Value = 0) -> Value:
        data = as_array(m)
        if data.ndim != 2:
            raise EvaluationError("A triangle is that of an array with two axes.")
        meter.room(data.size)
        offset = max(-LARGEST, min(LARGEST, whole_of(k)))
        return hold(meter, np.tril(data, offset) if lower else np.triu(data, offset))

    return function


BUILDING: dict[str, tuple[str, Function]] = {
    "zeros": ("shape columns?", lambda meter, shape, columns=None: _full(meter, shape, columns, 0.0)),
    "ones": ("shape columns?", lambda meter, shape, columns=None: _full(meter, shape, columns, 1.0)),
    "empty": ("shape columns?", lambda meter, shape, columns=None: _full(meter, shape, columns, 0.0)),
    "full": ("shape fill_value", lambda meter, shape, fill_value: _full(meter, shape, None, one_number(fill_value))),
    "zeros_like": ("a", lambda meter, a: _like(meter, a, 0)),
    "ones_like": ("a", lambda meter, a: _like(meter, a, 1)),
    "empty_like": ("a", lambda meter, a: _like(meter, a, 0)),
    "full_like": ("a fill_value", lambda meter, a, fill_value: _like(meter, a, one_number(fill_value))),
    "eye": ("N M? k?", _eye),
    "arange": ("*", _arange),
    "linspace": ("start stop num?", _linspace),
    "asarray": ("a", an_array),
    "copy": ("a", _copy),
    "astype": ("a", _copy),
    "diag": ("v k?", _diag),
    "diagonal": ("v k?", _diag),
    "tril": ("m k?", _triangle(lower=True)),
    "triu": ("m k?", _triangle(lower=False)),
    "repeat": ("a repeats axis?", _repeat),
    "tile": ("A reps", _tile),
    "insert": ("arr obj values axis?", _insert),
    "append": ("arr values axis?", _append),
    "concat": ("* axis?", _along(np.concatenate)),
    "stack": ("* axis?", _along(np.stack)),
    "hstack": ("*", _joined(np.hstack)),
    "vstack": ("*", _joined(np.vstack)),
    "column_stack": ("*", _joined(np.column_stack)),
    "reverse": ("m axis?", _reverse),
    "flip": ("m axis?", _flip),
    "fliplr": ("m", lambda meter, m: _reverse(meter, m, 1)),
    "roll": ("a shift axis?", _roll),
    "ravel": ("a", _viewed(np.ravel)),
    "flatten": ("a", lambda meter, a: _viewed(np.ravel)(meter, _copy(meter, a))),
    "reshape": ("*", _reshape),
    "transpose": ("a", _viewed(np.transpose)),
    "squeeze": ("a", _viewed(np.squeeze)),
    "expand_dims": ("a axis", _expand_dims),
}
"""Functions by name, with their parameters; `?` marks those that may be left out, `*` any number of them."""
