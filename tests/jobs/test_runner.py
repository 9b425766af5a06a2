"""Duties: done once by whoever is first, tried again when they fail, found again when somebody died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from app.domain.errors import Unavailable
from app.jobs import runner as running
from app.jobs.duty import Interrupted
from app.jobs.runner import Runner
from app.services.operating import duties
from app.services.operating.transactions import Transactions
from app.storage.tables import DutyRow

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def quick_sweeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SWEEP_SECONDS", 0.02)


class Errands:
    """Keys to be done; what happens to each is up to a test."""

    name = "errands"
    every = 0.01

    def __init__(self, *keys: str, act: Callable[[str], None] = lambda key: None) -> None:
        self.open = list(keys)
        self.done: list[str] = []
        self.given_up: list[tuple[str, str]] = []
        self._act = act
        self._lock = threading.Lock()

    def due(self, limit: int) -> Sequence[str]:
        return list(self.open[:limit])

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        self._act(key)
        with self._lock:
            self.done.append(key)
            if key in self.open:
                self.open.remove(key)

    def give_up(self, key: str, error: str) -> None:
        self.given_up.append((key, error))
        self.open.remove(key)


def until(condition: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "this took too long"
        time.sleep(0.01)


def rows(transactions: Transactions) -> list[DutyRow]:
    with transactions.reading() as tx:
        return list(tx.session.scalars(select(DutyRow)))


def test_everything_due_is_done_once_and_nothing_stays_behind(transactions: Transactions) -> None:
    errands = Errands(*"abcdefgh")
    runner = Runner(transactions, [errands], threads=3)
    runner.start()
    until(lambda: not errands.open and runner.idle())
    runner.stop()
    assert sorted(errands.done) == list("abcdefgh")
    assert rows(transactions) == []


def test_several_runners_never_do_the_same_key_at_the_same_time(transactions: Transactions) -> None:
    lock = threading.Lock()
    being_done: set[str] = set()
    clashes: list[str] = []

    def act(key: str) -> None:
        with lock:
            if key in being_done:
                clashes.append(key)
            being_done.add(key)
        time.sleep(0.005)
        with lock:
            being_done.discard(key)

    keys = {f"key {number}" for number in range(40)}
    errands = Errands(*sorted(keys), act=act)
    runners = [Runner(transactions, [errands], threads=2) for _ in range(3)]
    for runner in runners:
        runner.start()
    until(lambda: not errands.open and all(runner.idle() for runner in runners))
    for runner in runners:
        runner.stop()
    assert clashes == []
    # A key that one runner has just done may be done again by one that looked before: that changes nothing.
    assert set(errands.done) == keys


@pytest.mark.parametrize(("due", "claimed"), [(10, [4, 2]), (20, [7, 5]), (100, [16, 16])])
def test_near_the_end_a_runner_takes_a_third_of_what_is_due_and_leaves_the_rest_to_others(
    transactions: Transactions, due: int, claimed: list[int]
) -> None:
    go_on = threading.Event()

    def waits(key: str) -> None:
        go_on.wait(20)

    errands = Errands(*(f"key {number:02}" for number in range(due)), act=waits)
    runners = [Runner(transactions, [errands], threads=2) for _ in range(2)]
    held: list[int] = []
    for runner in runners:
        runner.start()
        until(lambda: len(rows(transactions)) > sum(held))
        held.append(len(rows(transactions)) - sum(held))
    assert held == claimed
    go_on.set()
    until(lambda: not errands.open and all(runner.idle() for runner in runners))
    for runner in runners:
        runner.stop()
    assert set(errands.done) == {f"key {number:02}" for number in range(due)}


def test_waking_makes_the_next_look_immediate(transactions: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "SWEEP_SECONDS", 3600)
    errands = Errands()
    runner = Runner(transactions, [errands])
    runner.start()
    errands.open.append("new")
    runner.wake()
    until(lambda: errands.done == ["new"], seconds=10)
    runner.stop()


def test_a_failure_is_recorded_and_tried_again_later(transactions: Transactions) -> None:
    def fail(key: str) -> None:
        if key == "bad":
            raise RuntimeError("out of ink")

    errands = Errands("bad", "good", act=fail)
    runner = Runner(transactions, [errands], threads=1)
    runner.start()
    until(lambda: errands.done == ["good"] and any(row.last_error for row in rows(transactions)))
    runner.stop()
    (row,) = rows(transactions)
    assert (row.key, row.tries, row.owner, row.last_error) == ("bad", 1, None, "RuntimeError: out of ink")
    assert row.due_at > transactions.clock() - timedelta(seconds=5)


def test_what_fails_too_often_is_given_up_and_a_person_will_see_it(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_PAUSE", timedelta(0))

    def fail(key: str) -> None:
        raise RuntimeError("out of ink")

    errands = Errands("bad", act=fail)
    runner = Runner(transactions, [errands])
    runner.start()
    until(lambda: bool(errands.given_up) and runner.idle())
    runner.stop()
    assert errands.given_up == [("bad", "RuntimeError: out of ink")]
    assert rows(transactions) == []


def test_a_database_that_is_away_is_never_a_reason_to_give_up(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "LONGEST_PAUSE", timedelta(0))
    tries: list[str] = []

    def away(key: str) -> None:
        tries.append(key)
        if len(tries) < 9:
            raise Unavailable("The database is busy.")

    errands = Errands("patient", act=away)
    runner = Runner(transactions, [errands])
    runner.start()
    until(lambda: errands.done == ["patient"])
    runner.stop()
    assert errands.given_up == []


def test_an_interrupted_key_is_free_again_at_once(transactions: Transactions) -> None:
    seen: list[str] = []

    def interrupt(key: str) -> None:
        seen.append(key)
        if len(seen) == 1:
            raise Interrupted

    errands = Errands("a", act=interrupt)
    runner = Runner(transactions, [errands])
    runner.start()
    until(lambda: errands.done == ["a"] and runner.idle())
    runner.stop()
    assert len(seen) == 2


def test_a_duty_that_cannot_look_keeps_no_other_from_being_done(transactions: Transactions) -> None:
    class Blind(Errands):
        name = "blind"
        looks = 0

        def due(self, limit: int) -> Sequence[str]:
            self.looks += 1
            raise Unavailable("The database is busy.") if self.looks % 2 else RuntimeError("no glasses")

    blind, errands = Blind(), Errands("a")
    runner = Runner(transactions, [errands, blind])
    runner.start()
    until(lambda: errands.done == ["a"] and blind.looks > 3)
    runner.stop()


def test_what_a_dead_owner_held_is_free_after_its_lease(transactions: Transactions) -> None:
    now = transactions.clock()
    lease = timedelta(seconds=15)

    def claim(owner: str, later: timedelta) -> dict[str, int]:
        with Transactions(transactions.database, lambda: now + later).writing() as tx:
            return duties.claim(tx, "errands", ["a"], owner, lease, 5)

    assert claim("dead", timedelta(0)) == {"a": 1}
    assert claim("alive", timedelta(seconds=14)) == {}
    with Transactions(transactions.database, lambda: now).reading() as tx:
        assert duties.waiting(tx, "errands") == {"a"}
    assert claim("alive", timedelta(seconds=16)) == {"a": 2}


def test_a_lease_is_renewed_while_the_work_goes_on(transactions: Transactions, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "RENEW_SECONDS", 0.01)
    finish = threading.Event()
    errands = Errands("long", act=lambda key: finish.wait(20) and None)
    runner = Runner(transactions, [errands])
    runner.start()
    until(lambda: bool(rows(transactions)))
    first = rows(transactions)[0].claimed_until
    assert first is not None

    def renewed() -> bool:
        found = rows(transactions)[0].claimed_until
        return found is not None and found > first

    until(renewed)
    finish.set()
    until(lambda: errands.done == ["long"])
    runner.stop()


def test_a_worker_ends_when_it_is_asked_to(transactions: Transactions) -> None:
    program = (
        "import sys\n"
        "from app.jobs.runner import Runner, run_forever\n"
        "from app.services.operating.transactions import Transactions\n"
        "from app.storage.engine import open_database\n"
        "runner = Runner(Transactions(open_database(sys.argv[1])), [])\n"
        "start = runner.start\n"
        "runner.start = lambda: (start(), print('ready', flush=True))\n"
        "run_forever(runner)\n"
        "print('ended')\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, transactions.database.url],
        stdout=subprocess.PIPE,
        text=True,
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": str(PROJECT)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.stdout.read() == "ended\n"
    assert process.returncode == 0
