"""What survives `kill -9`: of the server while a class saves and hands in, and of the graders; on both engines.

`python -m benchmarks.killing`. Students send what they typed until it is acknowledged, and only then write it into a
list that is on the disk before they go on. The server is killed again and again at random moments and started anew.
In the end everything on the list must be in the database, once, and every paper graded once.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil

from benchmarks.answers import printed_answers
from benchmarks.bank import postgresql
from benchmarks.crowd import FORM, found_in
from benchmarks.promises import Acknowledged, judge, wait_until_graded
from benchmarks.servers import Restarted, course_in, empty_server, restarted
from benchmarks.student import CSRF, TOKEN
from benchmarks.timing import Durations, cpu_seconds, machine, milliseconds, print_table, queued_seconds, times
from benchmarks.web import PREFIX, QUIZ
from benchmarks.wire import Answer, Wire

SERVING_WITHIN = 2.0
BUSY = 0.1  # a start that stood in line for a processor for a larger share of its time says nothing about Gradus
RETRY_SECONDS = 0.05
PATIENCE = 120.0


@dataclass(frozen=True, slots=True)
class Sizes:
    """How often, and in what turmoil."""

    kills: int = 50
    students: int = 8
    least: float = 0.2  # seconds of work between serving again and the next kill
    most: float = 2.0
    grader_kills: int = 10
    paper: int = 12  # saves until a paper is handed in
    empty: int = 3  # starts of the empty endpoint
    postgresql: bool = False
    seed: int = 1


@dataclass(slots=True)
class Found:
    """What happened, and what is wrong afterwards: of the acknowledged, of the gradings, of the files."""

    kills: int = 0
    grader_kills: int = 0
    saves: int = 0
    papers: int = 0
    serving: Durations = field(default_factory=Durations)  # from the kill to the first answer
    start_cpu: Durations = field(default_factory=Durations)  # processor time of that
    queued: Durations = field(default_factory=Durations)  # what of it was waiting for a processor that others had
    empty: Durations = field(default_factory=Durations)  # the same of the empty endpoint
    orphans: int = 0  # processes that outlived their server
    graded: bool = False
    refused: Counter[str] = field(default_factory=Counter)
    judged: Counter[str] = field(default_factory=Counter)

    def verdicts(self) -> dict[str, int]:
        """Everything that must not be, by what it is."""
        mine = {"processes that outlived their server": self.orphans, "papers not graded": int(not self.graded)}
        return {**mine, **self.judged, **self.refused}

    @property
    def in_time(self) -> int:
        """How often it served again as soon as it was promised."""
        return sum(one <= SERVING_WITHIN for one in self.serving.seconds)

    @property
    def in_time_alone(self) -> int:
        """The same, without what it stood in line for a processor."""
        starts = zip(self.serving.seconds, self.queued.seconds, strict=True)
        return sum(one - queued <= SERVING_WITHIN for one, queued in starts)

    @property
    def late(self) -> int:
        """How often it did not, and no other work can be blamed for it."""
        starts = zip(self.serving.seconds, self.queued.seconds, strict=True)
        return sum(one > SERVING_WITHIN and queued <= BUSY * one for one, queued in starts)

    @property
    def wrong(self) -> int:
        """How much of that there is."""
        return sum(self.verdicts().values())


class Survivor:
    """A student who sends everything until it is acknowledged."""

    def __init__(self, port: int, login: str, password: str, quiz: str, board: Board) -> None:
        self._wire, self._login, self._password, self._quiz, self._board = Wire(port), login, password, quiz, board
        self._cookie = self._csrf = self._token = self._attempt = ""
        self._seq = 0

    async def work(self, fields: list[list[Any]], paper: int, over: Callable[[], bool]) -> None:
        """Paper after paper until it is over; the last one is handed in, too."""
        form = {"login": self._login, "password": self._password, "next": "/"}
        self._cookie = (await self._insist("POST", "/sign-in", FORM, form, 303)).cookie
        self._csrf = found_in(CSRF, (await self._insist("GET", "/", "", None, 200)).body)
        while not over():
            await self._start()
            for turn in range(paper):
                await self._save(*fields[(self._seq + turn) % len(fields)][:2])
                if over():
                    break
            await self._insist("POST", f"/attempts/{self._attempt}/hand-in", FORM, {"csrf": self._csrf}, 303)
            self._board.note({"attempt": self._attempt, "handed_in": True})

    def close(self) -> None:
        """Hang up."""
        self._wire.close()

    async def _start(self) -> None:
        path = f"/quizzes/{self._quiz}/attempts"
        self._attempt = (await self._insist("POST", path, FORM, {"csrf": self._csrf}, 303)).location.split("/")[2]
        page = await self._insist("GET", f"/attempts/{self._attempt}/questions/1", "", None, 200)
        self._token = found_in(TOKEN, page.body)

    async def _save(self, position: int, name: str) -> None:
        self._seq += 1
        value = f"{self._seq}"
        change = {"item": position, "field": name, "revision": self._seq, "value": value}
        body = {"device": "survivor", "seq": self._seq, "changes": [change]}
        headers = f"Content-Type: application/json\r\nX-Attempt-Token: {self._token}\r\n"
        await self._insist("POST", f"/attempts/{self._attempt}/saves", headers, body, 200)
        note = {"attempt": self._attempt, "seq": self._seq, "item": position, "field": name, "value": value}
        self._board.note(note)

    async def _insist(self, method: str, path: str, headers: str, body: dict[str, Any] | None, status: int) -> Answer:
        text = b"" if body is None else (urlencode(body) if headers == FORM else json.dumps(body)).encode()
        sent = headers + (f"Cookie: {self._cookie}\r\n" if self._cookie else "")
        while True:
            try:
                answer = await self._wire.ask(method, path, sent, text)
            except (OSError, EOFError, TimeoutError):
                await asyncio.sleep(RETRY_SECONDS)
                continue
            if answer.status == status:
                return answer
            if answer.status not in (429, 503):
                self._board.refused[f"{method} {path.rsplit('/', maxsplit=1)[-1]}: {answer.status}"] += 1
            await asyncio.sleep(RETRY_SECONDS)


class Board:
    """The list of what was acknowledged: on the disk before anybody goes on."""

    def __init__(self, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")
        self.path = file
        self.count = 0
        self.refused: Counter[str] = Counter()

    def note(self, entry: dict[str, Any]) -> None:
        """Write down what the server has just promised."""
        self._file.write(json.dumps(entry) + "\n")
        self._file.flush()
        os.fsync(self._file.fileno())
        self.count += 1

    def read(self) -> Acknowledged:
        """All of it, from the disk."""
        self._file.close()
        return Acknowledged.of(json.loads(line) for line in self.path.read_text(encoding="utf-8").splitlines())


async def turmoil(server: Restarted, survivors: list[Survivor], board: Board, sizes: Sizes, found: Found) -> None:
    """The class works while the server is killed and started again."""
    over = False
    fields = [[place, name] for place, one in enumerate(printed_answers(PREFIX), 1) for name in one]
    chance = random.Random(sizes.seed)
    working = [asyncio.create_task(one.work(fields, sizes.paper, lambda: over)) for one in survivors]
    try:
        while board.count < len(survivors):
            await _alive(working)
        for _ in range(sizes.kills):
            before = board.count
            await asyncio.sleep(chance.uniform(sizes.least, sizes.most))
            until = time.monotonic() + PATIENCE
            while board.count == before and time.monotonic() < until:
                await _alive(working)  # a kill of somebody who has promised nothing since would prove nothing
            family = await asyncio.to_thread(server.kill)
            killed = time.perf_counter()
            await asyncio.to_thread(server.start)
            found.serving.seconds.append(time.perf_counter() - killed)
            found.start_cpu.seconds.append(cpu_seconds(server.pid))
            found.queued.seconds.append(queued_seconds(server.pid))
            found.orphans += len(psutil.wait_procs(family, timeout=10)[1])
            found.kills += 1
        over = True
        await asyncio.wait_for(asyncio.gather(*working), PATIENCE)
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        for one in survivors:
            one.close()
        await asyncio.sleep(0)  # connections are closed at the next turn
    found.refused = board.refused


async def _alive(working: list[asyncio.Task[None]]) -> None:
    done, _ = await asyncio.wait(working, timeout=0.02, return_when=asyncio.FIRST_EXCEPTION)
    for task in done:
        task.result()


def kill_graders(server: Restarted, sizes: Sizes, found: Found) -> None:
    """While papers wait: the children of the sandbox are killed, and whoever grades."""
    chance = random.Random(sizes.seed + 1)
    for number in range(sizes.grader_kills):
        time.sleep(chance.uniform(0.02, 0.3))
        if wait_until_graded(server.url, 0):
            return
        if number % 3 == 2:
            server.kill()
            server.start()
        elif children := psutil.Process(server.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess, ProcessLookupError):
                chance.choice(children).kill()
        found.grader_kills += 1


def measure(sizes: Sizes) -> Found:
    """Everything on one engine."""
    found = Found()
    with ExitStack() as stack:
        settings = {}
        if sizes.postgresql:
            address = stack.enter_context(postgresql())
            settings["GRADUS_DATABASE_URL"] = address.replace("postgresql://", "postgresql+psycopg://")
        folder, course = stack.enter_context(course_in(sizes.students, **settings))
        for _ in range(sizes.empty):
            began = time.perf_counter()
            with empty_server(folder):
                found.empty.seconds.append(time.perf_counter() - began)
        server = stack.enter_context(restarted(folder, **settings))
        board = Board(folder / "acknowledged")
        quiz = next(one["id"] for one in course["quizzes"] if one["title"].startswith(QUIZ))
        people = [Survivor(server.port, login, course["password"], quiz, board) for login in course["logins"]]
        asyncio.run(turmoil(server, people, board, sizes, found))
        kill_graders(server, sizes, found)
        found.graded = wait_until_graded(server.url, PATIENCE)
        server.kill()
        listed = board.read()
        found.saves, found.papers = len(listed.saves), len(listed.handed_in)
        found.judged = judge(server.url, listed)
    return found


def print_found(engine: str, found: Found) -> None:
    """The table, and what is wrong."""
    rows = [
        ["serving again, from the kill", *_figures(found.serving, found.empty)],
        ["its processor time", *_figures(found.start_cpu, found.empty)],
        ["in line for a processor", *_figures(found.queued, found.empty)],
        ["an empty endpoint, started", *_figures(found.empty, found.empty)],
    ]
    print_table(f"kill -9 on {engine}", ["ms", "n", "median", "p95", "longest", "to empty"], rows)
    print(f"\n{found.kills} kills of the server, {found.grader_kills} of graders and of the server while grading;")
    print(f"{found.saves} answers and {found.papers} papers were acknowledged.")
    print(f"Serving again within {SERVING_WITHIN:g} s: {found.in_time} of {found.kills};", end=" ")
    print(f"{found.in_time_alone} without the time in line for a processor. Late on a free one: {found.late}.")
    for what, count in found.verdicts().items():
        print(f"  {what}: {count}")


def _figures(one: Durations, empty: Durations) -> list[str]:
    figures = [milliseconds(seconds) for seconds in (one.median, one.p95, max(one.seconds))]
    return [str(len(one)), *figures, times(one.median / empty.median)]


def main(*arguments: str) -> None:
    """`arguments`: as on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.killing", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--grader-kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    given = parser.parse_args(arguments)
    print(f"Machine: {machine()}.", flush=True)
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="gradus-compiled-") as compiled:
        # What is installed lies on the disk compiled, also where this program may write nothing beside the sources.
        os.environ["PYTHONPYCACHEPREFIX"] = compiled
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        for engine in ("sqlite", "postgresql") if given.engine == "both" else (given.engine,):
            sizes = Sizes(
                kills=given.kills,
                grader_kills=given.grader_kills,
                seed=given.seed,
                postgresql=engine == "postgresql",
            )
            found = measure(sizes)
            print_found({"sqlite": "SQLite", "postgresql": "PostgreSQL"}[engine], found)
            wrong += found.wrong + found.late
    if wrong:
        raise SystemExit(f"{wrong} things are not as they were promised.")


if __name__ == "__main__":
    main(*sys.argv[1:])
