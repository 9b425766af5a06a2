"""From raw answers to values: blank, read or invalid."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.domain.answers import Invalid, read
from app.domain.widgets import Widget
from graders.marking import answers
from graders.marking.answers import Given, read_answers, read_raw
from graders.marking.variants import world_of
from tests.graders.marking.questions import compiled, number, part, question

FIELDS = {
    "x": number(),
    "v": {"grader": "vector", "answer": "[1, 2]"},
    "boxes": {"grader": "choice", "pool": "claims"},
    "words": {"grader": "select", "key": "['a', '']", "words": ["a", "b"], "rows": "['r', 's']"},
}
CLAIMS = [{"id": "first", "text": "1", "truth": True}, {"id": "second", "text": "2", "truth": False}]


def given(**raw: Any) -> dict[str, Given]:
    made = compiled(question(part(fields=FIELDS), pools={"claims": CLAIMS}))
    return read_answers(made, world_of(made, {}), raw)


def test_a_field_without_an_answer_is_blank_and_unknown_fields_are_ignored():
    found = given(x="", nowhere="1")
    assert {name: one.state for name, one in found.items()} == dict.fromkeys(FIELDS, "blank")


def test_what_is_typed_has_its_value_cell_by_cell():
    found = given(x="2*3/4", v="1, sqrt(4)", boxes="2", words=["b", ""])
    assert all(one.state == "read" for one in found.values())
    assert found["x"].value == Fraction(3, 2)
    assert found["v"].value == [1, 2]
    assert found["boxes"].value == ["second"], "statements by their ids, not by their places"
    assert found["words"].value == ["b", ""], "a word left blank is the empty word"


def test_a_blank_cell_is_blank_not_zero():
    found = given(v=["1", ""], x="0")
    assert (found["v"].value, found["x"].value) == ([1, None], 0)


@pytest.mark.parametrize("raw", ["3 +", "1/0", "x", ["1", "2"], {"a": 1}, "9**9**9"])
def test_what_cannot_be_read_or_computed_is_invalid_and_says_why(raw: object):
    found = given(x=raw)["x"]
    assert found.state == "invalid"
    assert found.why.endswith(".")
    assert (found.value, found.answer) == (None, None)


def test_a_calculation_without_a_value_says_so():
    found = read_raw(Widget(kind="number"), "1/0")
    assert isinstance(found, Invalid)
    assert found.says.startswith("This cannot be computed: ")


def test_a_truth_value_is_no_number(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(answers, "evaluate", lambda *_: "text")
    found = read_raw(Widget(kind="number"), "1")
    assert isinstance(found, Invalid)
    assert found.says == "This cannot be computed: this is no single number."


def test_a_grader_may_refuse_a_readable_answer(monkeypatch: pytest.MonkeyPatch):
    made = compiled(question(part()))
    grader = made.fields["x"].grader
    monkeypatch.setattr(type(grader), "check", lambda self, options, answer: Invalid("Not this one."))
    found = read_answers(made, world_of(made, {}), {"x": "1"})["x"]
    assert (found.state, found.why) == ("invalid", "Not this one.")
    assert read_answers(made, world_of(made, {}), {"x": " "})["x"].state == "blank"


@pytest.mark.parametrize(
    "one", [Given("blank"), Given("read", [Fraction(1, 3), None, "a"]), Given("invalid", why="Because.")]
)
def test_what_was_given_comes_back_from_its_stored_form(one: Given):
    data = one.as_json()
    assert isinstance(data, dict)
    assert Given.from_json(data) == one


def test_the_tree_is_not_stored():
    data = given(x="1/2")["x"].as_json()
    assert data == {"state": "read", "value": {"q": "1/2"}, "why": ""}
    assert read(Widget(kind="number"), "1/2")
