"""Whether what was typed shows a calculation, or is only a way to write down a number."""

from __future__ import annotations

from math import gcd

from app.domain.language.tree import Binary, Call, Node, Number, Unary, walk
from app.domain.values import Value, normal


def shows_calculation(node: Node) -> bool:
    """Whether an operation or function leads to the result.

    Signs, percentages, fractions in lowest terms and powers of ten only write a number down; adding 0 and
    multiplying by 1 lead nowhere.
    """
    match node:
        case Unary(operand=operand):
            return shows_calculation(operand)
        case Binary(op=op, left=left, right=right):
            if shows_calculation(left) or shows_calculation(right):
                return True
            return not _only_notation(op, left, right)
        case Call():
            return True
        case _:
            return False


def _only_notation(op: str, left: Node, right: Node) -> bool:
    one, other = _plain(left), _plain(right)
    if op in ("+", "-"):
        return other == 0 or (op == "+" and one == 0)
    if op == "*":
        return 1 in (one, other) or _power_of_ten(right)
    if op == "**":
        return other == 1 or (one == 10 and other is not None)
    if one is None or other is None:
        return False
    percent = other == 100 and right.span[1] - right.span[0] == 1
    lowest = isinstance(one, int) and isinstance(other, int) and gcd(one, other) == 1
    return percent or lowest or other == 1


def before_percent(node: Node) -> Node | None:
    """What stands before a percent sign (`82 %`, `-5 %`, `(80 + 84) %`); None where none stands behind all."""
    match node:
        case Unary(op=op, operand=operand, span=span):
            inner = before_percent(operand)
            return None if inner is None else Unary(op, inner, span)
        case Binary(op="/", left=left, right=Number(value=value, span=(start, end))) if value == 100:
            return left if end - start == 1 else None
        case _:
            return None


def _plain(node: Node) -> Value:
    """The number, if the node is just one, with or without a sign."""
    match node:
        case Number(value=value):
            return normal(value)
        case Unary(op="-", operand=Number(value=value)):
            return normal(-value)
        case _:
            return None


def _power_of_ten(node: Node) -> bool:
    match node:
        case Binary(op="**", left=base, right=exponent):
            return _plain(base) == 10 and _plain(exponent) is not None
        case _:
            return False


def numbers_typed(node: Node) -> list[Value]:
    """All numbers in the text, in the order typed."""
    return [normal(part.value) for part in walk(node) if isinstance(part, Number)]


def factors(node: Node) -> list[Value] | None:
    """The numbers of a plain product such as 64·64·96, in the order typed; None if it is anything else."""
    match node:
        case Number(value=value):
            return [normal(value)]
        case Binary(op="*", left=left, right=right):
            one, other = factors(left), factors(right)
            return None if one is None or other is None else one + other
        case _:
            return None
