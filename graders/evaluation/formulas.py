"""Formulas as values: arithmetic and functions on cells that mention free symbols build trees."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

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
    Sequence,
    Unary,
    size,
)
from app.domain.values import Share, Symbolic, Value, normal, symbolic
from graders.evaluation.errors import EvaluationError

_SCALAR = (
    "sqrt exp log log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sec csc cot erf sech csch "
    "coth sigmoid relu softplus abs sign floor ceil factorial"
)
_ARRAY = (
    "transpose dot outer norm sum mean trace det inv diag eye ones zeros arange kron concat reverse cumsum "
    "entry Sum Prod indicator gradient jacobian max min P through set"
)

SCALAR_FUNCTIONS = frozenset(_SCALAR.split())
"""Functions of one number; of a list they are taken cell by cell."""

FORMULA_FUNCTIONS = SCALAR_FUNCTIONS | frozenset(_ARRAY.split())
"""All functions of canonical trees."""

MOST_NODES = 4000


def is_formula(value: Value) -> bool:
    """Whether a value is a formula, or a list with one in it."""
    if isinstance(value, list):
        return any(is_formula(item) for item in value)
    return isinstance(value, Symbolic)


def tree_of(value: Value) -> Node:
    """The tree of a value.

    Raises:
        EvaluationError: a text, a record, or an undecided share, which stand in no formula.
    """
    match value:
        case Symbolic(node=node):
            return node
        case bool() | None:
            return Constant(value)
        case int() | Fraction():
            return _exact(Fraction(value))
        case float():
            # π is the one irrational number that cells know; as itself it stays exact.
            return Name("pi") if value == math.pi else _exact(Fraction(repr(value)))
        case list():
            return Sequence(tuple(tree_of(item) for item in value))
        case Share() if value.decided:
            return _exact(value.lo)
        case _:
            raise EvaluationError("Only numbers and formulas can stand in a formula.")


def _exact(value: Fraction) -> Node:
    size = abs(value)
    node: Node = Number(Fraction(size.numerator), str(size.numerator))
    if size.denominator != 1:
        node = Binary("/", node, Number(Fraction(size.denominator), str(size.denominator)))
    return Unary("-", node) if value < 0 else node


def formula_of(node: Node) -> Symbolic:
    """A tree as a value.

    Raises:
        EvaluationError: the formula is too long.
    """
    if size(node) > MOST_NODES + 1:
        raise EvaluationError("This formula is too long.")
    return symbolic(node)


def value_of_tree(node: Node) -> Value:
    """The value of a tree as a student wrote it: numbers as numbers, lists cell by cell, all else as a formula."""
    match node:
        case Number(value=value):
            return normal(value)
        case Unary(op="-", operand=Number(value=value)):
            return normal(-value)
        case Binary(op="/", left=Number(value=top), right=Number(value=bottom)) if bottom:
            return normal(top / bottom)
        case Sequence(items=items):
            return [value_of_tree(item) for item in items]
        case _:
            return formula_of(node)


def combine(op: str, left: Value, right: Value) -> Value:
    """`left op right` where one is a formula; zeros and ones that change nothing are left out."""
    if op == "+" and 0 in (left, right):
        return right if left == 0 else left
    if op == "-" and right == 0:
        return left
    if op == "*" and 0 in (left, right):
        return 0
    if op == "*" and 1 in (left, right):
        return right if left == 1 else left
    if op == "*" and -1 in (left, right):
        return negative(right if left == -1 else left)
    if op in ("/", "**") and right == 1:
        return left
    return formula_of(Binary(op, tree_of(left), tree_of(right)))


def negative(value: Value) -> Symbolic:
    """−f."""
    node = tree_of(value)
    return formula_of(node.operand if isinstance(node, Unary) and node.op == "-" else Unary("-", node))


def compared(first: Value, rest: Iterable[tuple[str, Value]]) -> Symbolic:
    """A comparison of formulas: itself a formula, a condition."""
    return formula_of(Compare(tree_of(first), tuple((op, tree_of(item)) for op, item in rest)))


def joined(op: str, operands: Iterable[Value]) -> Symbolic:
    """Conditions joined by `and` or `or`."""
    return formula_of(Logic(op, tuple(tree_of(operand) for operand in operands)))


def distinguished(condition: Value, then: Value, otherwise: Value) -> Symbolic:
    """A case distinction."""
    return formula_of(Choice(tree_of(condition), tree_of(then), tree_of(otherwise)))


def called(name: str, args: Iterable[Value]) -> Symbolic:
    """A function of formulas."""
    return formula_of(Call(name, tuple(tree_of(arg) for arg in args)))
