"""The table of `graders/equality/numbers.py`: when a student's number is the reference."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import parse_number
from app.domain.values import Value
from graders.equality import AUTO, EXACT, Precision, Tolerance, precision, same_number
from graders.equality.numbers import exponent, short
from graders.evaluation import STUDENT_NAMES, Fuel, evaluate

THIRD = Fraction(1, 3)


def counts(typed: str, reference: Value, tolerance: Tolerance = AUTO) -> bool:
    tree = parse_number(typed)
    return same_number(evaluate(tree, STUDENT_NAMES, Fuel()), reference, tolerance, precision(tree))


@pytest.mark.parametrize(
    ("typed", "reference", "right"),
    [
        # the reference ends within six decimals: exactly
        ("3", 3, True),
        ("3.0", 3, True),
        ("6/2", 3, True),
        ("3.001", 3, False),
        ("sqrt(9)", 3, True),
        ("sqrt(2)^2", 2, True),
        ("3*3*16", 144, True),
        ("2^3", 8, True),
        ("50%", Fraction(1, 2), True),
        ("0.0625", Fraction(1, 16), True),
        ("0.063", Fraction(1, 16), False),
        ("1.0", Fraction(1001, 1000), False),
        ("0.001", Fraction(1, 2500), False),
        ("-5", 5, False),
        ("0", 0, True),
        ("0.000001", 0, False),
        ("1/2", 0.5, True),
        ("2", math.sqrt(2) ** 2, True),
        ("1e9", 10**9, True),
        # it does not end: a correct rounding to three digits or more
        ("1/3", THIRD, True),
        ("0.333", THIRD, True),
        ("0.3333333", THIRD, True),
        ("0.33", THIRD, False),
        ("0.3", THIRD, False),
        ("0.334", THIRD, False),
        ("0.332", THIRD, False),
        ("0.667", Fraction(2, 3), True),
        ("0.666", Fraction(2, 3), False),
        ("0.6666", Fraction(2, 3), True),
        ("33.3%", THIRD, True),
        ("33%", THIRD, False),
        ("3.33*10^-1", THIRD, True),
        ("3.33e-1", THIRD, True),
        ("-0.333", -THIRD, True),
        ("333/1000", THIRD, False),
        ("3333/10000", THIRD, True),
        ("1.41", math.sqrt(2), True),
        ("1.4", math.sqrt(2), False),
        ("1.42", math.sqrt(2), False),
        ("1.4142", math.sqrt(2), True),
        ("1.4145", math.sqrt(2), True),
        ("1.416", math.sqrt(2), False),
        ("sqrt(2)", math.sqrt(2), True),
        ("√2", math.sqrt(2), True),
        ("-log(0.5)", math.log(2), True),
        ("0.693", math.log(2), True),
        ("0.69", math.log(2), False),
        ("e", math.e, True),
        ("0.000977", Fraction(1, 1024), True),
        ("0.001", Fraction(1, 1024), False),
        ("1/1024", Fraction(1, 1024), True),
        ("9.77*10^-4", Fraction(1, 1024), True),
        ("1.235", Fraction(12345, 10000) + Fraction(1, 10**9), True),
        ("1.0000001", Fraction(10**7 + 1, 10**7), True),
        ("1430", Fraction(10000, 7), False),
        ("1429", Fraction(10000, 7), True),
        ("143", Fraction(1000, 7), True),
    ],
)
def test_without_a_tolerance(typed: str, reference: Value, right: bool) -> None:
    assert counts(typed, reference) is right


@pytest.mark.parametrize(
    ("typed", "reference", "kind", "amount", "right"),
    [
        ("0.333", THIRD, "exact", 0, False),
        ("1/3", THIRD, "exact", 0, True),
        ("1.4142135623730951", math.sqrt(2), "exact", 0, True),
        ("3.1", 3, "absolute", Fraction(1, 10), True),
        ("3.11", 3, "absolute", Fraction(1, 10), False),
        ("0.4", 0.1 + 0.2, "absolute", Fraction(1, 10), True),
        ("101", 100, "relative", Fraction(1, 100), True),
        ("102", 100, "relative", Fraction(1, 100), False),
        ("-99", -100, "relative", Fraction(1, 100), True),
        ("0", 0, "relative", Fraction(1, 100), True),
        ("0.001", 0, "relative", Fraction(1, 100), False),
        ("0.33", THIRD, "digits", 2, True),
        ("0.3333", THIRD, "digits", 2, True),
        ("0.3", THIRD, "digits", 2, False),
        ("0.34", THIRD, "digits", 2, False),
        ("1230", 1234, "digits", 3, True),
        ("1235", 1225, "digits", 3, False),
        ("1220", 1225, "digits", 3, True),
        ("1230", 1225, "digits", 3, True),
        ("0", 0, "digits", 3, True),
        ("1", 0, "digits", 3, False),
        ("0.33", THIRD, "decimals", 2, True),
        ("0.3", THIRD, "decimals", 2, False),
        ("12.35", Fraction(12345, 1000), "decimals", 2, True),
        ("12.34", Fraction(12345, 1000), "decimals", 2, True),
        ("12", Fraction(123, 10), "decimals", 0, True),
    ],
)
def test_with_a_tolerance(typed: str, reference: Value, kind: str, amount: int | Fraction, right: bool) -> None:
    tolerance = Tolerance(kind, Fraction(amount))  # type: ignore[arg-type]
    assert counts(typed, reference, tolerance) is right


@pytest.mark.parametrize("student", [None, "3", [3], True])
def test_what_is_no_number_is_never_the_same(student: Value) -> None:
    assert same_number(student, 3) is False
    assert same_number(3, student) is False


def test_booleans_are_compared_with_booleans() -> None:
    assert same_number(True, True)
    assert not same_number(True, False)
    assert not same_number(True, 1)


def test_a_number_beyond_floats_is_compared_exactly() -> None:
    assert same_number(10**400, 10**400)
    assert not same_number(10**400 + 1, 10**400)
    assert not same_number(10**400, math.sqrt(2))
    assert same_number(10**400 + 1, 10**400, Tolerance("relative", Fraction(1, 10**6)))


def test_a_calculation_counts_without_its_digits() -> None:
    assert same_number(Fraction(3333, 10000), THIRD)
    assert not same_number(Fraction(333, 1000), THIRD)
    assert same_number(Fraction(333, 1000), THIRD, AUTO, Precision(3, -3))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("0.330", Precision(3, -3)),
        ("120", Precision(3, 0)),
        ("0", Precision(1, 0)),
        ("0.00", Precision(1, -2)),
        ("1.50e3", Precision(3, 1)),
        ("-0.5", Precision(1, -1)),
        ("+2.5", Precision(2, -1)),
        ("12.5%", Precision(3, -3)),
        ("1.2*10^3", Precision(2, 2)),
        ("1.2*10^-3", Precision(2, -4)),
        ("1.2*10^(1/2)", None),
        ("1.2*9^3", None),
        ("12/100", None),
        ("1/3", None),
        ("sqrt(2)", None),
    ],
)
def test_how_a_number_was_written(typed: str, expected: Precision | None) -> None:
    assert precision(parse_number(typed)) == expected


def test_decimal_places_are_those_typed() -> None:
    assert Precision(3, -3).decimals == 3
    assert Precision(2, 2).decimals == 0


@pytest.mark.parametrize(
    ("kind", "amount"),
    [
        ("absolute", Fraction(-1)),
        ("digits", Fraction(0)),
        ("digits", Fraction(1, 2)),
        ("decimals", Fraction(1, 2)),
        ("decimals", Fraction(101)),
    ],
)
def test_a_tolerance_that_makes_no_sense_is_refused(kind: str, amount: Fraction) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        Tolerance(kind, amount)  # type: ignore[arg-type]


@given(st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**6))
def test_every_number_is_itself(number: Fraction) -> None:
    for tolerance in (AUTO, EXACT, Tolerance("digits", Fraction(5)), Tolerance("relative", Fraction(1, 100))):
        assert same_number(number, number, tolerance)


@given(st.fractions(max_denominator=10**9).filter(bool))
def test_the_first_digit_is_where_the_exponent_says(number: Fraction) -> None:
    assert 1 <= abs(number) / Fraction(10) ** exponent(number) < 10


def test_rounding_errors_of_floats_are_taken_back() -> None:
    assert short(0.1 + 0.2) == Fraction(3, 10)
    assert short(1e12 + 0.5) == Fraction(2 * 10**12 + 1, 2)
    assert short(math.pi) == Fraction(math.pi)
    assert short(THIRD) == THIRD
