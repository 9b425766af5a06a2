"""An exam day: a class starts together, saves for minutes, hands in and is graded; beside an empty FastAPI endpoint.

`python -m benchmarks.exam --students 500 --minutes 10`. Real HTTP with sessions and form tokens, one web process (or
`--workers 2`, on PostgreSQL), the class in a process of its own that shares the machine (its processor time is told).
Everybody turns the page every minute at a moment of their own, as people do. What was acknowledged is looked for in the
database afterwards.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict, dataclass, field
from typing import Any

import psutil
from sqlalchemy import func, select

from app.services.marking.grading import ungraded_papers
from app.services.quizzes import variants_ahead
from app.storage.engine import open_database
from app.storage.tables import Answer, Grading, Submission, SubmissionItem
from app.storage.transaction import Transactions
from benchmarks.answers import printed_answers
from benchmarks.bank import postgresql
from benchmarks.crowd import EMPTY, Plan
from benchmarks.promises import not_graded
from benchmarks.servers import ROOT, Stage, stage
from benchmarks.timing import Durations, cpu_seconds, machine, milliseconds, print_table, times
from benchmarks.web import PREFIX, QUIZ

GRADED_WITHIN = 60.0
PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How large the exam is; seconds."""

    students: int = 500
    work: float = 600.0
    start: float = 10.0
    hand_in: float = 30.0
    save_every: float = 10.0
    page_every: int = 6  # saves
    questions: int | None = None  # of the paper; all of them
    streams: bool = True
    postgresql: bool = False
    workers: int = 1  # web processes; more than one on PostgreSQL only
    probes: float = 10.0
    seed: int = 1


@dataclass(slots=True)
class Phase:
    """What one phase looked like, and what the processes used."""

    durations: dict[str, Durations] = field(default_factory=dict)
    errors: Counter[str] = field(default_factory=Counter)
    elapsed: float = 0.0
    web_cpu: float = 0.0
    sandbox_cpu: float = 0.0
    client_cpu: float = 0.0
    load: float = 0.0

    @property
    def requests(self) -> int:
        """All that the server of Gradus answered."""
        return sum(len(one) for name, one in self.durations.items() if name not in (EMPTY, "start and first page"))


@dataclass(slots=True)
class Found:
    """All phases, how grading went, and what of the acknowledged is missing or there twice."""

    phases: dict[str, Phase] = field(default_factory=dict)
    questions: int = 0
    graded_after: float = 0.0  # seconds after the last paper was handed in, by the server's stored times
    left: int = 0
    grading: Phase = field(default_factory=Phase)
    wrong: list[str] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """All that went wrong."""
        return sum(sum(one.errors.values()) for one in self.phases.values()) + len(self.wrong) + self.left


class _Clocks:
    """Reads the clocks of a server, its sandbox and the machine before and after."""

    def __init__(self, on: Stage, workers: int) -> None:
        server = psutil.Process(on.gradus.pid)
        # Several web processes are children of the one that was started, and what they start is the sandbox.
        self._serving = [server.pid, *([child.pid for child in server.children()] if workers > 1 else [])]
        self._server, self._began = server, time.monotonic()
        self._web, self._sandbox = self._used_by_web(), self._used_by_sandbox()

    def _used_by_web(self) -> float:
        return sum(map(cpu_seconds, self._serving))

    def _used_by_sandbox(self) -> float:
        used = 0.0
        for child in self._server.children(recursive=True):
            try:
                spent = child.cpu_times() if child.pid not in self._serving else None
            except psutil.NoSuchProcess:
                continue
            used += spent.user + spent.system if spent is not None else 0.0
        return used

    def read_into(self, phase: Phase) -> None:
        """What was used since."""
        phase.elapsed = time.monotonic() - self._began
        phase.web_cpu = self._used_by_web() - self._web
        phase.sandbox_cpu = max(0.0, self._used_by_sandbox() - self._sandbox)
        phase.load = os.getloadavg()[0]


def sit(on: Stage, sizes: Sizes) -> Found:
    """Let the class sit the exam, and wait until all is graded."""
    papers = printed_answers(PREFIX)
    asked = papers if sizes.questions is None else papers[: sizes.questions]
    plan = Plan(
        port=on.gradus.port,
        empty_port=on.empty.port,
        quiz=on.quiz(QUIZ),
        logins=on.logins[: sizes.students],
        password=on.password,
        fields=[[place, name, raw] for place, one in enumerate(asked, 1) for name, raw in one.items()],
        questions=len(asked),
        start_seconds=sizes.start,
        work_seconds=sizes.work,
        hand_in_seconds=sizes.hand_in,
        save_every=sizes.save_every,
        page_every=sizes.page_every,
        streams=sizes.streams,
        probes=sizes.probes,
        seed=sizes.seed,
    )
    found = Found(questions=len(papers))
    with _crowd(plan) as crowd:
        assert crowd.stdin is not None
        assert crowd.stdout is not None
        clocks, name = _Clocks(on, sizes.workers), ""
        told: dict[str, Any] = {}
        for line in crowd.stdout:
            if name:
                clocks.read_into(found.phases.setdefault(name, Phase()))
            if line.startswith("{"):
                told = json.loads(line)
                break
            name, clocks = line.strip(), _Clocks(on, sizes.workers)
            crowd.stdin.write("go\n")
            crowd.stdin.flush()
    if not told:
        raise SystemExit("The class did not come to the end of its exam.")
    for name, seen in told["phases"].items():
        phase = found.phases[name]
        phase.durations = {what: Durations(seconds) for what, seconds in seen["durations"].items()}
        phase.errors, phase.client_cpu = Counter(seen["errors"]), seen["client_cpu"]
    _grade(on, sizes.workers, found)
    return found


def _wait_for_variants(on: Stage) -> None:
    """An exam is published days before it is sat: by then what first attempts need has been made."""
    with closing(open_database(on.url)) as database:
        transactions = Transactions(database)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with transactions.reading() as tx:
                if not any(variants_ahead.missing(tx, quiz.quiz_id) for quiz in variants_ahead.coming(tx)):
                    return
            time.sleep(1)


@contextmanager
def _crowd(plan: Plan) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.crowd"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as crowd:
        try:
            assert crowd.stdin is not None
            crowd.stdin.write(json.dumps(asdict(plan)) + "\n")
            crowd.stdin.flush()
            yield crowd
        finally:
            crowd.kill()


def _grade(on: Stage, workers: int, found: Found) -> None:
    clocks = _Clocks(on, workers)
    with closing(open_database(on.url)) as database:
        transactions = Transactions(database)
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with transactions.reading() as tx:
                if not ungraded_papers(tx, 1):
                    break
            time.sleep(0.25)
        clocks.read_into(found.grading)
        with transactions.reading() as tx:
            found.left = not_graded(tx)
            last = tx.session.execute(select(func.max(Submission.at))).scalar_one_or_none()
            graded = tx.session.execute(select(func.max(Grading.created_at))).scalar_one_or_none()
            if last is not None and graded is not None:
                found.graded_after = max(0.0, (graded - last).total_seconds())
            found.wrong += _wrong(tx, found)


def _wrong(tx: Any, found: Found) -> list[str]:
    """What is not as the class was told."""
    wrong = []
    papers = len(found.phases["handing in"].durations.get("hand in", ()))
    handed_in = tx.session.execute(select(func.count(Submission.id))).scalar_one()
    if handed_in != papers:
        wrong.append(f"{handed_in} papers are handed in, {papers} were acknowledged")
    gradings = tx.session.execute(select(func.count(Grading.id))).scalar_one()
    questions = tx.session.execute(select(func.count(SubmissionItem.id))).scalar_one()
    if gradings != questions:
        wrong.append(f"{gradings} gradings of {questions} questions")
    revisions = tx.session.execute(select(func.count()).select_from(Answer)).scalar_one()
    if not revisions:
        wrong.append("no answer is stored")
    return wrong


def print_found(found: Found, sizes: Sizes) -> None:
    """The tables."""
    for name, phase in found.phases.items():
        empty = phase.durations.get(EMPTY, Durations())
        rows = [_row(what, one, empty) for what, one in phase.durations.items() if len(one)]
        header = ["ms", "n", "median", "p95", "p99", "longest", "to empty"]
        print_table(f"{name.capitalize()}, {phase.elapsed:.0f} s", header, rows)
    rows = []
    for name, phase in [*found.phases.items(), ("grading what was left", found.grading)]:
        per_request = milliseconds(phase.web_cpu / phase.requests) if phase.requests else ""
        cores = f"{phase.web_cpu / max(phase.elapsed, 1e-9):.2f}"
        used = [f"{seconds:.1f}" for seconds in (phase.web_cpu, phase.sandbox_cpu, phase.client_cpu)]
        rate = f"{phase.requests / max(phase.elapsed, 1e-9):.0f}" if phase.requests else ""
        rows.append([name, str(phase.requests or ""), rate, per_request, cores, *used, f"{phase.load:.1f}"])
    header = ["CPU", "requests", "per second", "web, ms each", "web, cores", "web, s", "sandbox, s", "class, s", "load"]
    print_table("What it cost", header, rows)
    papers = len(found.phases["handing in"].durations.get("hand in", ()))
    print(f"\n{papers} papers of {found.questions} questions: all graded {found.graded_after:.1f} s after the last one")
    print(f"was handed in; {found.left} left. Errors: {found.errors}.")
    for phase in found.phases.values():
        for what, count in phase.errors.most_common(10):
            print(f"  {what}: {count}")
    for what in found.wrong:
        print(f"  {what}")
    for what, value, goal in goals(found, sizes):
        print(f"{what}: {value:.4g}, goal {goal:g}: {'reached' if value <= goal else 'missed'}.")


def _row(what: str, one: Durations, empty: Durations) -> list[str]:
    ratio = times(one.median / empty.median) if len(empty) else ""
    figures = [milliseconds(seconds) for seconds in (one.median, one.p95, one.p99, max(one.seconds))]
    return [what, str(len(one)), *figures, ratio]


def goals(found: Found, sizes: Sizes) -> list[tuple[str, float, float]]:
    """What was promised: the figure and its goal; for more than 500 students only that saving stays quick."""

    def of(phase: str, what: str, share: str) -> float:
        one = found.phases[phase].durations.get(what)
        return 1000 * float(getattr(one, share)) if one is not None and len(one) else float("inf")

    errors = ("Errors", found.errors, 0)
    if sizes.students > 500:
        return [("Save, p99, ms", of("working", "durable save", "p99"), 250), errors]
    return [
        ("Start and first page, p99, ms", of("starting together", "start and first page", "p99"), 1000),
        ("First page, p99, ms", of("starting together", "first page", "p99"), 1000),
        ("Save, p99, ms", of("working", "durable save", "p99"), 100),
        ("Hand-in acknowledged, p95, ms", of("handing in", "hand in", "p95"), 300),
        ("All graded, s", found.graded_after, GRADED_WITHIN),
        errors,
    ]


def measure(sizes: Sizes) -> Found:
    """Set up, sit, print."""
    print(f"Machine: {machine()}.", flush=True)
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))  # the servers and the class inherit it
    with ExitStack() as stack:
        settings = {"GRADUS_WORKERS": str(sizes.workers)}
        if sizes.postgresql:
            address = stack.enter_context(postgresql())
            settings["GRADUS_DATABASE_URL"] = address.replace("postgresql://", "postgresql+psycopg://")
        on = stack.enter_context(stage(sizes.students, None, **settings))
        _wait_for_variants(on)
        found = sit(on, sizes)
    print_found(found, sizes)
    return found


def main(*arguments: str) -> None:
    """`arguments`: as on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.exam", description=__doc__)
    parser.add_argument("--students", type=int, default=500)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--no-streams", action="store_true", help="pages without their event stream")
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--workers", type=int, default=1, help="web processes (more than one on PostgreSQL only)")
    given = parser.parse_args(arguments)
    sizes = Sizes(
        students=given.students,
        work=60 * given.minutes,
        streams=not given.no_streams,
        postgresql=given.postgresql or given.workers > 1,
        workers=given.workers,
    )
    measure(sizes)


if __name__ == "__main__":
    main(*sys.argv[1:])
