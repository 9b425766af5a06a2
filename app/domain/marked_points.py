"""What a person gave in a recorded case: points, or points of so many, which hold when a rubric is worth others."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from app.domain.decisions import Verdict
from app.domain.expressions import points as exact_points

OF = " of "


def read_marked(given: Any) -> Verdict:
    """Points as `1/2`, or as `1/2 of 2`.

    Raises:
        ValueError: neither of them.
    """
    if not isinstance(given, str) or OF not in given:
        return Verdict(exact_points(given))
    points, _, most = given.partition(OF)
    found = Verdict(exact_points(points.strip()), exact_points(most.strip()))
    if not found.of or not 0 <= found.points / found.of <= 1:
        raise ValueError(f"Points of so many lie between nothing and all of them, not {given!r}.")
    return found


def written(given: Verdict) -> str:
    """As an author writes it."""
    return str(given.points) if given.of is None else f"{given.points}{OF}{given.of}"


def marked_now(given: Verdict, most: Fraction) -> Fraction | None:
    """The same share of `most`; None where there is nothing to compare: it counts nothing now, or the other way."""
    if given.of is None:
        return given.points
    return given.points * most / given.of if given.of * most > 0 else None
