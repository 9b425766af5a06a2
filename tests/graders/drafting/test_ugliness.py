"""Numbers that nobody likes to type."""

from __future__ import annotations

import pytest

from graders.drafting.ugliness import ugly, ugly_numbers
from tests.graders.marking.questions import compiled, leaf, number, part, question


@pytest.mark.parametrize(
    "text", ["", "n", "1", "12345", "1200000", "0.000012", "1/3", "22/7", "355/113", "3.14159", "100.50"]
)
def test_what_is_easily_typed_is_fine(text: str) -> None:
    assert not ugly(text)


@pytest.mark.parametrize("text", ["1234567", "3.1415926", "0.30000004", "1234/567", "1/1234567", "1.7320508075688772"])
def test_more_than_six_digits_are_ugly(text: str) -> None:
    assert ugly(text)


def test_an_ugly_number_is_found_in_any_cell_of_a_vector() -> None:
    asked = question(
        part(fields={"x": {"grader": "vector", "answer": "[1, a / 997]"}}, criteria=[leaf("c", 1, "x.right")]),
        variables={"a": {"printed": 2, "draw": "integer(1000, 1200)"}},
    )
    assert [one["field"] for one in ugly_numbers(compiled(asked), [1]) if isinstance(one, dict)] == ["x"]
    assert ugly_numbers(compiled(asked), [0]) == []


def test_the_first_ugly_number_of_a_field_is_told() -> None:
    asked = question(
        part(
            fields={"x": number("a / 997"), "y": number("a"), "boxes": {"grader": "choice", "pool": "claims"}},
            criteria=[leaf("c", 1, "x.right")],
        ),
        variables={"a": {"printed": 2, "draw": "integer(1000, 1200)"}},
        pools={"claims": [{"id": "s", "text": "So it is.", "truth": True}]},
    )
    found = ugly_numbers(compiled(asked), [0, 1])
    assert [(one["field"], one["seed"]) for one in found if isinstance(one, dict)] == [("x", 1)]
    assert ugly_numbers(compiled(question(variables={"a": {"printed": 1, "draw": "1 / 0"}})), [1]) == []
