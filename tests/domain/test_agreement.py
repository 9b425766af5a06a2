"""Agreement of two judges against tables worked out by hand, and against the definition taken literally."""

from __future__ import annotations

import hashlib
from fractions import Fraction
from itertools import product

import pytest

from app.domain.agreement import NOTHING, agreement

Pairs = list[tuple[Fraction, Fraction]]


def pairs(table: list[list[int]], scale: Fraction = Fraction(1)) -> Pairs:
    """A table of counts: row = the first judge's level, column = the second's."""
    return [
        (row * scale, column * scale)
        for row, counts in enumerate(table)
        for column, count in enumerate(counts)
        for _ in range(count)
    ]


def literally(found: Pairs) -> float | None:
    """Kappa as its definition reads: two tables over all levels, weighted cell by cell."""
    levels = sorted({level for pair in found for level in pair})
    n = len(found)
    observed = expected = 0.0
    for one, other in product(levels, levels):
        weight = float(one - other) ** 2
        observed += weight * sum(pair == (one, other) for pair in found) / n
        row = sum(pair[0] == one for pair in found) / n
        column = sum(pair[1] == other for pair in found) / n
        expected += weight * row * column
    return 1 - observed / expected if expected else None


def test_two_levels_are_cohens_kappa_without_weights() -> None:
    # 35 of 50 equal; chance: 0.5·0.6 + 0.5·0.4 = 0.5; kappa = (0.7 − 0.5) / 0.5.
    found = agreement(pairs([[20, 5], [10, 15]]))
    assert (found.n, found.exact) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_three_levels_weigh_the_square_of_their_distance() -> None:
    # Disagreed: 1 + 1 + 4 = 6 over 10 cases. By chance: rows 4, 3, 3 and columns 4, 3, 3, over 10:
    # 1·(12 + 12 + 9 + 9)/10 + 4·(12 + 12)/10 = 13.8.
    found = agreement(pairs([[3, 1, 0], [0, 2, 1], [1, 0, 2]]))
    assert found.exact == 0.7
    assert found.kappa == pytest.approx(1 - 6 / 13.8)


@pytest.mark.parametrize("scale", [Fraction(1, 2), Fraction(7, 3), Fraction(-1)])
def test_the_scale_of_the_points_makes_no_difference(scale: Fraction) -> None:
    table = [[3, 1, 0], [0, 2, 1], [1, 0, 2]]
    assert agreement(pairs(table, scale)) == agreement(pairs(table))


def test_full_agreement_is_one_and_full_opposition_minus_one() -> None:
    assert agreement(pairs([[5, 0], [0, 5]])).kappa == 1
    opposed = agreement(pairs([[0, 5], [5, 0]]))
    assert (opposed.exact, opposed.kappa) == (0, -1)


def test_without_a_case_and_with_one_level_only_nothing_can_be_said() -> None:
    assert agreement([]) == NOTHING
    one = agreement([(Fraction(1), Fraction(1))] * 4)
    assert (one.n, one.exact, one.kappa) == (4, 1.0, None)


def test_judges_with_no_level_in_common_agree_no_more_than_by_chance() -> None:
    found = agreement([(Fraction(0), Fraction(1))] * 3)
    assert (found.exact, found.kappa) == (0.0, 0.0)


def test_many_tables_agree_with_the_definition() -> None:
    for table in range(200):
        drawn = hashlib.sha256(f"agreement {table}".encode()).digest()
        levels = (Fraction(-1, 2), Fraction(0), Fraction(1, 3), Fraction(1), Fraction(5, 2))[: 1 + drawn[0] % 5]
        found = [
            (levels[a % len(levels)], levels[b % len(levels)]) for a, b in zip(drawn[1:15], drawn[15:29], strict=True)
        ]
        told = agreement(found)
        wanted = literally(found)
        assert told.exact == sum(one == other for one, other in found) / len(found)
        assert (told.kappa is None) == (wanted is None)
        if wanted is not None:
            assert told.kappa == pytest.approx(wanted)
