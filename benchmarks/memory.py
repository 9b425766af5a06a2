"""What Gradus holds in memory: proportional set sizes of its processes, started, in use, and at rest after use.

`python -m benchmarks.memory`. PSS counts a page that several processes share once in all. Needs Linux.
"""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.answers import printed_answers
from benchmarks.servers import Stage, stage
from benchmarks.student import Student
from benchmarks.timing import machine, print_table
from benchmarks.web import POLL_SECONDS, PREFIX, QUIZ

GOAL_MIB = 200
ENTRY = re.compile(r"^(Pss|Rss|Private_Clean|Private_Dirty): +(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much happens before the figures are taken."""

    papers: int = 3
    rest_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class Footprint:
    """One process, in MiB; `own` is what no other process shares."""

    role: str
    pss: float
    own: float
    rss: float


def footprint(process: psutil.Process, role: str) -> Footprint:
    """What the kernel says about a process."""
    found = ENTRY.findall(Path(f"/proc/{process.pid}/smaps_rollup").read_text(encoding="ascii"))
    kib = {name: int(size) / 1024 for name, size in found}
    return Footprint(role, kib["Pss"], kib["Private_Clean"] + kib["Private_Dirty"], kib["Rss"])


def footprints(pid: int) -> list[Footprint]:
    """A server and everything that it started, the server first."""
    server = psutil.Process(pid)
    children = server.children(recursive=True)
    found = [footprint(server, "web process")]
    for child in children:
        command = " ".join(child.cmdline())
        if "resource_tracker" in command:
            role = "resource tracker"
        else:
            role = "fork server" if child.ppid() == pid else "sandbox child"
        found.append(footprint(child, role))
    return found


def use(on: Stage, login: str) -> None:
    """A student sits and hands in one paper, and waits for the marks."""
    papers = printed_answers(PREFIX)
    with closing(Student(on.gradus.port)) as student:
        student.sign_in(login, on.password)
        student.start(on.quiz(QUIZ))
        for place, one in enumerate(papers, 1):
            student.page(place)
            for name, raw in one.items():
                student.save(place, name, raw)
        student.hand_in()
        while student.state() == "being graded":
            time.sleep(POLL_SECONDS)
        student.get(f"/attempts/{student.attempt}/result")


def measure(sizes: Sizes) -> float:
    """Print the tables; the total at rest after use, in MiB."""
    with stage(sizes.papers) as on:
        time.sleep(sizes.rest_seconds)
        empty = footprint(psutil.Process(on.empty.pid), "empty FastAPI endpoint")
        _print("Just started", footprints(on.gradus.pid), empty)
        for login in on.logins:
            use(on, login)
        time.sleep(sizes.rest_seconds)
        found = footprints(on.gradus.pid)
        _print(f"At rest after {sizes.papers} papers", found, empty)
    return sum(one.pss for one in found)


def _print(title: str, found: list[Footprint], empty: Footprint) -> None:
    total = Footprint("together", *(sum(getattr(one, name) for one in found) for name in ("pss", "own", "rss")))
    rows = [[one.role, f"{one.pss:.0f}", f"{one.own:.0f}", f"{one.rss:.0f}"] for one in (empty, *found, total)]
    print_table(title, ["MiB", "PSS", "own", "RSS"], rows)


def main() -> None:
    print(f"Machine: {machine()}.")
    total = measure(Sizes())
    verdict = "reached" if total <= GOAL_MIB else "missed"
    print(f"\nServer and workers at rest: {total:.0f} MiB PSS; the goal of {GOAL_MIB} MiB is {verdict}.")


if __name__ == "__main__":
    main()
