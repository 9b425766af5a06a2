"""Follow-through: a student's own earlier answers replace the reference's, and the better world counts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from graders.evaluation.errors import OutOfFuel
from graders.marking.follow_through import own_part_world
from graders.marking.observing import observe
from graders.marking.variants import world_of
from tests.graders.marking.questions import Data, compiled, earned, leaf, number, part, question, sit_part

SHEET = {"a": 3, "b": "2*a", "c": "b + 1"}


def chain(second: Data | None = None, **changes: Any) -> Data:
    """Part `first` asks for a; part `a` asks for b and carries a."""
    first = part("first", fields={"fa": number("a")}, criteria=[leaf("fa", 1, "fa.right")])
    fields = {"fb": number("b")}
    last = part("a", carry=["a"], fields=fields, criteria=[leaf("fb", 1, "fb.right")]) | (second or {})
    return question(first, last, variables=SHEET) | changes


def test_a_wrong_answer_carried_forward_is_paid_and_named():
    found = sit_part(chain(), {"fa": "5", "fb": "10"})
    assert found.span.lo == 1
    assert [one.own for one in found.leaves] == [True]


def test_the_reference_still_counts_after_a_wrong_answer():
    found = sit_part(chain(), {"fa": "5", "fb": "6"})
    assert found.span.lo == 1
    assert [one.own for one in found.leaves] == [False]


def test_what_fits_neither_world_is_wrong():
    assert earned(chain(), {"fa": "5", "fb": "11"}) == 0


@pytest.mark.parametrize("raw", ["", "five", "1/0"])
def test_a_blank_or_unreadable_answer_is_not_carried(raw: str):
    assert earned(chain(), {"fa": raw, "fb": "6"}) == 1
    assert earned(chain(), {"fa": raw, "fb": "10"}) == 0


def test_a_vector_with_a_blank_cell_is_not_carried():
    first = part("first", fields={"fv": {"grader": "vector", "answer": "v"}}, criteria=[leaf("v")])
    last = part("a", carry=["v"], fields={"s": number("sum(v)")}, criteria=[leaf("s", 1, "s.right")])
    data = question(first, last, variables={"v": {"value": [1, 2]}})
    assert earned(data, {"fv": ["5", "2"], "s": "7"}) == 1
    assert earned(data, {"fv": ["5", ""], "s": "5"}) == 0
    assert earned(data, {"fv": ["5", ""], "s": "3"}) == 1


@pytest.mark.parametrize(("condition", "points"), [("a != 0", 1), ("a == 0", 0), ("1/(a - 5) > 0", 0), ("None", 0)])
def test_a_degenerate_answer_is_not_carried(condition: str, points: int):
    data = chain({"carry_if": condition})
    assert earned(data, {"fa": "5", "fb": "10"}) == points
    assert earned(data, {"fa": "5", "fb": "6"}) == 1


def test_a_right_answer_is_held_fixed_beside_a_wrong_one():
    # b was computed rightly although a is wrong; c must follow from that b, not from twice the wrong a.
    first = part("first", fields={"fa": number("a"), "fb": number("b")}, criteria=[leaf("l")])
    last = part("a", carry=["a", "b"], fields={"fc": number("b + a")}, criteria=[leaf("c", 1, "fc.right")])
    data = question(first, last, variables=SHEET)
    assert earned(data, {"fa": "5", "fb": "6", "fc": "11"}) == 1
    assert earned(data, {"fa": "5", "fb": "6", "fc": "15"}) == 0


def test_right_answers_make_no_other_world():
    made = compiled(chain())
    here = world_of(made, {})
    seen = observe(made, here, {"fa": "3.0", "fb": "6"})
    assert own_part_world(made, made.question.parts[1], here, seen.given) is None
    assert seen.seen[()].facts["own"] == {}


def test_a_rounded_answer_may_be_continued_either_way():
    first = part("first", fields={"fa": number("a", tolerance="0.01")}, criteria=[leaf("l")])
    exact = number("9*a", tolerance="exact")
    last = part("a", carry=["a"], fields={"fb": exact}, criteria=[leaf("b", 1, "fb.right")])
    data = question(first, last, variables={"a": "1/3"})
    assert earned(data, {"fa": "0.33", "fb": "2.97"}) == 1
    assert earned(data, {"fa": "0.33", "fb": "3"}) == 1


def test_a_field_carries_earlier_fields_of_its_part():
    fields = {"fa": number("a"), "fb": number("b", carry=["a"]), "fc": number("c", carry=["a", "b"])}
    criteria = [leaf("fa", 1, "fa.right"), leaf("fb", 1, "fb.right"), leaf("fc", 1, "fc.right")]
    data = question(part(points=3, fields=fields, criteria=criteria), variables=SHEET)
    found = sit_part(data, {"fa": "4", "fb": "8", "fc": "9"})
    assert [(one.span.lo, one.own) for one in found.leaves] == [(0, False), (1, True), (1, True)]
    # A second mistake is carried as well, and a later field is never carried into an earlier one.
    assert earned(data, {"fa": "4", "fb": "9", "fc": "10"}) == 1
    assert earned(data, {"fa": "4", "fb": "6", "fc": "7"}) == 2
    assert earned(data, {"fa": "3", "fb": "6", "fc": "9"}) == 2


def test_a_field_carries_fields_of_other_parts_too():
    data = chain({"carry": [], "fields": {"fb": number("b", carry=["a"])}})
    assert earned(data, {"fa": "5", "fb": "10"}) == 1


def test_a_field_that_carries_builds_on_what_its_part_carries():
    fields = {"fb": number("b"), "fc": number("c", carry=["b"])}
    data = chain({"points": 2, "fields": fields, "criteria": [leaf("b", 1, "fb.right"), leaf("c", 1, "fc.right")]})
    assert earned(data, {"fa": "5", "fb": "10", "fc": "11"}) == 2
    assert earned(data, {"fa": "5", "fb": "9", "fc": "10"}) == 1


def test_values_with_which_nothing_can_be_computed_leave_the_reference_world():
    last = {"fields": {"fb": number("6/(a - 5)")}}
    assert earned(chain(last), {"fa": "5", "fb": "-3"}) == 1
    assert earned(chain(last), {"fa": "5", "fb": "1"}) == 0


def test_a_cell_that_cannot_be_computed_is_replaced_by_any_answer():
    first = part("first", fields={"fa": number("a")}, criteria=[leaf("l")])
    last = part("a", carry=["q"], fields={"fb": number("b")}, criteria=[leaf("b", 1, "fb.right")])
    data = question(first, last, variables={"a": 0, "q": "1/a", "b": 2})
    data["parts"].insert(1, part("mid", fields={"fq": number("q")}, criteria=[leaf("q")]))
    made = compiled(data)
    here = world_of(made, {})
    given = observe(made, here, {"fa": "0", "fb": "2"}).given
    answered = {**given, "fq": given["fa"]}
    own = own_part_world(made, made.question.parts[2], here, answered)
    assert own is not None
    assert own["q"] == 0


def test_only_the_first_readable_field_of_a_cell_is_carried():
    first = part("first", fields={"fa": number("a"), "again": number("a")}, criteria=[leaf("l")])
    last = part("a", carry=["a"], fields={"fb": number("b")}, criteria=[leaf("b", 1, "fb.right")])
    data = question(first, last, variables=SHEET)
    assert earned(data, {"fa": "5", "again": "7", "fb": "14"}) == 0
    assert earned(data, {"fa": "", "again": "7", "fb": "14"}) == 1


def test_a_deduction_is_not_made_where_the_own_answers_excuse_it():
    last = {"points": 2, "criteria": [leaf("b", 2, "True"), leaf("off", -1, "fb.value != b")]}
    assert earned(chain(last), {"fa": "5", "fb": "10"}) == 2
    assert earned(chain(last), {"fa": "5", "fb": "11"}) == 1


@pytest.mark.parametrize("where", ["carry_if", "value", "cell"])
def test_running_out_of_fuel_is_not_taken_for_a_wrong_answer(where: str):
    costly = "len([i for i in range(3000)])"
    second: Data = {"carry_if": f"{costly} > 0"} if where == "carry_if" else {}
    data = chain(second)
    if where == "value":
        data["variables"] = {"a": 3, "b": f"6 if a == 3 else {costly}"}
    if where == "cell":
        data["variables"] = {"a": costly, "b": 6}
    made = compiled(data)
    here = world_of(made, {})
    given = observe(made, world_of(made, {}), {"fa": "5", "fb": "10"}).given
    here.fuel.left = 2000
    if where == "value":
        with pytest.raises(OutOfFuel):
            observe(made, here, {"fa": "5", "fb": "10"})
    else:
        with pytest.raises(OutOfFuel):
            own_part_world(made, made.question.parts[1], here, given)


def test_words_are_carried_and_a_blank_word_is_not():
    first = part(
        "first", fields={"w": {"grader": "select", "answer": "word", "words": ["up", "down"]}}, criteria=[leaf("l")]
    )
    last = part(
        "a", carry=["word"], fields={"s": number("1 if word == 'up' else -1")}, criteria=[leaf("s", 1, "s.right")]
    )
    data = question(first, last, variables={"word": "'up'"})
    assert earned(data, {"w": "down", "s": "-1"}) == 1
    assert earned(data, {"w": "", "s": "-1"}) == 0
    assert earned(data, {"w": "up", "s": "1"}) == Fraction(1)
