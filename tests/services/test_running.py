"""Time of running attempts: given and taken back, standing still, going on, ended by the staff; all written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.services.operating.transactions import Transaction
from app.services.quizzes.terms import seconds_left
from app.services.sitting import attempts, running, submissions
from app.services.sitting.news import STILL_TOLD, messages_to
from app.services.sitting.sitting_events import happened
from app.storage import attempts as stored
from app.storage import sitting_events
from app.storage.engine import Database
from app.storage.tables import Attempt, AuditEntry, Quiz
from tests.small_bank import Stage, set_the_stage

STAFF = 2  # the number of the second student, who stands for the staff here


@pytest.fixture
def stage(database: Database) -> Stage:
    return set_the_stage(database, minutes=60)


def quiz_of(tx: Transaction, stage: Stage) -> Quiz:
    return tx.session.scalars(select(Quiz).where(Quiz.public_id == stage.quiz)).one()


def row(tx: Transaction, attempt: str) -> Attempt:
    found = stored.attempt(tx, attempt)
    assert found is not None
    return found[0]


def left(stage: Stage, attempt: str) -> float | None:
    with stage.transactions.reading() as tx:
        return seconds_left(row(tx, attempt), tx.now())


def do(stage: Stage, action: Any, chosen: list[str] | None, *arguments: Any) -> int:
    with stage.transactions.writing() as tx:
        done: int = action(tx, quiz_of(tx, stage), chosen, *arguments)
    return done


def events(stage: Stage) -> list[tuple[str, bool, dict[str, Any] | None]]:
    """What was written down: kind, whether for one attempt, details."""
    with stage.transactions.reading() as tx:
        found = sitting_events.of_quiz(tx, quiz_of(tx, stage).id)
    return [(one.kind, one.attempt_id is not None, one.details) for one in found]


def test_time_is_given_to_one_and_everybody_is_written_down(stage: Stage) -> None:
    mine, other = stage.start(0), stage.start(1)
    assert do(stage, running.give_time, [mine], 120, STAFF, "noise") == 1
    assert (left(stage, mine), left(stage, other)) == (3720, 3600)
    assert do(stage, running.give_time, None, 60, STAFF, "late start") == 2
    assert (left(stage, mine), left(stage, other)) == (3780, 3660)
    assert events(stage)[-2:] == [
        ("deadline moved", True, {"seconds": 120}),
        ("deadline moved", False, {"seconds": 60, "attempts": 2}),
    ]
    with stage.transactions.reading() as tx:
        entries = tx.session.scalars(select(AuditEntry).where(AuditEntry.action == "gave time")).all()
        assert [(one.person_id, one.details) for one in entries] == [
            (STAFF, {"seconds": 120, "attempts": 1}),
            (STAFF, {"seconds": 60, "attempts": 2}),
        ]
        said = [one.text for one in sitting_events.of_quiz(tx, quiz_of(tx, stage).id)]
        assert said[-2:] == ["noise", "late start"]


def test_time_that_was_given_stays_when_the_rules_change(stage: Stage) -> None:
    attempt = stage.start()
    do(stage, running.give_time, [attempt], 300, STAFF, "")
    with stage.transactions.writing() as tx:
        quiz = quiz_of(tx, stage)
        quiz.minutes = 30
        assert running.move_deadlines(tx, quiz) == 1
    assert left(stage, attempt) == 35 * 60
    assert events(stage)[-1] == ("deadline moved", True, {"seconds": -1800})


def test_time_also_runs_beyond_the_closing_of_the_quiz(stage: Stage) -> None:
    attempt = stage.start()
    with stage.transactions.writing() as tx:
        quiz = quiz_of(tx, stage)
        quiz.closes_at = tx.now() + timedelta(minutes=10)
        running.move_deadlines(tx, quiz)
    assert left(stage, attempt) == 600
    do(stage, running.give_time, [attempt], 120, STAFF, "")
    assert left(stage, attempt) == 720


def test_what_was_given_can_be_taken_back_and_no_more(stage: Stage) -> None:
    attempt = stage.start()
    do(stage, running.give_time, [attempt], 600, STAFF, "")
    assert do(stage, running.give_time, [attempt], -540, STAFF, "ten was meant to be one") == 1
    assert left(stage, attempt) == 3660
    with pytest.raises(Conflict, match="than was given"):
        do(stage, running.give_time, [attempt], -120, STAFF, "")
    stage.clock.pass_time(seconds=3590)
    with pytest.raises(Conflict, match="less than a minute"):
        do(stage, running.give_time, [attempt], -60, STAFF, "")
    assert left(stage, attempt) == 70


@pytest.mark.parametrize("seconds", [0, running.MOST_SECONDS + 1, -running.MOST_SECONDS - 1])
def test_no_such_amount_of_time_can_be_given(stage: Stage, seconds: int) -> None:
    attempt = stage.start()
    with pytest.raises(InvalidInput):
        do(stage, running.give_time, [attempt], seconds, STAFF, "")


def test_an_attempt_of_another_quiz_or_none_is_refused(stage: Stage) -> None:
    stage.start()
    for action, more in ((running.give_time, (60,)), (running.pause, ()), (running.resume, ()), (running.end, ())):
        with pytest.raises(NotFound):
            do(stage, action, ["nothing"], *more, STAFF, "")


def test_after_hand_in_nothing_can_be_done_to_it(stage: Stage) -> None:
    attempt = stage.start()
    assert do(stage, running.end, [attempt], STAFF, "over") == 1
    for action, more in ((running.give_time, (60,)), (running.pause, ()), (running.resume, ()), (running.end, ())):
        with pytest.raises(Conflict):
            do(stage, action, [attempt], *more, STAFF, "")


def test_time_stands_still_while_paused_and_a_second_pause_changes_nothing(stage: Stage) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=20)
    assert do(stage, running.pause, [attempt], STAFF, "fire alarm") == 1
    stage.clock.pass_time(minutes=50, milliseconds=1)
    assert do(stage, running.pause, [attempt], STAFF, "again") == 0
    assert left(stage, attempt) == 40 * 60
    with stage.transactions.reading() as tx:
        view = attempts.view(tx, stage.students[0], attempt)
        assert (view.paused, view.seconds_left) == (True, 2400)
        assert submissions.overdue(tx, 0) == []
    assert do(stage, running.resume, [attempt], STAFF, "") == 1
    assert do(stage, running.resume, [attempt], STAFF, "") == 0
    # A begun second counts for the person.
    assert left(stage, attempt) == pytest.approx(2400 + 0.999)
    assert [kind for kind, _, _ in events(stage)] == ["started", "paused", "resumed"]


def test_everybody_is_paused_with_one_line_in_the_log(stage: Stage) -> None:
    stage.start(0), stage.start(1)
    assert do(stage, running.pause, None, STAFF, "power cut") == 2
    assert do(stage, running.pause, None, STAFF, "power cut") == 0
    assert events(stage)[2:] == [("paused", False, {"attempts": 2})]


def test_an_attempt_whose_time_is_over_is_not_paused_any_more(stage: Stage) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=60)
    assert do(stage, running.pause, [attempt], STAFF, "") == 0


def test_an_attempt_without_a_deadline_can_be_paused_but_not_be_given_time(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        quiz_of(tx, stage).minutes = None
    attempt = stage.start()
    assert do(stage, running.pause, [attempt], STAFF, "") == 1
    assert left(stage, attempt) is None
    assert do(stage, running.resume, [attempt], STAFF, "") == 1
    with pytest.raises(Conflict, match="deadline"):
        do(stage, running.give_time, [attempt], 60, STAFF, "")


def test_ending_hands_in_what_was_saved_and_wakes_the_graders(stage: Stage) -> None:
    woken: list[bool] = []
    mine, other = stage.start(0), stage.start(1)
    do(stage, running.pause, [mine], STAFF, "")
    stage.clock.pass_time(seconds=90)
    assert do(stage, running.end, None, STAFF, "evacuation", lambda: woken.append(True)) == 2
    assert woken == [True]
    for student, attempt in enumerate((mine, other)):
        with stage.transactions.reading() as tx:
            assert submissions.receipt(tx, stage.students[student], attempt).answered == 0
            assert row(tx, attempt).paused_at is None
    assert [kind for kind, _, _ in events(stage)][-3:] == ["ended", "handed in", "handed in"]
    with stage.transactions.reading() as tx:
        actions = tx.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert actions.count("handed in by the staff") == 2
    assert actions[-1] == "ended"


def test_a_quiz_has_the_last_word_about_its_grace(stage: Stage) -> None:
    attempt = stage.start()
    with stage.transactions.writing() as tx:
        quiz_of(tx, stage).grace_seconds = 300
    stage.clock.pass_time(minutes=60, seconds=300)
    for seconds, expected in ((1, []), (1, [attempt])):
        stage.clock.pass_time(seconds=seconds)
        with stage.transactions.reading() as tx:
            assert submissions.overdue(tx, 0) == expected


def test_messages_reach_those_who_sit_and_those_who_begin_soon_after(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        happened(tx, quiz_of(tx, stage).id, None, "message", text="of another day")
    stage.clock.pass_time(hours=STILL_TOLD.total_seconds() / 3600, seconds=1)
    with stage.transactions.writing() as tx:
        happened(tx, quiz_of(tx, stage).id, None, "message", text="correction")
    mine, other = stage.start(0), stage.start(1)
    with stage.transactions.writing() as tx:
        happened(tx, quiz_of(tx, stage).id, row(tx, mine).id, "message", text="for you")
    with stage.transactions.reading() as tx:
        said = {attempt: [one.text for one in messages_to(tx, row(tx, attempt))] for attempt in (mine, other)}
    assert said == {mine: ["correction", "for you"], other: ["correction"]}


ACTIONS = some.lists(
    some.one_of(
        some.tuples(some.just("pass"), some.integers(0, 900)),
        some.tuples(some.just("give"), some.integers(1, 600)),
        some.tuples(some.sampled_from(["pause", "resume", "rules"]), some.just(0)),
    ),
    max_size=12,
)


@pytest.fixture
def sitting(transactions: Any) -> Stage:
    stage = set_the_stage(transactions.database, minutes=60)
    stage.start()
    return stage


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(actions=ACTIONS)
def test_time_left_is_what_was_given_less_what_passed_outside_of_pauses(
    sitting: Stage, actions: list[tuple[str, int]]
) -> None:
    """Against a stopwatch that knows nothing of deadlines."""
    stage = sitting
    with stage.transactions.writing() as tx:
        attempt = tx.session.scalars(select(Attempt)).one()
        public_id = attempt.public_id
        attempt.started_at, attempt.added_seconds, attempt.paused_at = tx.now(), 0, None
        attempt.deadline_at = tx.now() + timedelta(minutes=60)
    stopwatch, stands = 3600, False
    for action, amount in actions:
        match action:
            case "pass":
                stage.clock.pass_time(seconds=amount)
                stopwatch -= 0 if stands else amount
            case "give":
                do(stage, running.give_time, [public_id], amount, STAFF, "")
                stopwatch += amount
            case "pause" if stopwatch > 0:
                do(stage, running.pause, [public_id], STAFF, "")
                stands = True
            case "resume":
                do(stage, running.resume, None, STAFF, "")
                stands = False
            case "rules":
                with stage.transactions.writing() as tx:
                    assert running.move_deadlines(tx, quiz_of(tx, stage)) == 0
        assert left(stage, public_id) == max(0, stopwatch)


def test_the_clock_of_the_database_is_utc(stage: Stage) -> None:
    attempt = stage.start()
    do(stage, running.pause, [attempt], STAFF, "")
    with stage.transactions.reading() as tx:
        at = row(tx, attempt).paused_at
    assert isinstance(at, datetime)
    assert at.utcoffset() == timedelta(0)
