"""The signs of remainders: n − 2·⌊n/2⌋ is never below 0, ⌈x⌉ − x neither, and both are smaller than their divisor."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary, distinct, free_names, map_tree
from graders.equality.affine import affine_parts
from graders.equality.modular import NotRational, constant, same_function
from graders.equality.sampling import WHOLE
from graders.equality.substitution import number, same_tree, substitute

_PART = "rounded part"
"""No name that anybody can type."""


def sign_of_remainder(node: Node, domains: Mapping[str, str]) -> tuple[int, bool]:
    """The sign of c + a·(u − ⌊u⌋), or with ⌈u⌉, and whether it is never zero; (0, False) where a formula is none."""
    rounded = [part for part in distinct(node) if isinstance(part, Call) and part.function in ("floor", "ceil")]
    if not rounded or len(rounded[0].args) != 1 or not all(same_tree(rounded[0], other) for other in rounded):
        return 0, False
    inner, down = rounded[0].args[0], rounded[0].function == "floor"
    parts = affine_parts(map_tree(node, lambda part: Name(_PART) if isinstance(part, Call) else part), _PART)
    slope = constant(parts[0]) if parts else None
    if parts is None or slope is None:
        return 0, False
    whole = Binary("+", Binary("*", parts[0], inner), parts[1])
    start = constant(substitute(whole, dict.fromkeys(free_names(whole), number(Fraction(1)))))
    try:
        if start is None or same_function(whole, number(start)) != "same":
            return 0, False
    except NotRational:
        return 0, False
    # What is cut off lies from 0 to below 1; of a share of a whole number it is less than 1 by one part, or more.
    parts_of_one = _denominator(inner, domains)
    largest = 1 - Fraction(1, parts_of_one) if parts_of_one else Fraction(1)
    end = start + (-slope if down else slope) * largest
    reached = end == 0 and parts_of_one > 0
    if start >= 0 and end >= 0:
        return 1, start > 0 and not reached
    return (-1, start < 0 and not reached) if start <= 0 and end <= 0 else (0, False)


def _denominator(node: Node, domains: Mapping[str, str]) -> int:
    """A number that makes a whole number of a formula, whatever its symbols are; 0 where there is none."""
    match node:
        case Number(value=value):
            return value.denominator
        case Name(id=name):
            return int(domains.get(name) in WHOLE)
        case Unary(op="-" | "+", operand=operand):
            return _denominator(operand, domains)
        case Binary(op="+" | "-", left=left, right=right):
            return lcm(_denominator(left, domains), _denominator(right, domains))
        case Binary(op="*", left=left, right=right):
            return _denominator(left, domains) * _denominator(right, domains)
        case Binary(op="/", left=left, right=Number(value=value)) if value.denominator == 1:
            return _denominator(left, domains) * abs(value.numerator)
        case _:
            return 0
