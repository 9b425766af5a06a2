"""Decides identities of rational functions by calculating modulo the prime 2^61 − 1 at random points.

Two different rational functions of total degree d agree at a random point with a probability below 2d / 2^61
(Schwartz and Zippel), so a few points make agreement as good as certain, however long the coefficients are.
π and e count as symbols of their own: what agrees then agrees, what differs is not decided.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from fractions import Fraction
from functools import lru_cache
from typing import Literal

from app.domain.language.tree import Binary, Name, Node, Number, Unary, free_names

PRIME = 2**61 - 1
POINTS = 4
HIGHEST_DEGREE = 2**36
FEWEST_POINTS = 2
LOW_DEGREE = 2**12
"""So that agreement by chance is as rare with the fewest points as with all of them: below 2^-96."""
HIGHEST_EXPONENT = 10**6


class NotRational(Exception):
    """The formula is not made of numbers, symbols, + − · / and whole constant powers alone."""


def same_function(one: Node, other: Node) -> Literal["same", "different", "no value"]:
    """Whether two rational functions are the same; `no value` where a denominator of one is zero everywhere.

    Raises:
        NotRational: one of them is no rational function, or its degree is too high for certainty.
    """
    highest = max(*degrees(one), *degrees(other))
    if highest > HIGHEST_DEGREE:
        raise NotRational
    names = sorted(free_names(one) | free_names(other))
    compared = 0
    # Of lower degrees fewer points are as certain.
    wanted = FEWEST_POINTS if highest <= LOW_DEGREE else POINTS
    for place in range(2 * wanted):
        residues = {name: _residue(name, place) for name in names}
        try:
            if _value(one, residues) != _value(other, residues):
                return "different"
        except ZeroDivisionError:
            continue
        compared += 1
        if compared == wanted:
            return "same"
    return "no value"


def constant(node: Node) -> Fraction | None:
    """The exact value of a formula of numbers and + − · / alone that stays small; else None."""
    match node:
        case Number(value=value):
            return value
        case Unary(op="-" | "+" as op, operand=operand):
            inner = constant(operand)
            return -inner if inner is not None and op == "-" else inner
        case Binary(op="+" | "-" | "*" | "/" as op, left=left_node, right=right_node):
            left, right = constant(left_node), constant(right_node)
            if left is None or right is None or (op == "/" and right == 0):
                return None
            result = {"+": left.__add__, "-": left.__sub__, "*": left.__mul__, "/": left.__truediv__}[op](right)
            return result if isinstance(result, Fraction) and result.denominator.bit_length() < 400 else None
        case _:
            return None


def exponent_of(node: Node) -> int:
    """A whole constant exponent. Raises NotRational when it is none, or too large."""
    found = node.value if isinstance(node, Number) else constant(node)
    if found is None or found.denominator != 1 or abs(found) > HIGHEST_EXPONENT:
        raise NotRational
    return int(found)


def degrees(node: Node) -> tuple[int, int]:
    """Bounds for the degrees of numerator and denominator. Raises NotRational."""
    match node:
        case Number():
            return 0, 0
        case Name():
            return 1, 0
        case Unary(op="-" | "+", operand=operand):
            return degrees(operand)
        case Binary(op="+" | "-", left=left, right=right):
            (a, b), (c, d) = degrees(left), degrees(right)
            return max(a + d, c + b), b + d
        case Binary(op="*", left=left, right=right):
            (a, b), (c, d) = degrees(left), degrees(right)
            return a + c, b + d
        case Binary(op="/", left=left, right=right):
            (a, b), (c, d) = degrees(left), degrees(right)
            return a + d, b + c
        case Binary(op="**", left=left, right=right):
            (a, b), exponent = degrees(left), exponent_of(right)
            return (a * exponent, b * exponent) if exponent >= 0 else (-b * exponent, -a * exponent)
        case _:
            raise NotRational


@lru_cache(maxsize=1024)
def _residue(name: str, place: int) -> int:
    digest = hashlib.sha256(f"modular {place} {name}".encode()).digest()
    return int.from_bytes(digest[:16], "big") % PRIME


def _value(node: Node, residues: Mapping[str, int]) -> int:
    """The residue of a rational function; ZeroDivisionError where a denominator is zero."""
    match node:
        case Binary(op=op, left=left_node, right=right_node):
            left = _value(left_node, residues)
            if op == "**":
                exponent = exponent_of(right_node)
                return pow(left if exponent >= 0 else _inverse(left), abs(exponent), PRIME)
            right = _value(right_node, residues)
            if op == "/":
                return left * _inverse(right) % PRIME
            if op == "*":
                return left * right % PRIME
            return (left + right if op == "+" else left - right) % PRIME
        case Name(id=name):
            return residues[name]
        case Number(value=value):
            top, bottom = value.as_integer_ratio()
            return top % PRIME if bottom == 1 else top * _inverse(bottom) % PRIME
        case Unary(op=op, operand=operand):
            inner = _value(operand, residues)
            return -inner % PRIME if op == "-" else inner
        case _:  # pragma: no cover  (degrees has refused everything else)
            raise NotRational


def _inverse(residue: int) -> int:
    if residue % PRIME == 0:
        raise ZeroDivisionError
    return pow(residue, -1, PRIME) if residue != 1 else 1
