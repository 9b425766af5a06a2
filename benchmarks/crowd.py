"""A whole class in one process: `python -m benchmarks.crowd` reads what it shall do as JSON and prints what it saw.

Students sign in, start together, save and turn pages for some minutes, and hand in, over real HTTP with their
sessions, form tokens and attempt tokens. Somebody asks the empty endpoint all the while. Between the phases it says
so in a line and waits for one, so that whoever measures can read clocks.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import sys
import time
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

from benchmarks.student import CSRF, TOKEN
from benchmarks.wire import Answer, Wire

FORM = "Content-Type: application/x-www-form-urlencoded\r\n"
SIGNING_IN_AT_ONCE = 8
EMPTY = "empty FastAPI endpoint"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the class does. Seconds: within which all start, how long they work, within which all hand in."""

    port: int
    empty_port: int
    quiz: str
    logins: list[str]
    password: str
    fields: list[list[Any]]  # position, field, raw answer
    questions: int
    start_seconds: float
    work_seconds: float
    hand_in_seconds: float
    save_every: float
    page_every: int  # saves
    streams: bool
    probes: float  # questions to the empty endpoint a second
    seed: int


@dataclass(slots=True)
class Seen:
    """What one phase looked like: durations in seconds by what was done, and what went wrong."""

    durations: dict[str, list[float]] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)  # not a Counter: asdict would count its pairs
    client_cpu: float = 0.0
    pieces: int = 0

    async def timed(self, name: str, asked: Awaitable[Answer], status: int) -> Answer | None:
        """One request; what does not answer as it should is an error and has no duration."""
        started = time.perf_counter()
        try:
            answer = await asked
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as failure:
            self.failed(f"{name}: {type(failure).__name__}")
            return None
        took = time.perf_counter() - started
        if answer.status != status:
            self.failed(f"{name}: {answer.status}")
            return None
        self.durations.setdefault(name, []).append(round(took, 6))
        return answer

    def failed(self, what: str, times: int = 1) -> None:
        """Something went wrong, so many times."""
        self.errors[what] = self.errors.get(what, 0) + times


class Sitter:
    """One student."""

    def __init__(self, plan: Plan, number: int) -> None:
        self.plan = plan
        self.login = plan.logins[number]
        self.chance = random.Random(plan.seed * 1_000_003 + number)
        self.wire = Wire(plan.port)
        self.attempt = ""
        self._headers = self._csrf = self._token = ""
        self._seq = self._turn = 0
        self._turns_at = self.chance.randrange(plan.page_every)

    async def sign_in(self, seen: Seen) -> None:
        """The door, then the front page for the token of forms."""
        form = {"login": self.login, "password": self.plan.password, "next": "/"}
        answer = await seen.timed("signing in", self.wire.ask("POST", "/sign-in", FORM, urlencode(form).encode()), 303)
        if answer is None:
            return
        self._headers = f"Cookie: {answer.cookie}\r\n"
        answer = await seen.timed("front page", self.wire.ask("GET", "/", self._headers), 200)
        if answer is not None:
            self._csrf = found_in(CSRF, answer.body)

    async def start(self, seen: Seen) -> None:
        """Begin, and follow to the first question as a browser does."""
        began = time.perf_counter()
        answer = await seen.timed("start", self._post(f"/quizzes/{self.plan.quiz}/attempts"), 303)
        if answer is None:
            return
        self.attempt, path = answer.location.split("/")[2], answer.location
        if path.count("/") == 2:
            answer = await seen.timed("where to go on", self.wire.ask("GET", path, self._headers), 303)
            path = answer.location if answer is not None else f"{path}/questions/1"
        answer = await seen.timed("first page", self.wire.ask("GET", path, self._headers), 200)
        if answer is not None:
            self._token = found_in(TOKEN, answer.body)
            seen.durations.setdefault("start and first page", []).append(round(time.perf_counter() - began, 6))

    async def work(self, seen: Seen, until: float) -> None:
        """Save now and again, and turn the page sometimes, everybody at a moment of their own."""
        await asyncio.sleep(self.chance.random() * self.plan.save_every)
        while time.monotonic() < until:
            began = time.monotonic()
            await self._save(seen)
            if self._turn % self.plan.page_every == self._turns_at:
                path = f"/attempts/{self.attempt}/questions/{self.chance.randint(1, self.plan.questions)}"
                await seen.timed("exam page", self.wire.ask("GET", path, self._headers), 200)
            pause = self.plan.save_every * (0.9 + 0.2 * self.chance.random())
            await asyncio.sleep(max(0.0, min(began + pause, until) - time.monotonic()))

    async def _save(self, seen: Seen) -> None:
        self._seq += 1
        position, name, raw = self.plan.fields[(self._turn * 7) % len(self.plan.fields)]
        self._turn += 1
        change = {"item": position, "field": name, "revision": self._seq, "value": raw}
        body = json.dumps({"device": "benchmark", "seq": self._seq, "changes": [change]}).encode()
        headers = f"Content-Type: application/json\r\nX-Attempt-Token: {self._token}\r\n{self._headers}"
        path = f"/attempts/{self.attempt}/saves"
        answer = await seen.timed("durable save", self.wire.ask("POST", path, headers, body), 200)
        if answer is not None and [one["state"] for one in json.loads(answer.body)["fields"]] != ["saved"]:
            seen.failed("durable save: stale")

    async def hand_in(self, seen: Seen) -> None:
        """Hand in and look at the receipt."""
        path = f"/attempts/{self.attempt}"
        answer = await seen.timed("hand in", self._post(f"{path}/hand-in"), 303)
        if answer is not None:
            await seen.timed("receipt", self.wire.ask("GET", f"{path}/receipt", self._headers), 200)

    async def listen(self, seen: Seen) -> None:
        """Keep the page's stream open, and answer whoever asks through it whether the page is there."""
        token, own = f"X-Attempt-Token: {self._token}\r\n", Wire(self.wire.port, self.wire.host)

        async def here() -> None:
            await seen.timed("still here", own.ask("POST", f"/attempts/{self.attempt}/here", token), 204)

        try:
            seen.pieces += await self.wire.listen(f"/attempts/{self.attempt}/events", token, here)
        except (OSError, EOFError) as failure:
            seen.failed(f"stream: {type(failure).__name__}")
        finally:
            own.close()

    def _post(self, path: str) -> Coroutine[Any, Any, Answer]:
        return self.wire.ask("POST", path, FORM + self._headers, urlencode({"csrf": self._csrf}).encode())


def found_in(pattern: re.Pattern[str], body: bytes) -> str:
    """What the pattern's group stands for in a page.

    Raises:
        ValueError: it is not there.
    """
    match = pattern.search(body.decode())
    if match is None:
        raise ValueError(f"no {pattern.pattern} in the page")
    return match.group(1)


class Crowd:
    """All students, phase by phase."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.sitters = [Sitter(plan, number) for number in range(len(plan.logins))]
        self.phases: dict[str, Seen] = {}

    async def go(self) -> None:
        """Everything, then print it."""
        plan, listening = self.plan, Seen()
        streams: list[asyncio.Task[None]] = []
        gate = asyncio.Semaphore(SIGNING_IN_AT_ONCE)

        async def sign_in(one: Sitter, seen: Seen) -> None:
            async with gate:
                await one.sign_in(seen)

        async def start(one: Sitter, seen: Seen) -> None:
            await asyncio.sleep(one.chance.random() * plan.start_seconds)
            await one.start(seen)
            if plan.streams and one.attempt:  # as a browser does once it has the page
                streams.append(asyncio.create_task(one.listen(listening)))

        async def hand_in(one: Sitter, seen: Seen) -> None:
            await asyncio.sleep(one.chance.random() * plan.hand_in_seconds)
            await one.hand_in(seen)

        await self._phase("signing in", sign_in)
        await self._phase("starting together", start)
        until = time.monotonic() + plan.work_seconds
        await self._phase("working", lambda one, seen: one.work(seen, until))
        await self._phase("handing in", hand_in)
        for stream in streams:
            stream.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*streams, return_exceptions=True)
        for what, times in listening.errors.items():
            self.phases["working"].failed(what, times)
        for one in self.sitters:
            one.wire.close()
        attempts = [one.attempt for one in self.sitters]
        print(json.dumps({"phases": {name: asdict(one) for name, one in self.phases.items()}, "attempts": attempts}))

    async def _phase(self, name: str, act: Callable[[Sitter, Seen], Awaitable[None]]) -> None:
        await asyncio.to_thread(_say, name)
        seen, used = Seen(), time.process_time()
        probing = asyncio.create_task(self._probe(seen))
        present = self.sitters if name in ("signing in", "starting together") else self._started()
        await asyncio.gather(*(act(one, seen) for one in present))
        probing.cancel()
        with suppress(asyncio.CancelledError):
            await probing
        seen.client_cpu = time.process_time() - used
        self.phases[name] = seen

    def _started(self) -> list[Sitter]:
        return [one for one in self.sitters if one.attempt]

    async def _probe(self, seen: Seen) -> None:
        nobody = Wire(self.plan.empty_port)
        while True:
            await seen.timed(EMPTY, nobody.ask("GET", "/"), 200)
            await asyncio.sleep(1 / self.plan.probes)


def _say(phase: str) -> None:
    print(phase, flush=True)
    sys.stdin.readline()


def main() -> None:
    asyncio.run(Crowd(Plan(**json.loads(sys.stdin.readline()))).go())


if __name__ == "__main__":
    main()
