"""What Gradus owes: every submission graded, every overdue attempt handed in, every old sign-in forgotten."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.jobs import runner as running
from app.jobs.deadlines import HandInOverdue
from app.jobs.duties import all_duties
from app.jobs.duty import Interrupted
from app.jobs.grading import GradeSubmissions
from app.jobs.runner import Runner
from app.jobs.sessions import ForgetSessions
from app.sandbox import SandboxFailure
from app.services.accounts import sessions
from app.services.accounts.throttling import ThrottleTogether
from app.services.marking import grading
from app.services.operating.transactions import Transactions
from app.services.results import results
from app.services.sitting import submissions
from app.services.sitting.running import give_time
from app.settings import read_settings
from app.storage import attempts as stored
from app.storage.tables import FailedTries, Grading, Observation, SessionRow, Submission
from tests.jobs.test_runner import until
from tests.services.test_attempts import save
from tests.small_bank import FakeSandbox, Stage

PROJECT = Path(__file__).resolve().parents[2]


def never() -> bool:
    return False


def hand_in(stage: Stage, attempt: str, student: int = 0) -> None:
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[student], attempt, lambda: None)


def state(stage: Stage, attempt: str, student: int = 0) -> str:
    with stage.transactions.reading() as tx:
        return results.result(tx, stage.students[student], attempt).state


def test_what_is_handed_in_gets_graded(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SWEEP_SECONDS", 0.02)
    duties = all_duties(stage.transactions, stage.sandbox, read_settings())
    runner = Runner(stage.transactions, duties, threads=2)
    runner.start()
    attempts = [stage.start(student) for student in (0, 1)]
    for student, attempt in enumerate(attempts):
        save(stage, attempt, (1, "qa_x", 1, "1"))
        hand_in(stage, attempt, student)
        runner.wake()
    until(lambda: all(state(stage, attempt, student) == "graded" for student, attempt in enumerate(attempts)))
    runner.stop()


def test_a_submission_left_by_a_killed_process_is_graded_at_the_next_start(stage: Stage) -> None:
    attempt = stage.start()
    program = (
        "import os, sys\n"
        "from app.services.sitting import submissions\n"
        "from app.services.operating.transactions import Transactions\n"
        "from app.storage.engine import open_database\n"
        "with Transactions(open_database(sys.argv[1])).writing() as tx:\n"
        "    submissions.hand_in(tx, int(sys.argv[2]), sys.argv[3], lambda: os.kill(os.getpid(), 9))\n"
    )
    killed = subprocess.run(
        [sys.executable, "-c", program, stage.transactions.database.url, str(stage.students[0]), attempt],
        cwd=PROJECT,
        env={"PYTHONPATH": str(PROJECT)},
        check=False,
    )
    assert killed.returncode == -9
    assert state(stage, attempt) == "being graded"
    transactions = Transactions(stage.transactions.database)
    runner = Runner(transactions, [GradeSubmissions(transactions, stage.sandbox)])
    runner.start()
    until(lambda: state(stage, attempt) == "graded")
    runner.stop()


def test_grading_twice_changes_nothing(stage: Stage) -> None:
    hand_in(stage, stage.start())
    duty = GradeSubmissions(stage.transactions, stage.sandbox)
    (paper,) = duty.due(10)
    for _ in range(2):
        duty.do(paper, never)
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Grading)) == 2
    assert duty.due(10) == []


def test_a_question_whose_grading_keeps_failing_goes_to_a_person(stage: Stage) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    duty = GradeSubmissions(stage.transactions, stage.sandbox)
    (paper,) = duty.due(10)
    for _ in range(2):
        duty.give_up(paper, "RuntimeError: no idea")
    assert state(stage, attempt) == "waits for a person"
    with stage.transactions.reading() as tx:
        causes = tx.session.scalars(select(Observation.cause)).all()
    assert causes == ["RuntimeError: no idea"] * 2


def test_graders_that_die_with_the_process_leave_no_verdict(stage: Stage) -> None:
    hand_in(stage, stage.start())
    sandbox = FakeSandbox(
        failing=lambda name, payload: SandboxFailure("crashed", "closed") if name == "grade" else None
    )
    duty = GradeSubmissions(stage.transactions, sandbox)
    with pytest.raises(Interrupted):
        duty.do(duty.due(1)[0], lambda: True)
    with stage.transactions.reading() as tx:
        (paper,) = grading.ungraded_papers(tx)
        assert len(grading.ungraded_of(tx, paper)) == 2


def test_an_attempt_is_handed_in_when_its_time_and_grace_are_over(stage: Stage) -> None:
    attempt = stage.start(0)
    save(stage, attempt, (1, "qa_x", 1, "1"))
    duty = HandInOverdue(stage.transactions, grace_seconds=30)
    stage.clock.pass_time(minutes=60, seconds=30)
    assert duty.due(10) == []
    stage.clock.pass_time(seconds=2)
    assert duty.due(10) == [attempt]
    duty.do(attempt, never)
    duty.do(attempt, never)
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Submission)) == 1
        assert submissions.receipt(tx, stage.students[0], attempt).answered == 1
    assert duty.due(10) == []
    with pytest.raises(RuntimeError):
        duty.give_up(attempt, "no")


def test_an_attempt_that_got_more_time_or_a_pause_meanwhile_is_not_handed_in(stage: Stage) -> None:
    first, second = stage.start(0), stage.start(1)
    duty = HandInOverdue(stage.transactions, grace_seconds=30)
    stage.clock.pass_time(minutes=60, seconds=32)
    assert set(duty.due(10)) == {first, second}
    with stage.transactions.writing() as tx:
        found = [stored.attempt(tx, one) for one in (first, second)]
        assert found[0] is not None
        assert found[1] is not None
        give_time(tx, found[0][1], [first], 600, None, "noise")
        found[1][0].paused_at = tx.now()
    for attempt in (first, second):
        duty.do(attempt, never)
    assert duty.due(10) == []
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Submission)) == 0


def test_old_sign_ins_are_forgotten(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        sessions.open_session(tx, stage.students[0], hours=1)
        sessions.open_session(tx, stage.students[0], hours=3)
    duty = ForgetSessions(stage.transactions)
    assert duty.due(1) == []
    stage.clock.pass_time(hours=2)
    assert duty.due(1) == ["all"]
    duty.do("all", never)
    duty.give_up("all", "whatever")
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(SessionRow)) == 1
    throttle = ThrottleTogether(stage.transactions)
    throttle.failed("ada", "lab")
    assert duty.due(1) == []
    stage.clock.pass_time(minutes=61)
    throttle.failed("ben", "lab")
    assert duty.due(2) == ["all", "failed tries"]
    duty.do("failed tries", never)
    assert duty.due(2) == ["all"]
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(FailedTries)) == 1
