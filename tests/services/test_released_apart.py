"""Marks, reasons and solutions are released by themselves or by date; nothing of one comes along with another."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.domain.errors import InvalidInput, NotAllowed
from app.services.accounts.personal_data import personal_data, pieces
from app.services.quizzes import quiz_building
from app.services.quizzes.releases import Shown
from app.services.results import results
from tests.quiz_bank import RULES, Building, question
from tests.services.test_release import card, sat


def seen(building: Building, attempt: str) -> tuple[bool, bool, bool]:
    """Whether the student finds marks, reasons and solutions anywhere in the whole result."""
    student = building.stage.students[0]
    with building.stage.transactions.reading() as tx:
        kept = results.withheld(tx, student, attempt)
        items = kept.items if kept is not None else results.result(tx, student, attempt).items
    text = repr(items)
    return "state='graded'" in text, "is right" in text or "Met." in text, "because" in text


def release(building: Building, quiz: str, what: Shown) -> None:
    with building.stage.transactions.writing() as tx:
        quiz_building.release(tx, building.course, quiz, building.ines, what)


def change(building: Building, quiz: str, *, hide: bool = False, **rules: object) -> None:
    plan = building.plan(quiz)
    building.change(quiz, replace(plan.rules, **rules), None, plan.revision, hide=hide)  # type: ignore[arg-type]


def test_everything_comes_together_unless_it_is_released_apart(building: Building) -> None:
    _, attempt = sat(building)
    assert seen(building, attempt) == (True, True, True)


def test_each_is_released_by_itself(building: Building) -> None:
    quiz, attempt = sat(building, release="by hand", feedback="apart", solutions="apart")
    assert seen(building, attempt) == (False, False, False)
    with pytest.raises(NotAllowed, match="release the marks first"):
        release(building, quiz, "feedback")
    release(building, quiz, "solutions")
    assert seen(building, attempt) == (False, False, True)
    assert card(building, quiz).attempts[0].points is None
    release(building, quiz, "marks")
    assert seen(building, attempt) == (True, False, True)
    release(building, quiz, "feedback")
    assert seen(building, attempt) == (True, True, True)
    for what in ("marks", "feedback", "solutions"):
        with pytest.raises(NotAllowed, match="already"):
            release(building, quiz, what)


def test_each_appears_on_its_date(building: Building) -> None:
    now = building.stage.clock()
    dates = {"marks_at": 2, "feedback_at": 1, "solutions_at": 3}
    rules: Mapping[str, Any] = {name: now + timedelta(hours=hours) for name, hours in dates.items()}
    quiz, attempt = sat(building, release="by hand", feedback="apart", solutions="apart", **rules)
    assert card(building, quiz).marks_at == rules["marks_at"]
    found = []
    for _ in range(4):
        found.append(seen(building, attempt))
        building.stage.clock.pass_time(hours=1)
    # Reasons wait for the marks, whatever their date is.
    assert found == [(False,) * 3, (False,) * 3, (True, True, False), (True,) * 3]


def test_solutions_that_come_with_the_marks_can_be_shown_before(building: Building) -> None:
    quiz, attempt = sat(building, release="by hand")
    release(building, quiz, "solutions")
    assert seen(building, attempt) == (False, False, True)


def test_a_date_for_marks_can_be_moved_until_they_are_shown(building: Building) -> None:
    now = building.stage.clock()
    quiz, attempt = sat(building, release="by hand", marks_at=now + timedelta(hours=1))
    change(building, quiz, marks_at=now + timedelta(hours=3))
    building.stage.clock.pass_time(hours=2)
    assert not seen(building, attempt)[0]
    change(building, quiz, marks_at=None)
    building.stage.clock.pass_time(hours=2)
    assert not seen(building, attempt)[0]
    release(building, quiz, "marks")
    with pytest.raises(InvalidInput, match="not taken back"):
        change(building, quiz, marks_at=now + timedelta(days=3))
    # A program that knows of no date does not take the release back.
    change(building, quiz, marks_at=None)
    assert seen(building, attempt)[0]


def test_reasons_and_solutions_that_students_have_seen_are_not_hidden_again(building: Building) -> None:
    now = building.stage.clock()
    dates = {name: now + timedelta(hours=1) for name in ("marks_at", "feedback_at", "solutions_at")}
    quiz, attempt = sat(building, release="by hand", feedback="apart", solutions="apart", **dates)
    later = now + timedelta(days=3)
    # What nobody has seen yet may still be put off.
    change(building, quiz, solutions_at=now + timedelta(hours=2))
    building.stage.clock.pass_time(hours=3)
    assert seen(building, attempt) == (True, True, True)
    for name in ("feedback_at", "solutions_at"):
        with pytest.raises(InvalidInput, match=r"Students have seen .* not taken back") as refused:
            change(building, quiz, **{name: later})
        assert refused.value.place == name
    # A program that knows of no dates hides nothing, and what comes with shown marks is shown.
    change(building, quiz, feedback_at=None, solutions_at=None)
    assert seen(building, attempt) == (True, True, True)
    change(building, quiz, feedback="with marks", solutions="with marks", feedback_at=None, solutions_at=None)
    assert seen(building, attempt) == (True, True, True)
    for name in ("feedback", "solutions"):
        with pytest.raises(InvalidInput, match="not taken back"):
            change(building, quiz, **{name: "apart"})
    assert seen(building, attempt) == (True, True, True)


def test_marks_that_students_have_seen_are_hidden_only_by_whoever_says_so(building: Building) -> None:
    now = building.stage.clock()
    untaken = building.published(question("conv1"))
    change(building, untaken, release="by hand")
    quiz, attempt = sat(building)
    closing = {"release": "after closing", "closes_at": now + timedelta(days=1)}
    for rules in ({"release": "by hand"}, {"release": "by hand", "marks_at": now + timedelta(days=1)}, closing):
        with pytest.raises(InvalidInput, match=r"Students have seen their marks\. .* not taken back") as refused:
            change(building, quiz, **rules)
        assert refused.value.place == "release"
    assert seen(building, attempt) == (True, True, True)
    change(building, quiz, **closing, hide=True)
    assert seen(building, attempt) == (False, False, False)
    building.stage.clock.pass_time(days=2)
    assert seen(building, attempt)[0]
    # A new closing time is a later date, too.
    with pytest.raises(InvalidInput, match="seen their marks"):
        change(building, quiz, closes_at=now + timedelta(days=9))
    change(building, quiz, release="by hand", marks_at=now + timedelta(days=1))
    with pytest.raises(InvalidInput, match="have been released"):
        change(building, quiz, marks_at=now + timedelta(days=9))
    change(building, quiz, marks_at=now + timedelta(days=9), hide=True)
    assert not seen(building, attempt)[0]


def test_solutions_before_the_marks_are_not_hidden_by_waiting_for_them(building: Building) -> None:
    quiz, attempt = sat(building, release="by hand", solutions="apart")
    release(building, quiz, "solutions")
    with pytest.raises(InvalidInput, match="seen the solutions"):
        change(building, quiz, solutions="with marks")
    assert seen(building, attempt) == (False, False, True)


def test_a_date_that_has_passed_is_told_before_publishing(building: Building) -> None:
    past: datetime = building.stage.clock() - timedelta(hours=1)
    quiz = building.create(question("conv1"), rules=replace(RULES, release="by hand", marks_at=past))
    with pytest.raises(InvalidInput, match="has passed"):
        building.publish(quiz)


def test_what_a_student_takes_away_as_a_file_holds_no_more_than_the_page(building: Building) -> None:
    quiz, _ = sat(building, feedback="apart", solutions="apart")

    def taken_away() -> str:
        student = building.stage.students[0]
        with building.stage.transactions.reading() as tx:
            content = b"".join(pieces(personal_data(tx, student, unreleased=False)))
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return "".join(archive.read(name).decode() for name in archive.namelist() if name.endswith(".json"))

    hidden = taken_away()
    assert '"points"' in hidden
    assert "Met." not in hidden
    assert "because" not in hidden
    release(building, quiz, "feedback")
    assert "Met." in taken_away()
