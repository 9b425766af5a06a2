"""The duty to prepare, apply and undo regrades, some answers at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.jobs.duty import Interrupted
from app.jobs.grading import GradeSubmissions
from app.services.marking import regrade_steps, regrading
from app.services.operating.transactions import Transactions


class Regrades:
    """Does what regrades ask for; the key is the number of one, or that and the number of some of its answers."""

    name = "regrade"
    every = 0.25

    def __init__(self, transactions: Transactions, grades: GradeSubmissions) -> None:
        self._transactions = transactions
        self._grades = grades

    def due(self, limit: int) -> Sequence[str]:
        """The oldest come first."""
        with self._transactions.reading() as tx:
            return regrading.due(tx, limit)

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Find the answers of a regrade, sum up, or go on with some of its answers."""
        number, _, chunk = key.partition(":")
        software = self._grades.software()
        if not chunk:
            with self._transactions.writing() as tx:
                regrading.find(tx, int(number), software)
                regrading.finish(tx, int(number))
            return
        with self._transactions.reading() as tx:
            state = regrading.state_of(tx, int(number))
            waiting, ungraded = regrading.waiting(tx, int(number), int(chunk), software)
        if state == "preparing":
            self._prepare(int(number), int(chunk), waiting, ungraded, stopping)
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

    def _prepare(
        self,
        number: int,
        chunk: int,
        waiting: Sequence[regrading.Prepared],
        ungraded: Sequence[int],
        stopping: Callable[[], bool],
    ) -> None:
        for item in ungraded:
            # Somebody has just decided something there: first it is graded as usual, and taken at the next look.
            self._grades.grade([item], stopping)
        done = self._grades.outcomes([one.task for one in waiting], stopping)
        with self._transactions.writing() as tx:
            outcomes = [(one, outcome) for one, (_, outcome) in zip(waiting, done, strict=False)]
            regrading.prepare(tx, number, chunk, outcomes)
        if len(done) < len(waiting):
            raise Interrupted
