"""What a serving process asks of the C library's memory."""

from __future__ import annotations

import ctypes

M_MMAP_THRESHOLD = -3  # of glibc's malloc.h


def return_freed_memory() -> None:
    """Let the C library give large blocks back at once."""
    # A password hash takes 19 MiB. Left to itself, glibc soon keeps such a block for every thread that has ever
    # hashed: 40 people signing in at once left 550 MiB behind, with a fixed threshold 98.
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:  # not every C library has it
        mallopt(M_MMAP_THRESHOLD, 1 << 20)
