"""What a student is told about a formula beyond the rubric, and where it would only repeat or confuse."""

from __future__ import annotations

import pytest

from graders.marking.credit import credit
from graders.marking.observing import observe
from graders.marking.variants import make_variant, world_of
from graders.packages import unpack
from graders.presenting.feedback import field_feedback
from tests.graders.marking.questions import leaf, part, question

SLOPE = part(
    "a",
    fields={"f": {"grader": "expression", "answer": "g"}, "h": {"grader": "expression", "answer": "g + x"}},
    criteria=[
        {
            "best_of": [
                {"sum_of": [leaf("right", 1, "f.right"), leaf("next", 1, "h.right")]},
                leaf("other_way", 2, "same(f.value, 7*x)"),
            ]
        }
    ],
    points=2,
    mistakes={
        "no_two": {"set": {"g": "x*y"}, "says": "The power of two is missing.", "may_hide": True},
        "seven": {"when": "same(h.value, 7*y)", "says": "There is no seven."},
    },
)
ASKED = question(
    SLOPE,
    part("b", fields={"k": {"grader": "expression", "answer": "3*g"}}, criteria=[leaf("k", 1, "k.right")], carry=["g"]),
    symbols={"x": "real", "y": "real"},
    variables={"g": "x*y**2"},
    readings={"doubled": {"says": "Read as twice that.", "set": {"g": "2*x*y**2"}}},
)


def said(**answers: str) -> dict[str, list[str]]:
    package = unpack({"question": ASKED})
    world = world_of(package.compiled, make_variant(package.compiled, 0).values)
    observation = observe(package.compiled, world, answers)
    return field_feedback(package, world, observation, credit(package.compiled, world, observation))


def test_a_wrong_formula_that_nothing_explains_is_told_where_it_differs() -> None:
    assert said(f="x + y") == {"f": ["At x = 2, y = 3 yours is 5, but should be 18."]}
    assert said(f="log(x)*y") == {"f": ["At x = 2, y = 3 yours is 2.07944, but should be 18."]}


def test_a_right_formula_and_one_that_cannot_be_read_are_told_nothing() -> None:
    assert said(f="y*x*y", h="x + x y^2", k="3 x y^2") == {}
    assert said(f="x +") == {}
    assert said() == {}


@pytest.mark.parametrize("answers", [{"f": "x*y", "h": "x*y + x"}, {"h": "7y"}])
def test_where_a_mistake_explains_it_nothing_is_added(answers: dict[str, str]) -> None:
    assert said(**answers) == {}


def test_a_mistake_in_one_field_does_not_silence_another() -> None:
    assert list(said(f="x^2", h="7y")) == ["f"]


def test_another_way_that_earned_everything_is_not_called_wrong() -> None:
    assert said(f="7x") == {}


def test_a_formula_that_follows_from_an_earlier_answer_is_not_called_wrong() -> None:
    assert list(said(f="x^2", k="3x^2")) == ["f"]


def test_under_another_reading_nothing_is_compared_with_the_plain_one() -> None:
    assert said(f="2 x y^2", h="2 x y^2 + x") == {}


def test_under_another_reading_a_wrong_formula_is_compared_with_that_one() -> None:
    assert said(f="2 x y^2", h="x") == {"h": ["At x = 2, y = 3 yours is 2, but should be 38."]}


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        ("x*y^2\nx*y", "Line 2 does not follow from line 1."),
        ("x*y^2\nx", "Line 2 does not follow from line 1. At x = 2, y = 3 yours is 2, but should be 18."),
    ],
)
def test_of_a_line_that_a_mistake_explains_only_its_place_is_told(lines: str, told: str) -> None:
    no_two = {"when": "same(d.value[1], x*y)", "says": "The power of two is missing."}
    asked = question(
        part(
            "a",
            fields={"d": {"grader": "derivation", "answer": "g"}},
            criteria=[leaf("right", 1, "d.right")],
            mistakes={"no_two": no_two},
        ),
        symbols={"x": "real", "y": "real"},
        variables={"g": "x*y**2"},
    )
    package = unpack({"question": asked})
    world = world_of(package.compiled, make_variant(package.compiled, 0).values)
    observation = observe(package.compiled, world, {"d": lines})
    found = credit(package.compiled, world, observation)
    assert field_feedback(package, world, observation, found) == {"d": [told]}


def said_of_blocks(raw: str, language: str = "en") -> list[str]:
    blocks = [
        {"id": "one", "text": "One.", "truth": True, "why": "It is given."},
        {"id": "two", "text": {"en": "Two.", "de": "Zwei."}, "truth": True},
        {"id": "again", "text": "Twice one.", "truth": True},
        {"id": "three", "text": "Three.", "truth": True},
        {"id": "even", "text": "Even.", "truth": True, "why": "No number is asked to be."},
        {"id": "odd", "text": "Odd.", "truth": False},
    ]
    field = {"grader": "order", "pool": "steps", "after": {"three": ["two", "one"]}, "one_of": [["two", "again"]]}
    asked = question(
        part("a", fields={"proof": field}, criteria=[leaf("all", 1, "proof.right")]), pools={"steps": blocks}
    )
    package = unpack({"question": asked})
    world = world_of(package.compiled, make_variant(package.compiled, 0).values)
    observation = observe(package.compiled, world, {"proof": raw})
    found = credit(package.compiled, world, observation)
    return field_feedback(package, world, observation, found, language).get("proof", [])


def test_a_step_left_out_is_told_as_left_out_not_as_right() -> None:
    where = "A step is missing that block 4, at place 2 of your answer, needs."
    assert said_of_blocks("2,4") == [where, "“One” belongs to the proof; you left it out. It is given."]


def test_steps_left_out_are_told_in_one_sentence_and_of_versions_only_one() -> None:
    where = "2 steps are missing that block 4, at place 1 of your answer, needs."
    assert said_of_blocks("4") == [where, "These belong to the proof; you left them out: “One”, “Two”."]
    german = "Dies gehört in den Beweis und fehlt bei Ihnen: „One“, „Zwei“."
    assert said_of_blocks("4", "de") == [where, german]


def test_a_block_that_is_no_step_is_told_with_its_reason_alone_whether_it_is_true_or_not() -> None:
    assert said_of_blocks("1,2,4,5,6") == [
        "Block 5, at place 4 of your answer, does not belong to the proof.",
        "Block 6, at place 5 of your answer, does not belong to the proof.",
        "“Even” does not belong to the proof. No number is asked to be.",
    ]
    assert said_of_blocks("1,3,4") == []
