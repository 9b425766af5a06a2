"""Text rubrics are tried on marked answers: cases of the bank, or files of answers."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from app.domain.errors import InvalidInput, NotFound
from app.sandbox import Sandbox
from app.services.drafts.rubric_trials import try_rubrics
from tests.question_folders import write

QUESTION = """\
id: words
title: Words
parts:
  - id: f
    item: exam-4f
    points: 1
    fields:
      essay:
        grader: text
        key: BFGS approximates the Hessian.
        concepts: {estimate: [approximat*], hessian: [hessian], unused: [nothing of the kind]}
        roles: {bfgs: [bfgs], newton: [newton]}
        claims:
          estimates:
            {earn: ["bfgs::[estimate hessian]", unused], deny: ["newton::[estimate hessian]"], near: [estimate]}
    criteria:
      - {id: estimates, points: 1, when: essay.estimates, says: It estimates}
"""
CASES = """\
- {case: key, answers: {essay: BFGS approximates the Hessian.}, expect: {f: 1}}
- {case: swapped, answers: {essay: Newton approximates the Hessian.}, marked: {f: 0}}
- {case: open, answers: {essay: There is some approximation in it.}, marked: {f: 1}}
- {case: span, answers: {essay: Approximately.}, expect: {f: 0..1}}
- {case: blank, answers: {}, expect: {f: 0}}
"""


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox(grading_workers=1)
    yield sandbox
    sandbox.close()


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    write(
        tmp_path,
        "words",
        question=QUESTION,
        prompt="## f\nWhat does BFGS do?\n",
        solution="## f\nIt estimates.\n",
        cases=CASES,
    )
    return tmp_path


def test_the_recorded_cases_are_tried_and_counted(bank: Path, sandbox: Sandbox) -> None:
    (trial,) = try_rubrics(bank, sandbox)
    assert (trial.question, trial.part, trial.item, trial.most) == ("words", "f", "exam-4f", Fraction(1))
    assert [(str(one.lo), str(one.hi), one.right) for one in trial.tried] == [
        ("1", "1", True),
        ("0", "0", True),
        ("0", "1", False),
    ]
    counts = trial.counts()
    assert (counts["answers"], counts["decided"], counts["exact"]) == (3, 2, 2)
    assert (counts["worthless"], counts["paid"], counts["full"], counts["denied"]) == (1, 0, 2, 0)
    assert counts["denied tried"] == counts["injected tried"] == 2
    assert not any(counts[name] for name in counts if name.endswith(" paid"))


def test_a_recorded_case_is_tried_with_what_it_answers_in_other_fields(tmp_path: Path, sandbox: Sandbox) -> None:
    beside = (
        "  - {id: s, points: 1, fields: {size: {grader: number, answer: '4'}}, "
        "criteria: [{id: c, points: 1, when: size.right}]}\n"
    )
    write(
        tmp_path,
        "words",
        question=QUESTION.replace("when: essay.estimates", "when: essay.estimates and size.right") + beside,
        prompt="## f\nWhat does BFGS do?\n\n## s\nHow large?\n",
        solution="## f\nIt estimates.\n\n## s\n4\n",
        cases="- {case: both, answers: {essay: BFGS approximates the Hessian., size: '4'}, expect: {f: 1}}\n"
        "- {case: alone, answers: {essay: BFGS approximates the Hessian., size: '5'}, expect: {f: 0}}\n",
    )
    (trial,) = try_rubrics(tmp_path, sandbox)
    assert [one.lo for one in trial.tried] == [1, 0]


def test_patterns_that_no_answer_uses_are_named(bank: Path, sandbox: Sandbox) -> None:
    (trial,) = try_rubrics(bank, sandbox, ["exam-4f"], mutate=False)
    assert trial.unused == [("estimates", "earn", "unused")]


def test_answers_come_from_a_folder_or_a_file_too(bank: Path, sandbox: Sandbox) -> None:
    answers = bank / "exam-4f.yaml"
    answers.write_text(
        "answers:\n- {text: Newton approximates the Hessian., points: 1}\n- {text: x, points: 0, variant: other}\n"
    )
    for given in (answers, bank):
        (trial,) = try_rubrics(bank, sandbox, ["words"], given)
        assert [one.marked.text for one in trial.tried] == ["Newton approximates the Hessian."]
        assert trial.counts()["denied"] == 1


@pytest.mark.parametrize(
    "text", ["answers: 3", "answers:\n- {points: 1}\n", "answers:\n- {text: a, points: many}\n", "{"]
)
def test_answers_that_cannot_be_used_are_refused_by_name(bank: Path, sandbox: Sandbox, text: str) -> None:
    (bank / "exam-4f.yaml").write_text(text)
    with pytest.raises(InvalidInput, match=r"exam-4f\.yaml"):
        try_rubrics(bank, sandbox, ["exam-4f"], bank)


def test_what_is_not_there_is_not_found(bank: Path, sandbox: Sandbox) -> None:
    with pytest.raises(NotFound, match="called “other”"):
        try_rubrics(bank, sandbox, ["other"])
    (bank / "exams" / "words").joinpath("cases.yaml").unlink(missing_ok=True)
    with pytest.raises(NotFound, match="no part with a short text"):
        try_rubrics(bank, sandbox, ["words"], bank / "nowhere")
