"""Grades: which total earns which, how it is rounded, and what no scheme may be."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.domain.errors import InvalidInput
from app.domain.letter_grades import PRESETS, Border, Letters, Rounding, counts, letter_of, rounded
from tests.exact import fractions_between

F = Fraction
TOTALS = fractions_between(0, F(6, 5), max_denominator=2000)


@given(TOTALS, st.sampled_from(sorted(PRESETS)))
def test_a_total_earns_the_best_grade_whose_border_it_reaches(total: Fraction, name: str) -> None:
    letters = PRESETS[name]
    if letters.borders:
        reached = [border for border in letters.borders if 100 * total >= border.at]
        assert letter_of(letters, total) == max(reached, key=lambda border: border.at).letter


@given(st.lists(TOTALS, max_size=30), st.sampled_from(sorted(PRESETS)))
def test_every_total_is_counted_once(totals: list[Fraction], name: str) -> None:
    found = counts(PRESETS[name], totals)
    assert sum(found.values()) == len(totals)
    assert all(
        count == sum(letter_of(PRESETS[name], one) == letter for one in totals) for letter, count in found.items()
    )


@given(TOTALS, TOTALS)
def test_more_is_never_a_worse_grade(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    order = [border.letter for border in PRESETS["german"].borders]
    assert order.index(letter_of(PRESETS["german"], high)) <= order.index(letter_of(PRESETS["german"], low))


@given(fractions_between(-50, 150, max_denominator=1000), st.sampled_from([F(1), F(1, 2), F(1, 3), F(5)]))
def test_rounding_goes_to_the_neighbour_that_its_rule_names(number: Fraction, step: Fraction) -> None:
    down, up = rounded(number, step, "down"), rounded(number, step, "up")
    assert down <= number <= up
    assert up - down in (0, step)
    nearest = rounded(number, step, "half up")
    assert nearest == (up if up - number <= number - down else down)
    assert rounded(number, F(0), "up") == number


@pytest.mark.parametrize(
    ("rounding", "step", "letter"), [("half up", 1, "A"), ("up", 1, "A"), ("down", 1, "B"), ("half up", 0, "B")]
)
def test_the_rounding_rule_decides_at_a_border(rounding: Rounding, step: int, letter: str) -> None:
    scheme = PRESETS["letters"].model_copy(update={"rounding": rounding, "step": F(step)})
    assert letter_of(scheme, F(895, 1000)) == letter


def test_a_scale_rounds_its_number_and_stays_on_the_scale() -> None:
    french = PRESETS["french"]
    assert [letter_of(french, F(n, 100)) for n in (0, 1, 2, 66, 99, 100)] == ["0", "0", "0.5", "13", "20", "20"]
    assert letter_of(french.model_copy(update={"rounding": "up", "step": F(3)}), F(1)) == "20"
    assert letter_of(french, F(11, 10)) == "22"


def test_a_german_grade_begins_at_half_of_the_points() -> None:
    german = PRESETS["german"]
    assert [letter_of(german, F(n, 1000)) for n in (0, 499, 500, 549, 949, 950)] == [
        "5.0",
        "5.0",
        "4.0",
        "4.0",
        "1.3",
        "1.0",
    ]


@pytest.mark.parametrize(
    ("borders", "says"),
    [
        ([("A", 50), ("B", 60), ("F", 0)], "Every grade begins below the one before it."),
        ([("A", 50), ("B", 50), ("F", 0)], "Every grade begins below the one before it."),
        ([("A", 50), ("B", 10)], "The last grade begins at 0 %."),
        ([("A", 50), ("A", 0)], "Every grade has a name of its own."),
        ([], "A scale needs a step to round to."),
    ],
)
def test_what_leaves_a_total_without_one_grade_is_refused(borders: list[tuple[str, int]], says: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        Letters(borders=tuple(Border(letter=letter, at=F(at)) for letter, at in borders))
    assert str(refused.value) == says


@pytest.mark.parametrize("border", [("", 0), ("B", -1)])
def test_a_grade_has_a_name_and_begins_at_nothing_or_more(border: tuple[str, int]) -> None:
    with pytest.raises(ValidationError):
        Border(letter=border[0], at=F(border[1]))


def test_the_presets_are_schemes_that_survive_their_storage() -> None:
    assert all(Letters.model_validate(one.model_dump(mode="json")) == one for one in PRESETS.values())
    assert all(math.isclose(float(one.most), 20) for one in PRESETS.values())
