"""Arrays that carry their derivatives: dual numbers over numpy, nested as deep as gradients are.

A plain tensor is a float64 array whose last two axes are rows and columns. A `Dual` holds a value and its slope:
the derivative in every entry of one variable, along an axis of its own before rows and columns. Gradients of
gradients hold duals in duals; the axis of level 0 is the third from the right, that of level 1 the fourth.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias, cast

import numpy as np
from numpy.typing import NDArray

from graders.evaluation.errors import EvaluationError

Array: TypeAlias = NDArray[np.float64]
Shape: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Dual:
    """A tensor and its slope; both have the same rows and columns."""

    level: int
    value: Tensor
    slope: Tensor


Tensor: TypeAlias = Array | Dual


def number(value: float) -> Array:
    """A number, as a tensor of one entry."""
    return np.array([[value]], dtype=np.float64)


def plain(tensor: Tensor) -> Array:
    """The value, without any derivative."""
    while isinstance(tensor, Dual):
        tensor = tensor.value
    return tensor


def shape(tensor: Tensor) -> Shape:
    """Rows and columns."""
    return cast(Shape, plain(tensor).shape[-2:])


def seeded(value: Tensor, level: int) -> Dual:
    """The value as a variable: its slope in itself is the identity."""
    rows, columns = shape(value)
    seeds = np.eye(rows * columns).reshape(rows * columns, *([1] * level), rows, columns)
    return Dual(level, value, seeds)


def linear(change: Callable[[Array], Array], tensor: Tensor) -> Tensor:
    """A linear map of rows and columns, applied to the value and to the slopes."""
    if isinstance(tensor, Dual):
        return Dual(tensor.level, linear(change, tensor.value), linear(change, tensor.slope))
    return change(tensor)


def spread(tensor: Tensor, to: Shape) -> Tensor:
    """A tensor of one entry as a tensor of that shape; only duals need it, numpy spreads plain ones."""
    return _full(tensor, to) if isinstance(tensor, Dual) and shape(tensor) == (1, 1) != to else tensor


def gathered(tensors: list[Tensor], join: Callable[[list[Array]], Array]) -> Tensor:
    """Several tensors joined to one by a map that is linear in all of them together."""
    level = max(_level(tensor) for tensor in tensors)
    if level < 0:
        return join([plain(tensor) for tensor in tensors])
    values = [_value(tensor, level) for tensor in tensors]
    slopes = [_slope(tensor, level) for tensor in tensors]
    known = [slope for slope in slopes if slope is not None]
    lead = np.broadcast_shapes(*(plain(slope).shape[:-2] for slope in known))
    filled = [
        np.zeros(lead + shape(value)) if slope is None else linear(lambda array: _led(array, lead), slope)
        for value, slope in zip(values, slopes, strict=True)
    ]
    return Dual(level, gathered(values, join), gathered(filled, join))


def _led(array: Array, lead: tuple[int, ...]) -> Array:
    return np.broadcast_to(array, np.broadcast_shapes(array.shape[:-2], lead) + array.shape[-2:])


def _level(tensor: Tensor) -> int:
    return tensor.level if isinstance(tensor, Dual) else -1


def _value(tensor: Tensor, level: int) -> Tensor:
    return tensor.value if isinstance(tensor, Dual) and tensor.level == level else tensor


def _slope(tensor: Tensor, level: int) -> Tensor | None:
    return tensor.slope if isinstance(tensor, Dual) and tensor.level == level else None


def plus(one: Tensor, other: Tensor) -> Tensor:
    """The sum, entry by entry; a tensor of one entry is added to all."""
    if not isinstance(one, Dual) and not isinstance(other, Dual):
        return one + other
    level = max(_level(one), _level(other))
    one, other = spread(one, shape(other)), spread(other, shape(one))
    return _dual(level, plus(_value(one, level), _value(other, level)), _slope(one, level), _slope(other, level))


def minus(one: Tensor, other: Tensor) -> Tensor:
    """The difference, entry by entry."""
    return plus(one, linear(np.negative, other))


def times(one: Tensor, other: Tensor) -> Tensor:
    """The product, entry by entry; a tensor of one entry scales."""
    if not isinstance(one, Dual) and not isinstance(other, Dual):
        return one * other
    one, other = spread(one, shape(other)), spread(other, shape(one))
    return _product(one, other, times)


def matmul(one: Tensor, other: Tensor) -> Tensor:
    """The matrix product; the shapes fit."""
    if not isinstance(one, Dual) and not isinstance(other, Dual):
        product: Array = one @ other
        return product
    return _product(one, other, matmul)


def kron(one: Tensor, other: Tensor) -> Tensor:
    """The Kronecker product."""
    if not isinstance(one, Dual) and not isinstance(other, Dual):
        (rows, columns), (inner_rows, inner_columns) = one.shape[-2:], other.shape[-2:]
        blocks = one[..., :, None, :, None] * other[..., None, :, None, :]
        found: Array = blocks.reshape(*blocks.shape[:-4], rows * inner_rows, columns * inner_columns)
        return found
    return _product(one, other, kron)


def _product(one: Tensor, other: Tensor, product: Callable[[Tensor, Tensor], Tensor]) -> Dual:
    """A product that is linear in each of its factors."""
    level = max(_level(one), _level(other))
    left, right = _value(one, level), _value(other, level)
    left_slope, right_slope = _slope(one, level), _slope(other, level)
    return _dual(
        level,
        product(left, right),
        None if left_slope is None else product(left_slope, right),
        None if right_slope is None else product(left, right_slope),
    )


def _dual(level: int, value: Tensor, one: Tensor | None, other: Tensor | None) -> Dual:
    slope = other if one is None else one if other is None else plus(one, other)
    assert slope is not None
    return Dual(level, value, slope if shape(slope) == shape(value) else _full(slope, shape(value)))


def over(one: Tensor, other: Tensor) -> Tensor:
    """The quotient, entry by entry."""
    if not isinstance(one, Dual) and not isinstance(other, Dual):
        return one / other
    return times(one, power(other, number(-1)))


def power(base: Tensor, exponent: Tensor) -> Tensor:
    """The power, entry by entry; negative numbers have whole powers only."""
    level = max(_level(base), _level(exponent))
    if level < 0:
        found: Array = plain(base) ** plain(exponent)
        return found
    base, exponent = spread(base, shape(exponent)), spread(exponent, shape(base))
    x, p = _value(base, level), _value(exponent, level)
    dx, dp = _slope(base, level), _slope(exponent, level)
    return _dual(
        level,
        power(x, p),
        None if dx is None else times(times(p, power(x, minus(p, number(1)))), dx),
        None if dp is None else times(times(power(x, p), apply("log", x)), dp),
    )


def apply(name: str, tensor: Tensor) -> Tensor:
    """A function of one number, entry by entry; `name` is one of `FUNCTIONS`."""
    return applied(FUNCTIONS[name], tensor)


@dataclass(frozen=True, slots=True)
class Smooth:
    """A function of one number and its derivative; None where that is 0."""

    calculate: Callable[[Array], Array]
    derivative: Callable[[Tensor], Tensor] | None


def applied(function: Smooth, tensor: Tensor) -> Tensor:
    """The function of every entry."""
    if not isinstance(tensor, Dual):
        return function.calculate(tensor)
    value = applied(function, tensor.value)
    if function.derivative is None:
        return value
    return _dual(tensor.level, value, times(function.derivative(tensor.value), tensor.slope), None)


def chosen(mask: NDArray[np.bool_], then: Tensor, otherwise: Tensor) -> Tensor:
    """Entry by entry one of two tensors; of all three, those with one entry are spread."""
    to = cast(Shape, np.broadcast_shapes(mask.shape, shape(then), shape(otherwise)))
    return gathered(
        [_full(then, to), _full(otherwise, to)],
        lambda both: np.where(mask, both[0], both[1]),
    )


def _full(tensor: Tensor, to: Shape) -> Tensor:
    return linear(lambda array: np.broadcast_to(array, array.shape[:-2] + to), tensor)


def inverse(tensor: Tensor) -> Tensor:
    """The inverse of a square matrix, by d(X⁻¹) = -X⁻¹ dX X⁻¹.

    Raises:
        numpy.linalg.LinAlgError: there is none.
    """
    if not isinstance(tensor, Dual):
        return cast(Array, np.linalg.inv(tensor))
    found = inverse(tensor.value)
    return Dual(tensor.level, found, linear(np.negative, matmul(matmul(found, tensor.slope), found)))


def determinant(tensor: Tensor) -> Tensor:
    """The determinant of a regular square matrix, by d det(X) = det(X) trace(X⁻¹ dX)."""
    if not isinstance(tensor, Dual):
        found: Array = np.asarray(np.linalg.det(tensor), dtype=np.float64)[..., None, None]
        return found
    whole = determinant(tensor.value)
    slope = times(whole, linear(trace, matmul(inverse(tensor.value), tensor.slope)))
    return Dual(tensor.level, whole, slope)


def trace(array: Array) -> Array:
    """The trace, as one entry."""
    found: Array = np.asarray(np.trace(array, axis1=-2, axis2=-1), dtype=np.float64)[..., None, None]
    return found


def folded(slope: Tensor, level: int, rows: int, columns: int) -> Tensor:
    """The slope of one number as a matrix of these rows and columns: the gradient in its variable's layout."""

    def fold(array: Array) -> Array:
        last = np.moveaxis(_deep(array, level), -3 - level, -1)[..., 0, 0, :]
        return _flat(last.reshape(*last.shape[:-1], rows, columns))

    return linear(fold, slope)


def jacobian(slope: Tensor, level: int) -> Tensor:
    """The slope of an array as a matrix of outputs × inputs, both counted row by row."""

    def fold(array: Array) -> Array:
        last = np.moveaxis(_deep(array, level), -3 - level, -1)
        return _flat(last.reshape(*last.shape[:-3], -1, last.shape[-1]))

    return linear(fold, slope)


def _deep(array: Array, level: int) -> Array:
    """The array with an axis of length 1 wherever it lacks one up to that of the level."""
    return array.reshape((1,) * (3 + level - array.ndim) + array.shape)


def _flat(array: Array) -> Array:
    """The array without leading axes of length 1."""
    while array.ndim > 2 and array.shape[0] == 1:
        array = array[0]
    return array


def _logistic(x: Array) -> Array:
    return cast(Array, np.where(x >= 0, 1 / (1 + np.exp(-np.abs(x))), 1 - 1 / (1 + np.exp(-np.abs(x)))))


def _one_less_square(tensor: Tensor, sign: float) -> Tensor:
    return plus(number(1), times(number(sign), times(tensor, tensor)))


def _root_of(tensor: Tensor) -> Tensor:
    return power(tensor, number(-0.5))


def _each(calculate: Callable[[float], float]) -> Callable[[Array], Array]:
    def on_array(array: Array) -> Array:
        return np.array([_or_none(calculate, x) for x in array.flat], dtype=np.float64).reshape(array.shape)

    return on_array


def _or_none(calculate: Callable[[float], float], x: float) -> float:
    try:
        return calculate(x)
    except (ArithmeticError, ValueError):
        return float("nan")


def _turned(calculate: Callable[[Array], Array]) -> Callable[[Array], Array]:
    return lambda array: 1 / calculate(array)


def _inverse_times(name: str, factor: float = 1.0) -> Callable[[Tensor], Tensor]:
    return lambda x: over(number(factor), apply(name, x))


def _unknown_derivative(x: Tensor) -> Tensor:
    raise EvaluationError("The derivative of a factorial is not known here.")


def _smooth_functions() -> dict[str, Smooth]:
    ln2, ln10 = math.log(2), math.log(10)
    return {
        "sqrt": Smooth(np.sqrt, _inverse_times("sqrt", 0.5)),
        "exp": Smooth(np.exp, lambda x: apply("exp", x)),
        "log": Smooth(np.log, lambda x: over(number(1), x)),
        "log2": Smooth(np.log2, lambda x: over(number(1 / ln2), x)),
        "log10": Smooth(np.log10, lambda x: over(number(1 / ln10), x)),
        "sin": Smooth(np.sin, lambda x: apply("cos", x)),
        "cos": Smooth(np.cos, lambda x: linear(np.negative, apply("sin", x))),
        "tan": Smooth(np.tan, lambda x: _one_less_square(apply("tan", x), 1)),
        "sec": Smooth(_turned(np.cos), lambda x: times(apply("sec", x), apply("tan", x))),
        "csc": Smooth(_turned(np.sin), lambda x: linear(np.negative, times(apply("csc", x), apply("cot", x)))),
        "cot": Smooth(_turned(np.tan), lambda x: linear(np.negative, _one_less_square(apply("cot", x), 1))),
        "asin": Smooth(np.arcsin, lambda x: _root_of(_one_less_square(x, -1))),
        "acos": Smooth(np.arccos, lambda x: linear(np.negative, _root_of(_one_less_square(x, -1)))),
        "atan": Smooth(np.arctan, lambda x: over(number(1), _one_less_square(x, 1))),
        "sinh": Smooth(np.sinh, lambda x: apply("cosh", x)),
        "cosh": Smooth(np.cosh, lambda x: apply("sinh", x)),
        "tanh": Smooth(np.tanh, lambda x: _one_less_square(apply("tanh", x), -1)),
        "sech": Smooth(_turned(np.cosh), lambda x: linear(np.negative, times(apply("sech", x), apply("tanh", x)))),
        "csch": Smooth(_turned(np.sinh), lambda x: linear(np.negative, times(apply("csch", x), apply("coth", x)))),
        "coth": Smooth(_turned(np.tanh), lambda x: linear(np.negative, _one_less_square(apply("coth", x), -1))),
        "asinh": Smooth(np.arcsinh, lambda x: _root_of(_one_less_square(x, 1))),
        "acosh": Smooth(np.arccosh, lambda x: _root_of(minus(times(x, x), number(1)))),
        "atanh": Smooth(np.arctanh, lambda x: over(number(1), _one_less_square(x, -1))),
        "sigmoid": Smooth(_logistic, lambda x: times(apply("sigmoid", x), apply("sigmoid", linear(np.negative, x)))),
        "relu": Smooth(lambda x: np.maximum(x, 0.0), lambda x: (plain(x) > 0).astype(np.float64)),
        "softplus": Smooth(lambda x: np.logaddexp(x, 0.0), lambda x: apply("sigmoid", x)),
        "abs": Smooth(np.abs, lambda x: np.sign(plain(x))),
        "erf": Smooth(
            _each(math.erf),
            lambda x: times(number(2 / math.sqrt(math.pi)), apply("exp", linear(np.negative, times(x, x)))),
        ),
        "sign": Smooth(np.sign, None),
        "floor": Smooth(np.floor, None),
        "ceil": Smooth(np.ceil, None),
        "factorial": Smooth(_each(lambda x: math.gamma(x + 1)), _unknown_derivative),
    }


FUNCTIONS = _smooth_functions()
"""Functions of one number. The derivative of steps is 0; at a kink, |x| has slope 0 and relu has slope 0."""
