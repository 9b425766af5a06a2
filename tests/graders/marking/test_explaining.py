"""Explaining: points and a reason for every criterion, as plain JSON."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from graders.marking.explaining import FOLLOWED, explain, why
from tests.graders.marking.questions import Data, compiled, leaf, number, part, question, rubric, sit, sit_part


def reason(*criteria: Data, answers: Data | None = None, **more: Any) -> str:
    found = sit_part(rubric(*criteria), {"x": "1"} if answers is None else answers, **more)
    return why(found.leaves[0])


@pytest.mark.parametrize(
    ("criterion", "says"),
    [
        (leaf("c", 2), "Met."),
        (leaf("c", 2, "False"), "Not met."),
        (leaf("c", 2, "1/4"), "Met in part."),
        (leaf("c", 2, "person"), "A person decides this."),
        (leaf("c", 2, "None"), "Not answered."),
        (leaf("c", -1), "Deducted."),
        (leaf("c", -1, "False"), "Does not apply."),
        (leaf("c", 2, unless="True"), "Does not count here."),
    ],
)
def test_every_criterion_has_a_reason(criterion: Data, says: str):
    assert reason(criterion) == says


def test_a_decision_is_named_as_a_persons_unless_it_does_not_count():
    decided = {"a.c": Fraction(1)}
    assert reason(leaf("c", 2, "person"), decisions=decided) == "Decided by a person."
    assert reason(leaf("c", 2, "person", unless="True"), decisions=decided) == "Does not count here."


def follow(answers: Data, language: str = "en", only: str | None = None) -> Data:
    first = part(
        "first", item="i-1", points="1/2", fields={"fa": number("a")}, criteria=[leaf("fa", "1/2", "fa.right")]
    )
    last = part(
        "a",
        points=2,
        carry=["a"],
        fields={"y": number("b")},
        criteria=[
            leaf("y", 1, "y.right", says={"en": "Twice a", "de": "Das Doppelte"}),
            leaf("half_right", 1, "y.right and 1/2"),
        ],
        mistakes={"thrice": {"set": {"b": "3*a"}, "says": {"en": "Two, not three.", "de": "Zwei, nicht drei."}}},
    )
    bonus = part("extra", bonus=True, fields={"z": number("k")}, criteria=[leaf("z", 1, "z.right")])
    survey = part("survey", score="none", fields={"s": number()}, criteria=[leaf("s", 1, "s.right")])
    readings = {"other": {"if": "True", "set": {"k": "2"}, "says": "With two."}}
    data = question(first, last, bonus, survey, variables={"a": 3, "b": "2*a", "k": 1}, readings=readings)
    explained = explain(compiled(data), sit(data, answers), {"y": ["Look again."]}, only, language)
    assert json.loads(json.dumps(explained)) == explained
    return explained


def test_a_credit_is_explained_part_by_part():
    told: Any = follow({"fa": "5", "y": "10", "z": "2", "s": "1"})
    assert (told["state"], told["points"], told["upto"], told["max"]) == ("graded", "5/2", "5/2", "5/2")
    assert told["readings"] == [{"id": "other", "says": "With two."}]
    assert [one["score"] for one in told["parts"]] == ["points", "points", "bonus", "none"]
    first, last, extra, survey = told["parts"]
    assert (first["item"], first["points"], first["notes"]) == ("i-1", "0", [])
    assert first["criteria"][0]["why"] == "Not met."
    assert last["notes"] == [FOLLOWED]
    assert [one["why"] for one in last["criteria"]] == [
        "With your own earlier answers: met.",
        "With your own earlier answers: met in part.",
    ]
    assert [one["says"] for one in last["criteria"]] == ["Twice a", "half right"]
    assert last["feedback"] == [{"field": "y", "says": "Look again."}]
    assert (extra["points"], survey["points"]) == ("1", "1")


def test_the_language_of_the_reader_is_used():
    told: Any = follow({"fa": "3", "y": "9"}, "de")
    last = told["parts"][1]
    assert last["mistakes"] == [{"id": "thrice", "says": "Zwei, nicht drei."}]
    assert last["criteria"][0]["says"] == "Das Doppelte"


def test_one_part_alone_has_its_own_total():
    told: Any = follow({"fa": "3", "y": "?"}, only="first")
    assert (told["points"], told["max"], told["state"], told["invalid"]) == ("1/2", "1/2", "graded", [])
    whole: Any = follow({"fa": "3", "y": "?"})
    assert whole["state"] == "invalid"
    assert [one["field"] for one in whole["invalid"]] == ["y"]


def test_waiting_for_a_person_comes_before_being_unreadable():
    data = question(part(criteria=[leaf("c", 1, "person")]), part("b", fields={"y": number()}, criteria=[leaf("d")]))
    told: Any = explain(compiled(data), sit(data, {"y": "?"}))
    assert (told["state"], told["points"], told["upto"]) == ("needs-person", "1", "2")
    assert told["parts"][0]["upto"] == "1"
