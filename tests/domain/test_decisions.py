"""A decision is a share of what there is: exact, bounded, and written so that it can be read again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decisions import Verdict, read_verdict, worths_in
from tests.exact import fractions_between

POINTS = fractions_between(0, 20, max_denominator=60)
WORTHS = fractions_between(-20, 20, max_denominator=60).filter(bool)


@pytest.mark.parametrize(
    ("points", "of", "most", "counts"),
    [
        ("1", "1", "3/2", "3/2"),
        ("0", "1", "3/2", "0"),
        ("1/3", "1", "3/2", "1/2"),
        ("1", "1", "0", "0"),
        ("3/2", "1", "1", "1"),  # more than there was: stored before anybody looked
        ("-1/2", "-1/2", "-1", "-1"),
        ("-1/2", "-1/2", "1", "1"),  # met is met, whether it takes or gives
        ("1", None, "3/2", "1"),
        ("2", None, "3/2", "3/2"),
        ("1", "0", "2", "0"),
    ],
)
def test_points_count_in_the_same_share(points: str, of: str | None, most: str, counts: str) -> None:
    verdict = Verdict(Fraction(points), Fraction(of) if of is not None else None)
    assert verdict.at(Fraction(most)) == Fraction(counts)


def test_a_whole_part_is_moved_up_or_down_in_the_same_share() -> None:
    moved = [Verdict(Fraction(points), Fraction(2)).in_part(Fraction(3)) for points in (2, -1, 0)]
    assert moved == [3, Fraction(-3, 2), 0]
    assert Verdict(Fraction(-9)).in_part(Fraction(3)) == -3


@given(WORTHS, WORTHS, fractions_between(0, 1, max_denominator=30))
def test_going_to_another_rubric_and_back_changes_nothing(one: Fraction, other: Fraction, share: Fraction) -> None:
    given_first = Verdict(share * one, one)
    there = Verdict(given_first.at(other), other)
    assert there.at(one) == given_first.points
    assert min(other, 0) <= there.points <= max(other, 0)
    assert there.partial == given_first.partial == (share not in (0, 1))


@given(POINTS, st.none() | WORTHS)
def test_what_is_written_is_read_again(points: Fraction, of: Fraction | None) -> None:
    assert read_verdict(str(Verdict(points, of))) == Verdict(points, of)


def test_every_criterion_of_a_rubric_is_found_however_deep_it_stands() -> None:
    deep = [{"id": "a", "points": 1}, {"best_of": [{"id": "b", "points": "1/2"}, [{"id": "c", "points": -0.5}]]}]
    more = {"sum_of": [{"id": "d", "points": 3}], "at_most": 2}
    parts = [{"id": "p", "points": "5/2", "criteria": [*deep, more]}, {"id": "s", "score": "none"}]
    assert worths_in(parts) == {
        ("p", ""): Fraction(5, 2),
        ("p", "a"): 1,
        ("p", "b"): Fraction(1, 2),
        ("p", "c"): Fraction(-1, 2),
        ("p", "d"): 3,
        ("s", ""): 0,
    }
