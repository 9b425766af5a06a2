"""A web process may hold as many connections as its machine allows."""

from __future__ import annotations

import resource
from collections.abc import Iterator

import pytest

from app.web.connections import allow_many_connections


@pytest.fixture
def limits() -> Iterator[tuple[int, int]]:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    yield before
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_low_limit_is_raised_as_far_as_the_machine_allows(limits: tuple[int, int]) -> None:
    _, hard = limits
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    allowed = allow_many_connections()
    assert allowed > 256
    assert allow_many_connections() == allowed
