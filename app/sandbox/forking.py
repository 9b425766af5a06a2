"""The fork server that makes the children: started ahead, and started anew when it has been lost."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
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


def renew() -> None:
    """End the fork server of this process, if there still is one, and forget it: the next child starts another.

    The standard library notices by itself that its server is gone, except where the kernel has kept no zombie of it
    (a program started with SIGCHLD ignored): there it would ask for one for ever. Children end with their server.
    """
    server = vars(forkserver)["_forkserver"]
    with server._lock:
        pid, alive = server._forkserver_pid, server._forkserver_alive_fd
        if pid is None:
            return
        server._forkserver_pid = server._forkserver_alive_fd = server._forkserver_address = None
        os.close(alive)
        with contextlib.suppress(ChildProcessError, ProcessLookupError):
            if os.waitpid(pid, os.WNOHANG) == (0, 0):
                os.kill(pid, signal.SIGKILL)
                os.waitpid(pid, 0)
