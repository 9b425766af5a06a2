"""What runs inside a child process: one named call on JSON, under limits, in an environment free of secrets."""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from app.process.memory import collect_rarely

KEPT_VARIABLES = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONHASHSEED", "HOME"})
LONGEST_COMPLAINT = 500
# How much later than its parent a child ends itself, should the parent be gone.
OVERTIME = 5.0
# How often a fork server that is not ready yet looks whether somebody still waits for it.
GLANCE = 0.1

PR_SET_PDEATHSIG = 1  # of Linux's prctl.h

# The process of the fork server, set by what it preloads; None in a child of something else.
server: int | None = None
_calls: Mapping[str, Callable[[Any], Any]] = {}


def scrub() -> None:
    """Take every variable out of the environment that graders do not need: addresses, keys, passwords."""
    for name in list(os.environ):
        if name not in KEPT_VARIABLES:
            del os.environ[name]
    # One BLAS thread: verdicts must not depend on how many cores there are, and children share them.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"


@contextmanager
def only_for_its_parent() -> Iterator[None]:
    """End this process as soon as the one that started it is gone: before it is ready, nothing else would tell it."""
    parent = os.getppid()

    def look(*_: object) -> None:
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, GLANCE, GLANCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)


def prepare(memory_bytes: int, calls: str, niceness: int = 0) -> None:
    """Scrub, bound memory, step back, and load the module whose `CALLS` this child makes (once for all its calls)."""
    global _calls
    # The pool's own handler is Python, which a loop inside C never gets to; the kernel's default is at once.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _end_with_the_server()
    scrub()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(niceness)
    _calls = importlib.import_module(calls).CALLS
    collect_rarely()


def _end_with_the_server() -> None:
    # Otherwise a child would outlive a killed server, unknown to its pool, and go on taking calls that nobody watches.
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl is not None:  # only Linux has it
        prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if server is not None and os.getppid() != server:
        os._exit(1)  # it ended while this child began


def run(name: str, payload: str, seconds: float) -> str:
    """Make one call; the answer is JSON: {"ok": …, "ms": …} or {"error": …, "says": …, "problems": […], "ms": …}.

    Errors are of kind `question` (it cannot be used), `values` (it cannot be computed with this answer or seed),
    `memory` and `failed` (an exception nobody expected; `SystemExit` must not reach the parent either).
    """
    signal.setitimer(signal.ITIMER_REAL, seconds + OVERTIME)
    started = time.perf_counter()
    try:
        answer = _answer(name, payload)
        answer["ms"] = round((time.perf_counter() - started) * 1000, 3)
        return json.dumps(answer)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _answer(name: str, payload: str) -> dict[str, Any]:
    from app.domain.errors import GradusError, QuestionError

    try:
        return {"ok": _calls[name](json.loads(payload))}
    except QuestionError as error:
        places = [{"says": p.says, "path": p.path, "file": p.file, "line": p.line} for p in error.problems]
        return {"error": "question", "says": str(error), "problems": places}
    except GradusError as error:
        return {"error": "values", "says": str(error), "problems": [{"says": str(error)}]}
    except MemoryError:
        return {"error": "memory", "says": "The calculation needed more memory than it may use."}
    except BaseException as error:
        complaint = f"{type(error).__name__}: {error}"
        return {"error": "failed", "says": f"The grader failed: {complaint}"[:LONGEST_COMPLAINT]}
