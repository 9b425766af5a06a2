"""The duty to grade what has been handed in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.jobs.duty import Interrupted
from app.services import grading, regrade_steps
from app.services.transactions import Transactions

if TYPE_CHECKING:
    from app.services.trials import Runs


class GradeSubmissions:
    """Grades every submitted question that has no grading; the key is the number of that question."""

    name = "grade"
    every = 1.0

    def __init__(self, transactions: Transactions, sandbox: Runs) -> None:
        self._transactions = transactions
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._fingerprint = ""

    def due(self, limit: int) -> Sequence[str]:
        """The oldest come first."""
        with self._transactions.reading() as tx:
            return [str(number) for number in grading.ungraded(tx, limit)]

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Grade one submitted question, unless that has been done."""
        with self._transactions.reading() as tx:
            missed = regrade_steps.missed(tx, int(key))
        if missed:
            with self._transactions.writing() as tx:
                regrade_steps.join(tx, int(key))
        with self._transactions.reading() as tx:
            task = grading.take(tx, int(key), self.software())
        if task is None:
            return
        outcome = grading.run(self._sandbox, task)
        if outcome.cause and stopping():
            # The children are dying with us: that says nothing about the answer.
            raise Interrupted
        with self._transactions.writing() as tx:
            grading.record(tx, task, outcome)

    def give_up(self, key: str, error: str) -> None:
        """Hand the question to a person, with the cause."""
        with self._transactions.writing() as tx:
            task = grading.take(tx, int(key), "")
            if task is not None:
                grading.record(tx, task, grading.given_up(error))

    def software(self) -> str:
        """Which software states the facts; asked once."""
        with self._lock:
            if not self._fingerprint:
                self._fingerprint = grading.fingerprint_of(self._sandbox)
            return self._fingerprint
