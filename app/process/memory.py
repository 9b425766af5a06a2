"""What a long-lived process asks of the memory: of Python's and of the C library's."""

from __future__ import annotations

import ctypes
import gc

M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def return_freed_memory() -> None:
    """Let the C library give large blocks back at once."""
    # A password hash takes 19 MiB. Left to itself, glibc soon keeps such a block for every thread that has ever
    # hashed: 40 people signing in at once left 550 MiB behind, with a fixed threshold 98.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # not every C library has it
        mallopt(M_MMAP_THRESHOLD, 1 << 20)


def collect_rarely() -> None:
    """Look for circles among new objects only, and seldom: for a process that has loaded all it needs.

    Marking makes very many small objects and few circles. Python's own way, every 700 of them and often among all that
    was ever imported, took a sixth of the time of a child and a third of that of the worker which asks it. A web
    process to which 2,000 pages listen stood still for 0.4 s every few seconds, and every save with it.
    """
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
