"""Rational functions are compared exactly, however large their numbers are."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.language import parse_author, parse_student
from graders.equality.modular import NotRational, constant, same_function
from graders.equality.sampling import DOMAINS, points


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("(x+y)^3", "x^3 + 3*x^2*y + 3*x*y^2 + y^3", "same"),
        ("+x", "--x", "same"),
        ("x^(4/2)", "x*x", "same"),
        ("x^(3-5)", "1/(x*x)", "same"),
        ("x/3 + x/6", "0.5x", "same"),
        ("pi*x + e", "e + x*pi", "same"),
        ("x", "y", "different"),
        ("1/(x-x)", "x", "no value"),
        ("(x-x)^-1", "x", "no value"),
        ("((x^30)^30)^30", "((x^15)^60)^30", "same"),
        ("((x^30)^30)^30", "((x^15)^60)^31", "different"),
    ],
)
def test_what_is_the_same_function(one: str, other: str, found: str) -> None:
    assert same_function(parse_student(one, ["x", "y"]), parse_student(other, ["x", "y"])) == found


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(x)",
        "x^(1/2)",
        "x^x",
        "((((x^999)^999)^999)^999)^9",
        "x + ((((x^-999)^999)^999)^999)^9",
        "x^(1/0)",
    ],
)
def test_what_is_not_rational_is_left_to_others(text: str) -> None:
    with pytest.raises(NotRational):
        same_function(parse_student(text, ["x"]), parse_student("x", ["x"]))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1/2 + 2*3 - 1", Fraction(11, 2)),
        ("-(+3)", Fraction(-3)),
        ("1/0", None),
        ("2**3", None),
        ("1 + x", None),
        ("x + 1", None),
        ("-x", None),
        ("1/3**0", None),
        ("1/" + "7" * 130, None),
    ],
)
def test_small_constants_are_known_exactly(text: str, value: Fraction | None) -> None:
    assert constant(parse_author(text)) == value


coefficients = st.lists(st.integers(-50, 50), min_size=1, max_size=6)


@settings(max_examples=60)
@given(coefficients, coefficients)
def test_two_polynomials_are_the_same_when_their_coefficients_are(one: list[int], other: list[int]) -> None:
    def text(found: list[int]) -> str:
        return " + ".join(f"({number})*x^{place}" for place, number in enumerate(found, 1))

    def trimmed(found: list[int]) -> list[int]:
        while found and found[-1] == 0:
            found = found[:-1]
        return found

    verdict = same_function(parse_student(text(one), ["x"]), parse_student(text(other), ["x"]))
    assert verdict == ("same" if trimmed(one) == trimmed(other) else "different")


@pytest.mark.parametrize("domain", sorted(DOMAINS))
def test_points_lie_in_their_domain_and_never_change(domain: str) -> None:
    found = points({"x": domain}, [Fraction(5), Fraction(1, 2), Fraction(-3)])
    assert found == points({"x": domain}, [Fraction(5), Fraction(1, 2), Fraction(-3)])
    for point in found:
        value = point["x"]
        if domain == "complex":
            assert isinstance(value, tuple)
            continue
        assert isinstance(value, Fraction)
        assert {
            "real": True,
            "nonzero": value != 0,
            "positive": value > 0,
            "nonnegative": value > 0,
            "negative": value < 0,
            "unit": 0 < value < 1,
            "integer": value.denominator == 1,
            "natural": value.denominator == 1 and value >= 1,
        }[domain]


def test_both_signs_and_several_sizes_are_tried() -> None:
    values = [point["x"] for point in points({"x": "real"}) if isinstance(point["x"], Fraction)]
    assert {value > 0 for value in values} == {True, False}
    assert min(map(abs, values)) < Fraction(1, 10)
    assert max(map(abs, values)) > 50


def test_symbols_have_different_values() -> None:
    names = [f"v{place}" for place in range(9)]
    for point in points(dict.fromkeys(names, "real"))[:1]:
        assert len(set(point.values())) == len(names)


def test_without_symbols_there_is_one_point() -> None:
    assert points({}) == [{}]


def test_edges_are_tried_on_both_sides() -> None:
    values = [point["x"] for point in points({"x": "real"}, [Fraction(800)])]
    assert Fraction(700) in values
    assert Fraction(900) in values
