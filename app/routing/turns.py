"""Turns: how many requests may be at the database at once.

A request goes through several steps, each in a thread, and keeps its connection from the first to the last. Were there
more of them than connections, those who wait for one would hold the threads that those who have one need to go on:
all would stand still. So a request waits for its turn here, on the event loop, where waiting costs nothing.

Those that take long take turns among themselves: a class that opens its pages does not queue behind a check of a
question over a hundred variants.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request
from starlette.datastructures import FormData

Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])

AT_ONCE = 6
"""More would only take the interpreter from each other; fewer would wait for the disk with nobody at work."""
LONG_AT_ONCE = 12
"""Of those that wait for the sandbox or for a password's hash. Together fewer than connections to read (20 on
PostgreSQL, 40 on SQLite) and than threads (40)."""
FORMS = ("multipart/form-data", "application/x-www-form-urlencoded")
MOST_FORM_FIELDS = 4000
# What a whole body may have decides first (max_body_bytes).
MOST_FIELD_BYTES = 1 << 30


_LONG: set[Callable[..., Any]] = set()


def takes_long(endpoint: Endpoint) -> Endpoint:
    """Say of an endpoint that it waits for the sandbox, hashes a password, or writes something large."""
    _LONG.add(endpoint)
    return endpoint


class Turns:
    """The turns of one application, those for what takes long apart."""

    def __init__(self) -> None:
        self._short = asyncio.Semaphore(AT_ONCE)
        self._long = asyncio.Semaphore(LONG_AT_ONCE)

    def of(self, endpoint: Callable[..., Any]) -> asyncio.Semaphore:
        """Those that requests to this endpoint take."""
        return self._long if endpoint in _LONG else self._short


async def turn(request: Request) -> AsyncIterator[None]:
    """One of the turns, until the endpoint has returned.

    It is taken once the whole request is here: nobody with a slow line keeps others waiting.
    """
    if request.method not in ("GET", "HEAD", "OPTIONS"):
        await _whole(request)
    turns: Turns = request.app.state.turns
    async with turns.of(request.scope["endpoint"]):
        yield


Turn = Annotated[None, Depends(turn, scope="function")]


async def _whole(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in FORMS:
        await posted_form(request)  # large files wait on the disk
    else:
        await request.body()


async def posted_form(request: Request) -> FormData:
    """The form of this request, read once; files only where the route takes them (app.web.uploads)."""
    return await request.form(
        max_files=getattr(request.state, "most_files", 0),
        max_fields=MOST_FORM_FIELDS,
        max_part_size=MOST_FIELD_BYTES,
    )
