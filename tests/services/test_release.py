"""When marks are released: at once, when everybody is through, or by hand; nothing leaks before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from app.domain.errors import NotAllowed
from app.services.quizzes import accommodations, quiz_building, quizzes
from app.services.quizzes.quizzes import QuizCard
from app.services.results import results
from tests.papers import grade_all
from tests.quiz_bank import RULES, Building, question


def sat(building: Building, student: int = 0, **rules: object) -> tuple[str, str]:
    """A quiz with an attempt that has been handed in and graded."""
    quiz = building.published(question("conv1"), rules=replace(RULES, **rules))  # type: ignore[arg-type]
    return quiz, hand_in(building, quiz, student)


def hand_in(building: Building, quiz: str, student: int = 0) -> str:
    stage = building.stage
    attempt = building.start(quiz, student)
    building.hand_in(attempt, stage.students[student])
    grade(building)
    return attempt


def grade(building: Building) -> None:
    grade_all(building.stage)


def card(building: Building, quiz: str, student: int = 0) -> QuizCard:
    with building.stage.transactions.reading() as tx:
        return next(one for one in quizzes.quizzes_of(tx, building.stage.students[student]) if one.id == quiz)


def shown(building: Building, attempt: str, person: int | None = None) -> bool:
    who = person or building.stage.students[0]
    with building.stage.transactions.reading() as tx:
        kept = results.withheld(tx, who, attempt)
        if kept is None:
            results.result(tx, who, attempt)
        else:
            with pytest.raises(NotAllowed, match="not been released"):
                results.result(tx, who, attempt)
    return kept is None


def test_at_once_shows_marks_as_soon_as_they_are_there(building: Building) -> None:
    quiz, attempt = sat(building)
    assert shown(building, attempt)
    assert card(building, quiz).attempts[0].points == 0
    with building.stage.transactions.writing() as tx, pytest.raises(NotAllowed, match="shown already"):
        quiz_building.release(tx, building.course, quiz, building.ines)


def test_by_hand_shows_nothing_until_staff_release(building: Building) -> None:
    quiz, attempt = sat(building, release="by hand")
    assert not shown(building, attempt)
    (listed,) = card(building, quiz).attempts
    assert (listed.points, listed.upto, listed.result) == (None, None, "withheld")
    with building.stage.transactions.writing() as tx:
        quiz_building.release(tx, building.course, quiz, building.ines)
    assert shown(building, attempt)
    assert card(building, quiz).attempts[0].result == "graded"
    assert building.plan(quiz).released_at is not None


def test_after_closing_waits_for_the_last_person_with_more_time(building: Building) -> None:
    stage = building.stage
    closes = stage.clock() + timedelta(hours=1)
    quiz, attempt = sat(building, release="after closing", closes_at=closes)
    with stage.transactions.writing() as tx:
        accommodations.grant(tx, building.course, quiz, building.ines, stage.students[1], extra_minutes=30)
    seen = card(building, quiz)
    assert (seen.released, seen.marks_at) == (False, closes + timedelta(minutes=30))
    stage.clock.pass_time(minutes=80)
    assert not shown(building, attempt)
    stage.clock.pass_time(minutes=10)
    assert shown(building, attempt)


def test_staff_may_release_before_the_quiz_has_closed(building: Building) -> None:
    closes = building.stage.clock() + timedelta(hours=1)
    quiz, attempt = sat(building, release="after closing", closes_at=closes)
    with building.stage.transactions.writing() as tx:
        quiz_building.release(tx, building.course, quiz, building.ines)
    assert shown(building, attempt)


def test_another_rule_of_release_begins_unreleased(building: Building) -> None:
    quiz, attempt = sat(building, release="by hand")
    with building.stage.transactions.writing() as tx:
        quiz_building.release(tx, building.course, quiz, building.ines)
    plan = building.plan(quiz)
    closes = building.stage.clock() + timedelta(hours=1)
    closing = replace(plan.rules, release="after closing", closes_at=closes)
    building.change(quiz, closing, None, plan.revision, hide=True)
    assert not shown(building, attempt)


def test_marks_after_closing_need_a_closing_time(building: Building) -> None:
    from app.domain.errors import InvalidInput

    quiz = building.create(question("conv1"), rules=replace(RULES, release="after closing"))
    with pytest.raises(InvalidInput, match="needs a closing time"):
        building.publish(quiz)


def test_staff_see_the_marks_of_their_own_previews(building: Building) -> None:
    quiz = building.published(question("conv1"), rules=replace(RULES, release="by hand"))
    attempt = building.preview(quiz)
    building.hand_in(attempt, building.ines.id)
    grade(building)
    assert shown(building, attempt, building.ines.id)
    with building.stage.transactions.reading() as tx:
        assert results.result(tx, building.ines.id, attempt).preview


def test_somebody_who_left_the_course_does_not_become_staff(building: Building) -> None:
    _, attempt = sat(building, release="by hand")
    stage = building.stage
    with stage.transactions.writing() as tx:
        from app.storage.tables import Enrolment

        tx.session.delete(tx.session.get_one(Enrolment, (building.course, stage.students[0])))
    assert not shown(building, attempt)


def test_of_several_attempts_the_list_says_which_one_counts(building: Building) -> None:
    quiz, _ = sat(building, counts="last")
    assert not card(building, quiz).attempts[0].counts
    hand_in(building, quiz)
    assert [one.counts for one in card(building, quiz).attempts] == [False, True]


def test_the_average_is_told_and_hidden_until_marks_are_released(building: Building) -> None:
    quiz, _ = sat(building, counts="average", release="by hand")
    hand_in(building, quiz)
    assert card(building, quiz).counted is None
    assert not any(one.counts for one in card(building, quiz).attempts)
    with building.stage.transactions.writing() as tx:
        quiz_building.release(tx, building.course, quiz, building.ines)
    counted = card(building, quiz).counted
    assert counted is not None
    assert (counted.points, counted.numbers) == (Fraction(0), (1, 2))
