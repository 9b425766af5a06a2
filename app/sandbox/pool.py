"""Lanes of child processes: what a person waits for never queues behind grading."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from multiprocessing import forkserver
from typing import Any, Literal, TypeAlias

from pebble import ProcessExpired, ProcessPool

from app.domain.errors import GradusError, Problem, QuestionError
from app.domain.values import Json
from app.sandbox import child

Lane: TypeAlias = Literal["interactive", "grading", "alone"]
Cause: TypeAlias = Literal["killed", "memory", "crashed"]

DEFAULT_SECONDS = 20.0
DEFAULT_MEMORY = 1 << 30
# A child is replaced now and then, so that whatever it has gathered goes with it.
CALLS_PER_CHILD = 2000
# How often a waiting thread looks whether its lane still lives.
GLANCE = 0.5
PRELOADED = ["app.sandbox.preload"]
# Somebody waits for the interactive lane and for the pages; grading takes what they leave of the processors.
NICENESS: dict[Lane, int] = {"interactive": 0, "grading": 10, "alone": 10}


def start_ahead() -> None:
    """Let the fork server load the graders in the background, for a program that needs a sandbox in a moment."""
    forkserver.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


class SandboxFailure(GradusError):
    """A call was killed, ran out of memory or crashed. The answer it was about is kept; a person decides."""

    def __init__(self, cause: Cause, says: str) -> None:
        super().__init__(says)
        self.cause = cause


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
            "grading": grading_workers or max(1, cores - 1),
            "alone": 1,
        }
        self._pools: dict[Lane, ProcessPool] = {}
        self._lock = threading.Lock()
        self._closed = False

    @property
    def grading_workers(self) -> int:
        """How many gradings run at once."""
        return self._sizes["grading"]

    def run(self, name: str, payload: Json, *, lane: Lane = "interactive", seconds: float | None = None) -> Any:
        """Make one call and return its JSON.

        A call that is killed, dies or runs out of memory is tried once more alone; the second failure is raised.

        Raises:
            QuestionError: the question (not the sandbox) is at fault; `Incomputable` if only with these values.
            SandboxFailure: killed for time, out of memory, or crashed.
        """
        return self.timed(name, payload, lane=lane, seconds=seconds).value

    def timed(self, name: str, payload: Json, *, lane: Lane = "interactive", seconds: float | None = None) -> Timed:
        """As `run`, with the time that the call took in its child."""
        limit = seconds or self._seconds
        text = json.dumps(payload)
        try:
            answer = self._once(name, text, lane, limit)
            tired = answer.get("error") == "memory"
            if tired:
                self._told("memory")
        except SandboxFailure as failure:
            tired = True
            self._told(failure.cause)
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
        pool, future = self._schedule(name, text, lane, seconds)
        while not wait([future], GLANCE).done:
            if not pool.active:
                raise SandboxFailure("crashed", "The sandbox ended while this was being calculated.")
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
            case _:
                raise SandboxFailure("crashed", f"The grading process was lost ({type(error).__name__}).")

    def _schedule(self, name: str, text: str, lane: Lane, seconds: float) -> tuple[ProcessPool, Future[str]]:
        for last in (False, True):
            pool = self._pool(lane)
            try:
                return pool, pool.schedule(child.run, args=(name, text, seconds), timeout=seconds)
            except RuntimeError as error:
                # A lane breaks for good when an idle child is killed from outside; then it gets new children.
                self._drop(lane, pool)
                if last:
                    raise SandboxFailure("crashed", f"No grading process can be started ({error}).") from None
        raise AssertionError("the loop returns or raises")

    def _pool(self, lane: Lane) -> ProcessPool:
        # Started under the lock, so that nothing can be closed half started.
        with self._lock:
            if self._closed:
                raise SandboxFailure("crashed", "The sandbox is closed.")
            if lane not in self._pools:
                self._pools[lane] = self._start(self._sizes[lane], NICENESS[lane])
            return self._pools[lane]

    def _start(self, workers: int, niceness: int) -> ProcessPool:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(PRELOADED)
        pool = ProcessPool(
            max_workers=workers,
            max_tasks=CALLS_PER_CHILD,
            initializer=child.prepare,
            initargs=(*self._child, niceness),
            context=context,
        )
        try:
            _ = pool.active  # Looking starts the children.
        except RuntimeError as error:
            raise SandboxFailure("crashed", f"No grading process can be started ({error}).") from None
        return pool

    def _drop(self, lane: Lane, pool: ProcessPool) -> None:
        with self._lock:
            if self._pools.get(lane) is not pool:
                return  # Another thread was faster.
            del self._pools[lane]
        _end(pool)

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
