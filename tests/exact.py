"""Fractions for Hypothesis."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache
from math import ceil, floor

from hypothesis import strategies as st


@lru_cache
def fractions_between(low: Fraction | int, high: Fraction | int, max_denominator: int) -> st.SearchStrategy[Fraction]:
    """The values of `st.fractions`, which makes two new strategies for every draw: most of what its tests took."""
    first = {denominator: ceil(low * denominator) for denominator in range(1, max_denominator + 1)}
    count = {denominator: floor(high * denominator) - first[denominator] + 1 for denominator in first}

    def made(drawn: tuple[int, int]) -> Fraction:
        denominator, place = drawn
        return Fraction(first[denominator] + place % count[denominator], denominator)

    roomy = [denominator for denominator in first if count[denominator] > 0]
    return st.tuples(st.sampled_from(roomy), st.integers(0, max(count.values()) - 1)).map(made)
