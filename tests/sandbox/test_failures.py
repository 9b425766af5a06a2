"""Whatever a grader does, the sandbox says what happened in one sentence and makes the next call."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.errors import QuestionError
from app.sandbox import Incomputable, Sandbox, SandboxFailure


def still_serves(sandbox: Sandbox, within: float = 30.0) -> None:
    started = time.monotonic()
    assert sandbox.run("echo", {"still": ["here"]}, lane="grading") == {"still": ["here"]}
    assert time.monotonic() - started < within


@pytest.mark.parametrize("call", ["loop", "loop_in_c", "sleep"])
def test_a_call_that_takes_too_long_is_ended_twice_and_the_next_one_is_made(hostile: Sandbox, call: str) -> None:
    started = time.monotonic()
    with pytest.raises(SandboxFailure, match=r"took longer than 0\.3 s") as caught:
        hostile.run(call, 60, lane="grading", seconds=0.3)
    assert caught.value.cause == "killed"
    # Twice its limit, not the minute it asks for: on a busy machine that may take some seconds.
    assert time.monotonic() - started < 30
    still_serves(hostile)


@pytest.mark.parametrize("call", ["eat", "nibble"])
def test_a_call_that_eats_memory_is_stopped(hostile: Sandbox, call: str) -> None:
    with pytest.raises(SandboxFailure, match="more memory than it may use") as caught:
        hostile.run(call, None, lane="grading")
    assert caught.value.cause == "memory"
    still_serves(hostile)


@pytest.mark.parametrize(("call", "payload"), [("die", 1), ("die", 255), ("kill", None)])
def test_a_call_that_dies_is_told_as_a_crash(hostile: Sandbox, call: str, payload: object) -> None:
    with pytest.raises(SandboxFailure, match="ended unexpectedly") as caught:
        hostile.run(call, payload, lane="grading")  # type: ignore[arg-type]
    assert caught.value.cause == "crashed"
    still_serves(hostile)


def test_a_call_that_quietly_leaves_is_noticed_at_its_limit(hostile: Sandbox) -> None:
    with pytest.raises(SandboxFailure):
        hostile.run("die", 0, lane="grading", seconds=0.3)
    still_serves(hostile)


def test_a_call_that_dies_is_tried_once_more_alone(hostile: Sandbox, tmp_path: Path) -> None:
    assert hostile.run("kill_once", str(tmp_path / "tried"), lane="grading") == "survived"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("fail", "ZeroDivisionError"),
        ("leave", "SystemExit: 3"),
        ("recurse", "RecursionError"),
        ("missing", "KeyError"),
    ],
)
def test_an_unexpected_exception_becomes_a_sentence_of_bounded_length(hostile: Sandbox, call: str, says: str) -> None:
    with pytest.raises(SandboxFailure, match=f"The grader failed: {says}") as caught:
        hostile.run(call, None, lane="grading")
    assert caught.value.cause == "crashed"
    assert len(str(caught.value)) <= 500
    still_serves(hostile)


def test_a_result_that_is_no_json_is_a_crash(hostile: Sandbox) -> None:
    with pytest.raises(SandboxFailure):
        hostile.run("unlike_json", None, lane="grading")
    still_serves(hostile)


def test_a_fault_of_the_question_arrives_with_its_places(hostile: Sandbox) -> None:
    with pytest.raises(QuestionError) as caught:
        hostile.run("refuse", None)
    assert not isinstance(caught.value, Incomputable)
    assert [str(problem) for problem in caught.value.problems] == ["question.yaml:7, parts.0: This is no question."]


def test_what_cannot_be_computed_with_this_answer_is_told_apart_from_a_broken_question(
    hostile: Sandbox,
) -> None:
    with pytest.raises(Incomputable, match=r"^This cannot be computed\.$"):
        hostile.run("cannot_compute", None)


def test_the_time_told_is_that_of_the_call_alone(hostile: Sandbox) -> None:
    timed = hostile.timed("sleep", 0.1, lane="grading")
    assert 100 <= timed.ms < 300
    assert hostile.timed("echo", None, lane="grading").ms < 50


def test_a_child_killed_from_outside_while_idle_is_replaced(hostile: Sandbox) -> None:
    for _ in range(3):
        os.kill(hostile.run("pid", None), signal.SIGKILL)
        time.sleep(0.3)
        assert hostile.run("echo", 1) == 1


def test_many_failures_at_once_all_come_back(hostile: Sandbox, together: Callable[..., list[object]]) -> None:
    def one(number: int) -> object:
        call, payload = [("echo", number), ("die", 1), ("kill", None), ("fail", None)][number % 4]
        try:
            return hostile.run(call, payload, lane="grading", seconds=5)
        except SandboxFailure as failure:
            return failure.cause

    outcomes = together(one, range(24))
    assert outcomes == [n if n % 4 == 0 else "crashed" for n in range(24)]
    still_serves(hostile)
