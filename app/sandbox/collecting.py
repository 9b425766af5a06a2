"""How often Python looks for circles of objects that nobody needs any more."""

from __future__ import annotations

import gc


def collect_rarely() -> None:
    """Look for circles among new objects only, and seldom: for a process that has loaded all it needs.

    Marking makes very many small objects and few circles. Python's own way, every 700 of them and often among all that
    was ever imported, took a sixth of the time of a child and a third of that of the worker which asks it. A web
    process to which 2,000 pages listen stood still for 0.4 s every few seconds, and every save with it.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
