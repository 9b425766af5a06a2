"""Loaded once by the fork server, so that a child starts in a millisecond with the graders already there."""

import multiprocessing.spawn
import os

from app.sandbox import child

# First of all: no plugin sees a secret, and numpy must find its one BLAS thread.
child.scrub()
child.server = os.getpid()
# Children never need the program that started us; running it again would load typer (or pytest) into each of them.
vars(multiprocessing.spawn)["_fixup_main_from_path"] = lambda path: None

import graders.calls  # noqa: E402, F401
from graders import load_plugins  # noqa: E402
from graders.sources import own_sources  # noqa: E402

load_plugins()
own_sources()  # read once for all children
