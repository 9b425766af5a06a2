"""Puts numbers and formulas in the place of names; the index of a sum stays its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
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
    Text,
    Unary,
    children,
)

BINDERS = frozenset(["Sum", "Prod"])
"""Calls `Sum(body, i, lower, upper)` whose second argument is a name of their own."""


def number(value: Fraction) -> Node:
    """A number as a tree."""
    return Number(value, str(value))


def complex_number(value: Fraction | tuple[Fraction, Fraction]) -> Node:
    """A real or complex number as a tree."""
    if isinstance(value, Fraction):
        return number(value)
    return Binary("+", number(value[0]), Binary("*", number(value[1]), Name("i")))


def substitute(node: Node, replacements: Mapping[str, Node]) -> Node:
    """The tree with trees in the place of names."""
    if not replacements:
        return node
    made: dict[int, Node] = {}

    def change(part: Node) -> Node:
        found = made.get(id(part))
        if found is None:
            found = made[id(part)] = changed(part)
        return found

    def changed(part: Node) -> Node:
        match part:
            case Name(id=name):
                return replacements.get(name, part)
            case Call(function=function, args=(body, Name(id=index) as own, lower, upper)) if function in BINDERS:
                inner = {name: tree for name, tree in replacements.items() if name != index}
                return Call(function, (substitute(body, inner), own, change(lower), change(upper)), (), part.span)
            case _:
                return with_parts(part, change)

    return change(node)


def with_parts(node: Node, change: Callable[[Node], Node]) -> Node:
    """The node with its direct parts changed; what stands in no formula stays."""
    match node:
        case Unary(operand=operand):
            return Unary(node.op, change(operand), node.span)
        case Binary(left=left, right=right):
            return Binary(node.op, change(left), change(right), node.span)
        case Compare(first=first, rest=rest):
            return replace(node, first=change(first), rest=tuple((op, change(item)) for op, item in rest))
        case Logic(operands=operands):
            return replace(node, operands=tuple(map(change, operands)))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return replace(node, condition=change(condition), then=change(then), otherwise=change(otherwise))
        case Call(args=args):
            return Call(node.function, tuple(map(change, args)), node.kwargs, node.span)
        case Sequence(items=items):
            return replace(node, items=tuple(map(change, items)))
        case _:
            return node


def same_tree(one: Node, other: Node) -> bool:
    """Whether two trees are the same, wherever they stood in a text and however their numbers were written."""
    if type(one) is not type(other):
        return False
    match one, other:
        case Number(value=value), Number(value=same):
            return value == same
        case Name(id=name), Name(id=same_name):
            return name == same_name
        case (Constant() | Text(), _):
            return replace(one, span=(0, 0)) == replace(other, span=(0, 0))
        case (Unary(op=a), Unary(op=b)) | (Binary(op=a), Binary(op=b)) | (Logic(op=a), Logic(op=b)):
            same_head = a == b
        case Call(function=a, kwargs=()), Call(function=b, kwargs=()):
            same_head = a == b
        case Compare(rest=a), Compare(rest=b):
            same_head = [op for op, _ in a] == [op for op, _ in b]
        case (Choice() | Sequence(), _):
            same_head = True
        case _:
            return False
    parts, others = list(children(one)), list(children(other))
    return same_head and len(parts) == len(others) and all(map(same_tree, parts, others))
