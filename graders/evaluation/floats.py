"""Fast evaluation of formulas in floats: finds where two formulas may differ, never that they agree."""

from __future__ import annotations

import cmath
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import Any

from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Constant,
    Logic,
    Name,
    Node,
    Number,
    Unary,
    distinct,
    size,
)
from graders.evaluation.effort import current

Float = float | complex
Condition = Callable[[Mapping[str, Float]], bool]
Formula = Callable[[Mapping[str, Float]], Float]
"""A formula of named values. Raises ArithmeticError or ValueError where it has no value or floats end."""


class NotAFormula(Exception):
    """The tree holds something that is no single number: a list, a comparison, an unknown function."""


MOST_TERMS = 10_000
"""Terms of all sums that one compiled formula adds up, over all points."""


FLOATS_A_STEP = 20
"""Floats are so much faster than balls."""


def compile_real(node: Node, *, switching: bool = True) -> Formula:
    """The formula in real floats: sqrt and log of negative numbers have no value.

    Not `switching`: it is known that no indicator occurs.

    Raises:
        NotAFormula: the tree is no formula of single numbers.
    """
    return _Compiler(_REAL, math.pow, switching and _has_indicator(node)).formula(node)


def compile_complex(node: Node, *, switching: bool = True) -> Formula:
    """The formula in complex floats with principal values; the name `i` is the imaginary unit unless given.

    Raises:
        NotAFormula: the tree is no formula of single numbers.
    """
    return _Compiler(_COMPLEX, lambda base, exponent: base**exponent, switching and _has_indicator(node)).formula(node)


class _Compiler:
    """Turns trees into closures, once; `terms` counts what sums may still add up."""

    def __init__(
        self, functions: Mapping[str, Callable[..., Any]], power: Callable[[Any, Any], Any], switching: bool
    ) -> None:
        self.functions = functions
        self.power = power
        self.switching = switching
        self.terms = MOST_TERMS
        self._made: dict[int, Formula] = {}
        """By the ids of the nodes: what was put in the place of a name is often one object in many places."""

    def formula(self, node: Node) -> Formula:
        """The value of a part as a function of the point."""
        found = self._made.get(id(node))
        if found is None:
            found = self._made[id(node)] = self._formula(node)
        return found

    def _formula(self, node: Node) -> Formula:
        match node:
            case Number(value=value):
                return _number(value)
            case Name(id=name):
                return _named(name)
            case Unary(op="-", operand=operand):
                inner = self.formula(operand)
                return lambda point: -inner(point)
            case Unary(op="+", operand=operand):
                return self.formula(operand)
            case Binary(op="**", left=left_node, right=right_node):
                base, exponent, power = self.formula(left_node), self.formula(right_node), self.power
                return lambda point: power(base(point), exponent(point))
            case Binary(op="*", left=left_node, right=right_node) if self.switching:
                return _switched(self.formula(left_node), self.formula(right_node))
            case Binary(op=op, left=left_node, right=right_node) if op in _OPERATIONS:
                return _OPERATIONS[op](self.formula(left_node), self.formula(right_node))
            case Choice(condition=condition, then=then_node, otherwise=otherwise_node):
                holds = self.condition(condition)
                then, otherwise = self.formula(then_node), self.formula(otherwise_node)
                return lambda point: then(point) if holds(point) else otherwise(point)
            case Constant(value=None):
                return _nothing
            case Call(function=name, args=args, kwargs=()) if args:
                return self.call(name, args)
            case _:
                raise NotAFormula

    def call(self, name: str, args: Sequence[Node]) -> Formula:
        if name == "indicator" and len(args) == 1:
            holds = self.condition(args[0])
            return lambda point: 1.0 if holds(point) else 0.0
        if name in ("Sum", "Prod") and len(args) == 4:
            return self.series(name, *args)
        if name not in self.functions:
            raise NotAFormula
        function = self.functions[name]
        inners = [self.formula(arg) for arg in args]
        if len(inners) == 1:
            only = inners[0]
            return lambda point: function(only(point))
        if name not in ("max", "min"):
            raise NotAFormula
        return lambda point: function(*[inner(point) for inner in inners])

    def condition(self, node: Node) -> Condition:
        """A truth value of a point."""
        match node:
            case Compare(first=first, rest=rest) if all(op in _COMPARISONS for op, _ in rest):
                items = [self.formula(first), *(self.formula(item) for _, item in rest)]
                ops = [_COMPARISONS[op] for op, _ in rest]
                if len(ops) == 1:
                    left, right, compare = items[0], items[1], ops[0]
                    return lambda point: compare(left(point), right(point))

                def chain(point: Mapping[str, Float]) -> bool:
                    values = [item(point) for item in items]
                    return all(op(values[place], values[place + 1]) for place, op in enumerate(ops))

                return chain
            case Logic(op=op, operands=operands):
                parts = [self.condition(operand) for operand in operands]
                join = all if op == "and" else any
                return lambda point: join(part(point) for part in parts)
            case Unary(op="not", operand=operand):
                inner = self.condition(operand)
                return lambda point: not inner(point)
            case Constant(value=bool() as value):
                return lambda point: value
            case _:
                raise NotAFormula

    def series(self, name: str, body_node: Node, index: Node, lower_node: Node, upper_node: Node) -> Formula:
        """A sum or product over an index; an empty one is 0 or 1."""
        if not isinstance(index, Name):
            raise NotAFormula
        body, lower, upper = self.formula(body_node), self.formula(lower_node), self.formula(upper_node)
        own = index.id
        length = size(body_node)

        def run(point: Mapping[str, Float]) -> Float:
            begin, end = _whole(lower(point)), _whole(upper(point))
            terms = max(end - begin + 1, 0)
            self.terms -= terms
            effort = current()
            effort.left -= terms * length // FLOATS_A_STEP
            if self.terms < 0 or effort.left < 0:
                raise OverflowError
            inner = dict(point)
            total: Float = 0.0 if name == "Sum" else 1.0
            for place in range(begin, end + 1):
                inner[own] = float(place)
                total = total + body(inner) if name == "Sum" else total * body(inner)
            return total

        return run


def _number(value: Fraction) -> Formula:
    try:
        constant = float(value)
    except OverflowError:
        return _overflow
    return lambda point: constant


def _whole(value: Float) -> int:
    if isinstance(value, complex):
        if value.imag:
            raise ValueError
        value = value.real
    if abs(value) > MOST_TERMS or value != round(value):
        raise ValueError
    return round(value)


def _has_indicator(node: Node) -> bool:
    return any(part.function == "indicator" for part in distinct(node) if type(part) is Call)


def _switched(left: Formula, right: Formula) -> Formula:
    """A product with an indicator, which as zero makes zero of what has no value."""

    def run(point: Mapping[str, Float]) -> Float:
        try:
            one = left(point)
        except (ArithmeticError, ValueError):
            if right(point) == 0:
                return 0.0
            raise
        return one and one * right(point)

    return run


def _overflow(point: Mapping[str, Float]) -> Float:
    raise OverflowError


def _nothing(point: Mapping[str, Float]) -> Float:
    raise ValueError


def _named(name: str) -> Formula:
    constant = _CONSTANTS.get(name)

    def look_up(point: Mapping[str, Float]) -> Float:
        try:
            return point[name]
        except KeyError:
            if constant is None:
                raise NotAFormula from None
            return constant

    return look_up


_CONSTANTS: dict[str, Float] = {"pi": math.pi, "e": math.e, "i": 1j}

_OPERATIONS: dict[str, Callable[[Formula, Formula], Formula]] = {
    "+": lambda left, right: lambda point: left(point) + right(point),
    "-": lambda left, right: lambda point: left(point) - right(point),
    "*": lambda left, right: lambda point: left(point) * right(point),
    "/": lambda left, right: lambda point: left(point) / right(point),
}


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Complex numbers have an order only where they are real."""

    def run(left: Any, right: Any) -> bool:
        if isinstance(left, complex) or isinstance(right, complex):
            if complex(left).imag or complex(right).imag:
                raise ValueError("complex numbers have no order")
            left, right = complex(left).real, complex(right).real
        return compare(left, right)

    return run


_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": _ordered(operator.lt),
    "<=": _ordered(operator.le),
    ">": _ordered(operator.gt),
    ">=": _ordered(operator.ge),
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
    "sec": lambda x: 1 / math.cos(x),
    "csc": lambda x: 1 / math.sin(x),
    "cot": lambda x: math.cos(x) / math.sin(x),
    "sech": lambda x: 1 / math.cosh(x),
    "csch": lambda x: 1 / math.sinh(x),
    "coth": lambda x: 1 / math.tanh(x),
    "asinh": math.asinh,
    "acosh": math.acosh,
    "atanh": math.atanh,
    "erf": math.erf,
    "factorial": lambda x: math.gamma(x + 1),
    "gamma": math.gamma,
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
    "sec": lambda z: 1 / cmath.cos(z),
    "csc": lambda z: 1 / cmath.sin(z),
    "cot": lambda z: cmath.cos(z) / cmath.sin(z),
    "sech": lambda z: 1 / cmath.cosh(z),
    "csch": lambda z: 1 / cmath.sinh(z),
    "coth": lambda z: 1 / cmath.tanh(z),
    "asin": cmath.asin,
    "acos": cmath.acos,
    "atan": cmath.atan,
    "asinh": cmath.asinh,
    "acosh": cmath.acosh,
    "atanh": cmath.atanh,
    "sigmoid": lambda z: 1 / (1 + cmath.exp(-z)),
    "softplus": lambda z: cmath.log(1 + cmath.exp(z)),
    "abs": abs,
}
