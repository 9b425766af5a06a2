"""Evaluation of formulas at high precision with certain error bounds; rational parts stay exact."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
)
from graders.evaluation.balls import (
    Ball,
    Close,
    Disputed,
    Field,
    NoValue,
    Real,
    Singular,
    TooLarge,
    Undefined,
)
from graders.evaluation.complex_balls import Complex
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise_arithmetic import (
    BITS,
    OPERATIONS,
    Precise,
    add,
    ball,
    constant,
    divide,
    multiply,
    power,
    subtract,
)
from graders.evaluation.precise_functions import ANYWHERE, called, sign_of

__all__ = [
    "BITS",
    "Ball",
    "Close",
    "Disputed",
    "NoValue",
    "NotAFormula",
    "Point",
    "Precise",
    "Singular",
    "TooLarge",
    "Undefined",
    "add",
    "ball",
    "divide",
    "evaluate_precisely",
    "holds",
    "multiply",
    "power",
    "subtract",
]

Point = Mapping[str, Fraction | tuple[Fraction, Fraction] | Ball]
"""Values of the symbols; a pair is a complex number, a ball all numbers within its error."""

HIGHEST_INDEX = 10**6
BINDERS = frozenset(["Sum", "Prod"])
"""Calls with an index of their own."""


def evaluate_precisely(node: Node, point: Point, field: Field) -> Precise:
    """The value of a formula at a point.

    Raises:
        NoValue: there is none, or none that this precision can tell (its subclasses say which).
        NotAFormula: the tree is no formula of single numbers.
    """
    if isinstance(node, Number):  # nothing is calculated, and nothing counted
        return node.value
    values = field.values
    key = id(node)
    if values is not None:
        seen = values.get(key)
        if seen is not None and seen[0] is node:
            known: Precise = seen[1]
            return known
    effort = field.effort
    effort.left -= field.cost
    if effort.left < 0:
        raise TooLarge
    evaluate = _EVALUATED.get(type(node))
    if evaluate is None:
        raise NotAFormula
    value = evaluate(node, point, field)
    if values is not None:
        values[key] = node, value
    return value


def _binary(node: Binary, point: Point, field: Field) -> Precise:
    op = node.op
    if op == "*":
        return _product(node.left, node.right, point, field)
    if op != "**" and op not in OPERATIONS:
        raise NotAFormula
    one, other = evaluate_precisely(node.left, point, field), evaluate_precisely(node.right, point, field)
    if op != "**":
        return OPERATIONS[op](one, other, field)
    if isinstance(other, Ball) or other.denominator != 1:
        _pay(field)
    return power(one, other, field)


def _pay(field: Field) -> None:
    """Counts a function, which takes longer than a sum where there are many digits. Raises TooLarge."""
    field.effort.left -= field.cost**2 // 6
    if field.effort.left < 0:
        raise TooLarge


def _unary(node: Unary, point: Point, field: Field) -> Precise:
    if node.op not in ("-", "+"):
        raise NotAFormula
    inner = evaluate_precisely(node.operand, point, field)
    if node.op == "+":
        return inner
    return field.negative(inner) if isinstance(inner, Ball) else -inner


def _choice(node: Choice, point: Point, field: Field) -> Precise:
    chosen = node.then if holds(node.condition, point, field) else node.otherwise
    return evaluate_precisely(chosen, point, field)


def _constant(node: Constant, point: Point, field: Field) -> Precise:
    if node.value is None:
        raise Undefined
    raise NotAFormula


def _call(node: Call, point: Point, field: Field) -> Precise:
    name, args = node.function, node.args
    if node.kwargs:
        raise NotAFormula
    _pay(field)
    if name in ANYWHERE and len(args) == 1:
        return ANYWHERE[name](evaluate_precisely(args[0], point, field), field)
    if name == "indicator" and len(args) == 1:
        return Fraction(holds(args[0], point, field))
    if name in BINDERS:
        if len(args) != 4 or not isinstance(args[1], Name):
            raise NotAFormula
        return _series(name, args[0], args[1].id, args[2:], point, field)
    return called(name, [evaluate_precisely(arg, point, field) for arg in args], field)


def holds(condition: Node, point: Point, field: Field) -> bool:
    """Whether a condition certainly holds, or certainly does not.

    Raises:
        NoValue: a side of a comparison has no value, or both are too close together to tell (Close).
        NotAFormula: it is no condition on real numbers.
    """
    match condition:
        case Compare(first=first, rest=rest):
            return _joined([_compared(*pair, point, field) for pair in _pairs(first, rest)], every=True)
        case Logic(op=op, operands=operands):
            found = [_tried(operand, point, field) for operand in operands]
            return _joined(found, every=op == "and")
        case Unary(op="not", operand=operand):
            return not holds(operand, point, field)
        case Constant(value=bool() as value):
            return value
        case _:
            raise NotAFormula


def _pairs(first: Node, rest: tuple[tuple[str, Node], ...]) -> list[tuple[str, Node, Node]]:
    items = [first, *(item for _, item in rest)]
    return [(op, items[place], items[place + 1]) for place, (op, _) in enumerate(rest)]


def _tried(condition: Node, point: Point, field: Field) -> bool | NoValue:
    try:
        return holds(condition, point, field)
    except NoValue as reason:
        return reason


def _joined(found: list[bool | NoValue], every: bool) -> bool:
    """All or any of several; one that decides alone may stand beside others without a value."""
    if (not every) in found:
        return not every
    for outcome in found:
        if isinstance(outcome, NoValue):
            raise outcome
    return every


def _compared(op: str, left: Node, right: Node, point: Point, field: Field) -> bool | NoValue:
    """One comparison; the reason instead of an answer where there is none."""
    try:
        off = subtract(evaluate_precisely(left, point, field), evaluate_precisely(right, point, field), field)
    except NoValue as reason:
        return reason
    if op in ("==", "!="):
        return _is_zero(off, field, op == "==")
    if op not in _SIGNS:
        raise NotAFormula
    try:
        return sign_of(off, field) in _SIGNS[op]
    except Singular:
        return Close()


_SIGNS: dict[str, tuple[int, ...]] = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (1, 0)}


def _is_zero(off: Precise, field: Field, wanted: bool) -> bool | NoValue:
    if isinstance(off, Fraction):
        return (off == 0) == wanted
    try:
        field.lower(off)
    except Singular:
        return Close()
    return not wanted


def _product(left: Node, right: Node, point: Point, field: Field) -> Precise:
    """A product; the indicator of what is not the case is zero, also times what has no value."""
    try:
        one = evaluate_precisely(left, point, field)
    except NoValue:
        if _switched_off(right, point, field):
            return Fraction(0)
        raise
    try:
        other = evaluate_precisely(right, point, field)
    except NoValue:
        if one == 0 and has_indicator(left):
            return Fraction(0)
        raise
    return multiply(one, other, field)


def _switched_off(node: Node, point: Point, field: Field) -> bool:
    return has_indicator(node) and evaluate_precisely(node, point, field) == 0


def has_indicator(node: Node) -> bool:
    """Whether an indicator function occurs."""
    return any(isinstance(part, Call) and part.function == "indicator" for part in distinct(node))


def _series(name: str, body: Node, index: str, ends: tuple[Node, ...], point: Point, field: Field) -> Precise:
    """A sum or product over an index; an empty one is 0 or 1."""
    begin, end = (_whole(evaluate_precisely(node, point, field)) for node in ends)
    field.spend(max(end - begin + 1, 0))
    total: Precise = Fraction(0 if name == "Sum" else 1)
    values, field.values = field.values, None  # a term has a point of its own
    try:
        for place in range(begin, end + 1):
            value = evaluate_precisely(body, {**point, index: Fraction(place)}, field)
            total = add(total, value, field) if name == "Sum" else multiply(total, value, field)
    finally:
        field.values = values
    return total


def _whole(value: Precise) -> int:
    if not isinstance(value, Fraction):
        raise Close
    if value.denominator != 1:
        raise Undefined
    if abs(value) > HIGHEST_INDEX:
        raise TooLarge
    return int(value)


def _named(node: Name, point: Point, field: Field) -> Precise:
    name = node.id
    found = point.get(name)
    if isinstance(found, (Fraction, Ball)):
        return found
    if found is not None:
        parts = [Real(field.bits).rational(part) for part in found]
        return Ball((parts[0].value, parts[1].value), max(part.error for part in parts) + 1)
    if name == "i" and isinstance(field, Complex):
        return field.unit
    if name not in ("pi", "e"):
        raise NotAFormula
    return constant(name, field)


_EVALUATED: dict[type, Callable[[Any, Point, Field], Precise]] = {
    Name: _named,
    Binary: _binary,
    Unary: _unary,
    Choice: _choice,
    Constant: _constant,
    Call: _call,
}
