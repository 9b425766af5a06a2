"""What people wait for: the exam page, a durable save, handing in, grading; beside an empty FastAPI endpoint.

`python -m benchmarks.web`. Short blocks of each operation take turns for as long as the measurement lasts, so that
whatever else the machine does falls on all of them alike. The client shares the machine with both servers.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from app.services.marking.grading import ungraded_papers
from app.storage.engine import open_database
from app.storage.tables import Grading, Submission, SubmissionItem
from app.storage.transaction import Transactions
from benchmarks.answers import printed_answers
from benchmarks.servers import Stage, stage
from benchmarks.student import Student
from benchmarks.timing import Durations, cpu_seconds, machine, milliseconds, print_table, times

QUIZ, PREFIX = "TUM", "tum-"
POLL_SECONDS = 0.05
GRADED_WITHIN = 60.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    clients: tuple[int, ...] = (1, 10)
    seconds: float = 15.0  # for the short operations, per number of clients
    block: int = 10  # requests of one client before the next operation takes its turn
    alone: int = 8  # papers handed in one after the other
    together: int = 10  # papers handed in at the same moment


@dataclass(slots=True)
class Measured:
    """One operation at one number of clients."""

    durations: Durations = field(default_factory=Durations)
    cpu: float = 0.0  # processor seconds of the web process
    elapsed: float = 0.0


class Desk:
    """One client: a student of the real server, and somebody who asks the empty one."""

    def __init__(self, on: Stage, login: str, papers: list[dict[str, Any]]) -> None:
        self.student = Student(on.gradus.port)
        self.nobody = Student(on.empty.port)
        self.fields = [(place, name, raw) for place, one in enumerate(papers, 1) for name, raw in one.items()]
        self.questions = len(papers)
        self.turn = 0
        self.student.sign_in(login, on.password)

    def begin(self, quiz: str) -> None:
        """A fresh attempt with every field answered."""
        self.student.start(quiz)
        for one in self.fields:
            self.student.save(*one)

    def empty(self) -> None:
        self.nobody.get("/")

    def page(self) -> None:
        self.turn += 1
        self.student.page(self.turn % self.questions + 1)

    def save(self) -> None:
        self.turn += 1
        self.student.save(*self.fields[self.turn % len(self.fields)])

    def wake(self) -> None:
        """Connections that an idle time has not outlived."""
        self.student.reconnect()
        self.nobody.reconnect()

    def close(self) -> None:
        self.student.close()
        self.nobody.close()


OPERATIONS: dict[str, Callable[[Desk], None]] = {
    "empty FastAPI endpoint": Desk.empty,
    "exam page": Desk.page,
    "durable save": Desk.save,
}
EMPTY = "empty FastAPI endpoint"


@contextmanager
def desks(on: Stage, logins: list[str]) -> Iterator[list[Desk]]:
    """Signed-in students, each with an attempt of the quiz whose fields are all answered."""
    papers = printed_answers(PREFIX)
    with ExitStack() as stack:
        seated = [stack.enter_context(closing(Desk(on, login, papers))) for login in logins]
        for desk in seated:
            desk.begin(on.quiz(QUIZ))
        yield seated


def short_operations(on: Stage, seated: list[Desk], sizes: Sizes) -> dict[str, Measured]:
    """Blocks of each operation in turn, all clients at once, until the time is over."""
    found = {name: Measured() for name in OPERATIONS}
    until = time.monotonic() + sizes.seconds
    for desk in seated:
        desk.wake()
    with ThreadPoolExecutor(len(seated)) as threads:
        while not found[EMPTY].durations.seconds or time.monotonic() < until:
            for name, operation in OPERATIONS.items():
                pid = on.empty.pid if name == EMPTY else on.gradus.pid
                one, started, used = found[name], time.perf_counter(), cpu_seconds(pid)
                for block in threads.map(lambda desk, act=operation: _block(desk, act, sizes.block), seated):
                    one.durations.seconds += block
                one.elapsed += time.perf_counter() - started
                one.cpu += cpu_seconds(pid) - used
    return found


def _block(desk: Desk, operation: Callable[[Desk], None], times_: int) -> list[float]:
    durations = Durations()
    for _ in range(times_):
        with durations.one():
            operation(desk)
    return durations.seconds


def disk(folder: Path, writes: int = 100) -> Durations:
    """Appending 4 KiB to a file and having it on the disk: the least that a durable save can cost."""
    durations = Durations()
    content = random.Random(0).randbytes(4096)
    with (folder / "disk").open("ab") as file:
        for _ in range(writes):
            with durations.one():
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
    return durations


@dataclass(slots=True)
class HandIns:
    """Papers handed in: until the answer came, and until the last question of a paper was graded."""

    acknowledged: Durations = field(default_factory=Durations)
    graded: Durations = field(default_factory=Durations)
    questions: int = 0
    elapsed: float = 0.0
    cpu: float = 0.0  # processor seconds of the web process


def hand_in(on: Stage, seated: list[Desk], at_once: int) -> HandIns:
    """Everybody hands in, `at_once` at the same moment; the next ones begin when all is graded.

    The clock of grading is the server's own, from the stored times of submissions and gradings: asking the
    server itself, again and again, would slow down what is measured.
    """
    found, used = HandIns(), cpu_seconds(on.gradus.pid)
    with closing(open_database(f"sqlite:///{on.folder / 'gradus.sqlite3'}")) as database:
        transactions = Transactions(database)
        before = len(_graded(transactions))
        with ThreadPoolExecutor(at_once) as threads:
            for first in range(0, len(seated), at_once):
                started = time.perf_counter()
                found.acknowledged.seconds += threads.map(_hand_in, seated[first : first + at_once])
                _wait_until_graded(transactions)
                found.elapsed += time.perf_counter() - started
        found.graded.seconds += _graded(transactions)[before:]
    found.cpu = cpu_seconds(on.gradus.pid) - used
    found.questions = sum(desk.questions for desk in seated)
    return found


def _hand_in(desk: Desk) -> float:
    desk.wake()
    started = time.perf_counter()
    desk.student.hand_in()
    return time.perf_counter() - started


def _wait_until_graded(transactions: Transactions) -> None:
    until = time.monotonic() + GRADED_WITHIN
    while time.monotonic() < until:
        with transactions.reading() as tx:
            if not ungraded_papers(tx, 1):
                return
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"Papers were not graded within {GRADED_WITHIN:g} s.")


def _graded(transactions: Transactions) -> list[float]:
    """For every paper handed in, in that order: the seconds until its last question was graded."""
    query = (
        select(Submission.at, func.max(Grading.created_at))
        .join(SubmissionItem, SubmissionItem.submission_id == Submission.id)
        .join(Grading, Grading.id == SubmissionItem.current_grading_id)
        .group_by(Submission.id, Submission.at)
        .order_by(Submission.id)
    )
    with transactions.reading() as tx:
        return [(graded - at).total_seconds() for at, graded in tx.session.execute(query)]


def measure(sizes: Sizes) -> None:
    """Run everything and print the tables."""
    print(f"Machine: {machine()}.")
    students = max(*sizes.clients, sizes.together, sizes.alone)
    with stage(students) as on:
        starts = time.perf_counter()
        with desks(on, on.logins[:students]) as seated:
            took = time.perf_counter() - starts
            size = f"{seated[0].questions} questions with {len(seated[0].fields)} fields"
            print(f"{students} papers of {size}, begun and filled by one student after the other in {took:.1f} s.")
            for clients in sizes.clients:
                found = short_operations(on, seated[:clients], sizes)
                _print_short(clients, found, disk(on.folder))
            alone = hand_in(on, seated[: sizes.alone], 1)
            for desk in seated[: sizes.alone]:
                desk.wake()
                desk.begin(on.quiz(QUIZ))
            together = hand_in(on, seated[: sizes.together], sizes.together)
            seated[0].wake()
            empty = Durations()
            for _ in range(200):
                with empty.one():
                    seated[0].empty()
            _print_hand_ins(seated[0].questions, {1: alone, sizes.together: together}, empty)


def _print_short(clients: int, found: dict[str, Measured], written: Durations) -> None:
    empty = found[EMPTY]
    rows = [
        [
            name,
            str(len(one.durations)),
            milliseconds(one.durations.median),
            milliseconds(one.durations.p95),
            times(one.durations.median / empty.durations.median),
            milliseconds(one.cpu / len(one.durations)),
            times(one.cpu / len(one.durations) / (empty.cpu / len(empty.durations))),
            f"{len(one.durations) / one.elapsed:.0f}",
        ]
        for name, one in found.items()
    ]
    row = ["4 KiB to the disk (fsync)", str(len(written)), milliseconds(written.median), milliseconds(written.p95)]
    rows.append([*row, times(written.median / empty.durations.median), "", "", ""])
    header = ["ms", "n", "median", "p95", "to empty", "CPU", "CPU to empty", "per second"]
    print_table(f"{clients} client{'s' * (clients > 1)}", header, rows)


def _print_hand_ins(questions: int, found: dict[int, HandIns], empty: Durations) -> None:
    rows = [[EMPTY, str(len(empty)), milliseconds(empty.median), milliseconds(empty.p95), times(1), "", ""]]
    for at_once, one in found.items():
        for name, durations in (("acknowledged", one.acknowledged), ("graded", one.graded)):
            row = [f"{at_once} at once, {name}", str(len(durations))]
            row += [milliseconds(durations.median), milliseconds(durations.p95)]
            rows.append([*row, times(durations.median / empty.median), "", ""])
        rows[-1][-2:] = f"{one.questions / one.elapsed:.0f}", milliseconds(one.cpu / one.questions)
    header = ["ms", "papers", "median", "p95", "to empty", "questions per second", "web CPU per question"]
    print_table(f"Handing in {questions} questions", header, rows)


def main() -> None:
    measure(Sizes())


if __name__ == "__main__":
    main()
