"""Unknown smooth functions: fixed test functions stand for them while formulas are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Node
from graders.equality.substitution import number, with_parts

TESTS = 3
"""What holds for so many functions, none of which obeys the laws of another, holds for all."""

PRIME = "_prime"
"""`l_prime` is the derivative of `l`, `l_prime_prime` the second."""


def put_in(node: Node, functions: Collection[str], test: int) -> Node:
    """The tree with the test functions of number `test` in the place of the unknown ones."""

    def change(part: Node) -> Node:
        part = with_parts(part, change)
        if isinstance(part, Call) and len(part.args) == 1 and not part.kwargs:
            name, order = part.function, 0
            while name not in functions and name.endswith(PRIME) and order < 2:
                name, order = name.removesuffix(PRIME), order + 1
            if name in functions:
                return _FAMILIES[test](part.args[0], *_constants(name), order)
        return part

    return change(node) if functions else node


def _constants(name: str) -> tuple[Node, Node]:
    """Two numbers below 1 that belong to a name: unknown functions of different names are different functions."""
    digest = hashlib.sha256(f"unknown {name}".encode()).digest()
    return number(Fraction(digest[0] % 61 + 29, 97)), number(Fraction(digest[1] % 53 + 23, 89))


def _plus(a: Node, b: Node) -> Node:
    return Binary("+", a, b)


def _times(a: Node, b: Node) -> Node:
    return Binary("*", a, b)


_TWO = number(Fraction(2))


def _rising(t: Node, a: Node, b: Node, order: int) -> Node:
    """exp(a·t) + b·t², which is positive everywhere."""
    power = Call("exp", (_times(a, t),))
    match order:
        case 0:
            return _plus(power, _times(b, _times(t, t)))
        case 1:
            return _plus(_times(a, power), _times(_TWO, _times(b, t)))
        case _:
            return _plus(_times(_times(a, a), power), _times(_TWO, b))


def _waving(t: Node, a: Node, b: Node, order: int) -> Node:
    """sin(a·t) + b·t."""
    match order:
        case 0:
            return _plus(Call("sin", (_times(a, t),)), _times(b, t))
        case 1:
            return _plus(_times(a, Call("cos", (_times(a, t),))), b)
        case _:
            return Binary("-", number(Fraction(0)), _times(_times(a, a), Call("sin", (_times(a, t),))))


def _curved(t: Node, a: Node, b: Node, order: int) -> Node:
    """atan(a·t) + b·t² + 3."""
    below = _plus(number(Fraction(1)), Binary("**", _times(a, t), _TWO))
    match order:
        case 0:
            bowl = _plus(_times(b, _times(t, t)), number(Fraction(3)))
            return _plus(Call("atan", (_times(a, t),)), bowl)
        case 1:
            return _plus(Binary("/", a, below), _times(_TWO, _times(b, t)))
        case _:
            bend = Binary("/", _times(_times(_TWO, Binary("**", a, number(Fraction(3)))), t), Binary("**", below, _TWO))
            return Binary("-", _times(_TWO, b), bend)


_FAMILIES: tuple[Callable[[Node, Node, Node, int], Node], ...] = (_rising, _waving, _curved)
