"""What can be said of a drawn arrow: only its direction counts, and whether there is one."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TypeAlias

from app.domain.values import Value

Vector: TypeAlias = tuple[Fraction, Fraction]

ROUNDING = 1e-9


def vector(value: Value) -> Vector | None:
    """The two numbers of a value; None where it is no pair of numbers."""
    if not isinstance(value, list) or len(value) != 2:
        return None
    pair = []
    for one in value:
        if isinstance(one, bool) or not isinstance(one, (int, float, Fraction)):
            return None
        if isinstance(one, float) and not math.isfinite(one):
            return None
        pair.append(Fraction(one))
    return pair[0], pair[1]


def is_zero(arrow: Vector) -> bool:
    """Whether there is no arrow."""
    return not any(arrow)


def angle(arrow: Vector, other: Vector) -> float | None:
    """The angle between two directions in degrees, 0 to 180; None where one of them is no direction."""
    if is_zero(arrow) or is_zero(other):
        return None
    # Scaled first: squares of far-apart lengths would leave the floats.
    (a, b), (c, d) = (_unit(one) for one in (arrow, other))
    return math.degrees(math.atan2(abs(a * d - b * c), a * c + b * d))


def _unit(arrow: Vector) -> tuple[float, float]:
    longest = max(abs(arrow[0]), abs(arrow[1]))
    return float(arrow[0] / longest), float(arrow[1] / longest)


def along(arrow: Vector, other: Vector, degrees: float) -> bool:
    """Whether the arrow goes the way of the other one; no arrow is right where there is none to draw."""
    between = angle(arrow, other)
    if between is None:
        return is_zero(arrow) and is_zero(other)
    return between <= degrees + ROUNDING


def against(arrow: Vector, other: Vector, degrees: float) -> bool:
    """Whether the arrow goes the opposite way."""
    between = angle(arrow, other)
    return between is not None and between >= 180 - degrees - ROUNDING


def turned(arrow: Vector) -> Vector:
    """The arrow turned by a right angle."""
    return -arrow[1], arrow[0]
