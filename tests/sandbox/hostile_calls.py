"""Calls as no grader should be: loaded by the children of the sandbox's tests in place of `graders.calls`."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from app.domain.errors import GradusError, Problem, QuestionError
from app.sandbox import child

# Only children load this module: here an abandoned one need not be given five seconds.
child.OVERTIME = 0.5


def echo(payload: Any) -> Any:
    return payload


def sleep(payload: Any) -> Any:
    time.sleep(payload)
    return os.getpid()


def loop(payload: Any) -> Any:
    while True:
        pass


def loop_in_c(payload: Any) -> Any:
    """Inside one C function that holds the interpreter's lock and never looks for signals."""
    return len(str(3 ** (3**19)))


def eat(payload: Any) -> Any:
    return len(bytearray(8 << 30))


def nibble(payload: Any) -> Any:
    kept = []
    while True:
        kept.append(bytearray(1 << 20))


def die(payload: Any) -> Any:
    os._exit(payload)


def kill(payload: Any) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def kill_once(payload: Any) -> Any:
    """Dies the first time; the file tells the second one."""
    mark = Path(payload)
    if mark.exists():
        return "survived"
    mark.touch()
    return kill(payload)


def leave(payload: Any) -> Any:
    sys.exit(3)


def fail(payload: Any) -> Any:
    raise ZeroDivisionError("x" * 10_000)


def recurse(payload: Any) -> Any:
    return recurse(payload)


def unlike_json(payload: Any) -> Any:
    return object()


def refuse(payload: Any) -> Any:
    raise QuestionError([Problem("This is no question.", "parts.0", "question.yaml", 7)])


def cannot_compute(payload: Any) -> Any:
    raise GradusError("This cannot be computed.")


def environment(payload: Any) -> Any:
    return dict(os.environ)


def modules(payload: Any) -> Any:
    return sorted(sys.modules)


def pid(payload: Any) -> Any:
    return os.getpid()


CALLS = {
    one.__name__: one
    for one in (
        echo,
        sleep,
        loop,
        loop_in_c,
        eat,
        nibble,
        die,
        kill,
        kill_once,
        leave,
        fail,
        recurse,
        unlike_json,
        refuse,
        cannot_compute,
        environment,
        modules,
        pid,
    )
}
