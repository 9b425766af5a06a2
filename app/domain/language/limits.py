"""How large a text and its tree may be: everything is bounded before anything is evaluated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.domain.language.errors import LanguageError
from app.domain.language.tree import Binary, Name, Node, Number, Unary, children


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one text."""

    length: int
    """Characters of the text."""
    nodes: int
    """Nodes of the tree."""
    digits: int
    """Digits of one number as written."""
    depth: int = 40
    """Brackets, signs, exponents and alternatives inside each other."""
    height: int = 120
    """Nodes from the root to the deepest leaf; a plain sum of n terms is n high."""
    exponent: int = 1000
    """Largest absolute value of a constant exponent, and of the exponent in `1e5`."""
    bits: int = 65536
    """Size of a constant power, as numerator and denominator."""


STUDENT: Final = Limits(length=1000, nodes=400, digits=40)
ROWS: Final = Limits(length=4000, nodes=400, digits=40)
"""For fields in which a whole vector or matrix is typed; nodes and digits count per cell."""
AUTHOR: Final = Limits(length=4000, nodes=1200, digits=200)


def check_length(text: str, limits: Limits) -> None:
    """Raises LanguageError when the text is too long to look at."""
    if len(text) > limits.length:
        says = f"This is {len(text)} characters long; at most {limits.length} can be read."
        raise LanguageError(says, text, limits.length, len(text))


def check_tree(node: Node, limits: Limits, text: str = "") -> None:
    """Raises LanguageError when a tree has too many nodes, is too high, or holds a huge constant power."""
    count = 0
    waiting: list[tuple[Node, int]] = [(node, 1)]
    while waiting:
        current, height = waiting.pop()
        count += 1
        kind = type(current)
        if (kind is Number or kind is Name) and height <= limits.height and count <= limits.nodes:
            continue
        if height > limits.height:
            says = f"This is too long a chain; at most {limits.height} steps can follow each other."
            raise LanguageError(says, text, *current.span)
        if count > limits.nodes:
            says = f"This has too many pieces; at most {limits.nodes} numbers, names and signs can be read."
            raise LanguageError(says, text, *node.span)
        if isinstance(current, Binary):
            if current.op == "**":
                check_power(current, limits, text)
            waiting += ((current.left, height + 1), (current.right, height + 1))
            continue
        waiting.extend((child, height + 1) for child in children(current))


def check_power(power: Binary, limits: Limits, text: str = "") -> None:
    """Raises LanguageError when a power is huge whatever its symbols are."""
    exponent = _estimate(power.right)
    if exponent is None:
        return
    if abs(exponent) > limits.exponent:
        says = f"This exponent is too large; at most {limits.exponent} can be used."
        raise LanguageError(says, text, *power.right.span)
    size = _bits(power)
    if size is not None and size > limits.bits:
        raise LanguageError("This number is too large to calculate with.", text, *power.span)


def _estimate(node: Node) -> float | None:
    """The value of a subtree of numbers alone, infinite if too large; None when it depends on more."""
    match node:
        case Number(value=value):
            try:
                return float(value)
            except OverflowError:
                return float("inf")
        case Unary(op="-" | "+" as op, operand=operand):
            inner = _estimate(operand)
            return inner if inner is None or op == "+" else -inner
        case Binary(op=op, left=left, right=right):
            a, b = _estimate(left), _estimate(right)
            return None if a is None or b is None else _calculate(op, a, b)
        case _:
            return None


def _calculate(op: str, a: float, b: float) -> float | None:
    try:
        match op:
            case "+":
                return a + b
            case "-":
                return a - b
            case "*":
                return a * b
            case "/":
                return a / b
            case "//":
                return a // b
            case "%":
                return a % b
            case "@":
                return a * b
            case _:
                power = a**b
                return power if isinstance(power, float) else None
    except ZeroDivisionError:
        return None
    except OverflowError:
        return float("inf")


def _bits(node: Node) -> float | None:
    """An upper bound for the bits of numerator and denominator of a subtree made of numbers alone."""
    match node:
        case Number(value=value):
            return value.numerator.bit_length() + value.denominator.bit_length()
        case Unary(operand=operand):
            return _bits(operand)
        case Binary(op="**", left=left, right=right):
            size, exponent = _bits(left), _estimate(right)
            return None if size is None or exponent is None else size * max(1.0, abs(exponent))
        case Binary(left=left, right=right):
            a, b = _bits(left), _bits(right)
            return None if a is None or b is None else a + b + 1
        case _:
            return None
