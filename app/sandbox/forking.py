"""The fork server that makes the children: started ahead, and started anew when it has been lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext

PRELOADED = ["app.sandbox.preload"]


def start_ahead() -> None:
    """Let the fork server load the graders in the background, for a program that needs a sandbox in a moment."""
    forkserver.set_forkserver_preload(PRELOADED)
    forkserver.ensure_running()


def context() -> ForkServerContext:
    """What children are made with; every fork server started from it has the graders loaded."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(PRELOADED)
    return made


def server() -> int | None:
    """The process of the fork server that was started last."""
    pid: int | None = vars(forkserver)["_forkserver"]._forkserver_pid
    return pid


def forget_lost() -> None:
    """Forget a fork server that has ended, so that the next child starts another.

    The standard library sees to that by itself, except where the kernel keeps no trace of the ended (in a program that
    was started with SIGCHLD ignored): there it would fail for ever.
    """
    known = vars(forkserver)["_forkserver"]
    with known._lock:
        if known._forkserver_pid is None:
            return
        with contextlib.suppress(ChildProcessError):
            if os.waitpid(known._forkserver_pid, os.WNOHANG) == (0, 0):
                return  # it lives
        os.close(known._forkserver_alive_fd)
        known._forkserver_pid = known._forkserver_alive_fd = known._forkserver_address = None
