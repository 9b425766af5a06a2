"""What the results of a quiz say about its questions: difficulty, discrimination, reliability.

Plain statistics of shares of points. Every figure is None where it would mean nothing: nobody, or no variance.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from fractions import Fraction

BINS = 10
GROUP = Fraction(27, 100)
"""The upper and lower group of the classical discrimination index."""

Number = Fraction | int


def mean(numbers: Sequence[Number]) -> float | None:
    """The arithmetic mean."""
    return float(Fraction(sum(numbers), len(numbers))) if numbers else None


def median(numbers: Sequence[Number]) -> float | None:
    """The middle, or the mean of the two in the middle."""
    return float(statistics.median([Fraction(number) for number in numbers])) if numbers else None


def spread(numbers: Sequence[Number]) -> float | None:
    """The standard deviation of a sample."""
    return float(statistics.stdev([float(number) for number in numbers])) if len(numbers) > 1 else None


def histogram(shares: Sequence[Number], bins: int = BINS) -> tuple[int, ...]:
    """How many shares lie in each of `bins` equal bins of [0, 1]; a share on a border belongs to the upper one.

    What lies outside (deductions, bonus) is counted in the first or the last bin, and 1 in the last.
    """
    counts = [0] * bins
    for share in shares:
        counts[min(max(int(share * bins // 1), 0), bins - 1)] += 1
    return tuple(counts)


def correlation(one: Sequence[Number], other: Sequence[Number]) -> float | None:
    """Pearson's correlation."""
    if len(one) < 2 or len(set(one)) == 1 or len(set(other)) == 1:
        return None
    try:
        found = statistics.correlation([float(x) for x in one], [float(y) for y in other])
    except statistics.StatisticsError:  # different as fractions, the same as floats
        return None
    return max(-1.0, min(1.0, found))


def corrected_item_total(item: Sequence[Number], totals: Sequence[Number]) -> float | None:
    """How an item goes with the rest of the paper: its own points are taken out of the totals."""
    rest = [total - own for own, total in zip(item, totals, strict=True)]
    return correlation(item, rest)


def upper_lower(item: Sequence[Number], totals: Sequence[Number], group: Fraction = GROUP) -> float | None:
    """The mean of the best 27 % (by total) less that of the weakest 27 %.

    People with the same total at the border of a group count in proportion, so no order of the list matters.
    """
    size = round(len(item) * group)
    if size < 1 or len(set(totals)) == 1:
        return None
    pairs = list(zip(totals, item, strict=True))
    upper = _group_sum(sorted(pairs, key=lambda pair: pair[0], reverse=True), size)
    lower = _group_sum(sorted(pairs, key=lambda pair: pair[0]), size)
    return float((upper - lower) / size)


def _group_sum(pairs: Sequence[tuple[Number, Number]], size: int) -> Fraction:
    border = pairs[size - 1][0]
    tied = [own for total, own in pairs if total == border]
    # Everything before the border is in the group for certain.
    inside = [own for total, own in pairs[:size] if total != border]
    return Fraction(sum(inside)) + Fraction(sum(tied), len(tied)) * (size - len(inside))


def alpha(items: Sequence[Sequence[Number]]) -> float | None:
    """Cronbach's alpha: how much the items of a paper measure the same thing; `items` holds one row per item."""
    if len(items) < 2 or len(items[0]) < 2:
        return None
    totals = [sum(column) for column in zip(*items, strict=True)]
    whole = statistics.variance([Fraction(total) for total in totals])
    if whole == 0:
        return None
    parts = sum(statistics.variance([Fraction(own) for own in item]) for item in items)
    count = len(items)
    return float(Fraction(count, count - 1) * (1 - Fraction(parts) / Fraction(whole)))
