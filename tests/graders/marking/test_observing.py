"""Observing: facts in every world, mistakes told by their worlds, and a stored form that suffices for credit."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.marking.credit import credit
from graders.marking.explaining import explain
from graders.marking.observing import Observation, observe
from graders.marking.variants import world_of
from tests.graders.marking.questions import Data, compiled, leaf, number, observed, part, question, sit_part

SHEET = {"n": 4, "double": "2*n", "square": "n**2", "bias": 0}


def asked(mistakes: Data, fields: Data | None = None, **more: Any) -> Data:
    one = part(
        fields=fields or {"x": number("square"), "y": number("double")},
        criteria=[leaf("x", 1, "x.right")],
        mistakes={name: {"says": "No.", **mistake} for name, mistake in mistakes.items()},
        **more,
    )
    return question(one, variables=SHEET)


def made(data: Data, **answers: object) -> list[str]:
    return sit_part(data, answers).mistakes


def test_a_mistake_is_made_when_all_fields_that_it_changes_show_it():
    both = asked({"cube": {"set": {"square": "n**3", "double": "3*n"}}})
    assert made(both, x="64", y="12") == ["cube"]
    assert made(both, x="64", y="8") == []
    assert made(both, x="64") == []
    assert made(both, x="16", y="8") == []
    assert made(both) == []


def test_fields_that_a_mistake_leaves_alone_do_not_matter():
    one = asked({"doubled": {"set": {"square": "2*n"}}})
    for y in ("8", "7", "", "?"):
        assert made(one, x="8", y=y) == ["doubled"]


def test_a_field_within_whose_tolerance_a_mistake_stays_tells_nothing():
    fields = {"x": number("square", tolerance="10%"), "y": number("double")}
    one = asked({"rough": {"set": {"square": "square + 1", "double": "double + 3"}}}, fields)
    assert made(one, x="17", y="11") == ["rough"]
    assert made(one, x="17", y="8") == []
    hidden = asked({"hidden": {"set": {"square": "square + 1"}, "may_hide": True}}, fields)
    assert made(hidden, x="17") == []


def test_a_sample_answer_shows_no_mistake():
    fields = {"x": {"grader": "number", "key": "square"}, "y": number("double")}
    one = asked({"both": {"set": {"square": "1", "double": "1"}}}, fields)
    assert made(one, x="9", y="1") == ["both"]


def test_a_mistake_that_cannot_be_computed_here_is_not_made():
    assert made(asked({"odd": {"set": {"square": "1/bias"}}}), x="8") == []


def test_a_mistake_made_of_a_condition_is_judged_with_the_facts():
    one = asked({"swapped": {"when": "x.value == double and not x.right"}, "any": {"when": "mistake(swapped)"}})
    assert made(one, x="8") == ["swapped", "any"]
    assert made(one, x="16") == []
    assert made(one, x="") == []


def test_a_meaningless_condition_of_a_mistake_does_not_hold():
    assert made(asked({"odd": {"when": "1/bias > 0"}, "maybe": {"when": "person"}}), x="8") == []


def test_a_mistake_is_told_in_the_world_of_the_own_answers_too():
    first = part("first", fields={"fn": number("n")}, criteria=[leaf("n")])
    last = part("a", carry=["n"], fields={"x": number("square")}, criteria=[leaf("x", 1, "mistake(doubled)")])
    last["mistakes"] = {"doubled": {"set": {"square": "2*n"}, "says": "No."}}
    data = question(first, last, variables=SHEET)
    assert made(data, fn="5", x="10") == ["doubled"]
    assert made(data, fn="5", x="8") == ["doubled"]
    assert made(data, fn="5", x="9") == []
    assert sit_part(data, {"fn": "5", "x": "10"}).leaves[0].own


def test_the_facts_of_a_part_nothing_was_answered_in_are_not_observed():
    seen = observed(asked({"m": {"set": {"square": "1"}}}), {})
    assert seen.seen[()].facts == {"base": {}, "own": {}}
    assert seen.seen[()].mistakes == {"base": {}, "own": {}}


def test_a_question_that_cannot_be_computed_is_an_error_not_a_zero():
    with pytest.raises(EvaluationError, match="There is no cell"):
        observed(question(part(fields={"x": number("nothing")})), {"x": "1"})


@pytest.mark.parametrize("steps", [30, 90])
def test_running_out_of_fuel_is_an_error_not_a_zero(steps: int):
    costly = "sum([i for i in range(3000)])"
    broken = compiled(asked({"costly": {"set": {"square": costly}}}))
    here = world_of(broken, {})
    here.fuel.left = steps
    with pytest.raises(OutOfFuel):
        observe(broken, here, {"x": "15", "y": "8"})


def test_a_mistake_is_not_computed_where_nothing_is_wrong():
    dear = compiled(asked({"costly": {"set": {"square": "sum([i for i in range(3000)])"}}}))
    here = world_of(dear, {})
    assert observe(dear, here, {"x": "16", "y": "8"}).seen[()].mistakes["base"] == {"a": {"costly": False}}
    assert here.fuel.steps - here.fuel.left < 3000


FULL = question(
    part("first", fields={"fn": number("n")}, criteria=[leaf("n", 1, "fn.right")]),
    part(
        "a",
        points=4,
        carry=["n"],
        fields={
            "x": number("square"),
            "v": {"grader": "vector", "answer": "[n, double]"},
            "boxes": {"grader": "choice", "pool": "claims"},
            "word": {"grader": "select", "words": ["up", "down"], "key": "up"},
        },
        facts={"half": "share(v.cells)"},
        mistakes={
            "doubled": {"set": {"square": "2*n"}, "says": "No."},
            "down": {"when": "word.value == 'down'", "says": "No."},
        },
        criteria=[
            {"best_of": [leaf("x", 2, "x.right"), leaf("d", 1, "mistake(doubled)")]},
            leaf("v", 1, "half", unless="mistake(down)"),
            leaf("b", 1, "boxes.net"),
            leaf("p", "-1/2", "person and not word.blank"),
        ],
    ),
    variables=SHEET,
    readings={"shifted": {"if": "word.value == 'up'", "set": {"bias": "1", "square": "n**2 + 1"}, "says": "Shifted."}},
    pools={"claims": [{"id": "s", "text": "", "truth": True}, {"id": "t", "text": "", "truth": False}]},
)
numbers = st.sampled_from(["", "4", "5", "16", "17", "25", "8", "10", "1/3", "sqrt(2)", "?", "1/0"])
answered = st.fixed_dictionaries(
    {},
    optional={
        "fn": numbers,
        "x": numbers,
        "v": st.lists(numbers, max_size=3),
        "boxes": st.sampled_from(["", "1", "2", "1,2", "none", "7"]),
        "word": st.sampled_from(["", "up", "down", "left"]),
    },
)


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@given(answered)
def test_a_stored_observation_gives_the_same_credit_and_is_the_same_json(answers: dict[str, object]):
    ready = compiled(FULL)
    here = world_of(ready, {})
    fresh = observe(ready, here, answers)
    stored = json.loads(json.dumps(fresh.as_json(), allow_nan=False))
    back = Observation.from_json(stored)
    assert back.as_json() == stored
    explained = explain(ready, credit(ready, here, fresh))
    assert explain(ready, credit(ready, world_of(ready, {}), back)) == explained
    assert json.loads(json.dumps(explained)) == explained


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@given(answered)
def test_the_same_answers_always_earn_the_same(answers: dict[str, object]):
    ready = compiled(FULL)
    first, again = (observe(ready, world_of(ready, {}), answers).as_json() for _ in range(2))
    assert first == again
