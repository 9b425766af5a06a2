"""Where a rounded formula steps: points on both sides of the places at which its inside is a whole number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import floor, inf

from app.domain.language.tree import Node
from graders.equality.affine import affine_parts
from graders.equality.sampling import WHOLE, At, inside
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.floats import Formula, compile_real
from graders.evaluation.precise import BITS, evaluate_precisely

DOUBLINGS = 24
HALVINGS = 60
ASIDE = Fraction(1, 10**30)
"""Relative distance from a step."""


def beside_steps(inner: Node, name: str, base: At, domain: str) -> Iterator[At]:
    """Points on both sides of where a function next reaches a whole number, below and above, as one symbol moves."""
    for step in _exact_steps(inner, name, base) or _steps(inner, name, base, domain):
        low, high = step
        if domain in WHOLE:
            near = {Fraction(floor(low)), Fraction(floor(low) + 1), Fraction(floor(high))}
            places = sorted(place for place in near if domain == "integer" or place >= 1)
        else:
            places = [place for place in (beside(low) if low == high else step) if inside(place, domain)]
        for place in places:
            yield At({**base, name: place})


def beside(place: Fraction) -> list[Fraction]:
    """Two numbers very close to another one."""
    size = max(abs(place), ASIDE)
    return [place - ASIDE * size, place + ASIDE * size]


def line(function: Node, name: str, base: At) -> tuple[Fraction, Fraction] | None:
    """Slope and height of a function that is linear in a symbol, where these are rational and it is not constant."""
    parts = affine_parts(function, name)
    if parts is None:
        return None
    try:
        slope, rest = (evaluate_precisely(part, base, Real(BITS)) for part in parts)
    except NoValue:
        return None
    return (slope, rest) if isinstance(slope, Fraction) and isinstance(rest, Fraction) and slope else None


def _exact_steps(inner: Node, name: str, base: At) -> Sequence[tuple[Fraction, Fraction]]:
    """Where a function that is linear in a symbol is the next whole number, exactly."""
    parts, here = line(inner, name, base), base[name]
    if parts is None or not isinstance(here, Fraction):
        return ()
    slope, rest = parts
    below = floor(slope * here + rest)
    return [((whole - rest) / slope,) * 2 for whole in (below, below + 1)]


def _steps(inner: Node, name: str, base: At, domain: str) -> Iterator[tuple[Fraction, Fraction]]:
    """The same of other functions: two neighbouring numbers between which its whole part changes, in floats."""
    formula = compile_real(inner)
    here = base[name]
    if not isinstance(here, Fraction):
        return
    for way in (1, -1):
        start = _whole_part(formula, base, name, here)
        distance = Fraction(way) if domain in WHOLE else Fraction(way, 64)
        end = here
        for _ in range(DOUBLINGS):
            end, distance = here + distance, 2 * distance
            if not belongs(end, domain) or _whole_part(formula, base, name, end) != start:
                break
        if start is None or not belongs(end, domain):
            continue
        near, far = here, end
        for _ in range(HALVINGS):
            middle = Fraction(floor((near + far) / 2)) if domain in WHOLE else Fraction(float((near + far) / 2))
            if middle in (near, far):
                break
            if _whole_part(formula, base, name, middle) == start:
                near = middle
            else:
                far = middle
        yield (near, far) if near < far else (far, near)


def belongs(value: Fraction, domain: str) -> bool:
    """Whether a number, whole where these are, belongs to a domain."""
    return (domain == "integer" or value >= 1) if domain in WHOLE else inside(value, domain)


def _whole_part(formula: Formula, base: At, name: str, place: Fraction) -> float | None:
    try:
        value = formula({**base.floats, name: float(place)})
    except (ArithmeticError, ValueError):
        return None
    return float(floor(value)) if isinstance(value, (int, float)) and abs(value) < inf else None
