"""Which of the points at which floats were compared say most: where they differ, and where agreement confirms."""

from __future__ import annotations

from collections.abc import Sequence

from graders.equality.sampling import NICE, At
from graders.evaluation.floats import Float

SUSPICIOUS = 1e-12
PLAIN = 1e-2
LARGE = 1e6
"""Small values confirm better: beside large ones a missing term would not show."""
MODERATE = 12
"""Beyond such coordinates many functions are saturated."""
CANDIDATES = 6
LOPSIDED = 3

Values = tuple[Float | None, Float | None]
"""Of reference and answer at one point."""


def suspects(sample: Sequence[At], values: Sequence[Values]) -> tuple[list[int], list[int], list[int]]:
    """The points where floats differ, plain differences first; those with values, the most telling first; all others.

    Where floats end for one of both only, the functions are often saturated: such points refute, but confirm little.
    """
    plain: list[int] = []
    slight: list[int] = []
    lopsided: list[int] = []
    good: list[tuple[bool, float, bool, int]] = []
    bad: list[int] = []
    for place, (point, (left, right)) in enumerate(zip(sample, values, strict=True)):
        if left is None and right is None:
            bad.append(place)
        elif left is None or right is None:
            lopsided.append(place)
        else:
            off = abs(left - right)
            size = abs(left) if not off else max(abs(left), abs(right), 1e-300)
            if off <= SUSPICIOUS * size:
                far = point.farthest
                good.append((size > LARGE, far if far > MODERATE else 0.0, place < NICE, place))
            else:
                (slight if off <= PLAIN * size else plain).append(place)
    telling = [place for *_, place in sorted(good)]
    candidates = [*plain[:CANDIDATES], *lopsided[:LOPSIDED], *slight[:CANDIDATES]]
    tried = set(candidates)
    return candidates, telling, [place for place in (*slight, *plain, *lopsided, *bad) if place not in tried]
