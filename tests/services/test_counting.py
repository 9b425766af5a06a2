"""Which of several attempts counts: best, last, first or the average, and whether that is final."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.results.counting import Counts, Taken, counting
from tests.exact import fractions_between

RULES: tuple[Counts, ...] = ("best", "last", "first", "average")


@st.composite
def attempts(draw: st.DrawFn) -> list[Taken]:
    """Some attempts with numbers of their own, in any order; some are being graded, some wait for a person."""
    numbers = draw(st.lists(st.integers(1, 50), min_size=1, max_size=8, unique=True))
    found = []
    for number in numbers:
        points = draw(st.none() | fractions_between(0, 20, max_denominator=6))
        more = draw(st.sampled_from((Fraction(0), Fraction(1, 3), Fraction(2))))
        found.append(Taken(number, points, None if points is None else points + more))
    return found


def test_nothing_handed_in_counts_as_nothing() -> None:
    for rule in RULES:
        assert counting([], rule).numbers == ()
        assert counting([], rule).points is None


@pytest.mark.parametrize(
    ("rule", "number", "points"), [("best", (2,), 5), ("last", (3,), 4), ("first", (1,), 2), ("average", (1, 2, 3), 11)]
)
def test_each_rule_takes_its_attempt(rule: Counts, number: tuple[int, ...], points: int) -> None:
    taken = [Taken(3, Fraction(4), Fraction(4)), Taken(1, Fraction(2), Fraction(2)), Taken(2, Fraction(5), Fraction(5))]
    counted = counting(taken, rule)
    assert counted.numbers == number
    assert counted.points == (Fraction(points, 3) if rule == "average" else points)
    assert counted.sure


def test_of_equal_attempts_the_earliest_is_the_best() -> None:
    assert counting([Taken(2, Fraction(3)), Taken(1, Fraction(3))], "best").numbers == (1,)


def test_an_attempt_that_is_being_graded_may_still_become_the_best() -> None:
    counted = counting([Taken(1, Fraction(3), Fraction(3)), Taken(2)], "best")
    assert (counted.numbers, counted.points, counted.sure) == ((1,), 3, False)


def test_the_first_attempt_is_final_whatever_comes_later() -> None:
    counted = counting([Taken(1, Fraction(3), Fraction(3)), Taken(2)], "first")
    assert (counted.numbers, counted.sure) == ((1,), True)


@given(attempts(), st.sampled_from(RULES))
def test_the_order_in_which_attempts_are_listed_does_not_matter(taken: list[Taken], rule: Counts) -> None:
    in_order = sorted(taken, key=lambda one: one.number)
    assert counting(taken, rule) == counting(in_order, rule) == counting(in_order[::-1], rule)


@given(attempts())
def test_no_rule_gives_more_than_the_best_and_no_average_less_than_the_worst(taken: list[Taken]) -> None:
    best = counting(taken, "best")
    graded = [one.points for one in taken if one.points is not None]
    for rule in RULES:
        counted = counting(taken, rule)
        if counted.points is not None:
            assert best.points is not None
            assert min(graded) <= counted.points <= best.points == max(graded)
            assert counted.upto is not None
            assert counted.upto >= counted.points


@given(attempts(), st.sampled_from(RULES))
def test_what_is_sure_has_one_value_and_concerns_only_attempts_that_exist(taken: list[Taken], rule: Counts) -> None:
    counted = counting(taken, rule)
    assert set(counted.numbers) <= {one.number for one in taken}
    if counted.sure:
        assert counted.points is not None
        assert counted.points == counted.upto


@given(attempts())
def test_a_better_attempt_later_becomes_the_best_and_the_last(taken: list[Taken]) -> None:
    more = [*taken, Taken(99, Fraction(50), Fraction(50))]
    assert counting(more, "best").points == 50
    assert counting(more, "last").numbers == (99,)
