"""The duty to prepare, apply and undo regrades, some answers at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.jobs.duty import Interrupted
from app.jobs.grading import GradeSubmissions
from app.services.marking import grading, regrade_steps, regrading
from app.services.operating.transactions import Transactions

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


class Regrades:
    """Does what regrades ask for; the key is the number of one, or that and the number of some of its answers."""

    name = "regrade"
    every = 1.0

    def __init__(self, transactions: Transactions, sandbox: Runs, grades: GradeSubmissions) -> None:
        self._transactions = transactions
        self._sandbox = sandbox
        self._grades = grades

    def due(self, limit: int) -> Sequence[str]:
        """The oldest come first."""
        with self._transactions.reading() as tx:
            return regrading.due(tx, limit)

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Find the answers of a regrade, sum up, or go on with some of its answers."""
        number, _, chunk = key.partition(":")
        if not chunk:
            software = self._grades.software()
            with self._transactions.writing() as tx:
                regrading.find(tx, int(number), software)
                regrading.finish(tx, int(number))
            return
        with self._transactions.reading() as tx:
            state = regrading.state_of(tx, int(number))
        if state == "preparing":
            self._prepare(int(number), int(chunk), stopping)
        elif state == "applied":
            with self._transactions.writing() as tx:
                regrade_steps.apply_chunk(tx, int(number), int(chunk))
        elif state == "undone":
            with self._transactions.writing() as tx:
                regrade_steps.undo_chunk(tx, int(number), int(chunk))

    def give_up(self, key: str, error: str) -> None:
        """Drop what cannot be prepared, with the reason. What has been applied or undone is tried again for ever."""
        number, _, _ = key.partition(":")
        with self._transactions.writing() as tx:
            if regrading.state_of(tx, int(number)) != "preparing":
                raise RuntimeError(error)
            regrading.drop_with(tx, int(number), error)

    def _prepare(self, number: int, chunk: int, stopping: Callable[[], bool]) -> None:
        software = self._grades.software()
        with self._transactions.reading() as tx:
            waiting, ungraded = regrading.waiting(tx, number, chunk, software)
        for item in ungraded:
            # Somebody has just decided something there: first it is graded as usual, and taken at the next look.
            self._grades.grade([item], stopping)
        done = []
        for one in waiting:
            outcome = grading.run(self._sandbox, one.task)
            if stopping():
                raise Interrupted
            done.append((one, outcome))
        with self._transactions.writing() as tx:
            regrading.prepare(tx, number, done)
