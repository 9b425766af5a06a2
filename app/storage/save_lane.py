"""The save lane: one thread writes the saves of everybody, with one COMMIT for all that are waiting."""

from __future__ import annotations

import logging
import threading
from collections import deque
from concurrent.futures import Future

from app.domain.errors import GradusError, Unavailable
from app.storage.changes import Change, Kept, Saved
from app.storage.engine import TRY_AGAIN
from app.storage.saves import Arrival, FieldNames, write_saves
from app.storage.transaction import Transactions

log = logging.getLogger(__name__)

MOST_AT_ONCE = 256
MOST_WAITING = 20_000
NOT_SAVED = Unavailable("This could not be saved." + TRY_AGAIN)

Result = Saved | Kept
Waiting = tuple[Arrival, "Future[Result]"]


class SaveLane:
    """Takes saves from any thread. A future that has a result stands for something that is on disk.

    A save that is refused, or that the database cannot hold, fails alone. When COMMIT fails, all who
    wait for it hear so, nothing of theirs is stored, and the lane goes on with the next ones.
    """

    def __init__(self, transactions: Transactions, grace_seconds: float) -> None:
        self._transactions = transactions
        self._grace_seconds = grace_seconds
        self._waiting: deque[Waiting] = deque()
        self._changed = threading.Condition()
        self._closed = False
        self._names: FieldNames = {}
        self._thread = threading.Thread(target=self._run, name="save-lane", daemon=True)
        self._thread.start()

    def submit(self, change: Change) -> Future[Result]:
        """Queue a save. The future ends in `Saved`, in `Kept`, or in a GradusError whose sentence says why not."""
        future: Future[Result] = Future()
        arrival = Arrival(change, self._transactions.clock())
        with self._changed:
            if self._closed:
                future.set_exception(Unavailable("The server is shutting down." + TRY_AGAIN))
            elif len(self._waiting) >= MOST_WAITING:
                future.set_exception(Unavailable("Too many saves are waiting." + TRY_AGAIN))
            else:
                self._waiting.append((arrival, future))
                self._changed.notify()
        return future

    def close(self) -> None:
        """Write what is waiting, then end."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while batch := self._take():
            try:
                self._write(batch)
            except Exception:
                log.exception("a batch of saves")
                for _, future in batch:
                    if not future.done():
                        future.set_exception(NOT_SAVED)

    def _take(self) -> list[Waiting]:
        with self._changed:
            while not self._waiting and not self._closed:
                self._changed.wait()
            taken = [self._waiting.popleft() for _ in range(min(MOST_AT_ONCE, len(self._waiting)))]
        for _, future in taken:
            future.set_running_or_notify_cancel()  # who has given up is written all the same
        return taken

    def _write(self, batch: list[Waiting]) -> None:
        arrivals = [arrival for arrival, _ in batch]
        results: list[Result | GradusError]
        try:
            results = self._write_together(arrivals)
        except Unavailable as trouble:
            results = [trouble] * len(batch)
        except Exception:
            log.warning("a batch of %d saves failed; writing each by itself", len(batch), exc_info=True)
            try:
                results = self._write_guarded(arrivals)
            except Unavailable as trouble:
                results = [trouble] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            if future.cancelled():
                continue
            if isinstance(result, Saved | Kept):
                future.set_result(result)
            else:
                future.set_exception(result)

    def _write_together(self, arrivals: list[Arrival]) -> list[Result | GradusError]:
        with self._transactions.writing() as tx:
            return write_saves(tx, arrivals, self._grace_seconds, self._names, keep_late=True)

    def _write_guarded(self, arrivals: list[Arrival]) -> list[Result | GradusError]:
        results: dict[int, Result | GradusError] = {}
        with self._transactions.writing() as tx:
            # In the order in which a whole batch locks its attempts, or two lanes could wait for each other.
            for place in sorted(range(len(arrivals)), key=lambda place: arrivals[place].change.attempt_id):
                arrival = arrivals[place]
                try:
                    with tx.session.begin_nested():
                        (results[place],) = write_saves(tx, [arrival], self._grace_seconds, self._names, keep_late=True)
                except Unavailable:
                    raise
                except Exception:
                    log.exception("one save of attempt %s", arrival.change.attempt_id)
                    results[place] = NOT_SAVED
        return [results[place] for place in range(len(arrivals))]
