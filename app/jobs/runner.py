"""The runner: looks for what is due, claims it, and does it in a few threads."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from secrets import token_hex
from typing import TypeAlias

from app.domain.errors import Unavailable
from app.jobs.duty import Duty, Interrupted
from app.process.memory import collect_rarely
from app.sandbox import start_ahead
from app.services.operating import duties as claims
from app.services.operating.transactions import Transactions

log = logging.getLogger(__name__)

SWEEP_SECONDS = 0.25
AHEAD = 8
LEAVING = 3
"""A look takes one in so many of what is due, at least one, and leaves the others to other runners."""
INTERRUPTED = "interrupted"
Told: TypeAlias = Callable[[str, str, float], None]
"""Is told of every duty that was tried: its name, "done" or "failed", and the seconds it took."""
LEASE = timedelta(seconds=15)
RENEW_SECONDS = 5.0
MOST_TRIES = 5
LONGEST_PAUSE = timedelta(minutes=5)


class Runner:
    """Fulfils duties until it is stopped. Several may share a database.

    A claim is a lease of 15 seconds, renewed while the work goes on: what a killed process had taken is then
    free again, and is done by whoever looks next.
    """

    def __init__(
        self, transactions: Transactions, duties: Sequence[Duty], *, threads: int = 2, told: Told | None = None
    ) -> None:
        self._transactions = transactions
        self._duties = list(duties)
        self._threads = threads
        self._told = told or (lambda duty, result, seconds: None)
        self._owner = f"{os.getpid()}-{token_hex(6)}"
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._lock = threading.Lock()
        self._running: set[tuple[str, str]] = set()
        self._looked_at: dict[str, float] = {}
        self._renewed_at = 0.0
        self._pool: ThreadPoolExecutor | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin; the first look comes at once and finds what an earlier process left."""
        self._pool = ThreadPoolExecutor(self._threads, thread_name_prefix="duty")
        self._thread = threading.Thread(target=self._run, name="duties", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Something has become due: look now, not at the next sweep."""
        self._woken.set()

    def stop(self) -> None:
        """Finish what is being done, take nothing new."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None:
            self._thread.join()
        if self._pool is not None:
            self._pool.shutdown(wait=True)

    def idle(self) -> bool:
        """Whether nothing is being done at the moment."""
        with self._lock:
            return not self._running

    def _run(self) -> None:
        while not self._stopping.is_set():
            woken = self._woken.wait(SWEEP_SECONDS)
            self._woken.clear()
            if self._stopping.is_set():
                return
            try:
                self._renew()
                for duty in self._duties:
                    self._look(duty, woken)
            except Unavailable as trouble:
                log.warning("duties: %s", trouble)
            except Exception:
                log.exception("looking for duties")

    def _look(self, duty: Duty, woken: bool) -> None:
        now = time.monotonic()
        if not woken and now - self._looked_at.get(duty.name, -duty.every) < duty.every:
            return
        self._looked_at[duty.name] = now
        with self._lock:
            # Claimed in batches: looking, claiming and closing one by one costs more than most gradings.
            free = self._threads * AHEAD - len(self._running) if len(self._running) <= self._threads else 0
            mine = {key for name, key in self._running if name == duty.name}
        if free <= 0:
            return
        with self._transactions.reading() as tx:
            taken = mine | claims.waiting(tx, duty.name)
        # Asking for that many more: what waits or is being done must not hide what is free.
        keys = [key for key in duty.due(LEAVING * free + len(taken)) if key not in taken]
        if not keys:
            return
        # The rest is left to others, who at the end would otherwise stand idle beside what only waits here.
        free = min(free, -(-len(keys) // LEAVING))
        with self._transactions.writing() as tx:
            claimed = claims.claim(tx, duty.name, keys, self._owner, LEASE, free)
        for key, tries in claimed.items():
            with self._lock:
                self._running.add((duty.name, key))
            if self._pool is not None:
                self._pool.submit(self._fulfil, duty, key, tries)

    def _fulfil(self, duty: Duty, key: str, tries: int) -> None:
        try:
            # What was claimed ahead and not begun is free again for whoever runs next.
            error = (timedelta(0), INTERRUPTED) if self._stopping.is_set() else self._timed(duty, key, tries)
            with self._transactions.writing() as tx:
                if error is None:
                    claims.done(tx, duty.name, key, self._owner)
                else:
                    pause, says = error
                    claims.give_back(tx, duty.name, key, self._owner, tx.now() + pause, says)
        except Exception:
            # The claim expires by itself, and the work is found again.
            log.exception("closing the duty %s %s", duty.name, key)
        finally:
            with self._lock:
                self._running.discard((duty.name, key))
                nearly_done = len(self._running) <= self._threads
            if nearly_done:
                self._woken.set()

    def _timed(self, duty: Duty, key: str, tries: int) -> tuple[timedelta, str] | None:
        began = time.perf_counter()
        error = self._do(duty, key, tries)
        if error is None or error[1] != INTERRUPTED:
            self._told(duty.name, "done" if error is None else "failed", time.perf_counter() - began)
        return error

    def _do(self, duty: Duty, key: str, tries: int) -> tuple[timedelta, str] | None:
        try:
            duty.do(key, self._stopping.is_set)
        except Interrupted:
            return timedelta(0), INTERRUPTED
        except Exception as failure:
            log.warning("the duty %s %s failed (try %d)", duty.name, key, tries, exc_info=True)
            says = f"{type(failure).__name__}: {failure}"
            # A database that is away says nothing about the work: that is tried again for ever.
            if tries < MOST_TRIES or isinstance(failure, Unavailable):
                return min(timedelta(seconds=2 ** min(tries, 10)), LONGEST_PAUSE), says
            duty.give_up(key, says)
        return None

    def _renew(self) -> None:
        now = time.monotonic()
        if self.idle() or now - self._renewed_at < RENEW_SECONDS:
            return
        self._renewed_at = now
        with self._transactions.writing() as tx:
            claims.renew(tx, self._owner, tx.now() + LEASE)


def run_forever(runner: Runner) -> None:
    """Run duties until the process is asked to end (`gradus worker`)."""
    over = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: over.set())
    start_ahead()  # A worker that has claimed answers must not then keep them waiting until graders are loaded.
    collect_rarely()
    runner.start()
    over.wait()
    runner.stop()
