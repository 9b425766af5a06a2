"""Variants made ahead: when everybody starts at once, none has to be made."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.jobs.variants import MakeVariantsAhead
from app.services.quizzes import quiz_building
from app.services.quizzes.quiz_building import NewPlace
from app.storage import people
from tests.quiz_bank import RULES, Building, fill, question
from tests.small_bank import Stage


@pytest.fixture
def building(stage: Stage) -> Building:
    made = fill(stage)
    with stage.transactions.writing() as tx:  # the quiz of the stage is not what these tests look at
        quiz_building.back_to_draft(tx, stage.course, stage.quiz, made.ines)
    return made


def fulfil(duty: MakeVariantsAhead) -> int:
    """Do everything that is due; how much it was."""
    done = 0
    while keys := duty.due(5):
        assert len(keys) <= 5
        for key in keys:
            duty.do(key, lambda: False)
        done += len(keys)
    return done


def variants_made(building: Building) -> int:
    return sum(name == "variant" for name, _ in building.stage.sandbox.calls)


def test_a_synchronised_start_makes_no_variant(building: Building) -> None:
    stage = building.stage
    opens = stage.clock() + timedelta(hours=1)
    places = (question("conv1"), NewPlace(tag="conv", take=2), question("loss"))
    quiz = building.published(*places, rules=replace(RULES, shuffle=True, opens_at=opens))
    duty = MakeVariantsAhead(stage.transactions, stage.sandbox)
    assert 4 <= fulfil(duty) <= 8
    before = variants_made(building)
    stage.clock.pass_time(hours=1)
    for student in (0, 1):
        assert len(building.asked(building.start(quiz, student))) == 4
    assert variants_made(building) == before


def test_drafts_closed_and_archived_quizzes_need_nothing(building: Building) -> None:
    stage = building.stage
    building.create(question("conv1"))
    building.published(question("conv2"), rules=replace(RULES, closes_at=stage.clock() + timedelta(hours=1)))
    stage.clock.pass_time(hours=2)
    assert MakeVariantsAhead(stage.transactions, stage.sandbox).due(10) == []


def test_whoever_enrols_later_is_made_for_too(building: Building) -> None:
    stage = building.stage
    quiz = building.published(question("conv1"), question("conv2"))
    duty = MakeVariantsAhead(stage.transactions, stage.sandbox)
    fulfil(duty)
    assert duty.due(10) == []
    with stage.transactions.writing() as tx:
        row = people.add_person(tx, "late", "Late", None, False)
        people.enrol(tx, building.course, row.id, "student")
    fulfil(duty)
    before = variants_made(building)
    with stage.transactions.reading() as reading, stage.transactions.writing() as writing:
        from app.services.sitting import attempts

        attempts.start(reading, writing, stage.sandbox, row.id, quiz)
    assert variants_made(building) == before


def test_a_variant_that_cannot_be_made_does_not_keep_the_duty_busy(building: Building) -> None:
    stage = building.stage
    building.published(question("conv1"))
    duty = MakeVariantsAhead(stage.transactions, stage.sandbox)
    keys = duty.due(10)
    assert keys
    for key in keys:
        duty.give_up(key, "it hangs")
    assert duty.due(10) == []


def test_doing_it_twice_makes_one_variant(building: Building) -> None:
    stage = building.stage
    building.published(question("conv1"), rules=replace(RULES, seeds="printed_first"))
    duty = MakeVariantsAhead(stage.transactions, stage.sandbox)
    (key,) = duty.due(10)
    duty.do(key, lambda: False)
    duty.do(key, lambda: False)
    assert variants_made(building) == 1
