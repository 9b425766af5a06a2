"""The model of a question refuses what cannot be meant."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.questions import Mistake, Question, Variable


def part(name: str = "a", field: str = "x", **changes: Any) -> dict[str, Any]:
    criteria = [{"id": "c", "points": 1, "when": "True"}]
    return {
        "id": name,
        "points": 1,
        "fields": {field: {"grader": "number", "answer": "1"}},
        "criteria": criteria,
    } | changes


def load(**changes: Any) -> Question:
    return Question.model_validate({"id": "demo", "title": "Demo", "parts": [part()]} | changes)


def test_a_variable_is_computed_fixed_or_printed_and_drawn():
    computed = Variable.model_validate("2*n")
    assert computed.formula is not None
    assert computed.formula.source == "2*n"
    assert Variable.model_validate({"formula": "2*n"}) == computed
    assert Variable.model_validate(0.5).value == Fraction(1, 2)
    assert Variable.model_validate([1, 2]).value == [1, 2]
    assert Variable.model_validate({"value": "text"}).value == "text"
    drawn = Variable.model_validate({"printed": "1/3", "draw": "integer(1, 2)"})
    assert drawn.printed == Fraction(1, 3)
    assert [one.drawn for one in (computed, drawn)] == [False, True]


@pytest.mark.parametrize("data", [{"printed": 1}, {"draw": "1"}, {"value": 1, "draw": "1"}, {}])
def test_half_a_variable_is_refused(data: Any):
    with pytest.raises(ValidationError, match="A variable is an expression, "):
        Variable.model_validate(data)


@pytest.mark.parametrize("data", [{}, {"set": {"a": "1"}, "when": "True"}])
def test_a_mistake_is_a_world_or_a_condition(data: Any):
    with pytest.raises(ValidationError, match="either `set`"):
        Mistake.model_validate(data)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"parts": []}, "at least 1 item"),
        ({"parts": [part(), part(field="y")]}, "Two parts are called `a`"),
        ({"parts": [part(), part("b")]}, "Two fields are called `x`"),
        ({"parts": [part(criteria=[part()["criteria"][0]] * 2)]}, "Part `a` has two criteria called `c`"),
        ({"parts": [part(field="1st")]}, "`1st` cannot be the name of a field"),
        ({"parts": [part(field="person")]}, "`person` cannot be the name of a field"),
        ({"parts": [part(field="x\n")]}, "cannot be the name of a field"),
        ({"variables": {"mistake": 1}}, "`mistake` cannot be the name of a variable"),
        ({"variables": {"a-b": 1}}, "`a-b` cannot be the name of a variable"),
        (
            {"pools": {"p": [{"id": "s", "text": "", "truth": True}] * 2}},
            "Pool `p` has two statements with the same id",
        ),
        ({"id": "No Spaces"}, "pattern"),
        ({"colour": 1}, "Extra inputs"),
    ],
)
def test_names_that_would_clash_are_refused(changes: dict[str, Any], says: str):
    with pytest.raises(ValidationError, match=says):
        load(**changes)


def test_everything_a_field_has_beyond_its_place_is_an_option_of_its_grader():
    field = load().parts[0].fields["x"]
    assert (field.grader, field.options) == ("number", {"answer": "1"})


def test_a_part_is_found_by_its_id():
    question = load(parts=[part(), part("b", "y")])
    found = question.part("b")
    assert found is not None
    assert list(found.fields) == ["y"]
    assert question.part("c") is None


def test_a_reading_may_have_a_condition():
    readings = load(readings={"r": {"if": "x.value > 1", "set": {"n": "1"}}, "s": {"set": {}}}).readings
    assert readings["r"].if_ is not None
    assert readings["s"].if_ is None
