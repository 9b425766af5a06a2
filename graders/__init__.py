"""Graders, solvers, marking and presenting: pure functions without web, database, clock or chance."""

from graders.registry import find_grader, fingerprint, load_plugins, names

__all__ = ["find_grader", "fingerprint", "load_plugins", "names"]
