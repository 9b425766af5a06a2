"""What shows a calculation, and what only writes down a number."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.language import parse_number
from graders.calculation import factors, numbers_typed, shows_calculation


@pytest.mark.parametrize(
    "text",
    [
        "11+4*(3-1)",
        "3*3*16",
        "(256-11)/4+1",
        "256/4",
        "sqrt(16)",
        "pi/2",
        "256/100",
        "0.5/2",
        "2^3",
        "-(2*3)",
        "(2+3)*1",
        "0.5*3",
        "0.6/0.2",
        "2*sqrt(3)",
    ],
)
def test_an_operation_is_a_calculation(text):
    assert shows_calculation(parse_number(text))


@pytest.mark.parametrize(
    "text",
    [
        "19",
        "-19",
        "0.5",
        "1/3",
        "-1/3",
        "50%",
        "0.5%",
        "pi",
        "3.4*10^4",
        "10^4",
        "19+0",
        "0+19",
        "19-0",
        "1*19",
        "19*1",
        "19/1",
        "19^1",
    ],
)
def test_writing_a_number_is_no_calculation(text):
    assert not shows_calculation(parse_number(text))


def test_the_numbers_typed_are_listed_in_order():
    assert numbers_typed(parse_number("(11*11*3+1)*96/0.5")) == [11, 11, 3, 1, 96, Fraction(1, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("64*64*96", [64, 64, 96]), ("64", [64]), ("64*(60+4)", None), ("(3+1)*2", None), ("2+3", None)],
)
def test_the_factors_of_a_plain_product(text, expected):
    assert factors(parse_number(text)) == expected
