"""Numbers: tolerances, shown calculations and near misses."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import Read
from app.domain.graders import Answer
from graders.number import Number, NumberOptions

NUMBER = Number()


def options(answer, **written):
    return NumberOptions.model_validate({"answer": "x"} | written).model_copy(update={"answer": answer})


@pytest.mark.parametrize(
    ("reference", "tolerance", "typed", "right"),
    [
        (34944, "auto", "(11*11*3+1)*96", True),
        (34944, "exact", "34944.0", True),
        (34944, "exact", "34945", False),
        (Fraction(1, 3), "exact", "1/3", True),
        (Fraction(1, 3), "exact", "0.333", False),
        (Fraction(1, 3), "0.001", "0.333", True),
        (Fraction(1001, 1000), "1e-6", "1.001", True),
        (Fraction(1001, 1000), "1e-6", "1.0", False),
        (1000, "1%", "1009", True),
        (1000, "1%", "1011", False),
        (Fraction(12345, 10000), "3 significant", "1.23", True),
        (Fraction(12345, 10000), "3 significant", "1.25", False),
        (Fraction(12345, 10000), "2 decimals", "1.23", True),
        (Fraction(12345, 10000), "2 decimals", "1.20", False),
        (math.sqrt(2), "auto", "sqrt(2)", True),
        (math.log(2), "auto", "-log(0.5)", True),
        (Fraction(1, 2), "auto", "50%", True),
        ([[3]], "auto", "3", True),
        (8, "auto", "2^3", True),
    ],
)
def test_a_number_is_right_within_the_tolerance_of_its_field(reference, tolerance, typed, right, seen):
    assert seen(NUMBER, options(reference, tolerance=tolerance), typed)["right"] is right


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_near_misses_are_told_apart(reference, typed):
    from app.domain.language import parse_number

    facts = NUMBER.observe(options(reference), Answer(Read(parse_number(str(typed))), typed))
    assert facts["right"] == facts["exact"] == (typed == reference)
    assert facts["sign"] == (typed == -reference != 0)
    assert facts["off_by_one"] == (abs(typed - reference) == 1)
    assert facts["whole"] is True
    assert facts["calculation"] is False


def test_a_rounded_number_is_right_but_not_exact(seen):
    facts = seen(NUMBER, options(Fraction(1, 3), tolerance="0.01"), "0.33")
    assert (facts["right"], facts["exact"], facts["whole"]) == (True, False, False)


def test_a_shown_calculation_is_a_fact_whatever_it_leads_to(seen):
    right = seen(NUMBER, options(19), "11 + 4*(3-1)")
    assert (right["right"], right["calculation"], right["right_calculation"]) == (True, True, True)
    assert right["numbers"] == [11, 4, 3, 1]
    wrong = seen(NUMBER, options(19), "11 + 3 - 1")
    assert (wrong["right"], wrong["calculation"], wrong["right_calculation"]) == (False, True, False)
    bare = seen(NUMBER, options(19), "19")
    assert (bare["right"], bare["calculation"], bare["right_calculation"]) == (True, False, False)


def test_an_answer_without_a_tree_shows_no_calculation():
    facts = NUMBER.observe(options(3), Answer(Read(None), 3))
    assert (facts["right"], facts["calculation"], facts["numbers"]) == (True, False, [])


@pytest.mark.parametrize("reference", [None, "a word", [1, 2]])
def test_a_world_without_a_number_calls_nothing_right(reference, seen):
    assert not any(value is True for name, value in seen(NUMBER, options(reference), "2.5").items())
    assert NUMBER.wrong(options(reference)) == {}


def test_typical_wrong_answers_are_those_outside_the_tolerance():
    assert NUMBER.wrong(options(0)) == {"one_more": "1", "more": "1"}
    assert list(NUMBER.wrong(options(1000, tolerance="1%"))) == ["sign", "zero", "more"]


def test_the_unit_is_shown_in_the_language_of_the_page():
    assert NUMBER.widget(options(1, unit={"en": "bytes", "de": "Byte"})).unit == "bytes"


def test_a_field_needs_a_reference():
    with pytest.raises(ValueError, match="Give an `answer`, or a `key` where many answers are right"):
        NumberOptions()


def test_a_key_beside_the_answer_is_a_calculation_as_typed(seen):
    both = NumberOptions(answer="x", key="y").model_copy(update={"answer": 34944, "key": "(11*11*3+1)*96"})
    assert NUMBER.key(both) == "(11*11*3+1)*96"
    assert seen(NUMBER, both, NUMBER.key(both))["right_calculation"] is True
    only = NumberOptions(key="y").model_copy(update={"key": 5})
    assert NUMBER.key(only) == "5"


@pytest.mark.parametrize(
    ("reference", "tolerance", "typed", "right"),
    [
        (82, "auto", "82", True),
        (82, "auto", "82 %", True),
        (82, "auto", "82%", True),
        (82, "auto", "(80 + 84)/2", True),
        (82, "auto", "((80 + 84)/2) %", True),
        (-5, "auto", "-5 %", True),
        (82, "auto", "0.82", False),
        (82, "auto", "82/100", False),
        (82, "auto", "0.82 %", False),
        (Fraction(245, 3), "1 decimals", "81.7 %", True),
        (Fraction(245, 3), "1 decimals", "81.6 %", False),
        (Fraction(245, 3), "3 significant", "81.7 %", True),
    ],
)
def test_a_number_that_is_asked_in_percent_may_carry_the_sign(reference, tolerance, typed, right, seen):
    facts = seen(NUMBER, options(reference, tolerance=tolerance, percent=True), typed)
    assert facts["right"] is right


def test_without_that_option_a_percent_sign_divides_by_a_hundred(seen):
    assert seen(NUMBER, options(82), "82 %")["right"] is False
    facts = seen(NUMBER, options(82, percent=True), "83 %")
    assert (facts["off_by_one"], facts["whole"], facts["calculation"]) == (True, True, False)
