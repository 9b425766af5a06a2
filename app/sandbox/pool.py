"""Lanes of child processes: what a person waits for never queues behind grading."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from pebble import ProcessExpired, ProcessPool

from app.domain.documents import Written
from app.domain.errors import GradusError, Problem, QuestionError
from app.domain.values import Json
from app.sandbox import child, forking

log = logging.getLogger(__name__)

Lane: TypeAlias = Literal["interactive", "pages", "grading", "alone"]
Cause: TypeAlias = Literal["killed", "memory", "crashed"]

DEFAULT_SECONDS = 20.0
DEFAULT_MEMORY = 1 << 30
# A child is replaced now and then, so that whatever it has gathered goes with it.
CALLS_PER_CHILD = 2000
# How often a waiting thread looks whether its lane still lives.
GLANCE = 0.5
# Seconds before a call that lost its lane is made again: for as long as a fork server with all graders needs to come.
RETRIES = (0.0, 0.1, 0.5, 1.0, 2.0)
# A lane that brings nothing back for so much longer than any of its calls may take is stuck: a child was killed in the
# very moment in which it had the lock that all children of the lane share.
STUCK = 3 * child.OVERTIME
# Somebody waits for the interactive lane and for the pages; grading takes what they leave of the processors.
NICENESS: dict[Lane, int] = {"interactive": 0, "pages": 5, "grading": 10, "alone": 10}
# A file that somebody made to take long takes long the second time, too, while others wait for their pages.
ENOUGH_ONCE: frozenset[Lane] = frozenset({"pages"})


class SandboxFailure(GradusError):
    """A call was killed, ran out of memory or crashed. The answer it was about is kept; a person decides."""

    def __init__(self, cause: Cause, says: str) -> None:
        super().__init__(says)
        self.cause = cause


class _Unreachable(SandboxFailure):
    """No children can be had, however often one tries."""


class _Lost(Exception):
    """The children of a lane are gone or out of reach. That is not the fault of the call, which can be made again."""


class Incomputable(QuestionError):
    """The question cannot be computed with these values or this answer, though it can be used otherwise."""


@dataclass(frozen=True, slots=True)
class Timed:
    """What a call gave, and the milliseconds it took in the child (waiting for a child not counted)."""

    value: Any
    ms: float


class Sandbox:
    """Runs the calls of `graders.calls` (or of another module) in children. Thread-safe; children start when needed.

    `told` hears of every call that was killed, died, or ran out of memory, also where the second try succeeds.

    Children, their fork server and its resource tracker may be killed from outside at any time: lanes that are lost get
    new children from a new fork server. Calls meanwhile wait and are made again, a few times (`RETRIES`).
    """

    def __init__(
        self,
        *,
        grading_workers: int | None = None,
        seconds: float = DEFAULT_SECONDS,
        memory_bytes: int = DEFAULT_MEMORY,
        calls: str = "graders.calls",
        told: Callable[[Cause], None] = lambda cause: None,
    ) -> None:
        self._seconds = seconds
        self._told = told
        self._child = (memory_bytes, calls)
        cores = os.cpu_count() or 1
        self._sizes: dict[Lane, int] = {
            "interactive": 1,
            "pages": 2,
            "grading": grading_workers or max(1, cores - 1),
            "alone": 1,
        }
        self._pools: dict[Lane, ProcessPool] = {}
        self._servers: dict[Lane, int | None] = {}  # which fork server made the children of a lane
        self._stirred: dict[Lane, float] = {}  # when a lane last brought something back
        self._longest = seconds
        self._lock = threading.Lock()
        self._closed = False

    @property
    def grading_workers(self) -> int:
        """How many gradings run at once."""
        return self._sizes["grading"]

    def run(self, name: str, payload: Json, *, lane: Lane = "interactive", seconds: float | None = None) -> Any:
        """Make one call and return its JSON. A payload that is a written document goes as it is.

        A call that is killed, dies or runs out of memory is tried once more alone; the second failure is raised. What
        is killed among the pages is not.

        Raises:
            QuestionError: the question (not the sandbox) is at fault; `Incomputable` if only with these values.
            SandboxFailure: killed for time, out of memory, or crashed.
        """
        return self.timed(name, payload, lane=lane, seconds=seconds).value

    def timed(self, name: str, payload: Json, *, lane: Lane = "interactive", seconds: float | None = None) -> Timed:
        """As `run`, with the time that the call took in its child."""
        limit = seconds or self._seconds
        text = str(payload) if isinstance(payload, Written) else json.dumps(payload)
        try:
            answer = self._once(name, text, lane, limit)
            tired = answer.get("error") == "memory"
            if tired:
                self._told("memory")
        except SandboxFailure as failure:
            self._told(failure.cause)
            if isinstance(failure, _Unreachable) or (failure.cause == "killed" and lane in ENOUGH_ONCE):
                raise
            tired = True
        if tired:
            # Perhaps the machine was to blame. (An exception would be the same the second time.)
            answer = self._once(name, text, "alone", limit)
        if "ok" in answer:
            return Timed(answer["ok"], answer["ms"])
        match answer["error"]:
            case "question":
                raise QuestionError([Problem(**problem) for problem in answer["problems"]])
            case "values":
                raise Incomputable([Problem(**problem) for problem in answer["problems"]])
            case "memory":
                raise SandboxFailure("memory", answer["says"])
            case _:
                raise SandboxFailure("crashed", answer["says"])

    def _once(self, name: str, text: str, lane: Lane, seconds: float) -> dict[str, Any]:
        for pause in RETRIES:
            if pause:  # even of no time at all one comes back late where others want to go on
                time.sleep(pause)
            try:
                return self._attempt(name, text, lane, seconds)
            except _Lost as lost:
                says = str(lost)
                if self._closed:
                    raise SandboxFailure("crashed", "The sandbox ended while this was being calculated.") from None
        raise _Unreachable("crashed", says)

    def _attempt(self, name: str, text: str, lane: Lane, seconds: float) -> dict[str, Any]:
        pool, future = self._schedule(name, text, lane, seconds)
        began = time.monotonic()
        self._longest = max(self._longest, seconds)
        while not wait([future], GLANCE).done:
            # With their server all children end, perhaps with the lock of the lane: who comes after them waits in vain.
            if not pool.active or self._servers.get(lane) != forking.server():
                raise self._drop(lane, pool, "its children are gone")
            if time.monotonic() - max(began, self._stirred.get(lane, began)) > self._longest + STUCK:
                raise self._drop(lane, pool, "it is stuck")
        self._stirred[lane] = time.monotonic()
        error = future.exception()
        match error:
            case None:
                answer: dict[str, Any] = json.loads(future.result())
                return answer
            case TimeoutError():
                raise SandboxFailure("killed", f"The calculation took longer than {seconds:g} s and was ended.")
            case MemoryError():
                raise SandboxFailure("memory", "The calculation needed more memory than it may use.")
            case ProcessExpired():
                raise SandboxFailure("crashed", f"The grading process ended unexpectedly ({error}).")
            case BrokenProcessPool():
                raise self._drop(lane, pool, "its children are gone")
            case _:
                raise SandboxFailure("crashed", f"The grading process was lost ({type(error).__name__}).")

    def _schedule(self, name: str, text: str, lane: Lane, seconds: float) -> tuple[ProcessPool, Future[str]]:
        pool = self._pool(lane)
        try:
            return pool, pool.schedule(child.run, args=(name, text, seconds), timeout=seconds)
        except RuntimeError:
            raise self._drop(lane, pool, "its children are gone") from None

    def _pool(self, lane: Lane) -> ProcessPool:
        # Started under the lock, so that nothing can be closed half started.
        with self._lock:
            if self._closed:
                raise SandboxFailure("crashed", "The sandbox is closed.")
            if lane not in self._pools:
                self._pools[lane] = self._start(self._sizes[lane], NICENESS[lane])
                self._servers[lane] = forking.server()
            return self._pools[lane]

    def _start(self, workers: int, niceness: int) -> ProcessPool:
        pool = ProcessPool(
            max_workers=workers,
            max_tasks=CALLS_PER_CHILD,
            initializer=child.prepare,
            initargs=(*self._child, niceness),
            context=forking.context(),
        )
        try:
            _ = pool.active  # Looking starts the children.
        except (RuntimeError, OSError) as error:
            _end(pool)
            forking.forget_lost()
            why = error.__cause__ or error
            raise _Lost(f"No grading process can be started ({type(why).__name__}).") from None
        return pool

    def _drop(self, lane: Lane, pool: ProcessPool, why: str) -> _Lost:
        lost = _Lost(f"No grading process can be kept ({lane}: {why}).")
        with self._lock:
            if self._pools.get(lane) is not pool:
                return lost  # Another thread was faster, or the sandbox was closed.
            del self._pools[lane]
        log.warning("the lane %s of the sandbox gets new children: %s", lane, why)
        _end(pool)
        return lost

    def close(self) -> None:
        """End all children; calls under way fail."""
        with self._lock:
            self._closed = True
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            _end(pool)


def _end(pool: ProcessPool) -> None:
    pool.stop()  # type: ignore[no-untyped-call]
    # What is broken already may complain about being ended.
    with contextlib.suppress(RuntimeError, OSError):
        pool.join()
