"""Variants are printed, drawn, redrawn within bounds, or refused with the condition."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import QuestionError
from graders.evaluation.fuel import Fuel
from graders.marking import variants
from graders.marking.variants import HIGHEST_SEED, MOST_TRIES, make_variant, world_of
from tests.graders.marking.questions import compiled, leaf, number, part, question

N = {"printed": 0, "draw": "integer(1, 20)"}


def make(seed: int, **changes: Any) -> variants.Variant:
    return make_variant(compiled(question(**changes)), seed)


def mistaken(mistakes: dict[str, Any], fields: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    one = part(
        fields=fields or {"x": number("right")},
        mistakes={name: {"says": "No."} | more for name, more in mistakes.items()},
    )
    return {
        "parts": [one],
        "variables": {"n": N, "m": {"printed": 1, "draw": "integer(1, 20)"}, "right": "n + m"},
    } | changes


def test_seed_0_is_printed_whatever_the_conditions_say():
    variant = make(0, variables={"n": N}, where=["n > 5"])
    assert (variant.values, variant.tries) == ({"n": 0}, 1)


@given(st.integers(1, HIGHEST_SEED))
def test_a_seed_always_gives_the_same_values_and_they_satisfy_the_conditions(seed: int):
    changes: dict[str, Any] = {
        "variables": {"n": N, "m": {"printed": 0, "draw": "integer(n, 30)"}},
        "where": ["m != n"],
    }
    one, again = make(seed, **changes), make(seed, **changes)
    assert one == again
    assert one.values["m"] > one.values["n"]  # type: ignore[operator]


@pytest.mark.parametrize("seed", [-1, HIGHEST_SEED + 1])
def test_a_seed_out_of_range_is_refused(seed: int):
    with pytest.raises(QuestionError, match="A seed is a whole number from 0 to"):
        make(seed)


def test_redraws_are_bounded_and_the_condition_is_named():
    with pytest.raises(QuestionError) as caught:
        make(3, variables={"n": N}, where=["n > 0", "n > 20"])
    (problem,) = caught.value.problems
    assert problem.path == "where"
    assert problem.says.startswith(f"Seed 3: none of {MOST_TRIES} draws will do; most often (")
    assert problem.says.endswith("because `n > 20` does not hold.")


def test_a_draw_that_cannot_be_computed_is_thrown_away_and_counted():
    variables = {"n": {"printed": 1, "draw": "integer(0, 1)"}, "q": {"printed": 1, "draw": "integer(1, 1)/n"}}
    found = [make(seed, variables=variables) for seed in range(1, 30)]
    assert all(variant.values["n"] == 1 for variant in found)
    reasons = {reason for variant in found for reason in variant.rejected}
    assert len(reasons) == 1
    assert reasons.pop().startswith("it cannot be computed (q: ")


def test_a_condition_that_waits_for_a_person_does_not_hold():
    with pytest.raises(QuestionError, match="`person` does not hold"):
        make(1, variables={"n": N}, where=["person"])


def test_a_draw_that_runs_out_of_fuel_is_not_tried_again(monkeypatch: pytest.MonkeyPatch):
    tanks: list[Fuel] = []

    def tank() -> Fuel:
        tanks.append(Fuel(1000))
        return tanks[-1]

    monkeypatch.setattr(variants, "Fuel", tank)
    with pytest.raises(QuestionError, match=r"^variables: Seed 1: .*steps it may take\.$"):
        make(1, variables={"n": {"printed": 1, "draw": "sum([k for k in range(9999)])"}})
    assert len(tanks) == 1


def test_without_anything_to_draw_every_seed_is_the_printed_paper():
    assert make(5, variables={"n": 3}, where=["n > 3"]).values == {}


def test_draws_that_hide_a_mistake_are_rejected():
    # Where n is 1, squaring it changes nothing.
    variables = {"n": {"printed": 1, "draw": "integer(1, 2)"}, "right": "n"}
    question_ = mistaken({"squared": {"set": {"right": "n**2"}}}, variables=variables)
    found = [make(seed, **question_) for seed in range(1, 30)]
    assert {variant.values["n"] for variant in found} == {2}
    assert {reason for one in found for reason in one.rejected} == {"the mistake `a.squared` would not show"}


def test_a_mistake_that_may_hide_rejects_nothing():
    question_ = mistaken({"squared": {"set": {"right": "n**2"}, "may_hide": True}}, variables={"n": N, "right": "n"})
    assert all(make(seed, **question_).tries == 1 for seed in range(1, 40))


def test_a_mistake_made_of_a_condition_hides_nothing():
    assert make(1, **mistaken({"m": {"when": "x.value == 1"}})).tries == 1


def test_mistakes_that_look_alike_are_told_apart_or_redrawn():
    same = {"one": {"set": {"right": "n - m"}}, "other": {"set": {"right": "n - m"}}}
    with pytest.raises(QuestionError, match=r"the mistakes `a\.one` and `other` look alike"):
        make(1, **mistaken(same))
    differing = {"one": {"set": {"right": "n - m"}}, "other": {"set": {"right": "m - n"}}}
    assert all(
        make(seed, **mistaken(differing)).values["n"] != make(seed, **mistaken(differing)).values["m"]
        for seed in range(1, 9)
    )


def test_a_mistake_shows_when_one_of_its_fields_shows_it():
    fields = {"x": number("right"), "y": number("m"), "free": {"grader": "number", "key": "m"}}
    one = mistaken({"swapped": {"set": {"m": "n", "right": "m + n"}}}, fields)
    values = make(1, **one).values
    assert values["m"] != values["n"]


def test_a_mistake_that_leaves_the_answer_within_its_tolerance_does_not_show():
    fields = {"x": number("right", tolerance="1%")}
    with pytest.raises(QuestionError, match="would not show"):
        make(1, **mistaken({"slightly": {"set": {"right": "right*1001/1000"}}}, fields))


def test_a_mistake_without_a_value_counts_as_shown():
    # The reference of a word left blank is a blank key: nothing that would be right.
    fields = {"x": {"grader": "select", "answer": "word", "words": ["a", "b"]}}
    one = mistaken({"none": {"set": {"word": "''"}}}, fields, variables={"n": N, "word": "'a'"})
    assert make(1, **one).tries == 1


def test_a_mistake_that_cannot_be_typed_counts_as_shown():
    fields = {"x": {"grader": "select", "answer": "word", "words": ["a", "b"]}}
    one = mistaken({"other": {"set": {"word": "'elsewhere'"}}}, fields, variables={"n": N, "word": "'a'"})
    assert make(1, **one).tries == 1


def test_a_stored_variant_of_another_version_names_what_is_missing():
    with pytest.raises(QuestionError, match="The variant has no value for `n`") as caught:
        world_of(compiled(question(variables={"n": N, "k": "n"})), {})
    assert caught.value.problems[0].path == "variables.n"


def test_a_part_without_a_mistake_never_rejects():
    assert make(1, parts=[part(criteria=[leaf("c")], fields={})], variables={"n": N}).tries == 1
