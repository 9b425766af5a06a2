"""Static checks: every problem is one sentence with its path."""

from __future__ import annotations

from typing import Any

import pytest

from graders.marking.checking import check_question
from tests.graders.marking.questions import Data, compiled, leaf, number, part, question


def problems(data: Data) -> list[tuple[str, str]]:
    return [(one.path, one.says) for one in check_question(compiled(data))]


def one_part(**changes: Any) -> Data:
    return question(part(**changes), variables={"n": 3})


def claim(**changes: Any) -> Data:
    return {"id": "s", "text": "S", "truth": True} | changes


def test_a_question_in_order_has_no_problem():
    data = question(
        part(
            carry=[],
            facts={"f": "x.right and n > 2"},
            mistakes={"m": {"set": {"n": "n + 1"}, "says": "No."}, "w": {"when": "f", "says": "No."}},
            criteria=[{"best_of": [leaf("c", 1, "f and not mistake(m)"), [leaf("d", "1/2", "x.sign")]]}],
        ),
        part(
            "d",
            fields={"e": number("n"), "g": number("2*n", carry=["n", "one"])},
            criteria=[leaf("e", 1, "e.right and g.right")],
        ),
        part(
            "b",
            points=2,
            carry=["one"],
            carry_if="one > 0",
            fields={"y": number("one")},
            criteria=[leaf("y", 2, "y.right")],
        ),
        variables={"n": {"printed": 3, "draw": "integer(2, 9)"}, "one": "n - n + 1"},
        where=["n != 5"],
        figures={"f": {"draw": "table", "of": "[[n]]", "alt": "A table."}},
        readings={"r": {"if": "x.value > 2", "set": {"n": "n + 1"}}},
        pools={"p": [claim(truth="n > 2")]},
    )
    assert problems(data) == []


UNKNOWN = "There is no variable called `nope` (in `nope + 1`)."


@pytest.mark.parametrize(
    ("data", "path", "says"),
    [
        (question(variables={"a": "nope + 1"}), "variables.a", UNKNOWN),
        (question(variables={"a": {"printed": 1, "draw": "nope + 1"}}), "variables.a.draw", UNKNOWN),
        (
            question(variables={"a": {"printed": 1, "draw": "randint(1, 9)"}}),
            "variables.a.draw",
            "There is no function called `randint`. Is `integer` meant?",
        ),
        (
            question(variables={"a": "sqroot(4)"}),
            "variables.a",
            "There is no function called `sqroot`. Is `sqrt` meant?",
        ),
        (question(where=["nope + 1"]), "where.0", UNKNOWN),
        (question(figures={"f": {"draw": "table", "of": "nope + 1", "alt": ""}}), "figures.f.of", UNKNOWN),
        (question(pools={"p": [claim(truth="nope + 1")]}), "pools.p.0.truth", UNKNOWN),
        (question(readings={"r": {"if": "nope + 1", "set": {}}}), "readings.r.if", UNKNOWN),
        (question(variables={"a": 1}, readings={"r": {"set": {"a": "nope + 1"}}}), "readings.r.set.a", UNKNOWN),
        (
            question(readings={"r": {"set": {"a": "1"}}}),
            "readings.r.set.a",
            "There is no variable called `a` to set.",
        ),
        (one_part(carry_if="nope + 1"), "parts.0.carry_if", UNKNOWN),
        (one_part(facts={"f": "nope + 1"}), "parts.0.facts.f", UNKNOWN),
        (one_part(fields={"x": number("nope + 1")}), "parts.0.fields.x.answer", UNKNOWN),
        (one_part(criteria=[leaf("c", 1, "nope + 1")]), "parts.0.criteria.0.when", UNKNOWN),
        (one_part(criteria=[leaf("c", 1, unless="nope + 1")]), "parts.0.criteria.0.unless", UNKNOWN),
        (
            one_part(criteria=[{"best_of": [leaf("c"), [leaf("d", 1, "nope + 1")]]}]),
            "parts.0.criteria.0.best_of.1.sum_of.0.when",
            UNKNOWN,
        ),
        (one_part(mistakes={"m": {"set": {"n": "nope + 1"}, "says": "N"}}), "parts.0.mistakes.m.set.n", UNKNOWN),
        (one_part(mistakes={"m": {"when": "nope + 1", "says": "N"}}), "parts.0.mistakes.m.when", UNKNOWN),
        (
            one_part(mistakes={"m": {"set": {"k": "1"}, "says": "No."}}),
            "parts.0.mistakes.m.set.k",
            "There is no variable called `k` to set.",
        ),
        (
            one_part(mistakes={"m": {"when": "True"}}),
            "parts.0.mistakes.m.says",
            "The mistake `m` says nothing to the student.",
        ),
        (
            one_part(carry=["n"]),
            "parts.0.carry",
            "`n` is not the `answer` of any field, so it cannot be carried.",
        ),
        (
            one_part(fields={"x": number(carry=["n"])}),
            "parts.0.fields.x.carry",
            "`n` is not the `answer` of any field, so it cannot be carried.",
        ),
        (
            one_part(criteria=[leaf("c", 1, "x.rigth")]),
            "parts.0.criteria.0.when",
            "The field `x` (number) has no fact called `rigth`.",
        ),
        (
            one_part(criteria=[leaf("c", 1, "z.right")]),
            "parts.0.criteria.0.when",
            "There is no field called `z`.",
        ),
        (
            one_part(criteria=[leaf("c", 1, "mistake(typo)")]),
            "parts.0.criteria.0.when",
            "There is no mistake called `typo` in this part.",
        ),
        (
            question(readings={"r": {"if": "mistake.m", "set": {}}}),
            "readings.r.if",
            "There is no mistake called `m` in this part.",
        ),
        (
            one_part(criteria=[leaf("c", 1, "nope(1)")]),
            "parts.0.criteria.0.when",
            "There is no function called `nope`.",
        ),
        (
            one_part(criteria=[leaf("c", 1, "integer(1, 2) > 0")]),
            "parts.0.criteria.0.when",
            "`integer` can be used in `draw` only.",
        ),
        (question(variables={"a": "x.value"}), "variables.a", "`x.value` can be used in a rubric only."),
        (
            question(variables={"mean": 3, "a": "mean([1, 2])"}),
            "variables.mean",
            "`mean` is both a variable and a function that this question calls.",
        ),
        (
            one_part(points=2),
            "parts.0.criteria",
            "The criteria reach 1 of 2 points at most.",
        ),
        (
            one_part(criteria=[{"best_of": [leaf("c", "1/4"), [leaf("d", "1/2"), leaf("e", -5)]]}]),
            "parts.0.criteria",
            "The criteria reach 1/2 of 1 points at most.",
        ),
        (
            one_part(criteria=[{"sum_of": [leaf("c", 2)], "at_most": "1/2"}]),
            "parts.0.criteria",
            "The criteria reach 1/2 of 1 points at most.",
        ),
        (
            question(variables={"a": {"value": 0}, "b": "1/a"}),
            "variables.b",
            "The printed variant cannot be computed: ",
        ),
        (
            question(
                part(fields={"x": {"grader": "choice", "pool": "p", "shown": "['gone']"}}), pools={"p": [claim()]}
            ),
            "parts.0.fields.x",
            "`shown` names “gone”, which is no statement of the pool.",
        ),
    ],
)
def test_each_problem_is_one_sentence_with_its_path(data: Data, path: str, says: str):
    found = problems(data)
    assert [one[0] for one in found] == [path]
    assert found[0][1].startswith(says)


def test_a_variable_named_like_a_function_is_fine_as_long_as_nobody_calls_it():
    assert problems(question(variables={"mean": 3, "a": "mean + 1"})) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"points": 5, "score": "none"},
        {"criteria": [{"sum_of": [leaf("c", "1/2")], "at_least": 1}]},
        {"criteria": [leaf("c"), leaf("d", -3)]},
        {"criteria": [{"best_of": [leaf("c"), leaf("d", "1/2")]}]},
        {"criteria": [leaf("c", 1, "person and x.value > 0 and not x.blank")]},
    ],
)
def test_points_that_can_be_reached_are_no_problem(changes: Data):
    assert problems(one_part(**changes)) == []


def test_facts_about_statements_are_known_by_their_ids():
    fields = {"x": {"grader": "choice", "pool": "p"}}
    pools = {"p": [claim(), claim(id="t")]}
    assert problems(question(part(fields=fields, criteria=[leaf("c", 1, "x.is_s and x.is_t")]), pools=pools)) == []
    unknown = question(part(fields=fields, criteria=[leaf("c", 1, "x.is_u")]), pools=pools)
    assert problems(unknown) == [("parts.0.criteria.0.when", "The field `x` (choice) has no fact called `is_u`.")]


def test_a_broken_cell_is_reported_where_it_is_and_not_as_an_unknown_fact():
    data = question(part(fields={"x": number("b")}), variables={"b": "1/nope"})
    assert [path for path, _ in problems(data)] == ["variables.b"]


def test_a_printed_variant_that_cannot_be_computed_is_named_with_cell_and_field():
    data = question(part(fields={"x": number("b")}), variables={"a": 0, "b": "1/a"})
    assert [path for path, _ in problems(data)] == ["variables.b", "parts.0.fields.x"]


def test_a_value_in_a_text_that_is_not_expanded_is_refused_before_a_student_reads_it():
    changes = {
        "criteria": [leaf("c", says={"en": "It is right.", "de": "Es ist @{n}."})],
        "mistakes": {"m": {"when": "x.right", "says": "It is @{n}."}},
    }
    places = [path for path, says in problems(one_part(**changes)) if "not here" in says]
    assert places == ["parts.0.mistakes.m.says", "parts.0.criteria.0.says"]
