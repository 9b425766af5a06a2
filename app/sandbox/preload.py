"""Loaded once by the fork server, so that a child starts in a millisecond with the graders already there."""

import multiprocessing.spawn
import os

from app.sandbox import child

# First of all: no plugin sees a secret, and numpy must find its one BLAS thread.
child.scrub()
child.server = os.getpid()
# Children never need the program that started us; running it again would load typer (or pytest) into each of them.
vars(multiprocessing.spawn)["_fixup_main_from_path"] = lambda path: None

# A second of computing, which would be taken from the next Gradus if this one was killed.
with child.only_for_its_parent():
    import graders.calls  # noqa: F401
    from graders import load_plugins
    from graders.sources import own_sources

    load_plugins()
    own_sources()  # read once for all children
