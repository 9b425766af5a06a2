"""The duty to grade what has been handed in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.jobs.duty import Interrupted
from app.services.marking import grading, regrade_steps
from app.services.operating.transactions import Transactions

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


class GradeSubmissions:
    """Grades every submitted question that has no grading; the key is the number of the submission.

    A paper at a time: its questions are looked up and stored together, which costs the web process a third of
    what one at a time does.
    """

    name = "grade"
    every = 0.25

    def __init__(self, transactions: Transactions, sandbox: Runs) -> None:
        self._transactions = transactions
        self._sandbox = sandbox
        self._lock = threading.Lock()
        self._fingerprint = ""

    def due(self, limit: int) -> Sequence[str]:
        """The oldest come first."""
        with self._transactions.reading() as tx:
            return [str(number) for number in grading.ungraded_papers(tx, limit)]

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Grade what is not graded of a submission."""
        with self._transactions.reading() as tx:
            numbers = grading.ungraded_of(tx, int(key))
        self.grade(numbers, stopping)

    def grade(self, numbers: Sequence[int], stopping: Callable[[], bool]) -> None:
        """Grade these questions of one submission, unless that has been done.

        Raises:
            Interrupted: the process is about to end; what was graded by then is stored.
            Unavailable: nothing can be graded at the moment; this is tried again for as long as it takes.
        """
        if not numbers:
            return
        with self._transactions.reading() as tx:
            left_out = regrade_steps.left_out(tx, numbers)
        for number in left_out:
            with self._transactions.writing() as tx:
                regrade_steps.join(tx, number)
        with self._transactions.reading() as tx:
            tasks = grading.take(tx, numbers, self.software())
        done = self.outcomes(tasks, stopping)
        if done:
            with self._transactions.writing() as tx:
                grading.record(tx, done)
        if len(done) < len(tasks):
            raise Interrupted

    def outcomes(
        self, tasks: Sequence[grading.Task], stopping: Callable[[], bool]
    ) -> list[tuple[grading.Task, grading.Outcome]]:
        """What the graders say, task by task; not of all of them where the process is about to end.

        Raises:
            Unavailable: nothing can be graded at the moment.
        """
        done: list[tuple[grading.Task, grading.Outcome]] = []
        together = grading.run_together(self._sandbox, tasks)
        for task in tasks:
            outcome = together.get(task.item.submission_item_id) or grading.run(self._sandbox, task)
            if outcome.crashed and not stopping():
                # Somebody may have killed the sandbox itself. Only what ends a sound one goes to a person.
                grading.check_sandbox(self._sandbox)
                outcome = grading.run(self._sandbox, task)
            if outcome.cause and stopping():
                break  # the children are dying with us: that says nothing about the answer
            done.append((task, outcome))
            if stopping():
                break
        return done

    def give_up(self, key: str, error: str) -> None:
        """Hand what is not graded of a submission to a person, with the cause."""
        with self._transactions.reading() as tx:
            numbers = grading.ungraded_of(tx, int(key))
        with self._transactions.writing() as tx:
            grading.record(tx, [(task, grading.given_up(error)) for task in grading.take(tx, numbers, "")])

    def software(self) -> str:
        """Which software states the facts; asked once."""
        with self._lock:
            if not self._fingerprint:
                self._fingerprint = grading.fingerprint_of(self._sandbox)
            return self._fingerprint
