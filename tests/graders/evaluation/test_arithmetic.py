"""Numbers stay exact as long as they can; what cannot be is refused in one sentence."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values import Value
from graders.evaluation import EvaluationError
from graders.evaluation.arithmetic import apply, exact_root, kind, power

Values = Callable[..., Value]
Refusals = Callable[..., EvaluationError]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3 + 1/6", Fraction(1, 2)),
        ("0.1 + 0.2", Fraction(3, 10)),
        ("6 / 3", 2),
        ("7 // 2", 3),
        ("-7 // 2", -4),
        ("7 % 3", 1),
        ("7.5 % 2", Fraction(3, 2)),
        ("2 ** 10", 1024),
        ("2 ** -2", Fraction(1, 4)),
        ("8 ** (1/3)", 2),
        ("(4/9) ** (3/2)", Fraction(8, 27)),
        ("0 ** 0", 1),
        ("0 ** (1/2)", 0),
        ("-3", -3),
        ("+3", 3),
        ("True + True", 2),
        ("'a' + 'b'", "ab"),
        ("sqrt(2) * sqrt(2) // 1", 2),
        ("sqrt(2) * sqrt(2) % 1 == 0", True),
    ],
)
def test_a_rational_calculation_is_exact(value: Values, text: str, expected: Value) -> None:
    found = value(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 ** (1/2)", math.sqrt(2)),
        ("2 ** sqrt(2)", 2 ** math.sqrt(2)),
        ("sqrt(2) / 2", math.sqrt(2) / 2),
        ("2 / sqrt(2)", math.sqrt(2)),
        ("2 ** (1/97)", 2 ** (1 / 97)),
        ("sqrt(2) ** -2", 0.5),
        ("(0 * sqrt(2)) ** 2", 0.0),
    ],
)
def test_an_irrational_calculation_is_a_float(value: Values, text: str, expected: float) -> None:
    assert value(text) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("1 / 0", "divides by zero"),
        ("1 // 0", "divides by zero"),
        ("1 % 0", "divides by zero"),
        ("0 ** -1", "divides by zero"),
        ("(0 * sqrt(2)) ** -1", "divides by zero"),
        ("(-8) ** (1/3)", "no real power"),
        ("(-1) ** sqrt(2)", "no real power"),
        ("'a' * 2", "“*” cannot be used with the text “a”."),
        ("[1] + {'a': 1}", "“+” cannot be used with a record."),
        ("10**400 * sqrt(2)", "too large"),
        ("(10**200 * sqrt(2)) * (10**200 * sqrt(2))", "too large"),
    ],
)
def test_what_has_no_value_is_refused_in_a_sentence(refusal: Refusals, text: str, part: str) -> None:
    assert part in refusal(text).says


def test_the_error_names_the_smallest_place(refusal: Refusals) -> None:
    assert refusal("1 + (2 / 0) * 3").span == (5, 10)


def test_an_undecided_share_can_be_calculated_with_as_an_interval(value: Values) -> None:
    assert str(value("person / 2 + 1/4")) == "Share(lo=Fraction(1, 4), hi=Fraction(3, 4))"
    assert str(value("1 - person * 1/2")) == "Share(lo=Fraction(1, 2), hi=Fraction(1, 1))"


@pytest.mark.parametrize("text", ["person + 1", "person - 1", "1 / person", "person ** 2", "person % 2"])
def test_a_share_never_leaves_zero_to_one(refusal: Refusals, text: str) -> None:
    assert "share" in refusal(text).says


def test_a_decided_share_is_its_number(value: Values) -> None:
    assert value("(1/2 if 1 else 0) + 1") == Fraction(3, 2)
    assert value("(True and 1/2) * 4") == 2


@given(st.fractions(min_value=0, max_value=1000, max_denominator=1000), st.integers(1, 7))
def test_a_perfect_root_is_found_exactly(base: Fraction, degree: int) -> None:
    assert exact_root(base**degree, degree) == base


@given(st.integers(2, 10**30), st.integers(2, 6))
def test_what_is_no_perfect_power_has_no_exact_root(base: int, degree: int) -> None:
    assert exact_root(Fraction(base**degree + 1), degree) is None


exact = st.one_of(st.integers(-(10**6), 10**6), st.fractions(max_denominator=1000))


@given(exact, exact)
def test_division_and_remainder_belong_together(left: int | Fraction, right: int | Fraction) -> None:
    if right:
        whole = apply("//", left, right)
        rest = apply("%", left, right)
        assert isinstance(whole, int)
        assert apply("+", apply("*", whole, right), rest) == left


def test_every_kind_of_value_has_a_word() -> None:
    assert [kind(item) for item in (None, 1, "x", [], {})] == [
        "nothing",
        "a number",
        "the text “x”",
        "a list",
        "a record",
    ]


def test_a_tower_of_powers_is_refused_before_it_is_computed() -> None:
    with pytest.raises(EvaluationError, match="too many digits"):
        power(9, 9**9)
