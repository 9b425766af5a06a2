"""Lanes, environment and ending: who waits for whom, what a child knows, and that nothing is left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from app.sandbox import Sandbox, SandboxFailure, start_ahead

HOSTILE = "tests.sandbox.hostile_calls"


def test_what_a_person_waits_for_does_not_queue_behind_grading(hostile: Sandbox) -> None:
    hostile.run("echo", 1)
    busy = [
        threading.Thread(target=hostile.run, args=("sleep", 1.0), kwargs={"lane": "grading"})
        for _ in range(hostile.grading_workers + 2)
    ]
    for thread in busy:
        thread.start()
    time.sleep(0.2)
    started = time.monotonic()
    assert hostile.run("echo", 2) == 2
    assert time.monotonic() - started < 0.5
    assert any(thread.is_alive() for thread in busy)
    for thread in busy:
        thread.join()


def test_a_file_that_takes_too_long_is_ended_once_and_nobody_waits_behind_it(hostile: Sandbox) -> None:
    for lane in ("pages", "grading"):
        hostile.run("echo", 1, lane=lane)
    with ThreadPoolExecutor() as threads:
        started = time.monotonic()
        bomb = threads.submit(hostile.run, "loop", None, lane="pages", seconds=2.0)
        time.sleep(0.2)
        assert hostile.run("echo", 2, lane="pages") == 2
        assert hostile.run("echo", 3, lane="grading") == 3
        assert hostile.run("echo", 4) == 4
        assert not bomb.done()
        with pytest.raises(SandboxFailure, match=r"took longer than 2 s"):
            bomb.result()
        # Tried a second time it would take another two seconds.
        assert time.monotonic() - started < 3.9


def test_each_lane_has_children_of_its_own(hostile: Sandbox) -> None:
    interactive = {hostile.run("pid", None) for _ in range(5)}
    grading = {hostile.run("sleep", 0.02, lane="grading") for _ in range(5)}
    assert len(interactive) == 1
    assert not interactive & grading


def test_eight_threads_get_their_own_answers(hostile: Sandbox, together: Callable[..., list[object]]) -> None:
    assert together(lambda n: hostile.run("echo", n, lane="grading"), range(400)) == list(range(400))


def test_a_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    # In a program of its own: the fork server of this one has started already.
    script = (
        "import json\nfrom app.sandbox import Sandbox\n"
        f"sandbox = Sandbox(calls={HOSTILE!r})\n"
        "print(json.dumps(sandbox.run('environment', None)))\nsandbox.close()"
    )
    secrets = {"GRADUS_DATABASE_URL": "x", "GRADUS_SECRET_KEY": "x", "DATABASE_URL": "x", "AWS_TOKEN": "x"}
    told = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **secrets},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stdout
    for name in secrets:
        assert name not in told
    assert '"OPENBLAS_NUM_THREADS": "1"' in told


def test_a_child_loads_graders_and_neither_web_nor_database(hostile: Sandbox) -> None:
    loaded = set(hostile.run("modules", None))
    assert "graders.calls" in loaded
    strange = {"app.web", "app.api", "app.main", "app.cli", "app.services", "app.storage", "app.settings"}
    strange |= {"sqlalchemy", "fastapi", "starlette", "uvicorn", "typer", "rich", "pytest", "_pytest", "sympy"}
    assert loaded & strange == set()


def test_closing_ends_all_children_and_fails_the_calls_under_way() -> None:
    sandbox = Sandbox(grading_workers=2, calls=HOSTILE)
    before = set(multiprocessing.active_children())
    outcomes: list[str] = []

    def call() -> None:
        try:
            sandbox.run("loop", None, lane="grading")
        except SandboxFailure as failure:
            outcomes.append(failure.cause)

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    pids = [sandbox.run("pid", None)]
    time.sleep(0.3)
    pids += [one.pid for one in set(multiprocessing.active_children()) - before if one.pid is not None]
    assert len(set(pids)) == 3
    started = time.monotonic()
    sandbox.close()
    for thread in threads:
        thread.join(5)
    assert time.monotonic() - started < 3
    assert outcomes == ["crashed"] * 4
    assert set(multiprocessing.active_children()) <= before
    deadline = time.monotonic() + 3
    while any(map(psutil.pid_exists, pids)):
        assert time.monotonic() < deadline
    with pytest.raises(SandboxFailure, match="closed"):
        sandbox.run("echo", 1)
    sandbox.close()


def test_no_child_outlives_a_program_that_is_killed(tmp_path: Path) -> None:
    script = (
        "import threading, time\nfrom app.sandbox import Sandbox, child\n"
        f"sandbox = Sandbox(calls={HOSTILE!r})\n"
        "print(sandbox.run('pid', None), flush=True)\n"
        "threading.Thread(target=sandbox.run, args=('loop_in_c', None), kwargs={'seconds': 0.5}).start()\n"
        "time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        child = psutil.Process(int(program.stdout.readline()))
        time.sleep(0.2)
        program.send_signal(signal.SIGKILL)
        child.wait(timeout=10)


def test_the_fork_server_can_be_started_ahead_and_twice_is_once() -> None:
    start_ahead()
    start_ahead()
    sandbox = Sandbox(grading_workers=1, calls=HOSTILE)
    assert sandbox.run("echo", 1, lane="grading") == 1
    sandbox.close()


def test_children_that_cannot_be_prepared_are_a_failure_in_words() -> None:
    sandbox = Sandbox(calls="tests.sandbox.no_such_calls")
    with pytest.raises(SandboxFailure) as caught:
        sandbox.run("echo", 1, seconds=1)
    assert caught.value.cause == "crashed"
    sandbox.close()
