"""Fast evaluation of formulas in floats: finds where two formulas may differ, never that they agree."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable, Mapping
from typing import Any

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary

Float = float | complex
Formula = Callable[[Mapping[str, Float]], Float]
"""A formula of named values. Raises ArithmeticError or ValueError where it has no value or floats end."""


class NotAFormula(Exception):
    """The tree holds something that is no single number: a list, a comparison, an unknown function."""


def compile_real(node: Node) -> Formula:
    """The formula in real floats: sqrt and log of negative numbers have no value.

    Raises:
        NotAFormula: the tree is no formula of single numbers.
    """
    return _compile(node, _REAL, math.pow)


def compile_complex(node: Node) -> Formula:
    """The formula in complex floats with principal values; the name `i` is the imaginary unit unless given.

    Raises:
        NotAFormula: the tree is no formula of single numbers.
    """
    return _compile(node, _COMPLEX, lambda base, exponent: base**exponent)


def _compile(node: Node, functions: Mapping[str, Callable[..., Any]], power: Callable[[Any, Any], Any]) -> Formula:
    match node:
        case Number(value=value):
            try:
                constant = float(value)
            except OverflowError:
                return _overflow
            return lambda point: constant
        case Name(id=name):
            return _named(name)
        case Unary(op="-", operand=operand):
            inner = _compile(operand, functions, power)
            return lambda point: -inner(point)
        case Unary(op="+", operand=operand):
            return _compile(operand, functions, power)
        case Binary(op=op, left=left_node, right=right_node) if op in _OPERATIONS or op == "**":
            left, right = _compile(left_node, functions, power), _compile(right_node, functions, power)
            return _OPERATIONS[op](left, right) if op != "**" else lambda point: power(left(point), right(point))
        case Call(function=name, args=args, kwargs=()) if name in functions and args:
            function = functions[name]
            inners = [_compile(arg, functions, power) for arg in args]
            if len(inners) == 1:
                only = inners[0]
                return lambda point: function(only(point))
            return lambda point: function(*[inner(point) for inner in inners])
        case _:
            raise NotAFormula


def _overflow(point: Mapping[str, Float]) -> Float:
    raise OverflowError


def _named(name: str) -> Formula:
    constant = _CONSTANTS.get(name)

    def look_up(point: Mapping[str, Float]) -> Float:
        found = point.get(name, constant)
        if found is None:
            raise NotAFormula
        return found

    return look_up


_CONSTANTS: dict[str, Float] = {"pi": math.pi, "e": math.e, "i": 1j}

_OPERATIONS: dict[str, Callable[[Formula, Formula], Formula]] = {
    "+": lambda left, right: lambda point: left(point) + right(point),
    "-": lambda left, right: lambda point: left(point) - right(point),
    "*": lambda left, right: lambda point: left(point) * right(point),
    "/": lambda left, right: lambda point: left(point) / right(point),
}


def _sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


def _sign(x: float) -> float:
    return float((x > 0) - (x < 0))


_REAL: dict[str, Callable[..., Any]] = {
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "log2": math.log2,
    "log10": math.log10,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "asin": math.asin,
    "acos": math.acos,
    "atan": math.atan,
    "sinh": math.sinh,
    "cosh": math.cosh,
    "tanh": math.tanh,
    "sigmoid": _sigmoid,
    "relu": lambda x: max(x, 0.0),
    "softplus": lambda x: max(x, 0.0) + math.log1p(math.exp(-abs(x))),
    "abs": abs,
    "sign": _sign,
    "floor": math.floor,
    "ceil": math.ceil,
    "max": max,
    "min": min,
}

_COMPLEX: dict[str, Callable[..., Any]] = {
    "sqrt": cmath.sqrt,
    "exp": cmath.exp,
    "log": cmath.log,
    "log2": lambda z: cmath.log(z) / math.log(2),
    "log10": lambda z: cmath.log(z) / math.log(10),
    "sin": cmath.sin,
    "cos": cmath.cos,
    "tan": cmath.tan,
    "sinh": cmath.sinh,
    "cosh": cmath.cosh,
    "tanh": cmath.tanh,
    "sigmoid": lambda z: 1 / (1 + cmath.exp(-z)),
    "softplus": lambda z: cmath.log(1 + cmath.exp(z)),
    "abs": abs,
}
