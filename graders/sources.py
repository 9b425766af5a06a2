"""Which source the graders run from: what they say of an answer may change with any line of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import app.domain

ROOMS = (Path(__file__).parent, Path(app.domain.__file__).parent)


@cache
def own_sources() -> str:
    """A short name for the source of the graders and of what reads answers for them."""
    return name_of(ROOMS)


def name_of(rooms: Iterable[Path]) -> str:
    """A short name for all modules of some packages: the same exactly where every byte is."""
    found = hashlib.sha256()
    for room in rooms:
        for file in sorted(room.rglob("*.py")):
            found.update(f"{file.relative_to(room).as_posix()} {file.stat().st_size}\n".encode())
            found.update(file.read_bytes())
    return found.hexdigest()[:12]
