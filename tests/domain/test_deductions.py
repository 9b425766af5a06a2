"""What lateness and repetition leave of points: exact, in the order of the rules, never less than nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.deductions import (
    WHOLE,
    Deduction,
    Left,
    Rules,
    after_deductions,
    days_after,
    days_late,
    left,
    left_from,
    written,
)

BERLIN = ZoneInfo("Europe/Berlin")
DUE = datetime(2026, 12, 3, 23, 59, tzinfo=UTC)
rules = st.builds(Rules, st.integers(0, 365), st.integers(0, 100), st.integers(0, 100))
late_by = st.integers(-10 * 86_400, 400 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


def days_by_hand(late: timedelta, most: int) -> int:
    """Day after day: the first number of whole days that covers it."""
    if late <= timedelta(0):
        return 0
    return min(most, next(days for days in count(1) if late <= days * timedelta(days=1)))


def factor_by_hand(number: int, late: timedelta, given: Rules) -> Fraction:
    """As the rules are written down for people."""
    for_late = max(Fraction(0), 1 - days_by_hand(late, given.late_days) * Fraction(given.late_percent, 100))
    for_number = max(Fraction(0), 1 - (number - 1) * Fraction(given.decay_percent, 100))
    return for_late * for_number


def test_in_time_and_for_the_first_time_nothing_is_taken() -> None:
    assert left(1, DUE, DUE, Rules(2, 10, 20)) == WHOLE
    assert (WHOLE.factor, WHOLE.says) == (1, "")


def test_without_a_due_time_nothing_is_late() -> None:
    assert left(1, DUE, None, Rules(2, 10, 0)) == WHOLE


@pytest.mark.parametrize(
    ("late", "days"),
    [
        (timedelta(microseconds=1), 1),
        (timedelta(days=1), 1),
        (timedelta(days=1, microseconds=1), 2),
        (timedelta(days=2), 2),
        (timedelta(days=9), 2),
    ],
)
def test_each_begun_day_costs_as_many_as_there_are(late: timedelta, days: int) -> None:
    assert days_late(DUE + late, DUE, 2) == days
    assert left(1, DUE + late, DUE, Rules(2, 10, 0)).factor == 1 - Fraction(days, 10)


@pytest.mark.parametrize(
    ("due", "hours"),
    [
        (datetime(2027, 10, 30, 23, 59, tzinfo=BERLIN), 25),  # summer time ends that night
        (datetime(2027, 3, 27, 23, 59, tzinfo=BERLIN), 23),  # and here it begins
        (datetime(2027, 6, 5, 23, 59, tzinfo=BERLIN), 24),
    ],
)
def test_a_day_is_one_of_the_calendar_also_when_the_clocks_change(due: datetime, hours: int) -> None:
    due = due.astimezone(UTC)
    over = days_after(due, 1, BERLIN)
    assert over - due == timedelta(hours=hours)
    assert f"{over.astimezone(BERLIN):%H:%M}" == "23:59"
    assert [days_late(over + more, due, 9, BERLIN) for more in (timedelta(0), timedelta(microseconds=1))] == [1, 2]
    assert days_late(over + timedelta(days=1), due, 9, BERLIN) == 2


def test_a_clock_that_shows_the_closing_time_twice_or_never_gives_the_later_moment() -> None:
    twice = days_after(datetime(2027, 10, 30, 2, 30, tzinfo=BERLIN), 1, BERLIN)
    assert twice == datetime(2027, 10, 31, 1, 30, tzinfo=UTC)
    never = days_after(datetime(2027, 3, 27, 2, 30, tzinfo=BERLIN), 1, BERLIN)
    assert f"{never.astimezone(BERLIN):%H:%M}" == "03:30"


def test_lateness_takes_from_what_was_earned() -> None:
    found = left(1, DUE + timedelta(hours=3), DUE, Rules(2, 10, 0))
    assert after_deductions(Fraction(12), found.factor) == Fraction("10.8")
    assert found.says == "minus 10 % for one day late"


def test_each_further_attempt_is_worth_less_than_the_one_before() -> None:
    worth = [left(number, DUE, DUE, Rules(0, 0, 30)).percent for number in range(1, 7)]
    assert worth == [100, 70, 40, 10, 0, 0]


def test_deductions_follow_each_other_and_say_so() -> None:
    found = left(3, DUE + timedelta(days=2), DUE, Rules(2, 10, 25))
    assert found.deductions == (Deduction("late", 2, 20), Deduction("repeated", 3, 50))
    assert found.factor == Fraction(4, 10)
    assert found.says == "minus 20 % for 2 days late, then minus 50 % for attempt 3"


def test_late_days_that_cost_nothing_are_no_deduction() -> None:
    assert left(1, DUE + timedelta(days=1), DUE, Rules(5, 0, 0)) == WHOLE


@given(st.integers(1, 200), late_by, rules)
def test_the_factor_is_that_of_the_rules_as_people_read_them(number: int, late: timedelta, given: Rules) -> None:
    found = left(number, DUE + late, DUE, given)
    assert found.factor == factor_by_hand(number, late, given)
    assert 0 <= found.factor <= 1
    assert (found.factor == 1) == (found.deductions == ())


@given(st.integers(1, 50), late_by, rules, st.integers(1, 20), st.integers(0, 86_400))
def test_later_and_oftener_is_never_worth_more(
    number: int, late: timedelta, given: Rules, more: int, seconds: int
) -> None:
    here = left(number, DUE + late, DUE, given).factor
    assert left(number + more, DUE + late, DUE, given).factor <= here
    assert left(number, DUE + late + timedelta(seconds=seconds), DUE, given).factor <= here
    assert left(number, DUE + late, DUE + timedelta(seconds=seconds), given).factor >= here


@given(st.integers(1, 200), late_by, rules)
def test_what_is_stored_is_what_is_read(number: int, late: timedelta, given: Rules) -> None:
    found = left(number, DUE + late, DUE, given)
    stored = written(found)
    assert left_from(stored) == found
    assert (stored is None) == (found == Left())
