"""Two lanes of child processes: what a person waits for never queues behind grading."""

from __future__ import annotations

import json
import multiprocessing
import os
import threading
from concurrent.futures import TimeoutError as FutureTimeout
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


class SandboxFailure(GradusError):
    """A call was killed, ran out of memory or crashed. The answer it was about is kept; a person decides."""

    def __init__(self, cause: Cause, says: str) -> None:
        super().__init__(says)
        self.cause = cause


class Sandbox:
    """Runs `graders.calls` in children. Thread-safe; children start when first needed."""

    def __init__(
        self,
        *,
        grading_workers: int | None = None,
        seconds: float = DEFAULT_SECONDS,
        memory_bytes: int = DEFAULT_MEMORY,
    ) -> None:
        self._seconds = seconds
        self._memory = memory_bytes
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

    def run(
        self, name: str, payload: Json, *, lane: Lane = "interactive", seconds: float | None = None
    ) -> Any:
        """Make one call and return its JSON.

        A call that is killed or dies is tried once more alone; the second failure is raised.

        Raises:
            QuestionError: the question (not the sandbox) is at fault.
            SandboxFailure: killed for time, out of memory, or crashed, twice.
        """
        limit = seconds or self._seconds
        text = json.dumps(payload)
        try:
            return self._once(name, text, lane, limit)
        except SandboxFailure as failure:
            if failure.cause == "crashed" and str(failure).startswith("The grader failed"):
                raise  # An exception is the same the second time.
            return self._once(name, text, "alone", limit)

    def _once(self, name: str, text: str, lane: Lane, seconds: float) -> Any:
        future = self._pool(lane).schedule(child.run, args=(name, text), timeout=seconds)
        try:
            answer = json.loads(future.result())
        except FutureTimeout:
            raise SandboxFailure(
                "killed", f"The calculation took longer than {seconds:g} s and was ended."
            ) from None
        except ProcessExpired as error:
            raise SandboxFailure("crashed", f"The grading process ended unexpectedly ({error}).") from None
        except MemoryError:
            raise SandboxFailure("memory", "The calculation needed more memory than it may use.") from None
        if "ok" in answer:
            return answer["ok"]
        if answer["error"] == "question":
            raise QuestionError([Problem(**problem) for problem in answer["problems"]])
        raise SandboxFailure("memory" if answer["error"] == "memory" else "crashed", answer["says"])

    def _pool(self, lane: Lane) -> ProcessPool:
        with self._lock:
            if self._closed:
                raise SandboxFailure("crashed", "The sandbox is closed.")
            if lane not in self._pools:
                context = multiprocessing.get_context("forkserver")
                context.set_forkserver_preload(["app.sandbox.preload"])
                self._pools[lane] = ProcessPool(
                    max_workers=self._sizes[lane],
                    max_tasks=CALLS_PER_CHILD,
                    initializer=child.prepare,
                    initargs=(self._memory,),
                    context=context,
                )
            return self._pools[lane]

    def close(self) -> None:
        """End all children; calls under way fail."""
        with self._lock:
            self._closed = True
            pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            pool.stop()
        for pool in pools:
            pool.join()
