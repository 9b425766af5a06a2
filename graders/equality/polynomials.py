"""Zero sets and signs of rational functions of several symbols, decided along random lines modulo a prime.

On a random line a polynomial keeps its square-free part and the multiplicities of its factors (but for a probability
of about degree² / 2^61). Two polynomials with the same square-free part are zero at the same places, also at complex
ones; if the factors of odd multiplicity are the same too, their quotient has one sign everywhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from app.domain.language.tree import Binary, Name, Node, Number, Unary, free_names
from graders.equality.modular import PRIME, NotRational, degrees, exponent_of

Poly = list[int]
"""Coefficients modulo the prime, the constant first; no zeros at the end; empty is zero."""

HIGHEST_DEGREE = 48
LINES = 2

_NOT_ZERO = frozenset(["positive", "negative", "nonzero", "unit", "natural"])


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two functions share on the domain: the places of their zeros, how often each is one, where they change sign.

    Factors that are never zero there (a positive symbol, 1 − p for p between 0 and 1) do not count, nor do removable
    gaps and, for zeros, poles.
    """

    zeros: bool
    powers: bool
    signs: bool


def likeness(one: Node, other: Node, domains: Mapping[str, str]) -> Likeness:
    """What two rational functions share; what is true here is certain, what is false may just not be seen.

    Raises:
        NotRational: one of them is no rational function, or its degree is too high.
    """
    lines = [(_on_line(one, domains, place), _on_line(other, domains, place)) for place in range(LINES)]
    return Likeness(
        zeros=all(first.zeros == second.zeros for first, second in lines),
        powers=all(first.top == second.top for first, second in lines),
        signs=all(first.zeros == second.zeros and first.odd == second.odd for first, second in lines),
    )


@dataclass(slots=True)
class _Line:
    """On a line: the numerator, its square-free part, and the part at which the sign changes (poles included)."""

    top: Poly
    zeros: Poly
    odd: Poly


def _on_line(node: Node, domains: Mapping[str, str], place: int) -> _Line:
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
    found = _Line(_monic(top), zeros, _times(odd, odd_poles))
    for name, domain in domains.items():
        if name in line and domain in _NOT_ZERO:
            a, b = line[name]
            _drop(found, [a, b], domain)
            if domain == "unit":
                _drop(found, [(1 - a) % PRIME, -b % PRIME], domain)
    return found


def _drop(line: _Line, factor: Poly, domain: str) -> None:
    """Divides out a factor that is never zero; where it may have both signs, it still counts for those."""
    while len(shared := _gcd(line.top, factor)) > 1:
        line.top = _monic(_divided(line.top, shared))
    line.zeros = _without(line.zeros, factor)
    if domain != "nonzero":
        line.odd = _without(line.odd, factor)


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
