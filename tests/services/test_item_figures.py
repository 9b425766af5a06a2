"""The figures of a quiz: about whom they are, and who is left out."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.sandbox import SandboxFailure
from app.services.results.item_figures import quiz_figures
from app.storage.engine import Database
from tests.papers import sit
from tests.small_bank import FakeSandbox, Stage, set_the_stage


def test_figures_are_about_the_students_whose_attempts_count(database: Database) -> None:
    stage = set_the_stage(database, students=7)
    answers = [(), ("qa_x",), ("qa_x", "qa_y"), ("qa_x", "qb_x"), ("qa_x", "qa_y", "qb_x"), ()]
    for student, right in enumerate(answers):
        sit(stage, student, *right)
    with stage.transactions.reading() as tx:
        found = quiz_figures(tx, stage.course, stage.quiz)
    assert (found.students, found.handed_in, found.graded, found.enough) == (7, 6, 6, True)
    assert (found.mean, found.max, found.minutes) == (pytest.approx(2), 6, 7)
    assert found.histogram == (2, 0, 1, 0, 0, 2, 0, 1, 0, 0)
    first, second = found.questions
    assert (first.question, first.number, first.asked, first.waiting) == ("qa", "1", 6, 0)
    assert (first.difficulty, second.difficulty) == (pytest.approx(0.5), pytest.approx(1 / 6))
    assert (first.blank, second.blank) == (pytest.approx(2 / 6), pytest.approx(4 / 6))
    assert first.unreadable == 0
    # Halves of points 0 1 2 1 2 0 against 0 0 0 1 1 0: covariance 1, variances 4 and 4/3 (times six).
    assert first.discrimination == pytest.approx(1 / (16 / 3) ** 0.5)
    assert first.parts == ()


class Mistaken(FakeSandbox):
    """Finds the same typical mistake in everything but full marks, and cannot read one answer."""

    def _credit(self, payload: Any) -> Any:
        credit = super()._credit(payload)
        part = credit["parts"][0]
        if part["points"] != part["max"]:
            part["mistakes"] = [{"id": "sign", "says": "That is the sign."}]
        credit["invalid"] = [{"field": "x", "why": "?"}] if part["points"] == part["max"] else []
        credit["parts"].append(dict(part, id="second", score="none"))
        return credit


def test_shares_of_mistakes_are_of_those_who_answered(stage: Stage) -> None:
    stage = replace(stage, sandbox=Mistaken())
    sit(stage, 0, "qa_x", "qa_y")
    sit(stage, 1, "qa_x")
    with stage.transactions.reading() as tx:
        found = quiz_figures(tx, stage.course, stage.quiz)
    first = found.questions[0]
    assert not found.enough
    assert not first.enough
    assert [(one.id, one.says, one.count, one.share) for one in first.mistakes if one.part == "p"] == [
        ("sign", "That is the sign.", 1, 0.5)
    ]
    assert first.unreadable == 0.5
    assert first.parts == ()


def test_a_quiz_without_students_has_no_figures(database: Database) -> None:
    stage = set_the_stage(database, students=0)
    with stage.transactions.reading() as tx:
        found = quiz_figures(tx, stage.course, stage.quiz)
    assert (found.enough, found.mean, found.alpha, found.minutes, found.questions) == (False, None, None, None, ())


def test_what_waits_for_a_person_is_left_out_of_the_figures(stage: Stage) -> None:
    sit(stage, 0, "qa_x", "qa_y")
    stage.sandbox.failing = lambda name, _: SandboxFailure("killed", "It took too long.") if name == "grade" else None
    sit(stage, 1)
    with stage.transactions.reading() as tx:
        found = quiz_figures(tx, stage.course, stage.quiz)
    assert (found.handed_in, found.graded) == (2, 1)
    assert (found.questions[0].waiting, found.questions[0].difficulty) == (1, 1)
