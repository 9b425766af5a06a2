"""Open pages of attempts that listen to their news, and what staff do to them meanwhile."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

from starlette.types import Message

from app.services.sitting.sitting_events import happened
from app.storage import attempts as stored
from app.storage import sitting_events
from tests.web.conftest import House

LONG = 120.0


class Page:
    """An open page that listens, as a server would serve it."""

    def __init__(self, house: House, attempt: str, token: str, query: str = "") -> None:
        self._house = house
        self._scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "GET",
            "scheme": "http",
            "path": f"{attempt}/events",
            "raw_path": f"{attempt}/events".encode(),
            "query_string": query.encode(),
            "root_path": "",
            "headers": [(b"host", b"testserver"), (b"x-attempt-token", token.encode())],
            "client": ("127.0.0.1", 1),
            "server": ("testserver", 80),
        }
        self._came: asyncio.Queue[Message] = asyncio.Queue()
        self._gone = asyncio.Event()
        self.status = 0
        self.headers: dict[str, str] = {}

    async def _receive(self) -> Message:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        self._came.put_nowait(message)

    async def __aenter__(self) -> Page:
        self._task = asyncio.create_task(self._house.app(self._scope, self._receive, self._send))
        await self.piece()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._gone.set()
        await asyncio.wait_for(self._task, LONG)

    async def piece(self) -> Message:
        return await asyncio.wait_for(self._came.get(), LONG)

    async def hears(self) -> dict[str, Any] | None:
        """The next state; None when the stream is over."""
        while True:
            message = await self.piece()
            if not message.get("more_body"):
                return None
            text = message["body"].decode()
            if text.startswith("event: state\n"):
                found: dict[str, Any] = json.loads(text.partition("data: ")[2])
                return found


class Sat:
    """An attempt of a student, and what others do about it."""

    def __init__(self, house: House, login: str = "student0") -> None:
        house.sign_in(login)
        self.house = house
        self.address = house.start()
        self.id = self.address.rpartition("/")[2]
        self.token = house.token(self.address)

    def page(self, query: str = "") -> Page:
        return Page(self.house, self.address, self.token, query)

    def ask(self, token: str | None = None) -> Any:
        return self.house.client.get(f"{self.address}/state", headers={"X-Attempt-Token": token or self.token})

    def here(self) -> Any:
        """Its page answers that it is there."""
        return self.house.client.post(f"{self.address}/here", headers={"X-Attempt-Token": self.token})

    def do(self, action: Callable[..., Any], *arguments: Any) -> None:
        """What staff do to this attempt."""
        with self.house.transactions.writing() as tx:
            found = stored.attempt(tx, self.id)
            assert found is not None
            action(tx, found[1], [self.id], *arguments)

    def write(self, text: str, *, to_all: bool = False) -> None:
        with self.house.transactions.writing() as tx:
            found = stored.attempt(tx, self.id)
            assert found is not None
            happened(tx, found[1].id, None if to_all else found[0].id, "message", text=text)

    def events(self) -> list[str]:
        with self.house.transactions.reading() as tx:
            found = stored.attempt(tx, self.id)
            assert found is not None
            return [event.kind for event in sitting_events.of_quiz(tx, found[1].id) if event.attempt_id == found[0].id]


def together(house: House, what: Callable[[], Any]) -> Any:
    """Do something asynchronous on the loop on which the application runs."""
    assert house.client.portal is not None
    return house.client.portal.call(what)


async def aside(action: Callable[[], Any]) -> Any:
    return await asyncio.get_running_loop().run_in_executor(None, action)


async def until(there: Callable[[], bool]) -> None:
    """Wait for something that is bound to come."""
    for _ in range(2400):
        if there():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come")
