"""Many requests at once: all are answered, and nobody with a slow line keeps the others waiting."""

from __future__ import annotations

import asyncio
from collections import Counter

from httpx2 import ASGITransport, AsyncClient
from starlette.types import Message

from app.routing.turns import AT_ONCE
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
