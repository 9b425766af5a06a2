"""The processes behind the children may be killed, too: calls of every lane are made again within seconds."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import psutil
import pytest

from app.sandbox import Sandbox
from app.sandbox.pool import Lane

HOSTILE = "tests.sandbox.hostile_calls"
# What the standard library says of a killed tracker: once, and then it goes on.
pytestmark = pytest.mark.filterwarnings("ignore:resource_tracker:UserWarning")
LANES: tuple[Lane, ...] = ("interactive", "grading", "alone")
SECONDS = 30  # of patience with a slow machine; an idle one needs one


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox(grading_workers=2, calls=HOSTILE)
    yield made
    made.close()


def fork_server() -> psutil.Process:
    return behind("forkserver")[0]


def behind(name: str) -> list[psutil.Process]:
    alive = [one for one in psutil.Process().children() if one.status() != psutil.STATUS_ZOMBIE]
    return [one for one in alive if f"from multiprocessing.{name} import main" in str(one.cmdline())]


def serves_in_every_lane(sandbox: Sandbox) -> None:
    started = time.monotonic()
    for lane in LANES:
        assert sandbox.run("echo", lane, lane=lane) == lane
    assert time.monotonic() - started < SECONDS


@pytest.mark.parametrize("names", [["forkserver"], ["resource_tracker"], ["forkserver", "resource_tracker"]])
@pytest.mark.parametrize("pause", [0.0, 0.4])
def test_lanes_serve_again_when_what_makes_their_children_was_killed(
    sandbox: Sandbox, names: list[str], pause: float
) -> None:
    serves_in_every_lane(sandbox)
    for turn in range(3):
        killed = [one for name in names for one in behind(name)]
        # They come again when somebody needs them, not before.
        assert turn > 0 or len(killed) == len(names)
        for one in killed:
            one.kill()
        time.sleep(pause)
        serves_in_every_lane(sandbox)


def test_calls_under_way_and_in_the_queue_are_made_all_the_same(
    sandbox: Sandbox, together: Callable[..., list[object]]
) -> None:
    serves_in_every_lane(sandbox)

    def killing() -> None:
        time.sleep(0.2)
        for one in [*behind("forkserver"), *behind("resource_tracker")]:
            one.kill()

    killer = threading.Thread(target=killing)
    killer.start()
    pids = together(lambda number: sandbox.run("sleep", 0.3, lane=LANES[number % 2]), range(12))
    killer.join()
    assert len(pids) == 12
    serves_in_every_lane(sandbox)


def test_children_end_with_the_server_that_made_them(sandbox: Sandbox) -> None:
    children = [psutil.Process(sandbox.run("pid", None, lane=lane)) for lane in LANES]
    server = fork_server()
    assert all(child.ppid() == server.pid for child in children)
    server.kill()
    assert psutil.wait_procs(children, timeout=SECONDS)[1] == []
    assert psutil.Process(sandbox.run("pid", None)).ppid() == fork_server().pid != server.pid


def test_a_loss_is_told_once_for_a_lane(sandbox: Sandbox, caplog: pytest.LogCaptureFixture) -> None:
    serves_in_every_lane(sandbox)
    fork_server().kill()
    serves_in_every_lane(sandbox)
    serves_in_every_lane(sandbox)
    told = [record.message for record in caplog.records if "gets new children" in record.message]
    assert len(told) == len(set(told))


def test_children_come_again_where_the_kernel_keeps_no_trace_of_the_ended() -> None:
    script = (
        "import os, signal, sys, time\n"
        "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
        "import psutil\nfrom app.sandbox import Sandbox\n"
        f"sandbox = Sandbox(calls={HOSTILE!r})\n"
        "server = psutil.Process(psutil.Process(sandbox.run('pid', None)).ppid())\n"
        "server.kill()\n"
        "while psutil.pid_exists(server.pid): time.sleep(0.01)\n"
        "print([sandbox.run('echo', lane, lane=lane) for lane in ('interactive', 'grading', 'alone')])\n"
        "sandbox.close()"
    )
    command = [sys.executable, "-W", "ignore", "-c", script]
    told = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert told.stdout.strip() == str(list(LANES))


def test_a_child_killed_with_the_lock_of_its_lane_leaves_no_lane_stuck(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sandbox.pool.STUCK", 1.0)
    sandbox = Sandbox(seconds=1, calls=HOSTILE)
    first = sandbox.run("pid", None)
    channel = sandbox._pools["interactive"]._pool_manager.worker_manager.workers_channel
    assert channel is not None
    # From now on no child can take a call or send what it has found.
    assert channel.mutex.acquire(timeout=SECONDS)
    assert sandbox.run("echo", 1) == 1
    assert sandbox.run("pid", None) != first
    assert not psutil.pid_exists(first)
    sandbox.close()


NOT_READY = """
from app.sandbox import child
with child.only_for_its_parent():
    while True:
        pass
"""
PARENT = f"""
import subprocess, sys
print(subprocess.Popen([sys.executable, "-c", {NOT_READY!r}], stdout=subprocess.DEVNULL).pid, flush=True)
sys.stdin.read()
"""


def test_a_fork_server_that_is_not_ready_yet_ends_with_the_process_that_wanted_it() -> None:
    command = [sys.executable, "-c", PARENT]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        orphan = psutil.Process(int(parent.stdout.readline()))
        time.sleep(1)
        assert orphan.is_running()
        parent.kill()
    assert psutil.wait_procs([orphan], timeout=SECONDS)[1] == []
