"""As little HTTP as a client needs: it shares the machine with the server, so it must cost next to nothing."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.servers import HOST

# The server hangs up on who has been silent for five seconds; a browser then connects again, and so does this.
IDLE_SECONDS = 4.0
ANSWER_SECONDS = 60.0


class Answer(NamedTuple):
    """What came back."""

    status: int
    location: str
    cookie: str
    body: bytes


@dataclass(slots=True)
class Wire:
    """One connection, one request at a time; opened when needed."""

    port: int
    host: str = HOST
    _reader: asyncio.StreamReader | None = None
    _writer: asyncio.StreamWriter | None = None
    _used: float = 0.0

    async def ask(self, method: str, path: str, headers: str = "", body: bytes = b"") -> Answer:
        """Send a request and wait for all of its answer; `headers` are whole lines, each with its line end.

        Raises:
            OSError, EOFError: there is no answer.
        """
        head = f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{headers}"
        if method != "GET":
            head += f"Content-Length: {len(body)}\r\n"
        try:
            # Not `wait_for`: before Python 3.12 that loses being cancelled in the moment in which the answer comes.
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._exchange(f"{head}\r\n".encode("latin-1") + body)
        except BaseException:
            self.close()
            raise

    async def _exchange(self, request: bytes) -> Answer:
        if self._writer is None or time.monotonic() - self._used > IDLE_SECONDS:
            self.close()
            self._reader, self._writer = await asyncio.open_connection(self.host, self.port)
        assert self._reader is not None
        self._writer.write(request)
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        found = {"location": "", "set-cookie": "", "content-length": "0", "connection": ""}
        first, *lines = head.split("\r\n")
        for line in lines:
            name, _, value = line.partition(": ")
            if name in found:
                found[name] = value
        body = await self._reader.readexactly(int(found["content-length"]))
        self._used = time.monotonic()
        if found["connection"] == "close":
            self.close()
        return Answer(int(first.split(" ", 2)[1]), found["location"], found["set-cookie"].partition(";")[0], body)

    async def listen(self, path: str, headers: str, asked: Callable[[], Awaitable[None]]) -> int:
        """Keep an event stream open until it ends or this is cancelled; how many pieces came.

        `asked` is called when the server asks whether the page is there.

        Raises:
            OSError: there is no stream.
        """
        reader, writer = await asyncio.open_connection(self.host, self.port, limit=1 << 20)
        pieces = 0
        try:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n{headers}\r\n".encode("latin-1"))
            head = await reader.readuntil(b"\r\n\r\n")
            if b" 200 " not in head[:20]:
                raise ConnectionError(f"no stream: {head[:60]!r}")
            while piece := await reader.read(65536):
                pieces += 1
                if b": there?" in piece:
                    await asked()
            return pieces
        finally:
            writer.close()

    def close(self) -> None:
        """Hang up."""
        if self._writer is not None:
            with suppress(OSError, RuntimeError):
                self._writer.close()
        self._reader = self._writer = None
