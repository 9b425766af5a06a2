"""A sandbox of real processes that makes hostile calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.sandbox import Sandbox

HOSTILE = "tests.sandbox.hostile_calls"


@pytest.fixture(scope="module")
def hostile() -> Iterator[Sandbox]:
    """Two grading children that live for a module; what kills them must not harm the next test."""
    sandbox = Sandbox(grading_workers=2, seconds=20, memory_bytes=640 << 20, calls=HOSTILE)
    yield sandbox
    sandbox.close()


@pytest.fixture
def together() -> Callable[..., list[object]]:
    """Calls a function on every item from eight threads at once; the results in order."""

    def run(function: Callable[[int], object], items: Iterable[int]) -> list[object]:
        with ThreadPoolExecutor(max_workers=8) as threads:
            return list(threads.map(function, items))

    return run
