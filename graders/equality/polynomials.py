"""Zero sets and signs of rational functions of several symbols, decided along random lines modulo a prime.

On a random line a polynomial keeps its square-free part and the multiplicities of its factors (but for a probability
of about degree² / 2^61). Two polynomials with the same square-free part are zero at the same places, also at complex
ones; if the factors of odd multiplicity are the same too, their quotient has one sign everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Literal

from app.domain.language.tree import Binary, Name, Node, Number, Unary, free_names
from graders.equality.modular import PRIME, NotRational, degrees, exponent_of

Poly = list[int]
"""Coefficients modulo the prime, the constant first; no zeros at the end; empty is zero."""

HIGHEST_DEGREE = 48
LINES = 2

_NOT_ZERO = frozenset(["positive", "negative", "nonzero", "unit", "natural"])


def same_zeros_and_signs(one: Node, other: Node, domains: Mapping[str, str]) -> Literal["zeros", "signs", ""]:
    """`zeros` where both are zero at the same places of the domain, `signs` where their quotient also has one sign.

    Factors that are never zero in the domains (a positive symbol, 1 − p for p between 0 and 1) do not count, nor do
    removable gaps. The empty text says that this does not tell.

    Raises:
        NotRational: one of them is no rational function, or its degree is too high.
    """
    found: set[str] = set()
    for place in range(LINES):
        (first, first_odd), (second, second_odd) = (_on_line(node, domains, place) for node in (one, other))
        if first != second:
            return ""
        found.add("signs" if first_odd == second_odd else "zeros")
    return "signs" if found == {"signs"} else "zeros"


def _on_line(node: Node, domains: Mapping[str, str], place: int) -> tuple[Poly, Poly]:
    """On a line: the square-free part of the zeros, and the part at which the sign changes (poles included)."""
    degree = max(degrees(node))
    if degree > HIGHEST_DEGREE:
        raise NotRational
    names = sorted(free_names(node))
    line = {name: (_residue(name, 2 * place), _residue(name, 2 * place + 1)) for name in names}
    places = range(1, degree + 2)
    values = [_fraction(node, {name: (a + b * t) % PRIME for name, (a, b) in line.items()}) for t in places]
    top = _interpolated(places, [value[0] for value in values])
    below = _interpolated(places, [value[1] for value in values])
    shared = _gcd(top, below)
    top, below = _divided(top, shared), _divided(below, shared)
    zeros, odd = _factors(top)
    _, odd_poles = _factors(below)
    odd = _times(odd, odd_poles)
    for name, domain in domains.items():
        if name in line and domain in _NOT_ZERO:
            a, b = line[name]
            zeros = _without(zeros, [a, b])
            odd = odd if domain == "nonzero" else _without(odd, [a, b])
            if domain == "unit":
                zeros, odd = (
                    _without(zeros, [(1 - a) % PRIME, -b % PRIME]),
                    _without(odd, [(1 - a) % PRIME, -b % PRIME]),
                )
    return zeros, odd


def _residue(name: str, place: int) -> int:
    digest = hashlib.sha256(f"line {place} {name}".encode()).digest()
    return int.from_bytes(digest[:16], "big") % PRIME


def _fraction(node: Node, values: Mapping[str, int]) -> tuple[int, int]:
    """Numerator and denominator, without any division."""
    match node:
        case Number(value=value):
            return value.numerator % PRIME, value.denominator % PRIME
        case Name(id=name):
            return values[name], 1
        case Unary(op=op, operand=operand):
            a, b = _fraction(operand, values)
            return (-a % PRIME, b) if op == "-" else (a, b)
        case Binary(op="**", left=left, right=right):
            exponent = exponent_of(right)
            a, b = _fraction(left, values)
            if exponent < 0:
                a, b = b, a
            return pow(a, abs(exponent), PRIME), pow(b, abs(exponent), PRIME)
        case Binary(op=op, left=left, right=right):
            (a, b), (c, d) = _fraction(left, values), _fraction(right, values)
            match op:
                case "+":
                    return (a * d + c * b) % PRIME, b * d % PRIME
                case "-":
                    return (a * d - c * b) % PRIME, b * d % PRIME
                case "*":
                    return a * c % PRIME, b * d % PRIME
                case _:
                    return a * d % PRIME, b * c % PRIME
        case _:  # pragma: no cover  (degrees has refused everything else)
            raise NotRational


def _trimmed(poly: Poly) -> Poly:
    while poly and poly[-1] == 0:
        poly.pop()
    return poly


def _interpolated(places: range, values: list[int]) -> Poly:
    """The polynomial through these values, by Newton's divided differences."""
    differences = list(values)
    for order in range(1, len(values)):
        for place in range(len(values) - 1, order - 1, -1):
            gap = pow(places[place] - places[place - order], -1, PRIME)
            differences[place] = (differences[place] - differences[place - 1]) * gap % PRIME
    poly: Poly = []
    for place in range(len(values) - 1, -1, -1):
        poly = _plus(_times(poly, [-places[place] % PRIME, 1]), [differences[place]])
    return _trimmed(poly)


def _plus(a: Poly, b: Poly) -> Poly:
    longer, shorter = (a, b) if len(a) >= len(b) else (b, a)
    found = list(longer)
    for place, value in enumerate(shorter):
        found[place] = (found[place] + value) % PRIME
    return _trimmed(found)


def _times(a: Poly, b: Poly) -> Poly:
    if not a or not b:
        return []
    found = [0] * (len(a) + len(b) - 1)
    for place, value in enumerate(a):
        for other, factor in enumerate(b):
            found[place + other] = (found[place + other] + value * factor) % PRIME
    return _trimmed(found)


def _monic(a: Poly) -> Poly:
    if not a:
        return a
    scale = pow(a[-1], -1, PRIME)
    return [value * scale % PRIME for value in a]


def _division(a: Poly, b: Poly) -> tuple[Poly, Poly]:
    rest, quotient = list(a), [0] * max(len(a) - len(b) + 1, 0)
    scale = pow(b[-1], -1, PRIME)
    for place in range(len(a) - len(b), -1, -1):
        factor = quotient[place] = rest[place + len(b) - 1] * scale % PRIME
        for other, value in enumerate(b):
            rest[place + other] = (rest[place + other] - factor * value) % PRIME
    return _trimmed(quotient), _trimmed(rest)


def _divided(a: Poly, b: Poly) -> Poly:
    return _division(a, b)[0] if len(b) > 1 else a


def _gcd(a: Poly, b: Poly) -> Poly:
    while b:
        a, b = b, _division(a, b)[1]
    return _monic(a)


def _without(a: Poly, b: Poly) -> Poly:
    """What is left of a when all it shares with b is divided out."""
    shared = _gcd(a, _trimmed(list(b)))
    return _monic(_divided(a, shared)) if len(shared) > 1 else a


def _factors(a: Poly) -> tuple[Poly, Poly]:
    """The square-free part, and the product of the factors of odd multiplicity (Yun's algorithm)."""
    if len(a) <= 1:
        return _monic(list(a)), [1]
    change = _trimmed([place * value % PRIME for place, value in enumerate(a)][1:])
    shared = _gcd(a, change)
    radical = rest = _monic(_divided(a, shared))
    odd: Poly = [1]
    multiplicity = 1
    while len(rest) > 1:
        deeper = _gcd(rest, shared)
        if multiplicity % 2:
            odd = _times(odd, _monic(_divided(rest, deeper)) if len(deeper) > 1 else rest)
        shared = _divided(shared, deeper)
        rest, multiplicity = deeper, multiplicity + 1
    return radical, _monic(odd)
