"""How far two judges agree: the share of equal decisions, and Cohen's kappa with quadratic weights."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two judges over `n` cases. `exact`: the share judged equally; None without a case.

    `kappa`: 1 is full agreement, 0 what chance would bring, below 0 less than that; None where chance alone agrees
    in full (both judges always gave one and the same points), because nothing can be said then.
    """

    n: int
    exact: float | None
    kappa: float | None


NOTHING = Agreement(0, None, None)


def agreement(pairs: Iterable[tuple[Fraction, Fraction]]) -> Agreement:
    """The agreement over pairs of points, one pair a case; calculated exactly, rounded once.

    Points are levels in order, and their distance is how far apart they are: a disagreement weighs the square of its
    distance, and kappa is 1 − (what was disagreed) / (what two independent judges with these habits would disagree).
    Source: J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968). With evenly spaced levels this is the usual
    kappa by the levels' numbers, and the scale makes no difference.
    """
    equal, first, second, squares, apart, n = 0, Fraction(0), Fraction(0), Fraction(0), Fraction(0), 0
    for (one, other), times in Counter(pairs).items():
        n += times
        equal += times if one == other else 0
        first += times * one
        second += times * other
        squares += times * (one * one + other * other)
        apart += times * (one - other) ** 2
    if not n:
        return NOTHING
    # The mean of (a − b)² over all n² pairs of a first and a second decision, times n.
    chance = squares - 2 * first * second / n
    return Agreement(n, equal / n, float(1 - apart / chance) if chance else None)
