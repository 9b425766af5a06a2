"""How long grading takes, grader by grader: one field alone, its whole question in process, and in the sandbox.

`python -m benchmarks.grading`. Every question of the bank is graded on several variants, with its key and with typical
wrong answers, exactly as the grading duty asks for it; a trivial call takes its turn after each.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.domain.values import Json, to_json
from app.interchange.bank import load_bank
from app.sandbox import Sandbox
from benchmarks.servers import ROOT
from benchmarks.timing import Durations, machine, milliseconds, print_table, times
from graders.calls import CALLS
from graders.marking.answers import read_answer
from graders.marking.compiled import Compiled
from graders.marking.sweep import key_answers
from graders.marking.variants import make_variant, world_of
from graders.marking.worlds import World
from graders.packages import unpack

TRIVIAL: dict[str, Json] = {"reference": "1", "answer": "1"}


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is measured."""

    seeds: int = 3
    seconds: float = 25.0
    questions: int = 1000


@dataclass(frozen=True, slots=True)
class Task:
    """The answers to one variant of one question."""

    question: str
    compiled: Compiled
    world: World
    payload: dict[str, Any]

    @property
    def graders(self) -> set[str]:
        return {one.grader.name for one in self.compiled.fields.values()}


@dataclass(slots=True)
class Measured:
    """One field alone; its whole question in process, and in the sandbox."""

    alone: Durations = field(default_factory=Durations)
    here: Durations = field(default_factory=Durations)
    sandbox: Durations = field(default_factory=Durations)


@dataclass(slots=True)
class Found:
    """All figures: by grader, by question, of the trivial call, and of questions that a worker meets first."""

    graders: dict[str, Measured] = field(default_factory=lambda: defaultdict(Measured))
    questions: dict[str, Measured] = field(default_factory=lambda: defaultdict(Measured))
    trivial: Measured = field(default_factory=Measured)
    first: Durations = field(default_factory=Durations)


def tasks(sizes: Sizes) -> Iterator[Task]:
    """Key and wrong answers for the first seeds of every question."""
    for one in load_bank(ROOT / "question_bank")[: sizes.questions]:
        if one.package is None:
            continue
        compiled = unpack(one.package).compiled
        for seed in range(sizes.seeds):
            variant = make_variant(compiled, seed)
            world = world_of(compiled, variant.values)
            keys = key_answers(compiled, world)
            for answers in (keys, keys | _wrong_answers(compiled, world)):
                payload = {"package": one.package, "seed": seed, "answers": answers}
                payload["values"] = {name: to_json(value) for name, value in variant.values.items()}
                yield Task(one.id, compiled, world, payload)


def _wrong_answers(compiled: Compiled, world: World) -> dict[str, Any]:
    wrong = {name: list(one.grader.wrong(one.options(world)).values()) for name, one in compiled.fields.items()}
    return {name: answers[0] for name, answers in wrong.items() if answers}


def measure(sizes: Sizes, sandbox: Sandbox) -> Found:
    """Go through all tasks, again and again, until the time is over (at least once)."""
    found, prepared = Found(), list(tasks(sizes))
    for task in prepared:  # every worker has met every question: what is measured is the normal case
        sandbox.run("grade", task.payload, lane="grading")
    until, count = time.monotonic() + sizes.seconds, 0
    while count == 0 or time.monotonic() < until:
        for task in prepared:
            _fields(task, found)
            _question(task, found, sandbox)
            if count == 0:
                _first_time(task, found)
            if count and time.monotonic() > until:
                break
        count += 1
    return found


def _fields(task: Task, found: Found) -> None:
    for name, raw in task.payload["answers"].items():
        one = task.compiled.fields[name]
        options = one.options(task.world)
        with found.graders[one.grader.name].alone.one():
            read_answer(one, options, raw)


def _question(task: Task, found: Found, sandbox: Sandbox) -> None:
    # Read for each run anew, as it comes from the database.
    timed = Measured()
    with timed.here.one():
        CALLS["grade"](task.payload)
    with timed.sandbox.one():
        sandbox.run("grade", task.payload, lane="grading")
    with found.trivial.here.one():
        CALLS["equal"](TRIVIAL)
    with found.trivial.sandbox.one():
        sandbox.run("equal", TRIVIAL, lane="grading")
    for measured in (*(found.graders[name] for name in task.graders), found.questions[task.question]):
        measured.here.seconds += timed.here.seconds
        measured.sandbox.seconds += timed.sandbox.seconds


def _first_time(task: Task, found: Found) -> None:
    # Another package to whoever remembers packages by their content.
    package = task.payload["package"] | {"first": len(found.first)}
    with found.first.one():
        CALLS["grade"](task.payload | {"package": package})


def print_found(found: Found) -> None:
    """The tables."""
    header = ["ms", "fields", "median", "p95", "questions", "in process", "p95", "in sandbox", "p95", "to trivial"]
    trivial = found.trivial
    rows = [_row("trivial call", trivial, trivial)]
    rows += [_row(name, one, trivial) for name, one in sorted(found.graders.items())]
    print_table("Grading, by grader: a field alone; a whole question with such a field", header, rows)
    slowest = sorted(found.questions.items(), key=lambda pair: -pair[1].here.median)[:5]
    without_fields = [_row(name, one, trivial) for name, one in slowest]
    print_table("The slowest questions", [header[0], *header[4:]], [[row[0], *row[4:]] for row in without_fields])
    everything = Durations(seconds for one in found.questions.values() for seconds in one.here.seconds)
    print(f"\nAll questions, in process: {_both(everything)}.")
    print(f"The first answer to a question that a worker has not met, in process: {_both(found.first)}.")


def _both(durations: Durations) -> str:
    return f"median {milliseconds(durations.median)} ms, p95 {milliseconds(durations.p95)} ms"


def _row(name: str, one: Measured, trivial: Measured) -> list[str]:
    row = [name]
    for durations in (one.alone, one.here, one.sandbox):
        row += _figures(durations)
    del row[7]  # as many as in process
    return [*row, times(one.sandbox.median / trivial.sandbox.median)]


def _figures(durations: Durations) -> list[str]:
    if not len(durations):
        return ["", "", ""]
    return [str(len(durations)), milliseconds(durations.median), milliseconds(durations.p95)]


def main() -> None:
    print(f"Machine: {machine()}.")
    sandbox = Sandbox(grading_workers=1)
    try:
        print_found(measure(Sizes(), sandbox))
    finally:
        sandbox.close()


if __name__ == "__main__":
    main()
