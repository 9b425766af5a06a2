"""The client of the benchmarks ends when it is told to, also in the moment in which an answer comes."""

from __future__ import annotations

import asyncio

import pytest

from benchmarks.wire import Answer, Wire


class Answered(Wire):
    """Gets its answer when the test says so."""

    answered: asyncio.Event

    async def _exchange(self, request: bytes) -> Answer:
        await self.answered.wait()
        return Answer(200, "", "", b"")


@pytest.mark.parametrize("turns", range(5))
def test_whoever_is_told_to_stop_while_an_answer_comes_stops(turns: int) -> None:
    async def stopped() -> bool:
        wire = Answered(1)
        wire.answered = asyncio.Event()

        async def ask_on() -> None:
            while True:
                await wire.ask("GET", "/")
                await asyncio.sleep(60)

        asking = asyncio.create_task(ask_on())
        await asyncio.sleep(0.01)
        wire.answered.set()
        for _ in range(turns):
            await asyncio.sleep(0)
        asking.cancel()
        await asyncio.wait([asking], timeout=5)
        return asking.cancelled()

    assert asyncio.run(stopped())
