"""Many requests at once: all are answered, and nobody who is slow keeps the others waiting."""

from __future__ import annotations

import asyncio
import inspect
import threading
from collections import Counter

import pytest
from httpx2 import ASGITransport, AsyncClient
from starlette.types import Message

from app.routing.turns import AT_ONCE, LONG_AT_ONCE, Turns
from app.services.accounts.doorkeeper import Doorkeeper
from tests.web.conftest import House
from tests.web.listening import together

LONG = 60.0
MANY = 120  # more than threads and connections together
FORM = b"application/x-www-form-urlencoded"


def browser(house: House) -> AsyncClient:
    return AsyncClient(
        transport=ASGITransport(app=house.app),
        base_url="http://testserver",
        cookies=dict(house.client.cookies),
        timeout=LONG,
    )


def test_more_requests_than_threads_and_connections_are_all_answered(house: House) -> None:
    house.sign_in()

    async def all_at_once() -> Counter[int]:
        async with browser(house) as client:
            answers = await asyncio.gather(*(client.get("/") for _ in range(MANY)))
        return Counter(answer.status_code for answer in answers)

    assert together(house, all_at_once) == {200: MANY}


def test_requests_that_never_end_keep_nobody_waiting(small_house: House) -> None:
    small_house.sign_in()
    cookie = "; ".join(f"{name}={value}" for name, value in small_house.client.cookies.items()).encode()
    scope = {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": f"/quizzes/{small_house.quiz}/attempts",
        "raw_path": b"",
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"testserver"), (b"content-type", FORM), (b"cookie", cookie)],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }
    slow, asking = 2 * AT_ONCE, asyncio.Semaphore(0)

    async def never() -> Message:
        asking.release()
        await asyncio.Event().wait()
        raise AssertionError

    async def sent(message: Message) -> None:
        raise AssertionError(message)

    async def meanwhile() -> int:
        sending = [asyncio.create_task(small_house.app(scope, never, sent)) for _ in range(slow)]
        for _ in sending:
            await asyncio.wait_for(asking.acquire(), LONG)
        async with browser(small_house) as client:
            answer = await asyncio.wait_for(client.get("/"), LONG)
        for one in sending:
            one.cancel()
        await asyncio.gather(*sending, return_exceptions=True)
        return answer.status_code

    assert together(small_house, meanwhile) == 200


def test_what_takes_long_keeps_nobody_else_waiting(small_house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    small_house.sign_in()
    hashing, enough = threading.Semaphore(0), threading.Event()

    def slowly(self: Doorkeeper, password: str, hashed: str | None) -> bool:
        hashing.release()
        enough.wait(LONG)
        return False

    monkeypatch.setattr(Doorkeeper, "matches", slowly)

    async def meanwhile() -> tuple[int, Counter[int]]:
        async with browser(small_house) as client:
            doors = [
                asyncio.create_task(client.post("/sign-in", data={"login": f"stranger{number}", "password": "wrong"}))
                for number in range(2 * LONG_AT_ONCE)
            ]
            for _ in range(LONG_AT_ONCE):
                assert await asyncio.to_thread(hashing.acquire, timeout=LONG)
            front = await asyncio.wait_for(client.get("/"), LONG)
            enough.set()
            return front.status_code, Counter(answer.status_code for answer in await asyncio.gather(*doors))

    front, doors = together(small_house, meanwhile)
    assert front == 200
    assert sum(doors.values()) == 2 * LONG_AT_ONCE
    assert set(doors) <= {403, 429}


def test_whatever_waits_for_the_sandbox_or_for_a_hash_says_that_it_takes_long(small_house: House) -> None:
    turns = Turns()
    short, slow = turns.of(len), ("state.sandbox", "state.doorkeeper,")
    # A quiz's variants are made ahead: nobody who starts waits for the sandbox, but in its first minutes.
    known = {"start", "start_attempt"}
    silent = {
        route.endpoint.__name__  # type: ignore[attr-defined]
        for route in small_house.app.routes
        if turns.of(endpoint := getattr(route, "endpoint", len)) is short
        and endpoint is not len
        and any(word in inspect.getsource(endpoint) for word in slow)
    }
    assert silent == known
