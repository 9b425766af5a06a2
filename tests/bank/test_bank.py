"""The bank that Gradus ships: every question is in order on the printed paper and on a dozen seeds.

`make bank` sweeps 200 seeds; here the same calls are made in this process, which is quicker for few.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.interchange.bank import LoadedQuestion, load_bank
from app.sandbox import Timed
from app.services.bank.trials import Trials
from graders.calls import CALLS

BANK = Path(__file__).resolve().parents[2] / "question_bank"
QUESTIONS = load_bank(BANK)
SEEDS = 12


class NoSandbox:
    """For what only reads."""

    def timed(self, name: str, payload: Any, *, lane: Any = "", seconds: float | None = None) -> Timed:
        raise AssertionError(name)


@pytest.fixture(params=QUESTIONS, ids=lambda one: one.folder.name)
def question(request: pytest.FixtureRequest) -> LoadedQuestion:
    one: LoadedQuestion = request.param
    return one


def test_there_is_a_bank() -> None:
    assert QUESTIONS


def test_every_folder_of_the_bank_is_a_question() -> None:
    folders = {path for path in BANK.glob("*/*") if path.is_dir() and path.name != "__pycache__"}
    assert folders == {one.folder for one in QUESTIONS}


def test_a_question_loads_under_the_name_of_its_folder(question: LoadedQuestion) -> None:
    assert [str(problem) for problem in question.problems] == []
    assert question.id == question.folder.name


def test_a_question_has_no_problems(question: LoadedQuestion) -> None:
    assert CALLS["check"]({"package": question.package}) == {"problems": []}


def test_a_question_holds_on_a_dozen_seeds_and_in_its_recorded_cases(question: LoadedQuestion) -> None:
    found = CALLS["sweep"]({"package": question.package, "seeds": list(range(SEEDS))})
    assert isinstance(found, dict)
    assert found["shortfalls"] == []
    assert (found["seeds"], found["keys"], found["blanks"]) == (SEEDS, SEEDS, SEEDS)
    assert isinstance(found["cases"], int)
    assert found["cases"] >= 3
    assert found["waiting"] == 0


def test_an_item_is_its_first_form_also_where_a_question_has_its_name(question: LoadedQuestion) -> None:
    trials = Trials(BANK, NoSandbox())
    for item in question.items:
        (part,) = trials.find(item).parts
        assert (part["item"], part.get("form", "first")) == (item, "first")


def test_an_item_is_its_first_form_whatever_was_asked_for_before() -> None:
    trials = Trials(BANK, NoSandbox())
    for one in reversed(QUESTIONS):  # those that only have other forms of an item often come after its own question
        trials.find(one.id)
        for item in one.items:
            (part,) = trials.find(item).parts
            assert (part["item"], part.get("form", "first")) == (item, "first")


def test_no_two_parts_carry_the_same_item_in_the_same_form() -> None:
    carried = [
        (part["item"], part.get("form", "first"))
        for one in QUESTIONS
        if one.package is not None
        for part in one.package["question"]["parts"]
        if part.get("item")
    ]
    assert len(carried) == len(set(carried))
