"""The statistics of a quiz against numpy, against numbers worked out by hand, and where they mean nothing."""

from __future__ import annotations

import math
import random
from fractions import Fraction

import numpy as np
import pytest

from app.domain.item_figures import (
    alpha,
    corrected_item_total,
    correlation,
    histogram,
    mean,
    median,
    spread,
    upper_lower,
)

Row = list[Fraction]


def paper(people: int, items: int, seed: int) -> list[Row]:
    """Points by item and person: skill, difficulty and chance, in quarters."""
    draw = random.Random(seed)
    skills = [draw.gauss(0, 1) for _ in range(people)]
    hard = [draw.gauss(0, 0.7) for _ in range(items)]
    return [
        [Fraction(round(4 / (1 + math.exp(-(skill - one + draw.gauss(0, 0.8))))), 4) for skill in skills]
        for one in hard
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_figures_agree_with_numpy(seed: int) -> None:
    items = paper(37, 6, seed)
    matrix = np.array([[float(points) for points in row] for row in items])
    totals = [sum(column, Fraction(0)) for column in zip(*items, strict=True)]
    assert mean(totals) == pytest.approx(matrix.sum(0).mean())
    assert median(totals) == pytest.approx(np.median(matrix.sum(0)))
    assert spread(totals) == pytest.approx(matrix.sum(0).std(ddof=1))
    for number, row in enumerate(items):
        rest = np.delete(matrix, number, 0).sum(0)
        assert corrected_item_total(row, totals) == pytest.approx(np.corrcoef(matrix[number], rest)[0, 1])
    covariance = np.cov(matrix)
    expected = 6 / 5 * (1 - np.trace(covariance) / covariance.sum())
    assert alpha(items) == pytest.approx(expected)
    counts, _ = np.histogram(matrix[0], bins=10, range=(0, 1))
    assert histogram(items[0]) == tuple(counts)


def test_upper_less_lower_without_ties_is_the_difference_of_the_two_groups() -> None:
    # Of 11 people 27 % are 3: the best have 1, 1, 1/2 and the weakest 0, 1/2, 0.
    item = [Fraction(half, 2) for half in (0, 1, 0, 2, 1, 0, 1, 2, 2, 2, 1)]
    totals = list(range(11))
    assert upper_lower(item, totals) == pytest.approx((2.5 - 0.5) / 3)


def test_who_ties_at_the_border_of_a_group_counts_in_proportion_whatever_the_order() -> None:
    # Of 8 people 27 % are 2: one is best, and three share the second place with 1, 0 and 0.
    pairs = [(9, 1), (7, 1), (7, 0), (7, 0), (5, 1), (4, 0), (3, 0), (2, 1)]
    found = set()
    for seed in range(20):
        random.Random(seed).shuffle(pairs)
        found.add(upper_lower([item for _, item in pairs], [total for total, _ in pairs]))
    assert len(found) == 1
    assert found.pop() == pytest.approx((1 + 1 / 3) / 2 - 1 / 2)


def test_a_question_that_only_the_weak_solve_has_a_negative_discrimination() -> None:
    item, totals = [1, 1, 1, 0, 0, 0], [1, 2, 3, 7, 8, 9]
    assert (corrected_item_total(item, totals) or 0) < -0.9
    assert upper_lower(item, totals) == -1


def test_perfect_agreement_is_one() -> None:
    items = [[0, 1, 2, 3]] * 3
    assert alpha(items) == pytest.approx(1)
    assert corrected_item_total(items[0], [3 * one for one in items[0]]) == pytest.approx(1)


@pytest.mark.parametrize("people", [[], [Fraction(1, 2)]])
def test_nobody_and_one_person_correlate_with_nothing(people: Row) -> None:
    assert correlation(people, people) is None
    assert corrected_item_total(people, people) is None
    assert upper_lower(people, people) is None
    assert spread(people) is None
    assert alpha([people, people]) is None


def test_nobody_has_no_mean_and_one_person_is_the_mean() -> None:
    assert (mean([]), median([])) == (None, None)
    assert (mean([3]), median([3])) == (3, 3)


def test_without_variance_there_is_no_correlation() -> None:
    same, different = [Fraction(1, 3)] * 6, [1, 2, 3, 4, 5, 6]
    assert correlation(same, different) is None
    assert correlation(different, same) is None
    assert upper_lower(different, same) is None
    assert alpha([same, same]) is None
    assert corrected_item_total(different, different) is None


def test_numbers_that_differ_by_less_than_a_float_do_not_break_it() -> None:
    tiny = Fraction(1, 10**40)
    assert correlation([1 + tiny, 1 + 2 * tiny, 1 + 3 * tiny], [1, 2, 3]) is None


def test_shares_outside_and_on_borders_of_bins_are_counted_once() -> None:
    shares = [Fraction(-1, 2), 0, Fraction(1, 10), Fraction(3, 10), Fraction(29, 100), 1, Fraction(3, 2)]
    assert histogram(shares) == (2, 1, 1, 1, 0, 0, 0, 0, 0, 2)
    assert histogram([]) == (0,) * 10


def test_one_item_has_no_reliability() -> None:
    assert alpha([[1, 2, 3]]) is None
    assert alpha([]) is None
