"""Cells: expressions with their source, and plain literals."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from pydantic import BaseModel, ValidationError

from app.domain.expressions import Expression, Points, formula, literal, points, printed, source_of
from tests.exact import fractions_between


@pytest.mark.parametrize(
    ("data", "source"),
    [
        ("a + 1", "a + 1"),
        (True, "True"),
        (None, "None"),
        (3, "3"),
        (-0.5, "-0.5"),
        ([1, ["a", 2.5]], "[1, [a, 2.5]]"),
        (1e-7, "1e-07"),
    ],
)
def test_yaml_data_is_an_expression_by_writing_it_out(data: Any, source: str):
    assert source_of(data) == source
    assert formula(data).source == source


def test_a_record_is_no_expression():
    with pytest.raises(ValueError, match=r"^An expression is written as text, a number or a list of these\.$"):
        formula({"a": 1})


def test_an_expression_that_cannot_be_read_names_the_place():
    with pytest.raises(ValueError, match=r"\(in `a \+`, at character 4\)$"):
        formula("a +")


def test_a_formula_is_its_source_and_knows_what_it_reads():
    one = formula("sum([x*k for k in ks]) + f.value")
    assert one.names == {"x", "ks"}
    assert formula(one) is one
    assert one == formula(one.source) != formula("x")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        (0.1, Fraction(1, 10)),
        (2.0, 2),
        (7, 7),
        (True, True),
        (None, None),
        ("1/3", "1/3"),
        ([0.5, [1]], [Fraction(1, 2), [1]]),
        ({1: 0.25}, {"1": Fraction(1, 4)}),
    ],
)
def test_a_literal_is_what_was_written_exactly(data: Any, value: Any):
    assert literal(data) == value
    assert type(literal(data)) is type(value)


@pytest.mark.parametrize("data", [float("inf"), float("nan"), object(), [b"x"]])
def test_a_cell_refuses_what_is_no_value(data: Any):
    with pytest.raises(ValueError, match=r"^A cell .*\.$"):
        literal(data)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("1/3", Fraction(1, 3)),
        (" -2.50 ", Fraction(-5, 2)),
        (".5", Fraction(1, 2)),
        ("4/2", 2),
        ("1/0", "1/0"),
        ("1e3", "1e3"),
        ("high bias", "high bias"),
        (["1/2", "b", 0.5, [3]], [Fraction(1, 2), "b", Fraction(1, 2), [3]]),
        ({"a": 1}, {"a": 1}),
        (None, None),
    ],
)
def test_printed_text_that_is_a_number_is_that_number(data: Any, value: Any):
    assert printed(data) == value
    assert type(printed(data)) is type(value)


def test_a_short_text_cannot_make_a_number_of_a_billion_digits():
    assert printed("1e999999999") == "1e999999999"
    with pytest.raises(ValueError, match="Points are an exact number"):
        points("1e999999999")


@pytest.mark.parametrize(
    ("data", "value"), [("1/2", Fraction(1, 2)), (0.5, Fraction(1, 2)), (3, 3), ("-0.25", Fraction(-1, 4))]
)
def test_points_are_exact(data: Any, value: Fraction):
    assert points(data) == value
    assert isinstance(points(data), Fraction)


@pytest.mark.parametrize("data", ["", "a", "1/0", None, [], True, float("inf"), float("nan"), {"a": 1}])
def test_what_is_no_number_of_points_is_refused(data: Any):
    with pytest.raises(ValueError, match=r"^Points are an exact number such as 1, 1/2 or 0\.5, not "):
        points(data)


@pytest.mark.parametrize("data", [10_001, "-10001", "1/10001", 1e300])
def test_absurd_points_are_refused(data: Any):
    with pytest.raises(ValueError, match="Points stay within"):
        points(data)


@given(fractions_between(-100, 100, max_denominator=100))
def test_points_come_back_from_their_text(value: Fraction):
    assert points(str(value)) == points(value) == value


class Sample(BaseModel):
    cell: Expression
    points: Points


def test_a_model_writes_what_the_author_wrote():
    sample = Sample.model_validate({"cell": ["a", 1], "points": "2/4"})
    assert sample.model_dump() == {"cell": "[a, 1]", "points": "1/2"}
    with pytest.raises(ValidationError):
        Sample.model_validate({"cell": "(", "points": "1"})
