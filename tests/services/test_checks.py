"""Checking the bank: each question is reported on by itself, with what an author has to mend and where."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import NotFound
from app.sandbox import Sandbox, SandboxFailure
from app.services.bank.checks import Report, check_bank
from tests.question_folders import CASES, QUESTION, write


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(grading_workers=2)
    yield sandbox
    sandbox.close()


def checked(root: Path, sandbox: Any, *names: str, seeds: int = 3) -> dict[str, Report]:
    return {one.question: one for one in check_bank(root, sandbox, names, seeds=seeds, workers=2)}


def test_a_question_in_order_has_no_problems_and_is_counted(tmp_path: Path, sandbox: Sandbox) -> None:
    write(tmp_path)
    report = checked(tmp_path, sandbox, seeds=25)["sum"]
    assert report.ok
    told = report.as_json()
    assert json.loads(json.dumps(told)) == told
    assert told | {"tries": 0, "rejected": {}} == {
        "question": "sum",
        "ok": True,
        "parts": 1,
        "seeds": 25,
        "keys": 25,
        "blanks": 25,
        "mistakes": 0,
        "cases": 1,
        "waiting": 0,
        "tries": 0,
        "distinct": 8,  # of the numbers 1 to 9, those that 25 seeds happen to show
        "rejected": {},
        "problems": [],
    }


def test_variants_are_told_apart_by_what_a_student_sees(tmp_path: Path, sandbox: Sandbox) -> None:
    write(tmp_path, prompt="## only\nAdd what you do not see.\n")
    assert checked(tmp_path, sandbox, seeds=10)["sum"].as_json()["distinct"] == 1


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"cases": CASES.replace("only: 1", "only: 1/2")}, "Case “key”: only is 1, expected 1/2."),
        ({"question": QUESTION.replace("a + b}", "a - c}")}, "exam/sum/question.yaml:11, parts.0.fields.total.answer"),
        ({"question": QUESTION.replace("number", "numbre")}, "exam/sum/question.yaml:11, parts.0.fields.total"),
        ({"question": QUESTION.replace("total.right", "total.left")}, "exam/sum/question.yaml:13, parts.0.criteria.0"),
        ({"question": QUESTION.replace("right, points: 1", "right, points: 1/2")}, "exam/sum/question.yaml:12"),
        ({"prompt": "## only\n\n@{a +}\n"}, "exam/sum/prompt.md:3"),
        ({"prompt": "## only\n\n@{missing}\n"}, "exam/sum/prompt.md:3: There is no variable called `missing`."),
        ({"solution": None}, "exam/sum/solution.md"),
        # Printed, it works; drawn, it divides by nought.
        ({"prompt": "## only\n@{1 / (a - 2 if a == 2 else 0)}"}, "prompt.md:2"),
    ],
)
def test_what_an_author_has_to_mend_is_told_with_its_place(
    tmp_path: Path, sandbox: Sandbox, files: dict[str, Any], says: str
) -> None:
    write(tmp_path, **files)
    report = checked(tmp_path, sandbox)["sum"]
    assert not report.ok
    assert any(says in problem for problem in report.problems), report.problems


def test_texts_are_tried_on_every_seed(tmp_path: Path, sandbox: Sandbox) -> None:
    write(tmp_path, prompt="## only\n@{1 / (1 if a == 2 else 0)}", solution="## only\n@{1 / (1 if a == 2 else 0)}")
    problems = checked(tmp_path, sandbox, seeds=3)["sum"].problems
    assert [problem.partition(":")[0] for problem in problems] == ["Seed 1", "Seed 2"]
    assert all("prompt.md:2" in problem for problem in problems)


def test_a_translation_is_tried_as_well(tmp_path: Path, sandbox: Sandbox) -> None:
    folder = write(tmp_path)
    (folder / "solution.de.md").write_text("## only\n@{1 / (1 if a == 2 else 0)}")
    problems = checked(tmp_path, sandbox)["sum"].problems
    assert problems
    assert all("solution.de.md:2" in problem for problem in problems)


def test_a_broken_question_keeps_no_other_from_being_checked(tmp_path: Path, sandbox: Sandbox) -> None:
    write(tmp_path, "good")
    write(tmp_path, "syntax", question="a: [")
    reports = checked(tmp_path, sandbox)
    assert {name: report.ok for name, report in reports.items()} == {"good": True, "syntax": False}
    assert reports["syntax"].parts == 0


def test_a_named_question_or_item_is_checked_alone_and_once(tmp_path: Path, sandbox: Sandbox) -> None:
    write(tmp_path, "a", question=QUESTION.replace("id: sum", "id: a").replace("exam-1", "exam-2"))
    write(tmp_path, "sum")
    assert list(checked(tmp_path, sandbox, "exam-2", "a")) == ["a"]
    with pytest.raises(NotFound, match="called “nowhere”"):
        checked(tmp_path, sandbox, "nowhere")


def test_progress_is_told_from_nothing_to_all(tmp_path: Path, sandbox: Sandbox) -> None:
    write(tmp_path)
    steps: list[tuple[int, int]] = []
    check_bank(tmp_path, sandbox, seeds=21, progress=lambda done, total: steps.append((done, total)))
    # One call for the check, one for every ten seeds.
    assert steps == [(0, 4), (1, 4), (2, 4), (3, 4), (4, 4)]


class Fails:
    def run(self, *_: object, **__: object) -> Any:
        raise SandboxFailure("memory", "The calculation needed more memory than it may use.")


def test_a_question_that_is_killed_is_reported_once(tmp_path: Path) -> None:
    write(tmp_path)
    report = checked(tmp_path, Fails(), seeds=30)["sum"]
    assert report.problems == ["exam/sum/question.yaml:1: The calculation needed more memory than it may use."]
