"""The hub: one task a web process that brings news to all open pages of attempts, and knows whose pages are there.

Once a second it asks the database what has happened since it last looked: one query, however many pages are open, and
none while there are none. Looking there, and not at what this process did itself, it hears of what any process did.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from app.services.operating.transactions import Transactions
from app.services.sitting import news
from app.services.sitting.news import News
from app.web.attendance import Attendance, Turnout

log = logging.getLogger(__name__)

LOOK_EVERY = 1.0
GATHER = 0.15  # who comes at about the same time shares a query
SEEN_EVERY = 5.0
REACH_BACK = 20.0  # an event's number may be younger than one that is on disk already
REACH_BACK_AT_FIRST = 1000
MOST_STREAMS = 3  # of one attempt: a browser opens six connections to a server, and some must be left for saving


class Stream:
    """What one open page listens to."""

    def __init__(self, attempt: str, *, brief: bool = False) -> None:
        self.attempt = attempt
        self.brief = brief
        self.closed = False
        self._newest: News | None = None
        self._changed = asyncio.Event()

    def tell(self, newest: News) -> None:
        """There is news; what has not been taken before is out of date."""
        self._newest = newest
        self._changed.set()

    def close(self) -> None:
        """Nothing more will come."""
        self.closed = True
        self._changed.set()

    async def next(self, seconds: float) -> News | None:
        """The newest news, as soon as there is any; None when there is none for so long, or never again."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return None
        self._changed.clear()
        found, self._newest = self._newest, None
        return found


class Hub:
    """Brings news to streams. Everything but the looking itself happens on the event loop; `clock` is in seconds."""

    def __init__(self, transactions: Transactions, clock: Callable[[], float] = time.monotonic) -> None:
        self._transactions = transactions
        self._clock = clock
        self._streams: dict[str, set[Stream]] = {}
        self._fresh: set[str] = set()
        self._numbers: dict[str, tuple[int, int]] = {}
        self._over: set[str] = set()
        self.attendance = Attendance(clock)
        self._reach: deque[tuple[float, int]] = deque()
        self._known: set[int] = set()
        self._seen_at = -SEEN_EVERY
        self._wake = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "hub")
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.closed = False

    def start(self) -> None:
        """Begin to look."""
        self._loop = asyncio.get_running_loop()
        self._task = asyncio.create_task(self._run(), name="hub")

    def close_streams(self) -> None:
        """Say goodbye to all pages; they come back when there is somebody to come back to."""
        self.closed = True
        for streams in list(self._streams.values()):
            for stream in list(streams):
                stream.close()
        self._wake.set()

    async def stop(self) -> None:
        """End, once what is being looked at has been seen."""
        self.close_streams()
        if self._task is not None:
            await self._task
        self._thread.shutdown()

    def open(self, attempt: str, most: int = MOST_STREAMS, *, brief: bool = False) -> Stream | None:
        """Listen to the news of an attempt, `brief`: only until the first; None when too many do so, or at shutdown."""
        streams = self._streams.get(attempt, set())
        if self.closed or sum(stream.brief == brief for stream in streams) >= most:
            return None
        stream = Stream(attempt, brief=brief)
        self._streams.setdefault(attempt, streams).add(stream)
        self._fresh.add(attempt)
        self.attendance.heard(attempt)
        self._wake.set()
        return stream

    def leave(self, stream: Stream) -> None:
        """Listen no more."""
        streams = self._streams.get(stream.attempt, set())
        streams.discard(stream)
        if not streams:
            self._streams.pop(stream.attempt, None)

    def heard(self, attempt: str) -> None:
        """A page of this attempt, which is known to be its own, has just spoken."""
        self.attendance.heard(attempt)
        if attempt not in self._numbers:
            self._fresh.add(attempt)
            self._wake.set()

    def visited(self, attempt: str) -> None:
        """A page of this attempt has been asked for. Any thread may say so."""
        self.attendance.visited(attempt)
        if not self._streams and self._loop is not None:
            self._loop.call_soon_threadsafe(self._wake.set)

    @property
    def listening(self) -> int:
        """How many streams are open."""
        return sum(map(len, self._streams.values()))

    async def _run(self) -> None:
        due = self._clock()
        while not self.closed:
            if self._streams or self.attendance:
                with suppress(TimeoutError):
                    async with asyncio.timeout(max(0.0, due - self._clock())):
                        await self._wake.wait()
            else:
                await self._wake.wait()
                self._reach.clear()
            if self._wake.is_set() and not self.closed:
                await asyncio.sleep(GATHER)
            self._wake.clear()
            full = self._clock() >= due
            if full:
                due = self._clock() + LOOK_EVERY
            try:
                await self._round(full)
            except Exception:  # a database that is away for a while comes back
                log.exception("looking for news")
                await asyncio.sleep(LOOK_EVERY)

    async def _round(self, full: bool) -> None:
        now = self._clock()
        fresh, self._fresh = self._fresh, set()
        there = set(self._streams)
        every = now - self._seen_at >= SEEN_EVERY
        if every:
            fresh |= self.attendance.settled
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(self._thread, self._look, fresh, there, full)
        except Exception:
            self._fresh |= fresh
            raise
        for attempt in fresh - set(found):
            self._say_goodbye(attempt)
        for attempt, newest in found.items():
            self._numbers[attempt] = newest.numbers
            (self._over.add if newest.state == "handed in" else self._over.discard)(attempt)
            for stream in list(self._streams.get(attempt, ())):
                stream.tell(newest)
        # Nobody asks whether somebody is still there who has handed in.
        for attempt in self._over:
            self.attendance.forget(attempt)
        began = self._clock()
        turnout = self.attendance.turnout(every).known(self._numbers)
        if turnout:
            await loop.run_in_executor(self._thread, self._write, dict(self._numbers), turnout)
        self.attendance.written(turnout, every, began)
        if every:
            self._seen_at = now
        kept = [one for one in self._numbers if one in self._streams or one in self.attendance]
        self._numbers = {one: self._numbers[one] for one in kept}
        self._over &= set(self._numbers)

    def _say_goodbye(self, attempt: str) -> None:
        self.attendance.forget(attempt)
        for stream in list(self._streams.get(attempt, ())):
            stream.close()

    # From here on in the hub's thread, one round at a time.

    def _look(self, fresh: set[str], there: set[str], full: bool) -> dict[str, News]:
        with self._transactions.reading() as tx:
            concerned = set(fresh)
            # The first look comes with the first news: what happens after them must not be taken for older.
            if there and (full or not self._reach):
                after = self._reach_back() if self._reach else news.newest(tx) - REACH_BACK_AT_FIRST
                events = news.look(tx, after)
                first = not self._reach
                new = [event for event in events if event.id not in self._known]
                self._known = {event.id for event in events}
                self._reach.append((self._clock(), max(self._known, default=max(after, 0))))
                attempts = {event.attempt for event in new}
                everybody = {event.quiz for event in new if event.attempt is None}
                if not first:
                    concerned |= {
                        one
                        for one in there
                        if (numbers := self._numbers.get(one)) is not None
                        and (numbers[0] in attempts or numbers[1] in everybody)
                    }
            return news.news_of(tx, concerned)

    def _reach_back(self) -> int:
        # The newest number of some time ago: whatever came to disk late since then lies after it.
        while len(self._reach) > 1 and self._clock() - self._reach[1][0] > REACH_BACK:
            self._reach.popleft()
        return self._reach[0][1]

    def _write(self, numbers: dict[str, tuple[int, int]], turnout: Turnout) -> None:
        back: list[tuple[int, int]] = []
        if turnout.came:
            with self._transactions.reading() as tx:
                away = news.away(tx, [numbers[one][0] for one in turnout.came])
            back = [numbers[one] for one in turnout.came if numbers[one][0] in away]
        with self._transactions.writing() as tx:
            news.back(tx, back)
            news.seen(tx, {numbers[one][0]: ago for one, ago in turnout.seen.items()})
            news.visited(tx, {numbers[one][0]: ago for one, ago in turnout.visits.items()})
            news.gone(tx, {numbers[one][0] for one in turnout.gone})
