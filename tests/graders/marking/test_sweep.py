"""Sweeping finds what an author overlooked, as sentences, and never stops at the first."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.errors import Problem, QuestionError
from graders.marking.sweep import Sweep, sweep_cases, sweep_seeds
from graders.marking.worlds import World
from tests.graders.marking.questions import Data, compiled, leaf, number, part, question

N = {"printed": 2, "draw": "integer(3, 9)"}
SQUARED = {"says": "Square it.", "set": {"square": "2*n"}}


def squares(**changes: Any) -> Data:
    one = part(fields={"x": number("square")}, criteria=[leaf("c", 1, "x.right")], mistakes={"doubled": SQUARED})
    return question(one | changes, variables={"n": N, "square": "n**2"})


def swept(data: Data, *seeds: int) -> Sweep:
    found = Sweep()
    sweep_seeds(compiled(data), seeds or (1,), found)
    return found


def cases(data: Data, *given: Any) -> list[str]:
    found = Sweep()
    sweep_cases(compiled(data), given, found)
    assert found.cases == len(given)
    return found.shortfalls


ESSAY: Data = {
    "grader": "text",
    "key": "The slope is small.",
    "concepts": {"gradient": ["gradient", "slope"], "zero": ["zero", "small"]},
    "claims": {"flat": {"earn": ["[gradient zero]"]}},
}


def essay(**changes: Any) -> Data:
    return question(part(fields={"e": ESSAY | changes}, criteria=[leaf("c", 1, "e.flat")]))


def test_a_marked_case_is_neither_paid_too_much_nor_denied():
    right = {"case": "right", "answers": {"e": "Its gradient is zero."}, "marked": {"a": 1}}
    assert cases(essay(), right) == []
    paid = {"case": "guessed", "answers": {"e": "Its gradient is zero."}, "marked": {"a": "1/2"}}
    denied = {"case": "in other words", "answers": {"e": "No, no, no."}, "marked": {"a": 1}}
    assert cases(essay(), paid, denied) == [
        "Case “guessed”: a is 1, a person gave 1/2: it is paid too much.",
        "Case “in other words”: a is 0, a person gave 1: points that it deserves are denied.",
    ]
    # What the machine leaves open may be marked either way.
    open_ = {"case": "unread", "answers": {"e": "Blorg is xyzzy."}}
    assert cases(essay(), open_ | {"marked": {"a": 0}}, open_ | {"marked": {"a": 1}}) == []


def test_points_out_of_so_many_hold_when_the_rubric_is_worth_others():
    def worth(points: object, **more: Any) -> Data:
        criteria = [leaf("flat", points, "e.flat", **more)]
        return question(part(points=5, fields={"e": ESSAY}, criteria=[*criteria, leaf("c", 4, "False")]))

    right = {"case": "right", "answers": {"e": "Its gradient is zero."}, "marked": {"a.flat": "2 of 2"}}
    wrong = {"case": "guess", "answers": {"e": "Its gradient is zero."}, "marked": {"a.flat": "1 of 2"}}
    for points in (2, "3/2", 1):
        assert cases(worth(points), right) == []
    assert cases(worth(2), wrong) == ["Case “guess”: a.flat is 2, a person gave 1 of 2: it is paid too much."]
    assert cases(worth("3/2"), wrong) == [
        "Case “guess”: a.flat is 3/2, a person gave 1 of 2, which is 3/4 of 3/2 now: it is paid too much."
    ]
    # Nothing can be compared any more: whoever changed that looks at the case.
    assert cases(worth(-1), right) == [
        "Case “right”: a.flat counts -1 now, a person gave 2 of 2: look at this case again."
    ]
    gone = right | {"marked": {"a.gone": "1 of 1"}}
    assert cases(worth(1), gone) == [
        "Case “right”: a.gone has no place in the rubric any more, a person gave 1 of 1: look at this case again."
    ]
    total = right | {"marked": {"a.flat": 2}}
    (says,) = cases(worth("3/2"), total)
    assert says.startswith("Case “right”: a.flat is 3/2, a person gave 2, which is more than there is to earn now: ")
    assert says.endswith("look at this case again.")
    unusable = right | {"marked": {"a.flat": "3 of 2"}}
    assert "cannot be tried" in cases(worth(1), unusable)[0]


def test_a_criterion_that_another_way_beats_was_met_all_the_same():
    ways = [{"best_of": [leaf("flat", 2, "e.flat"), leaf("short", 1, "not e.blank")]}]
    data = question(part(points=2, fields={"e": ESSAY}, criteria=ways))
    met = {"case": "both", "answers": {"e": "Its gradient is zero."}}
    assert cases(data, met | {"marked": {"a.flat": "1 of 1", "a.short": "1 of 1"}}) == []
    assert cases(data, met | {"marked": {"a.short": "0 of 1"}}) == [
        "Case “both”: a.short is 1, a person gave 0 of 1: it is paid too much."
    ]


def test_a_change_of_the_right_text_that_earns_everything_is_told_with_its_words():
    # Whoever lists "not small" as harmless, and asks for no more than the slope, takes the opposite for right.
    data = essay(concepts={"gradient": ["slope"], "aside": ["not small"]}, claims={"flat": {"earn": ["any gradient"]}})
    found = swept(data, 0)
    assert found.shortfalls == [
        "Seed 0, a: the right answer with a “not” in it earns full points: “The slope is not small.”"
    ]


def test_a_recorded_right_answer_that_says_the_opposite_must_not_earn_everything_either():
    listed = {"gradient": ["slope"], "aside": ["not zero"]}
    data = essay(key="Zero slope.", concepts=listed, claims={"flat": {"earn": ["any gradient"]}})
    assert swept(data, 0).shortfalls == []
    right = {"case": "in full", "answers": {"e": "The slope is zero."}, "marked": {"a": 1}}
    assert cases(data, right) == [
        "Case “in full”: a: the right answer with a “not” in it earns full points: “The slope is not zero.”"
    ]


def test_a_question_in_order_has_no_shortfall_and_is_counted():
    found = swept(squares(), 0, 1, 2, 3)
    assert found.shortfalls == []
    # On the printed paper 2*2 = 2**2: nothing to show there.
    assert (found.seeds, found.keys, found.blanks, found.mistakes, found.waiting) == (4, 4, 4, 3, 0)
    assert found.tries >= 4
    assert len(found.variants) == 4
    data = found.as_json()
    assert data["shortfalls"] == []
    assert set(data) == set(Sweep.__slots__)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"criteria": [leaf("c", "1/2", "x.right")]}, "Seed 1, a: the right answer earns 1/2 of 1."),
        ({"criteria": [leaf("c", 1, "x.right and person")]}, "Seed 1, a: the key waits for a person."),
        ({"criteria": [leaf("c", 1, "x.right or x.blank")]}, "Seed 1, a: a blank answer earns 1."),
        ({"criteria": [leaf("c", 1, "x.right or not x.blank")]}, "Seed 1, a: the mistake `doubled` earns full marks."),
        (
            {"criteria": [leaf("c", 1, "x.right or not x.right and person")]},
            "Seed 1, a: the mistake `doubled` waits for a person.",
        ),
        (
            {"fields": {"x": number("square"), "k": {"grader": "number", "answer": "square", "key": "'?'"}}},
            "Seed 1, a: the right answer earns 1 of 1 (",
        ),
        (
            {
                "fields": {"x": {"grader": "number", "key": "square"}},
                "mistakes": {"doubled": SQUARED | {"may_hide": False}},
            },
            "Seed 1: none of",
        ),
    ],
)
def test_a_shortfall_is_a_sentence_with_seed_and_part(changes: Data, says: str):
    found = swept(squares(**changes)).shortfalls
    assert any(one.startswith(says) for one in found), found


def test_a_mistake_that_the_student_is_not_told_is_a_shortfall():
    # The mistake leaves the word blank, and a blank answer shows no mistake.
    fields = {"x": {"grader": "select", "answer": "word", "words": ["up", "down"]}}
    data = squares(fields=fields, mistakes={"m": {"says": "No.", "set": {"word": "''"}}})
    data["variables"] = {"word": "'up'"}
    assert swept(data).shortfalls == ["Seed 1, a: the mistake `m` is not told to the student."]


def test_a_mistake_that_changes_nothing_or_cannot_be_computed_is_a_shortfall():
    fixed = question(
        part(mistakes={"same": {"says": "No.", "set": {"n": "n"}}, "broken": {"says": "No.", "set": {"n": "1/0"}}}),
        variables={"n": 1},
    )
    fixed["parts"][0]["fields"] = {"x": number("n")}
    assert swept(fixed).shortfalls == [
        "Seed 1, a: the mistake `same` changes nothing.",
        "Seed 1, a: the mistake `broken` cannot be computed: n: " + swept(fixed).shortfalls[1].split("n: ", 1)[1],
    ]
    for one in fixed["parts"][0]["mistakes"].values():
        one["may_hide"] = True
    assert swept(fixed).shortfalls == []


def test_on_the_printed_paper_a_mistake_may_hide():
    data = squares(criteria=[leaf("c", 1, "x.right or not x.blank")])
    assert swept(data, 0).shortfalls == []


def test_a_mistake_made_of_a_condition_is_left_to_the_cases():
    assert swept(squares(mistakes={"w": {"when": "x.value == 0", "says": "No."}})).mistakes == 0


def test_a_seed_that_cannot_be_made_does_not_stop_the_sweep():
    data = squares() | {"where": ["n > 3 and n > 9"]}
    found = swept(data, 1, 2)
    assert [one[:24] for one in found.shortfalls] == ["Seed 1: none of 400 draw", "Seed 2: none of 400 draw"]
    broken = question(part(fields={"x": number("1/0")}))
    assert swept(broken).shortfalls[0].startswith("Seed 1: ")


def test_variants_are_told_apart_by_what_a_student_sees_where_that_is_known():
    found = Sweep()
    sweep_seeds(compiled(squares()), [1, 2, 3], found, lambda world: "small" if world["n"] in (3, 4, 5) else "large")
    assert len(found.variants) == 3
    assert set(found.variants) <= {"small", "large"}

    def broken(world: World) -> str:
        raise QuestionError([Problem("This cannot be drawn.", "figures.f")])

    sweep_seeds(compiled(squares()), [4], found, broken)
    assert found.shortfalls == ["Seed 4: figures.f: This cannot be drawn."]


def test_a_case_holds_when_every_expectation_does():
    data = squares(criteria=[leaf("c", "1/2", "x.right"), leaf("p", "1/2", "person and not x.blank")])
    data["readings"] = {"r": {"set": {"n": "n + 1"}, "says": "One more."}}
    good = {"case": "printed", "answers": {"x": "4"}, "expect": {"a": "1/2..1", "a.c": "1/2", "a.p": "0..1/2"}}
    assert cases(data, good) == []
    assert cases(data, good | {"decisions": {"p": "1/2"}, "expect": {"a": 1}}) == []
    assert cases(data, good | {"decisions": {"a.p": 0}, "expect": {"a": 0.5}}) == []
    assert cases(data, {"answers": {"x": "9"}, "reading": "r", "expect": {"a.c": 0.5}}) == []
    assert cases(data, {"answers": {"x": "?"}, "expect": {"a": "invalid"}}) == []
    assert cases(data, {"answers": None, "seed": 4, "expect": {"a": 0}}) == []
    assert cases(data, {"answers": {}, "expect": {"a": "0..0"}}) == []


@pytest.mark.parametrize(
    ("case", "says"),
    [
        ({"answers": {"x": "4"}, "expect": {"a": 0}}, "Case “1”: a is 1, expected 0."),
        ({"case": "n", "answers": {"x": "5"}, "expect": {"a.c": 1}}, "Case “n”: a.c is 0, expected 1."),
        ({"answers": {}, "expect": {"a.z": 1}}, "Case “1”: a.z is nothing, expected 1."),
        ({"answers": {}, "expect": {"z": 1}}, "Case “1”: there is no part called `z`."),
        ({"answers": {"z": "4"}, "expect": {}}, "Case “1”: there is no field called `z`."),
        ({"answers": {"x": "4"}, "expect": {"a": "invalid"}}, "Case “1”: a is 1, expected invalid."),
        ({"answers": {}, "reading": "r", "expect": {}}, "Case “1”: the reading is the plain one, not r."),
        ({"answers": {}, "expect": {"a": "many"}}, "Case “1” cannot be tried: "),
        ({"answers": {}, "expect": {"a": "1/0"}}, "Case “1” cannot be tried: "),
        ({"answers": {}}, "Case “1” cannot be tried: "),
        ({"answers": [["x"]], "expect": {}}, "Case “1” cannot be tried: "),
        ({"answers": {}, "expect": {}, "decisions": {"c": "?"}}, "Case “1” cannot be tried: "),
        ({"answers": {}, "expect": {}, "seed": -1}, "Case “1” cannot be tried: A seed is a whole number"),
        ("text", "Case “1” cannot be tried: "),
        (None, "Case “1” cannot be tried: "),
    ],
)
def test_a_case_that_does_not_hold_says_what_it_found(case: Any, says: str):
    (found,) = cases(squares(), case)
    assert found.startswith(says)


def test_with_several_parts_a_decision_names_its_part():
    data = question(part(criteria=[leaf("p", 1, "person")]), part("b", fields={"y": number()}, criteria=[leaf("q")]))
    case = {"answers": {}, "expect": {"a": 1}}
    assert cases(data, case | {"decisions": {"a.p": 1}}) == []
    assert cases(data, case | {"decisions": {"p": 1}}) == ["Case “1”: a is 0..1, expected 1."]


def test_reading_expectations_name_the_readings_taken():
    data = squares() | {"readings": {"r": {"set": {"n": "n + 1"}}}}
    assert cases(data, {"answers": {"x": "9"}, "reading": "s", "expect": {}}) == ["Case “1”: the reading is r, not s."]
