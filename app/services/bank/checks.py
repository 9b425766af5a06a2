"""Checking the bank: every question's problems, recorded cases and a sweep over seeds, question by question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.domain.errors import GradusError, NotFound, Problem
from app.interchange.bank import LoadedQuestion, called, load_bank
from app.services.bank.trials import Runs

SEEDS_AT_ONCE = 10
SECONDS_AT_ONCE = 600.0


@dataclass(slots=True)
class Report:
    """What the check of one question found. `variants` are digests of what a student sees."""

    question: str
    parts: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    rejected: Counter[str] = field(default_factory=Counter)
    variants: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        return not self.problems

    def as_json(self) -> dict[str, Any]:
        counts = {name: self.counts[name] for name in COUNTED}
        return {
            "question": self.question,
            "ok": self.ok,
            "parts": self.parts,
            **counts,
            "distinct": len(self.variants),
            "rejected": dict(self.rejected),
            "problems": self.problems,
        }


COUNTED = ("seeds", "keys", "blanks", "mistakes", "cases", "waiting", "tries")


def check_bank(
    bank: Path,
    sandbox: Runs,
    questions: Iterable[str] = (),
    *,
    seeds: int = 12,
    workers: int = 1,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Report]:
    """Check the named questions (by question or item id), or all.

    Raises:
        NotFound: a named question does not exist.
    """
    chosen = _chosen(load_bank(bank), list(questions))
    reports = {
        one.folder: Report(one.id, _parts(one), problems=[str(problem) for problem in one.problems]) for one in chosen
    }
    with ThreadPoolExecutor(max_workers=workers) as threads:
        work: list[tuple[LoadedQuestion, Future[Any]]] = []
        for one in chosen:
            work += [(one, threads.submit(call)) for call in _calls(one, sandbox, seeds)]
        for done, (one, future) in enumerate(work):
            progress(done, len(work))
            _collect(reports[one.folder], one, future)
        progress(len(work), len(work))
    return list(reports.values())


def _chosen(loaded: list[LoadedQuestion], names: list[str]) -> list[LoadedQuestion]:
    if not names:
        return loaded
    found: list[LoadedQuestion] = []
    for name in names:
        match = called(loaded, name)
        if match is None:
            raise NotFound(f"There is no question and no item called “{name}”.")
        if match not in found:
            found.append(match)
    return found


def _parts(one: LoadedQuestion) -> int:
    return 0 if one.package is None else len(one.package["question"]["parts"])


def _calls(one: LoadedQuestion, sandbox: Runs, seeds: int) -> Iterator[Callable[[], Any]]:
    if one.package is None:
        return
    yield lambda: sandbox.run("check", {"package": one.package}, lane="grading", seconds=SECONDS_AT_ONCE)
    for start in range(0, max(seeds, 1), SEEDS_AT_ONCE):
        payload = {
            "package": one.package,
            "seeds": list(range(start, min(start + SEEDS_AT_ONCE, seeds))),
            "cases": start == 0,
        }
        yield _call(sandbox, payload)


def _call(sandbox: Runs, payload: dict[str, Any]) -> Callable[[], Any]:
    return lambda: sandbox.run("sweep", payload, lane="grading", seconds=SECONDS_AT_ONCE)


def _collect(report: Report, one: LoadedQuestion, future: Future[Any]) -> None:
    try:
        result = future.result()
    except GradusError as error:
        # A question that cannot be used fails every call in the same words.
        says = [str(problem) for problem in one.locate(getattr(error, "problems", [Problem(str(error))]))]
        report.problems += [text for text in says if text not in report.problems]
        return
    if "problems" in result:
        report.problems += [str(problem) for problem in one.locate(Problem(**item) for item in result["problems"])]
        return
    for name in COUNTED:
        report.counts[name] += result[name]
    report.rejected.update(result["rejected"])
    report.variants.update(result["variants"])
    report.problems += result["shortfalls"]
