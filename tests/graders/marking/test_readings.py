"""Accepted readings: tried where their condition holds, together where they can be, the best total counts."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from graders.evaluation.errors import OutOfFuel
from graders.marking.credit import credit
from graders.marking.observing import observe
from graders.marking.variants import world_of
from tests.graders.marking.questions import compiled, leaf, number, observed, part, question, sit

DECLARED = {"grader": "select", "words": ["b-1", "b"], "key": "b"}


def variance(**readings: Any) -> dict[str, Any]:
    """The variance of [1, 3]: 1, or 2 with 1/(b − 1)."""
    one = part("var", fields={"v": number("v"), "declared": DECLARED}, criteria=[leaf("v", 1, "v.right")])
    two = part("std", fields={"s": number("sqrt(v)")}, criteria=[leaf("s", 1, "s.right")])
    variables = {"ddof": 0, "z": {"value": [1, 3]}, "v": "2/(len(z) - ddof)"}
    return question(one, two, variables=variables, readings=readings)


UNBIASED = {"if": "declared.value == 'b-1'", "set": {"ddof": "1"}, "says": "With 1/(b − 1)."}


def test_a_reading_is_tried_only_where_its_condition_holds():
    data = variance(unbiased=UNBIASED)
    said = sit(data, {"v": "2", "declared": "b-1", "s": "sqrt(2)"})
    assert (said.readings, said.total.lo) == (("unbiased",), 2)
    for declared in ("b", "", "x"):
        unsaid = sit(data, {"v": "2", "declared": declared, "s": "sqrt(2)"})
        assert (unsaid.readings, unsaid.total.lo) == ((), 0)


def test_the_best_total_over_the_whole_question_wins_not_the_best_of_each_part():
    data = variance(unbiased=UNBIASED | {"if": "True"})
    mixed = sit(data, {"v": "2", "s": "1"})
    assert [part.span.lo for part in mixed.parts] == [0, 1]
    assert mixed.readings == ()


def test_without_a_condition_a_reading_is_always_tried():
    assert sit(variance(unbiased={"set": {"ddof": "1"}}), {"v": "2"}).readings == ("unbiased",)


def test_a_condition_that_a_students_value_makes_meaningless_does_not_hold():
    data = variance(odd={"if": "1/v.value > 0", "set": {"ddof": "1"}})
    assert sit(data, {"v": "0", "s": "1"}).total.lo == 1
    assert sit(data, {"v": "2"}).readings == ("odd",)


def test_a_condition_that_only_a_person_could_decide_is_not_tried():
    assert sit(variance(maybe={"if": "person", "set": {"ddof": "1"}}), {"v": "2"}).readings == ()


def test_readings_that_set_different_cells_are_tried_together():
    variables = {"a": 0, "b": 0}
    readings = {"one": {"set": {"a": "1"}}, "two": {"set": {"b": "2"}}, "three": {"set": {"a": "5", "b": "0"}}}
    data = question(part(fields={"x": number("a + b")}), variables=variables, readings=readings)
    assert set(observed(data, {"x": "3"}).seen) == {(), ("one",), ("two",), ("three",), ("one", "two")}
    assert sit(data, {"x": "3"}).readings == ("one", "two")
    assert sit(data, {"x": "5"}).readings == ("three",)


def test_the_fewest_readings_win_a_tie():
    readings = {"idle": {"set": {"b": "7"}}, "one": {"set": {"a": "1"}}}
    data = question(part(fields={"x": number("a")}), variables={"a": 0, "b": 0}, readings=readings)
    assert sit(data, {"x": "0"}).readings == ()
    assert sit(data, {"x": "1"}).readings == ("one",)


def test_of_equal_totals_the_one_that_owes_least_to_follow_through_wins():
    # 7 is right by the student's own `a`, and right as it stands under the reading.
    first = part("first", fields={"a": number("a")}, criteria=[leaf("a", 1, "a.right")])
    second = part("second", carry=["a"], fields={"y": number("a + k")}, criteria=[leaf("y", 1, "y.right")])
    readings = {"other": {"set": {"k": "4"}}}
    data = question(first, second, variables={"a": 3, "k": 2}, readings=readings)
    result = sit(data, {"a": "5", "y": "7"})
    assert (result.total.lo, result.readings) == (1, ("other",))
    assert not any(leaf.own for one in result.parts for leaf in one.leaves)


def test_never_more_than_sixteen_combinations():
    variables = {f"c{i}": 0 for i in range(8)}
    readings = {f"r{i}": {"set": {f"c{i}": "1"}} for i in range(8)}
    total = " + ".join(variables)
    data = question(part(fields={"x": number(total)}), variables=variables, readings=readings)
    seen = observed(data, {"x": "2"}).seen
    assert len(seen) == 16
    assert sit(data, {"x": "2"}).total.lo == 1


def test_a_reading_that_makes_no_sense_with_these_numbers_is_left_out():
    data = variance(broken={"set": {"ddof": "2"}}, unbiased={"set": {"ddof": "1"}})
    assert set(observed(data, {"v": "2"}).seen) == {(), ("unbiased",)}


@pytest.mark.parametrize("reading", [{"set": {"ddof": "FUEL"}}, {"if": "FUEL > 0", "set": {"ddof": "1"}}])
def test_running_out_of_fuel_is_never_taken_for_an_unsuitable_reading(reading: dict[str, Any]):
    costly = "len([i for i in range(3000)])"
    text = {key: one.replace("FUEL", costly) if isinstance(one, str) else one for key, one in reading.items()}
    if "ddof" in reading["set"]:
        text["set"] = {"ddof": reading["set"]["ddof"].replace("FUEL", costly)}
    made = compiled(variance(costly=text))
    here = world_of(made, {})
    here.fuel.left = 2500
    with pytest.raises(OutOfFuel):
        observe(made, here, {"v": "1"})


def test_doubt_under_one_reading_loses_to_certainty_under_another():
    one = part(fields={"x": number("a")}, points=1, criteria=[leaf("c", 1, "x.right or person and a == 0")])
    data = question(one, variables={"a": 0}, readings={"one": {"set": {"a": "1"}}})
    result = sit(data, {"x": "1"})
    assert (result.readings, result.total.lo, result.total.hi) == (("one",), 1, 1)
    doubtful = sit(data, {"x": "2"})
    assert (doubtful.total.lo, doubtful.total.hi) == (0, 1)


def test_a_bonus_counts_in_the_total_and_a_survey_does_not():
    data = question(
        part("a", bonus=True),
        part("b", fields={"y": number()}, score="none", criteria=[leaf("s", 1, "y.right")]),
        part("c", fields={"z": number()}, points="1/2", criteria=[leaf("z", 1, "z.right")]),
    )
    made = compiled(data)
    here = world_of(made, {})
    result = credit(made, here, observe(made, here, {"x": "1", "y": "1", "z": "1"}))
    assert [one.span.lo for one in result.parts] == [1, 1, Fraction(1, 2)]
    assert result.total.lo == Fraction(3, 2)
