"""How much may still be calculated for one verdict: a count of steps, never a clock."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

STEPS = 40_000
"""Nodes evaluated at 50 digits for one verdict; higher precision and long sums count more."""


@dataclass(slots=True)
class Effort:
    """What is left. Below zero nothing has a value any more."""

    left: int = STEPS


_CURRENT: ContextVar[Effort | None] = ContextVar("effort", default=None)


def current() -> Effort:
    """The effort of the verdict that is being found, else one of its own."""
    return _CURRENT.get() or Effort()


def is_limited() -> bool:
    """Whether a verdict is being found that others share their effort with."""
    return _CURRENT.get() is not None


@contextmanager
def limited() -> Iterator[Effort]:
    """Everything within shares one effort; inside another one it is that one."""
    outer = _CURRENT.get()
    if outer is not None:
        yield outer
        return
    effort = Effort()
    token = _CURRENT.set(effort)
    try:
        yield effort
    finally:
        _CURRENT.reset(token)
