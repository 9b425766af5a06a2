"""The functions that programs call, as numpy has them: calculations, and the table of all."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from app.domain.language.program_words import ELEMENTWISE, PAIRWISE
from graders.evaluation import program_arithmetic as arithmetic
from graders.evaluation.errors import EvaluationError
from graders.evaluation.program_building import BUILDING, Function, an_array, axis_of, one_number
from graders.evaluation.program_memory import (
    LARGEST,
    Data,
    Held,
    Items,
    Meter,
    Pairs,
    TooLarge,
    Value,
    as_array,
    each_of,
    hold,
    view,
    whole_of,
)
from graders.evaluation.tensor_duals import FUNCTIONS as SMOOTH


def call(meter: Meter, name: str, args: list[Value], kwargs: Mapping[str, Value]) -> Value:
    """The value of a call.

    Raises:
        EvaluationError: the arguments do not fit; one sentence.
    """
    if name in ELEMENTWISE or name in PAIRWISE or name in ("max", "min"):
        parameters, function = _entry_by_entry(name, len(args))
    elif name in _FUNCTIONS:
        parameters, function = _FUNCTIONS[name]
    else:
        raise EvaluationError(f"“{name}” cannot be calculated with these values.")
    if parameters.startswith("*"):
        if any(f"{key}?" not in parameters for key in kwargs):
            raise EvaluationError(f"“{name}” has no argument called {next(iter(kwargs))}.")
        return function(meter, *args, **kwargs)
    names = parameters.split()
    needed = [one for one in names if not one.endswith("?")]
    known = [one.rstrip("?") for one in names]
    if len(args) > len(known) or any(key not in known for key in kwargs):
        if name == "round":
            raise EvaluationError("Write the values as they are, not rounded to decimals.")
        if len(known) == 1:
            raise EvaluationError(f"“{name}” takes one value only.")
        raise EvaluationError(f"“{name}” can be given {', '.join(known)}.")
    given = dict(zip(known, args, strict=False)) | dict(kwargs)
    if missing := [one for one in needed if one not in given]:
        raise EvaluationError(f"“{name}” needs {missing[0]}.")
    return function(meter, **given)


def _entry_by_entry(name: str, count: int) -> tuple[str, Function]:
    if name in ("max", "min"):
        if count < 2:
            return "a axis? keepdims?", _reduced(name)
        return "*", lambda meter, *values: _extreme(meter, name, list(values))
    if name in PAIRWISE:
        return "a b", lambda meter, a, b: _pairwise(meter, name, a, b)
    return "a", lambda meter, a: _elementwise(meter, name, a)


_SIGNS = {
    "add": "+",
    "subtract": "-",
    "multiply": "*",
    "true_divide": "/",
    "power": "**",
    "remainder": "%",
    "floor_divide": "//",
}
_SPECIAL: Mapping[str, Callable[[Any], Any]] = {
    "log1p": np.log1p,
    "expm1": np.expm1,
    "round": np.round,
    "square": np.square,
    "negative": np.negative,
    "reciprocal": np.reciprocal,
    "abs": np.abs,
    "sign": np.sign,
}


def _elementwise(meter: Meter, name: str, a: Value) -> Value:
    data = as_array(a)
    meter.room(data.size)
    meter.operations += data.size
    if name in ("square", "reciprocal"):
        meter.multiplications += 0 if arithmetic.is_whole(data) else data.size
    if name in _SPECIAL and name != "reciprocal":
        return hold(meter, _SPECIAL[name](data))
    floats = data.astype(np.float64)
    return hold(meter, _SPECIAL[name](floats) if name in _SPECIAL else SMOOTH[name].calculate(floats))


def _pairwise(meter: Meter, name: str, a: Value, b: Value) -> Value:
    if name in _SIGNS:
        arrays: list[Value] = [hold(meter, as_array(one)) if isinstance(one, Items) else one for one in (a, b)]
        return arithmetic.binary(meter, _SIGNS[name], *arrays)
    one, other = as_array(a), as_array(b)
    size = arithmetic.together(name, one, other)
    meter.room(size)
    meter.operations += size
    if name == "logaddexp":
        return hold(meter, np.logaddexp(one.astype(np.float64), other.astype(np.float64)))
    return hold(meter, np.maximum(one, other) if name == "maximum" else np.minimum(one, other))


def _extreme(meter: Meter, name: str, values: list[Value]) -> Value:
    """The largest or smallest of several values, entry by entry."""
    found = values[0]
    for value in values[1:]:
        found = _pairwise(meter, "maximum" if name == "max" else "minimum", found, value)
    return found


def _outer(meter: Meter, a: Value, b: Value) -> Value:
    one, other = as_array(a).reshape(-1), as_array(b).reshape(-1)
    meter.room(one.size * other.size)
    meter.operations += one.size * other.size
    meter.multiplications += 0 if arithmetic.is_whole(one) and arithmetic.is_whole(other) else one.size * other.size
    return hold(meter, np.multiply.outer(one, other))


def _kron(meter: Meter, a: Value, b: Value) -> Value:
    one, other = as_array(a), as_array(b)
    if max(one.ndim, other.ndim) > 2:
        raise EvaluationError("“kron” takes arrays with one or two axes.")
    size = one.size * other.size
    meter.room(size)
    meter.operations += size
    meter.multiplications += 0 if arithmetic.is_whole(one) and arithmetic.is_whole(other) else size
    return hold(meter, np.kron(one, other))


def _dot(meter: Meter, a: Value, b: Value) -> Value:
    if as_array(a).ndim == 0 or as_array(b).ndim == 0:
        return arithmetic.binary(meter, "*", an_array(meter, a), an_array(meter, b))
    return arithmetic.matmul(meter, a, b)


def _where(meter: Meter, condition: Value, x: Value, y: Value) -> Value:
    mask, one, other = as_array(condition), as_array(x), as_array(y)
    arithmetic.together("where", one, other)
    try:
        size = math.prod(np.broadcast_shapes(mask.shape, one.shape, other.shape))
    except ValueError:
        raise EvaluationError("The condition and the values of “where” are equally long.") from None
    meter.room(size)
    meter.operations += size
    return hold(meter, np.where(mask != 0, one, other))


_REDUCTIONS: Mapping[str, Callable[..., Any]] = {
    "sum": np.sum,
    "prod": np.prod,
    "mean": np.mean,
    "max": np.max,
    "min": np.min,
    "any": np.any,
    "all": np.all,
}


def _reduced(name: str) -> Function:
    def function(meter: Meter, a: Value, axis: Value = None, keepdims: Value = False) -> Value:
        data = as_array(a)
        along = None if axis is None else axis_of(data, axis)
        meter.spend(1 + data.size // 256)
        meter.operations += data.size
        if name in ("max", "min", "mean") and not data.size:
            raise EvaluationError(f"“{name}” of nothing has no value.")
        found = np.asarray(_REDUCTIONS[name](data, axis=along, keepdims=bool(keepdims)))
        if name == "prod":
            meter.multiplications += 0 if arithmetic.is_whole(data) else data.size
        if name == "mean":
            meter.multiplications += found.size
        return hold(meter, found)

    return function


def _cumulative(meter: Meter, a: Value, axis: Value, add: bool) -> Value:
    data = as_array(a)
    meter.room(data.size)
    meter.operations += data.size
    if not add and not arithmetic.is_whole(data):
        meter.multiplications += data.size
    along = None if axis is None else axis_of(data, axis)
    return hold(meter, (np.cumsum if add else np.cumprod)(data, axis=along))


def _norm(meter: Meter, x: Value, ord: Value = 2) -> Value:
    data = as_array(x).astype(np.float64)
    order = float(one_number(ord))
    if data.ndim > 2 or (data.ndim == 2 and order != 2):
        raise EvaluationError("The norm is that of an array with one axis.")
    meter.operations += 2 * data.size
    meter.multiplications += data.size if order == 2 else 0
    if order == 2:
        return float(np.sqrt(np.sum(data * data)))
    return float(np.linalg.norm(data, order))


def _square(value: Value) -> Data:
    data = as_array(value).astype(np.float64)
    if data.ndim != 2 or data.shape[0] != data.shape[1] or data.shape[0] > 100:
        raise EvaluationError("A square array of at most 100 rows is needed here.")
    return data


def _inv(meter: Meter, a: Value) -> Value:
    data = _square(a)
    meter.room(data.size)
    meter.operations += 2 * data.shape[0] ** 3
    meter.multiplications += data.shape[0] ** 3
    try:
        return hold(meter, np.linalg.inv(data))
    except np.linalg.LinAlgError:
        raise EvaluationError("This matrix has no inverse.") from None


def _det(meter: Meter, a: Value) -> Value:
    data = _square(a)
    meter.operations += 2 * data.shape[0] ** 3 // 3
    meter.multiplications += data.shape[0] ** 3 // 3
    return float(np.linalg.det(data))


def _clip(meter: Meter, a: Value, a_min: Value, a_max: Value) -> Value:
    found = a if a_min is None else _pairwise(meter, "maximum", a, a_min)
    return found if a_max is None else _pairwise(meter, "minimum", found, a_max)


def _convolve(meter: Meter, a: Value, v: Value) -> Value:
    one, other = as_array(a), as_array(v)
    if one.ndim != 1 or other.ndim != 1 or not one.size or not other.size:
        raise EvaluationError("“convolve” takes two arrays with one axis.")
    work = one.size * other.size
    if work > 10 * LARGEST:
        raise TooLarge("This convolution is too large.")
    meter.room(one.size + other.size - 1)
    meter.spend(work // 1000)
    meter.operations += 2 * work
    meter.multiplications += work
    return hold(meter, np.convolve(one, other))


def _diff(meter: Meter, a: Value) -> Value:
    data = as_array(a)
    if not data.ndim:
        raise EvaluationError("“diff” takes an array.")
    meter.room(data.size)
    meter.operations += data.size
    return hold(meter, np.diff(data))


def _place(name: str) -> Function:
    def function(meter: Meter, a: Value) -> Value:
        data = as_array(a)
        if not data.size:
            raise EvaluationError(f"“{name}” of nothing has no value.")
        meter.spend(1 + data.size // 256)
        meter.operations += data.size
        return int(data.argmax() if name == "argmax" else data.argmin())

    return function


def _len(meter: Meter, a: Value) -> Value:
    if isinstance(a, Items):
        return len(a.values)
    if isinstance(a, range):
        return len(a)
    data = as_array(a)
    if not data.ndim:
        raise EvaluationError("A number has no length.")
    return int(data.shape[0])


def _shape(meter: Meter, a: Value) -> Value:
    return Items(meter, [int(size) for size in as_array(a).shape])


def _range(meter: Meter, *ends: Value) -> Value:
    numbers = [whole_of(end, "end of a range") for end in ends]
    if not 1 <= len(numbers) <= 3 or (len(numbers) == 3 and not numbers[2]):
        raise EvaluationError("“range” takes a start, an end and a step that is not 0.")
    return range(*numbers)


def _list(meter: Meter, a: Value) -> Value:
    if isinstance(a, range):
        meter.room(len(a))
    return Items(meter, list(each_of(a)))


def _float(meter: Meter, a: Value) -> Value:
    return float(one_number(a))


def _int(meter: Meter, a: Value) -> Value:
    value = float(one_number(a))
    if not abs(value) < 2**53:
        raise EvaluationError("This is no whole number.")
    return int(value)


def _enumerate(meter: Meter, a: Value, start: Value = 0) -> Value:
    first = whole_of(start)
    return Pairs([range(first, first + LARGEST), a])


def _trace(meter: Meter, a: Value) -> Value:
    data = as_array(a)
    if data.ndim != 2:
        raise EvaluationError("The trace is that of an array with two axes.")
    meter.operations += min(data.shape)
    return hold(meter, np.trace(data))


def _entry(meter: Meter, x: Value, *places: Value) -> Value:
    """As in formulas: entries are counted from 1."""
    data = as_array(x)
    counted = [whole_of(place) - 1 for place in places]
    if (
        not counted
        or len(counted) > data.ndim
        or any(not 0 <= place < size for place, size in zip(counted, data.shape, strict=False))
    ):
        raise EvaluationError("There is no such entry; entries are counted from 1.")
    return view(x, np.asarray(data[tuple(counted)])) if isinstance(x, Held) else hold(meter, data[tuple(counted)])


_FUNCTIONS: Mapping[str, tuple[str, Function]] = BUILDING | {
    "trace": ("a", _trace),
    "kron": ("a b", _kron),
    "outer": ("a b", _outer),
    "dot": ("a b", _dot),
    "matmul": ("a b", arithmetic.matmul),
    "where": ("condition x y", _where),
    "sum": ("a axis? keepdims?", _reduced("sum")),
    "prod": ("a axis? keepdims?", _reduced("prod")),
    "mean": ("a axis? keepdims?", _reduced("mean")),
    "any": ("a axis? keepdims?", _reduced("any")),
    "all": ("a axis? keepdims?", _reduced("all")),
    "cumsum": ("a axis?", lambda meter, a, axis=None: _cumulative(meter, a, axis, add=True)),
    "cumprod": ("a axis?", lambda meter, a, axis=None: _cumulative(meter, a, axis, add=False)),
    "norm": ("x ord?", _norm),
    "det": ("a", _det),
    "inv": ("a", _inv),
    "clip": ("a a_min a_max", _clip),
    "argmax": ("a", _place("argmax")),
    "argmin": ("a", _place("argmin")),
    "diff": ("a", _diff),
    "convolve": ("a v", _convolve),
    "shape": ("a", _shape),
    "size": ("a", lambda meter, a: int(as_array(a).size)),
    "ndim": ("a", lambda meter, a: int(as_array(a).ndim)),
    "len": ("a", _len),
    "range": ("*", _range),
    "enumerate": ("a start?", _enumerate),
    "zip": ("*", lambda meter, *columns: Pairs(list(columns))),
    "float": ("a", _float),
    "int": ("a", _int),
    "list": ("a", _list),
    "entry": ("*", _entry),
    "indicator": ("a", lambda meter, a: hold(meter, as_array(a).astype(np.float64))),
}
"""See `BUILDING`."""
