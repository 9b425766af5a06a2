"""Fast evaluation of formulas in floats: finds where two formulas may differ, never that they agree."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Container, Mapping, Sequence
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
from graders.evaluation.float_functions import COMPARISONS, COMPLEX, REAL

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
    return _Compiler(REAL, math.pow, switching and _has_indicator(node)).formula(node)


def compile_complex(node: Node, *, switching: bool = True) -> Formula:
    """The formula in complex floats with principal values; the name `i` is the imaginary unit unless given.

    Raises:
        NotAFormula: the tree is no formula of single numbers.
    """
    return _Compiler(COMPLEX, lambda base, exponent: base**exponent, switching and _has_indicator(node)).formula(node)


def compile_both(
    one: Node, other: Node, names: Container[str], *, real: bool, switching: bool = True, summing: bool = True
) -> tuple[Formula, Formula]:
    """Two formulas, in real or complex floats; what is one object in both is compiled once.

    Every point has a value for each of `names`. Not `summing`: it is known that nothing is added up over an index.

    Raises:
        NotAFormula: one of the trees is no formula of single numbers.
    """
    functions, power = (REAL, math.pow) if real else (COMPLEX, operator.pow)
    first = _Compiler(functions, power, switching and _has_indicator(one), names)
    # Every formula has so many terms for itself.
    second = _Compiler(functions, power, switching and _has_indicator(other), names) if switching or summing else first
    return first.formula(one), second.formula(other)


class _Compiler:
    """Turns trees into closures, once; `terms` counts what sums may still add up."""

    def __init__(
        self,
        functions: Mapping[str, Callable[..., Any]],
        power: Callable[[Any, Any], Any],
        switching: bool,
        names: Container[str] = (),
    ) -> None:
        self.functions = functions
        self.power = power
        self.switching = switching
        self.names = names
        """Those of which it is known that every point has them."""
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
            case Binary():
                return self.binary(node)
            case Name(id=name):
                return operator.itemgetter(name) if name in self.names else _named(name)
            case Number(value=value):
                return _number(value)
            case Unary(op="-", operand=operand):
                inner = self.formula(operand)
                return lambda point: -inner(point)
            case Unary(op="+", operand=operand):
                return self.formula(operand)
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

    def binary(self, node: Binary) -> Formula:
        """Two operands; numbers among them are not looked up again at every point."""
        op = node.op
        if op == "*" and self.switching:
            return _switched(self.formula(node.left), self.formula(node.right))
        fixed = _float(node.right)
        if op == "**":
            base, power = self.formula(node.left), self.power
            if fixed is not None:
                return lambda point: power(base(point), fixed)
            exponent = self.formula(node.right)
            return lambda point: power(base(point), exponent(point))
        if op not in _OPERATIONS:
            raise NotAFormula
        if fixed is not None:
            return _WITH_NUMBER[op](self.formula(node.left), fixed)
        fixed = _float(node.left)
        if fixed is not None:
            return _NUMBER_WITH[op](fixed, self.formula(node.right))
        return _OPERATIONS[op](self.formula(node.left), self.formula(node.right))

    def call(self, name: str, args: Sequence[Node]) -> Formula:
        function = self.functions.get(name)
        if function is not None and len(args) == 1:
            only = self.formula(args[0])
            return lambda point: function(only(point))
        if name == "indicator" and len(args) == 1:
            holds = self.condition(args[0])
            return lambda point: 1.0 if holds(point) else 0.0
        if name in ("Sum", "Prod") and len(args) == 4:
            return self.series(name, *args)
        if function is None or name not in ("max", "min"):
            raise NotAFormula
        inners = [self.formula(arg) for arg in args]
        return lambda point: function(*[inner(point) for inner in inners])

    def condition(self, node: Node) -> Condition:
        """A truth value of a point."""
        match node:
            case Compare(first=first, rest=rest) if all(op in COMPARISONS for op, _ in rest):
                items = [self.formula(first), *(self.formula(item) for _, item in rest)]
                ops = [COMPARISONS[op] for op, _ in rest]
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
        constant = _divided(value)
    except OverflowError:
        return _overflow
    return lambda point: constant


def _float(node: Node) -> float | None:
    """A number that is written and is a float."""
    if isinstance(node, Number):
        try:
            return _divided(node.value)
        except OverflowError:
            pass
    return None


def _divided(value: Fraction) -> float:
    """The nearest float, sooner than `float` has it. Raises OverflowError."""
    top, bottom = value.as_integer_ratio()
    return top / bottom


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
_WITH_NUMBER: dict[str, Callable[[Formula, float], Formula]] = {
    "+": lambda left, right: lambda point: left(point) + right,
    "-": lambda left, right: lambda point: left(point) - right,
    "*": lambda left, right: lambda point: left(point) * right,
    "/": lambda left, right: lambda point: left(point) / right,
}
_NUMBER_WITH: dict[str, Callable[[float, Formula], Formula]] = {
    "+": lambda left, right: lambda point: left + right(point),
    "-": lambda left, right: lambda point: left - right(point),
    "*": lambda left, right: lambda point: left * right(point),
    "/": lambda left, right: lambda point: left / right(point),
}
