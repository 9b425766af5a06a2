"""Formulas in which a symbol occurs only linearly: what stands before it, and the rest."""

from __future__ import annotations

from fractions import Fraction

from app.domain.language.tree import Binary, Name, Node, Number, Unary, free_names
from graders.equality.substitution import number

ZERO, ONE = number(Fraction(0)), number(Fraction(1))


def affine_parts(node: Node, name: str) -> tuple[Node, Node] | None:
    """`a` and `b` of a formula a·name + b, both free of the symbol; None where its form shows no such thing."""
    if name not in free_names(node):
        return ZERO, node
    match node:
        case Name():
            return ONE, ZERO
        case Unary(op="+" | "-" as op, operand=operand):
            parts = affine_parts(operand, name)
            if parts is None or op == "+":
                return parts
            return _negative(parts[0]), _negative(parts[1])
        case Binary(op="+" | "-" as op, left=left, right=right):
            one, other = affine_parts(left, name), affine_parts(right, name)
            if one is None or other is None:
                return None
            return _sum(op, one[0], other[0]), _sum(op, one[1], other[1])
        case Binary(op="*", left=left, right=right) if (name in free_names(left)) != (name in free_names(right)):
            inner, factor = (left, right) if name in free_names(left) else (right, left)
            parts = affine_parts(inner, name)
            return None if parts is None else (_product(parts[0], factor), _product(parts[1], factor))
        case Binary(op="/", left=left, right=right) if name not in free_names(right):
            parts = affine_parts(left, name)
            return None if parts is None else (Binary("/", parts[0], right), Binary("/", parts[1], right))
        case _:
            return None


def _is(node: Node, value: int) -> bool:
    return isinstance(node, Number) and node.value == value


def _negative(node: Node) -> Node:
    return node if _is(node, 0) else Unary("-", node)


def _sum(op: str, one: Node, other: Node) -> Node:
    if _is(other, 0):
        return one
    if _is(one, 0):
        return other if op == "+" else Unary("-", other)
    return Binary(op, one, other)


def _product(one: Node, other: Node) -> Node:
    if _is(one, 0) or _is(other, 0):
        return ZERO
    return other if _is(one, 1) else one if _is(other, 1) else Binary("*", one, other)
