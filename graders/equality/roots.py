"""Real roots of polynomials with rational coefficients, isolated exactly with Sturm's sequences."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import gcd, lcm

from app.domain.language.tree import Binary, Name, Node, Number, Unary
from graders.equality.modular import NotRational, exponent_of

Poly = list[Fraction]
"""Coefficients, the constant first; no zeros at the end; empty is zero."""

Whole = list[int]
"""The same with whole coefficients."""

HIGHEST_DEGREE = 32
MOST_BITS = 20_000
"""Of all coefficients together: beyond, exactness would cost too much."""

Gap = tuple[Fraction, Fraction]
"""Two places, none of them a root, with exactly one root in between."""


def fraction_of(node: Node, name: str) -> tuple[Poly, Poly]:
    """Numerator and denominator of a rational function of one symbol, without common factors.

    Raises:
        NotRational: it is none, its degree or its coefficients are too large, or it divides by zero everywhere.
    """
    top, below = _fraction(node, name)
    if not below:
        raise NotRational
    shared = common(top, below)
    return divided(top, shared), divided(below, shared)


def _fraction(node: Node, name: str) -> tuple[Poly, Poly]:
    match node:
        case Number(value=value):
            return ([value] if value else []), [Fraction(1)]
        case Name(id=own) if own == name:
            return [Fraction(0), Fraction(1)], [Fraction(1)]
        case Unary(op="-" | "+" as op, operand=operand):
            top, below = _fraction(operand, name)
            return ([-value for value in top] if op == "-" else top), below
        case Binary(op="**", left=left, right=right):
            exponent = exponent_of(right)
            top, below = _fraction(left, name) if exponent >= 0 else _fraction(left, name)[::-1]
            if max(len(top), len(below)) * abs(exponent) > 4 * HIGHEST_DEGREE:
                raise NotRational
            return _power(top, abs(exponent)), _power(below, abs(exponent))
        case Binary(op="+" | "-" | "*" | "/" as op, left=left, right=right):
            (a, b), (c, d) = _fraction(left, name), _fraction(right, name)
            match op:
                case "*":
                    return times(a, c), times(b, d)
                case "/":
                    return times(a, d), times(b, c)
                case _:
                    return plus(times(a, d), times(c, b), 1 if op == "+" else -1), times(b, d)
        case _:
            raise NotRational


def _checked(a: Poly) -> Poly:
    while a and a[-1] == 0:
        a.pop()
    bits = sum(value.numerator.bit_length() + value.denominator.bit_length() for value in a)
    if len(a) > HIGHEST_DEGREE + 1 or bits > MOST_BITS:
        raise NotRational
    return a


def _power(a: Poly, exponent: int) -> Poly:
    found = [Fraction(1)]
    for _ in range(exponent):
        found = times(found, a)
    return found


def times(a: Poly, b: Poly) -> Poly:
    """a · b. Raises NotRational where the result is too large."""
    found = [Fraction(0)] * max(len(a) + len(b) - 1, 0)
    for place, value in enumerate(a):
        for other, factor in enumerate(b):
            found[place + other] += value * factor
    return _checked(found)


def plus(a: Poly, b: Poly, sign: int = 1) -> Poly:
    """a + sign · b."""
    found = [Fraction(0)] * max(len(a), len(b))
    for place, value in enumerate(a):
        found[place] += value
    for place, value in enumerate(b):
        found[place] += sign * value
    return _checked(found)


def _division(a: Poly, b: Poly) -> tuple[Poly, Poly]:
    rest, quotient = list(a), [Fraction(0)] * max(len(a) - len(b) + 1, 0)
    for place in range(len(a) - len(b), -1, -1):
        factor = quotient[place] = rest[place + len(b) - 1] / b[-1]
        for other, value in enumerate(b):
            rest[place + other] -= factor * value
    return _checked(quotient), _checked(rest)


def divided(a: Poly, b: Poly) -> Poly:
    """The quotient of a division without rest."""
    return _division(a, b)[0] if len(b) > 1 else a


def _whole(a: Poly) -> Whole:
    """A positive multiple with small whole coefficients."""
    scale = lcm(*(value.denominator for value in a)) if a else 1
    return _short([int(value * scale) for value in a])


def _short(a: Whole) -> Whole:
    while a and a[-1] == 0:
        a.pop()
    shared = gcd(*a) if a else 1
    if sum(value.bit_length() for value in a) > MOST_BITS:
        raise NotRational
    return [value // shared for value in a] if shared > 1 else a


def _rest(a: Whole, b: Whole) -> Whole:
    """A positive multiple of the rest of a division."""
    rest = list(a)
    lead, sign = abs(b[-1]), 1 if b[-1] > 0 else -1
    for place in range(len(a) - len(b), -1, -1):
        factor = sign * rest[place + len(b) - 1]
        rest = [value * lead for value in rest]
        for other, value in enumerate(b):
            rest[place + other] -= factor * value
    return _short(rest)


def _common(a: Whole, b: Whole) -> Whole:
    while b:
        a, b = b, _rest(a, b)
    return a


def common(a: Poly, b: Poly) -> Poly:
    """The greatest common divisor."""
    return [Fraction(value) for value in _common(_whole(a), _whole(b))]


def _derivative(a: Whole) -> Whole:
    return [place * value for place, value in enumerate(a)][1:]


def squarefree(a: Poly) -> Poly:
    """The polynomial with each of its roots once."""
    if len(a) <= 1:
        return a
    whole = _whole(a)
    shared = _common(whole, _short(_derivative(whole)))
    once = divided([Fraction(value) for value in whole], [Fraction(value) for value in shared])
    return [Fraction(value) for value in _whole(once)]


def sign_at(a: Poly, place: Fraction) -> int:
    """The sign of a polynomial's value."""
    value = Fraction(0)
    for coefficient in reversed(a):
        value = value * place + coefficient
    return (value > 0) - (value < 0)


def _sign_at(a: Whole, place: Fraction) -> int:
    top, below = place.numerator, place.denominator
    value, scale = 0, 1
    for coefficient in reversed(a):
        value = value * top + coefficient * scale
        scale *= below
    return (value > 0) - (value < 0)


def gaps_of(poly: Poly) -> list[Gap]:
    """All real roots of a square-free polynomial, in order, each between two places that are no roots."""
    if len(poly) <= 1:
        return []
    a = _whole(poly)
    chain = [a, _short(_derivative(a))]
    while len(chain[-1]) > 1:
        rest = [-value for value in _rest(chain[-2], chain[-1])]
        if not rest:
            break
        chain.append(rest)

    def changes(place: Fraction) -> int:
        signs = [sign for sign in (_sign_at(one, place) for one in chain) if sign]
        return sum(1 for one, other in pairwise(signs) if one != other)

    # Cauchy's bound, as a power of two: halves of it are short.
    bound = Fraction(2 ** (2 + max(abs(value) for value in a) // abs(a[-1])).bit_length())
    waiting = [(-bound, bound, changes(-bound), changes(bound))]
    found = []
    while waiting:
        low, high, before, behind = waiting.pop()
        if before - behind == 0:
            continue
        if before - behind == 1 and high - low < Fraction(1, 1000):
            found.append((low, high))
            continue
        middle = (low + high) / 2
        while _sign_at(a, middle) == 0:
            middle = (2 * low + middle) / 3
        inside = changes(middle)
        waiting += [(low, middle, before, inside), (middle, high, inside, behind)]
    return sorted(found)
