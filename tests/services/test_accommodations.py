"""Accommodations: more time, a later end, more attempts for one person; running attempts follow at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.domain.errors import InvalidInput, NotAllowed, NotFound
from app.services.courses import roster
from app.services.quizzes import accommodations, quiz_building, quizzes
from app.services.sitting import attempts
from app.storage.changes import Change, FieldChange, Saved, TooLate
from app.storage.saves import Arrival, write_saves
from tests.quiz_bank import RULES, Building, question
from tests.small_bank import Stage


def timed(building: Building, **rules: object) -> str:
    now = building.stage.clock()
    base = replace(RULES, minutes=60, opens_at=now, closes_at=now + timedelta(hours=2), attempts_allowed=1)
    return building.published(question("conv1"), rules=replace(base, **rules))  # type: ignore[arg-type]


def grant(building: Building, quiz: str, student: int = 0, **more: object) -> None:
    with building.stage.transactions.writing() as tx:
        person = building.stage.students[student]
        accommodations.grant(tx, building.course, quiz, building.ines, person, **more)  # type: ignore[arg-type]


def minutes_left(stage: Stage, attempt: str, student: int = 0) -> float:
    with stage.transactions.reading() as tx:
        left = attempts.view(tx, stage.students[student], attempt).seconds_left
    assert left is not None
    return left / 60


def save(stage: Stage, attempt: str) -> object:
    change = Change(attempt, "tab", 1, (FieldChange(1, "conv1_x", 1, "1"),))
    with stage.transactions.writing() as tx:
        (result,) = write_saves(tx, [Arrival(change, tx.now())], 30, {})
    return result


def test_extra_minutes_lengthen_an_attempt_to_come(building: Building) -> None:
    quiz = timed(building)
    grant(building, quiz, extra_minutes=15, reason="  As every term ")
    assert minutes_left(building.stage, building.start(quiz)) == 75
    assert minutes_left(building.stage, building.start(quiz, 1), 1) == 60
    with building.stage.transactions.reading() as tx:
        (one,) = accommodations.accommodations(tx, building.course, quiz)
    assert (one.login, one.extra_minutes, one.reason) == ("student0", 15, "As every term")


def test_a_group_gets_the_same_in_one_step_and_nobody_when_one_cannot(building: Building) -> None:
    quiz = timed(building)
    both = list(building.stage.students)
    with building.stage.transactions.writing() as tx:
        for student in both:
            roster.change_group(tx, building.course, student, "Lab 2", building.ines)
    mine = building.start(quiz)
    with building.stage.transactions.writing() as tx:
        members = accommodations.members(tx, building.course, "Lab 2")
        assert accommodations.grant_to(tx, building.course, quiz, building.ines, members, extra_minutes=20) == 2
    assert minutes_left(building.stage, mine) == 80
    with building.stage.transactions.reading() as tx:
        granted = accommodations.accommodations(tx, building.course, quiz)
        assert [(one.login, one.extra_minutes) for one in granted] == [("student0", 20), ("student1", 20)]
    nobody = building.ines.id
    with pytest.raises(NotFound), building.stage.transactions.writing() as tx:
        accommodations.grant_to(tx, building.course, quiz, building.ines, [*both, nobody], extra_minutes=30)
    for group in ("", "Lab 3"):
        with pytest.raises(NotFound), building.stage.transactions.reading() as tx:
            accommodations.members(tx, building.course, group)
    assert minutes_left(building.stage, mine) == 80


def test_a_running_attempt_gets_the_time_at_once_and_loses_it_again(building: Building) -> None:
    stage, quiz = building.stage, timed(building)
    mine, other = building.start(quiz), building.start(quiz, 1)
    stage.clock.pass_time(minutes=30)
    grant(building, quiz, extra_minutes=20)
    assert minutes_left(stage, mine) == 50
    assert minutes_left(stage, other, 1) == 30
    stage.clock.pass_time(minutes=45)
    assert isinstance(save(stage, mine), Saved)
    with stage.transactions.writing() as tx:
        accommodations.withdraw(tx, building.course, quiz, building.ines, stage.students[0])
    assert minutes_left(stage, mine) == 0
    assert isinstance(save(stage, other), TooLate)


def test_extra_minutes_run_beyond_the_closing_time(building: Building) -> None:
    quiz = timed(building, minutes=120)
    grant(building, quiz, extra_minutes=30)
    assert minutes_left(building.stage, building.start(quiz)) == 150
    assert minutes_left(building.stage, building.start(quiz, 1), 1) == 120


def test_a_later_closing_time_lets_one_person_start_after_the_others(building: Building) -> None:
    stage, quiz = building.stage, timed(building)
    grant(building, quiz, closes_at=stage.clock() + timedelta(hours=5))
    stage.clock.pass_time(hours=4, minutes=30)
    assert minutes_left(stage, building.start(quiz)) == 30
    with pytest.raises(NotAllowed, match="This quiz is closed"):
        building.start(quiz, 1)
    with stage.transactions.reading() as tx:
        mine, yours = (
            next(card for card in quizzes.quizzes_of(tx, stage.students[number]) if card.id == quiz)
            for number in (0, 1)
        )
    assert (mine.state, yours.state) == ("open", "closed")


def test_more_attempts_for_one_person(building: Building) -> None:
    quiz = timed(building)
    grant(building, quiz, attempts_allowed=2)
    building.hand_in(building.start(quiz))
    building.hand_in(building.start(quiz))
    with pytest.raises(NotAllowed, match="used all attempts"):
        building.start(quiz)


def test_moving_the_closing_time_moves_running_attempts(building: Building) -> None:
    stage, quiz = building.stage, timed(building, minutes=None)
    attempt, preview = building.start(quiz), building.preview(quiz)
    grant(building, quiz, extra_minutes=10)
    plan = building.plan(quiz)
    sooner = replace(plan.rules, closes_at=stage.clock() + timedelta(minutes=20))
    building.change(quiz, sooner, None, plan.revision)
    assert minutes_left(stage, attempt) == 30
    with stage.transactions.reading() as tx:
        assert attempts.view(tx, building.ines.id, preview).deadline_at is None


def test_what_cannot_be_granted_is_said_beside_its_field(building: Building) -> None:
    quiz = timed(building)
    now = building.stage.clock()
    for place, more in {
        "extra_minutes": {},
        "closes_at": {"closes_at": now + timedelta(hours=1)},
        "attempts_allowed": {"attempts_allowed": 0},
        "reason": {"extra_minutes": 5, "reason": "x" * 2001},
    }.items():
        with pytest.raises(InvalidInput) as refusal:
            grant(building, quiz, **more)
        assert refusal.value.place == place
    with pytest.raises(InvalidInput, match="Extra time is 0 to"):
        grant(building, quiz, extra_minutes=-5)
    forever = timed(building, closes_at=None)
    with pytest.raises(InvalidInput, match="never closes"):
        grant(building, forever, closes_at=now + timedelta(days=1))


def test_only_students_of_the_course_get_accommodations(building: Building) -> None:
    quiz = timed(building)
    stage = building.stage
    with stage.transactions.writing() as tx:
        with pytest.raises(NotFound, match="no such student"):
            accommodations.grant(tx, building.course, quiz, building.ines, building.ines.id, extra_minutes=5)
        with pytest.raises(NotFound, match="no accommodation"):
            accommodations.withdraw(tx, building.course, quiz, building.ines, stage.students[0])
        other = quizzes.create_course(tx, "Other")
        with pytest.raises(NotFound, match="no such quiz"):
            accommodations.grant(tx, other, quiz, building.ines, stage.students[0], extra_minutes=5)


def test_granting_again_replaces_what_was_granted(building: Building) -> None:
    quiz = timed(building)
    grant(building, quiz, extra_minutes=15, attempts_allowed=2)
    grant(building, quiz, extra_minutes=5)
    with building.stage.transactions.reading() as tx:
        (one,) = accommodations.accommodations(tx, building.course, quiz)
        plan = quiz_building.quiz_plan(tx, building.course, quiz)
    assert (one.extra_minutes, one.attempts_allowed) == (5, None)
    assert plan.rules.minutes == 60
