"""Trying questions: show, grade and equal answer in the promised shapes, whatever they are asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InvalidInput, NotFound, QuestionError
from app.sandbox import Sandbox, SandboxFailure, Timed
from app.services.bank.trials import MOST_REMEMBERED, Trials, list_bank
from tests.question_folders import QUESTION, write

TWO_PARTS = """\
id: two
title: {en: Two, de: Zwei}
variables:
  a: {printed: 2, draw: "integer(2, 9)"}
  b: a + 1
  c: 10 * b
pools:
  claims:
    - {id: yes_, printed: 1, truth: true, text: "@{a} is printed."}
    - {id: no_, printed: 2, truth: false, text: "@{a} is drawn."}
parts:
  - id: first
    item: exam-first
    points: 1/2
    fields: {b: {grader: number, answer: b}}
    criteria: [{id: right, points: 1/2, when: b.right}]
  - id: second
    item: exam-second
    points: 0.5
    carry: [b]
    fields: {c: {grader: number, answer: c}, boxes: {grader: choice, pool: claims}}
    criteria: [{id: right, points: 1/4, when: c.right}, {id: boxes, points: 1/4, when: boxes.right}]
    mistakes: {added: {set: {c: 11 + b}, says: Multiply.}}
  - id: bonus
    item: exam-third
    bonus: true
    points: 1
    fields: {why: {grader: number, answer: a}}
    criteria: [{id: person, points: 1, when: "why.right and person"}]
  - id: again
    item: exam-first
    form: second
    score: none
    points: 1
    fields: {again: {grader: number, answer: b}}
    criteria: [{id: right, points: 1, when: again.right}]
"""
PROMPT = "Stem @{a}.\n\n## first\nP1\n\n## second\nP2\n\n## bonus\nP3\n\n## again\nP4\n"
BURNS = "sum([sum([i*j for i in range(2000)]) for j in range(2000)])"


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(grading_workers=1)
    yield sandbox
    sandbox.close()


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("bank")
    write(root, "two", question=TWO_PARTS, prompt=PROMPT, solution=PROMPT, cases="[]")
    write(root, "broken", question="id: broken\ntitle: 5\nparts: [{id: p, item: exam-broken}]\n")
    write(root, "burning", question=QUESTION.replace("id: sum", "id: burning").replace("a + 1", f'"{BURNS}"'))
    write(root, "sulking", question=QUESTION.replace("id: sum", "id: sulking") + "where: ['False']\n")
    return root


@pytest.fixture
def trials(bank: Path, sandbox: Sandbox) -> Trials:
    return Trials(bank, sandbox)


def test_showing_an_item_gives_its_part_with_kinds_labels_and_shapes(trials: Trials) -> None:
    shown = trials.show("exam-second", 0, solution=True)
    assert [part["id"] for part in shown["parts"]] == ["second"]
    assert shown["parts"][0] | {"fields": 0} == {
        "id": "second",
        "item": "exam-second",
        "points": "1/2",
        "prompt": "P2",
        "fields": 0,
    }
    number, choice = shown["parts"][0]["fields"]
    assert (number["id"], number["kind"], number["shape"]) == ("c", "number", None)
    assert choice["options"] == ["2 is printed.", "2 is drawn."]
    assert (shown["stem"], shown["title"]) == ("Stem 2.", "Two")
    assert shown["solution"]["second"].startswith("P2")
    assert "solution" not in trials.show("two", 0)


def test_showing_a_question_gives_all_its_parts(trials: Trials) -> None:
    assert [part["id"] for part in trials.show("two", 7)["parts"]] == ["first", "second", "bonus", "again"]


def test_an_item_is_graded_by_criteria_under_their_own_names(trials: Trials) -> None:
    result = trials.grade("exam-second", 0, {"c": "30", "boxes": "1"})
    assert result.pop("ms") >= 0
    assert result == {
        "ref": "exam-second",
        "state": "graded",
        "points": "1/2",
        "max": "1/2",
        "criteria": [
            {"id": "right", "points": "1/4", "max": "1/4", "why": "Met."},
            {"id": "boxes", "points": "1/4", "max": "1/4", "why": "Met."},
        ],
        "invalid": [],
        "feedback": [],
        "readings": [],
    }


def test_a_question_is_graded_by_criteria_named_with_their_part(trials: Trials) -> None:
    result = trials.grade("two", 0, {"b": "3", "again": "3"})
    assert [line["id"] for line in result["criteria"]] == [
        "first.right",
        "second.right",
        "second.boxes",
        "bonus.person",
        "again.right",
    ]
    # A bonus and an unscored part do not count to what can be had.
    assert (result["points"], result["max"]) == ("1/2", "1")


def test_the_first_form_of_an_item_is_meant_and_its_only_field_takes_a_bare_answer(trials: Trials) -> None:
    assert trials.grade("exam-first", 0, "3")["points"] == "1/2"
    assert trials.grade("exam-first", 0, 3)["points"] == "1/2"


@pytest.mark.parametrize("boxes", ["yes_", ["yes_"], "yes_, none_such", "no_", "none"])
def test_statements_may_be_named_by_their_ids(trials: Trials, boxes: Any) -> None:
    result = trials.grade("exam-second", 0, {"c": "30", "boxes": boxes})
    if boxes == "yes_, none_such":
        why = "“none_such” is not one of the options 1 to 2."
        assert result["invalid"] == [{"field": "boxes", "why": why}]
        return
    assert (result["state"], result["invalid"]) == ("graded", [])
    assert result["points"] == ("1/4" if boxes in ("no_", "none") else "1/2")


def test_an_earlier_answer_is_carried(trials: Trials) -> None:
    assert trials.grade("exam-second", 0, {"c": "50"})["points"] == "0"
    carried = trials.grade("exam-second", 0, {"c": "50"}, {"b": "5"})
    assert carried["points"] == "1/4"
    assert carried["criteria"][0]["why"].startswith("With your own earlier answers")


def test_a_mistake_is_told(trials: Trials) -> None:
    assert trials.grade("exam-second", 0, {"c": "14"})["feedback"] == ["Multiply."]


def test_who_waits_for_a_person_hears_what_there_may_be(trials: Trials) -> None:
    result = trials.grade("exam-third", 0, "2")
    assert (result["state"], result["points"], result["upto"]) == ("needs-person", "0", "1")


def test_a_field_that_cannot_be_read_is_invalid_and_the_others_still_earn(trials: Trials) -> None:
    result = trials.grade("exam-second", 0, {"c": "thirty", "boxes": "1"})
    assert (result["state"], result["points"], result["max"]) == ("invalid", "1/4", "1/2")
    assert [line["field"] for line in result["invalid"]] == ["c"]


@pytest.mark.parametrize("blank", [None, "", {}, {"b": ""}, {"b": None}])
def test_nothing_answered_is_graded_and_earns_nothing(trials: Trials, blank: Any) -> None:
    result = trials.grade("exam-first", 0, blank)
    assert (result["state"], result["points"]) == ("graded", "0")


@pytest.mark.parametrize(
    ("task", "field", "why"),
    [
        (("nowhere", 0, "1"), "ref", "There is no question and no item called “nowhere”."),
        (("../two", 0, "1"), "ref", "There is no question and no item called “../two”."),
        (("x" * 5000, 0, "1"), "ref", "There is no question and no item called “" + "x" * 200 + "”."),
        (("", 0, "1"), "ref", "`ref` is the id of a question or an item."),
        ((None, 0, "1"), "ref", "`ref` is the id of a question or an item."),
        ((["two"], 0, "1"), "ref", "`ref` is the id of a question or an item."),
        (("exam-first", -1, "1"), "seed", "`seed` is a whole number from 0."),
        (("exam-first", True, "1"), "seed", "`seed` is a whole number from 0."),
        (("exam-first", "0", "1"), "seed", "`seed` is a whole number from 0."),
        (("exam-first", 0.5, "1"), "seed", "`seed` is a whole number from 0."),
        (("exam-first", 2**63, "1"), "seed", "`seed` is a whole number from 0."),
        (("exam-second", 0, "1"), "answer", "Say which field is answered: {field: answer} with c, boxes."),
        (("exam-first", 0, {"c": "1"}), "answer", "There is no field “c” here; the fields are b."),
        (("exam-first", 0, "1", 5), "earlier", "Say which field is answered: {field: answer} with b, c, boxes, why,"),
        (("exam-first", 0, "1", {"x": 1}), "earlier", "There is no field “x” here; the fields are b, c, boxes, why,"),
        (("exam-first", 0, {"b": {"x": 1}}), "b", "An answer is text, a number or a list of these."),
        (("exam-first", 0, "\0"), "b", "Character 1 cannot be seen or used"),
        (("exam-first", 0, "\ud800"), "b", "Character 1 is half of a character"),
        (("exam-first", 0, "1" * 1_000_000), "b", "This answer is longer than 20000 characters."),
        (("exam-first", 0, 10**900), "b", "This number has too many digits"),
        (("exam-first", 0, float("nan")), "b", '"nan" is not a number.'),
        (("broken", 0, "1"), "ref", "exam/broken/question.yaml:2, title"),
        (("exam-broken", 0, "1"), "ref", "exam/broken/question.yaml:2, title"),
        (("sulking", 1, "1"), "ref", "exam/sulking/question.yaml:14, where: Seed 1: none of 400 draws will do;"),
    ],
)
def test_what_cannot_be_graded_is_invalid_with_its_place(
    trials: Trials, task: tuple[Any, ...], field: str, why: str
) -> None:
    result = trials.grade(*task)
    assert (result["state"], result["points"], result["ref"]) == ("invalid", "0", task[0])
    assert (result["invalid"][0]["field"], result["criteria"] == []) == (field, field != "b")
    assert result["invalid"][0]["why"].startswith(why)
    assert Fraction(result["max"]) == (Fraction(1, 2) if str(task[0]) in ("exam-first", "exam-second") else 0) or (
        task[0] == "sulking"
    )


def test_a_calculation_that_burns_its_fuel_waits_for_a_person(trials: Trials) -> None:
    result = trials.grade("burning", 0, "5")
    assert (result["state"], result["points"], result["upto"], result["max"]) == ("needs-person", "0", "1", "1")
    assert "steps it may take" in result["cause"]
    assert result["ms"] < 60_000, "far above what it takes, far below forever"
    with pytest.raises(QuestionError, match="steps it may take"):
        trials.show("burning", 0)


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (("nowhere", 0), NotFound, "no question and no item"),
        (("broken", 0), QuestionError, r"question\.yaml:2, title"),
        (("two", -1), InvalidInput, "`seed` is a whole number"),
        ((5, 0), InvalidInput, "`ref` is the id"),
    ],
)
def test_what_cannot_be_shown_is_told(trials: Trials, call: tuple[Any, Any], error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        trials.show(*call)


class Fails:
    """A sandbox in which everything goes wrong."""

    def timed(self, *_: object, **__: object) -> Timed:
        raise SandboxFailure("killed", "The calculation took longer than 20 s and was ended.")


def test_a_grader_that_is_killed_leaves_the_answer_to_a_person(bank: Path) -> None:
    result = Trials(bank, Fails()).grade("exam-first", 0, "3")
    assert result.pop("ms") >= 0
    assert result == {
        "ref": "exam-first",
        "state": "needs-person",
        "points": "0",
        "upto": "1/2",
        "max": "1/2",
        "criteria": [],
        "invalid": [],
        "cause": "The calculation took longer than 20 s and was ended.",
    }


def test_a_comparison_that_is_killed_is_undecided(bank: Path) -> None:
    verdict = Trials(bank, Fails()).equal("x", "x", {"x": "real"})
    assert (verdict["verdict"], verdict["reason"][:15]) == ("undecided", "The calculation")


def test_two_expressions_are_compared(trials: Trials) -> None:
    assert trials.equal("(x+y)^2", "x² + 2xy + y²", {"x": "real", "y": "real"})["verdict"] == "equal"
    assert trials.equal("x", "x+1", {"x": "real"})["verdict"] == "different"
    assert trials.equal("1/3", "2/6", None)["verdict"] == "equal"
    verdict = trials.equal("x", "x)", {"x": "real"})
    assert verdict["verdict"] == "invalid"
    assert set(verdict) == {"verdict", "reason", "ms"}


@pytest.mark.parametrize(
    ("reference", "answer", "variables", "reason"),
    [
        (None, "x", {}, "`reference` and `answer` are texts."),
        ("x", 5, {}, "`reference` and `answer` are texts."),
        ("x", "x", [], "`variables` maps names to domains."),
        ("x", "x", {"x": 5}, "`variables` maps names to domains."),
        ("x", "x", {"x": "odd"}, "There is no domain “odd”"),
        ("x", "x", {"x" * 500: "real"}, "The name of a variable has at most 200 characters."),
        ("x", "x", {f"x{n}": "real" for n in range(51)}, "An expression has at most 50 variables."),
        ("x", "\0", {"x": "real"}, "The answer cannot be read: Character 1"),
        ("x", "9**9**9**9", {"x": "real"}, "The answer cannot be read: This exponent is too large"),
        ("x", "x" * 5000, {"x": "real"}, "The answer cannot be read: This is 5000 characters long"),
    ],
)
def test_what_cannot_be_compared_is_invalid(
    trials: Trials, reference: Any, answer: Any, variables: Any, reason: str
) -> None:
    verdict = trials.equal(reference, answer, variables)
    assert (verdict["verdict"], verdict["reason"][: len(reason)]) == ("invalid", reason)


def test_names_that_do_not_exist_are_forgotten_in_the_end(trials: Trials) -> None:
    for number in range(20):
        trials.grade(f"nowhere-{number}", 0, "1")
    assert len(trials._known) == 20
    trials._known |= dict.fromkeys(map(str, range(MOST_REMEMBERED)))
    trials.grade("nowhere-again", 0, "1")
    assert len(trials._known) == 1


def test_the_bank_is_listed_with_exact_points_and_without_its_broken_questions(bank: Path) -> None:
    rows = {row["question"]: row for row in list_bank(bank)}
    assert sorted(rows) == ["burning", "sulking", "two"]
    assert [part["points"] for part in rows["two"]["parts"]] == ["1/2", "1/2", "1", "1"]
    assert rows["two"]["parts"][1] == {
        "id": "second",
        "item": "exam-second",
        "form": "first",
        "graders": ["choice", "number"],
        "points": "1/2",
    }
    assert rows["two"]["title"] == {"en": "Two", "de": "Zwei"}
    assert len(rows["two"]["version"]) == 12
    json.dumps(list(rows.values()))
