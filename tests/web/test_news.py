"""What open pages of an attempt hear: of time, pauses, messages and the end, whoever caused it, within moments."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any

import pytest

from app.services.accounts import sessions
from app.services.sitting import running, submissions
from app.storage import attempts as stored
from app.storage import sitting_events
from app.storage.tables import PageVisit, Presence
from app.web import attendance
from app.web import hub as hubs
from app.web.pages import news as pages
from tests.web.conftest import House
from tests.web.listening import LONG, Page, Sat, aside, together, until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same, in less time."""
    monkeypatch.setattr(hubs, "LOOK_EVERY", 0.1)
    monkeypatch.setattr(hubs, "GATHER", 0.02)
    monkeypatch.setattr(hubs, "SEEN_EVERY", 0.1)
    monkeypatch.setattr(attendance, "SETTLED", 0.2)


@pytest.fixture
def timed(open_house: Callable[..., House], request: pytest.FixtureRequest) -> House:
    engine = getattr(request, "param", "sqlite")
    return open_house(engine, quiz={"minutes": 30})


@pytest.mark.parametrize("timed", ["sqlite", "postgresql"], indirect=True)
def test_an_open_page_hears_of_time_pause_message_and_end_without_asking(timed: House) -> None:
    sat = Sat(timed)

    async def listen() -> None:
        async with sat.page() as page:
            assert page.status == 200
            assert page.headers["content-type"].startswith("text/event-stream")
            assert page.headers["cache-control"] == "no-store"
            first = await page.hears()
            assert first is not None
            assert (first["state"], first["messages"], first["another_page"]) == ("open", [], None)
            assert 29 * 60 < first["seconds_left"] <= 30 * 60
            await aside(lambda: sat.do(running.give_time, 120, None, "noise"))
            more = await page.hears()
            assert more is not None
            assert 31 * 60 < more["seconds_left"] <= 32 * 60
            await aside(lambda: sat.do(running.pause, None, "fire alarm"))
            paused = await page.hears()
            assert paused is not None
            assert paused["state"] == "paused"
            await aside(lambda: sat.write("Question 2: n is 3."))
            told = await page.hears()
            assert told is not None
            assert [one["text"] for one in told["messages"]] == ["Question 2: n is 3."]
            assert told["seconds_left"] == paused["seconds_left"]
            await aside(lambda: sat.do(running.resume, None, ""))
            going = await page.hears()
            assert going is not None
            assert going["state"] == "open"
            await aside(lambda: sat.do(running.end, None, "over"))
            over = await page.hears()
            assert over is not None
            assert over["state"] == "handed in"
            assert await page.hears() is None

    together(timed, listen)


@pytest.mark.parametrize("timed", ["sqlite", "postgresql"], indirect=True)
def test_who_has_handed_in_hears_that_the_attempt_is_reopened_and_is_nobody_who_is_missed(timed: House) -> None:
    sat = Sat(timed)
    sat.do(running.end, None, "over")

    def reopen() -> None:
        with timed.transactions.writing() as tx:
            found = stored.attempt(tx, sat.id)
            assert found is not None
            submissions.reopen(tx, found[1], found[0], None, "", seconds=300)

    async def listen() -> None:
        async with sat.page("after=true") as page:
            first = await page.hears()
            assert first is not None
            assert first["state"] == "handed in"
            await aside(reopen)
            again = await page.hears()
            assert again is not None
            assert again["state"] == "open"
            assert await page.hears() is None

    with timed.transactions.reading() as tx:
        before = tx.session.query(Presence).count()
    together(timed, listen)
    with timed.transactions.reading() as tx:
        assert tx.session.query(Presence).count() == before


def test_what_is_said_to_everybody_is_heard_by_everybody_and_the_rest_by_its_own(timed: House) -> None:
    first, second = Sat(timed), Sat(timed, "student1")

    async def listen() -> None:
        async with first.page() as here, second.page() as there:
            assert (await here.hears(), await there.hears()) != (None, None)
            await aside(lambda: first.write("For you."))
            heard = await here.hears()
            await aside(lambda: first.write("For all.", to_all=True))
            both = await here.hears(), await there.hears()
            assert [[one["text"] for one in state["messages"]] for state in (heard, *both) if state] == [
                ["For you."],
                ["For you.", "For all."],
                ["For all."],
            ]

    together(timed, listen)


@pytest.mark.parametrize("timed", ["sqlite", "postgresql"], indirect=True)
def test_who_asks_hears_the_same_and_needs_the_token_only(timed: House) -> None:
    sat = Sat(timed)
    timed.client.cookies.clear()
    told = sat.ask().json()
    assert (told["state"], told["messages"]) == ("open", [])
    assert 0 < told["seconds_left"] <= 30 * 60
    assert sat.ask().headers["cache-control"] == "no-store"
    assert sat.ask("1.abc").status_code == 403
    with timed.transactions.writing() as tx:
        found = stored.attempt(tx, sat.id)
        assert found is not None
        submissions.hand_in(tx, found[0].person_id, sat.id, lambda: None)
    assert sat.ask().json()["state"] == "handed in"


def test_a_token_of_an_attempt_that_is_no_more_is_told_so(timed: House) -> None:
    token = sessions.save_token(timed.app.state.secret, "nothing", 1)
    answer = timed.client.get("/attempts/nothing/state", headers={"X-Attempt-Token": token})
    assert answer.status_code == 404

    async def listen() -> None:
        async with Page(timed, "/attempts/nothing", token) as page:
            assert await page.hears() is None

    together(timed, listen)


def test_the_streams_of_one_attempt_are_bounded_and_the_next_one_asks_instead(timed: House) -> None:
    sat = Sat(timed)

    async def listen() -> None:
        async with AsyncExitStack() as stack:
            pages = [await stack.enter_async_context(sat.page()) for _ in range(hubs.MOST_STREAMS)]
            assert [page.status for page in pages] == [200] * len(pages)
            async with sat.page() as refused:
                assert refused.status == 429
                assert "retry-after" in refused.headers
            assert (await aside(sat.ask)).status_code == 200
        async with sat.page() as again:
            assert again.status == 200

    together(timed, listen)


def test_three_hundred_streams_need_no_threads_and_the_rest_goes_on(timed: House) -> None:
    sat = Sat(timed)
    hub = timed.app.state.hub

    async def listen() -> None:
        before = threading.active_count()
        # Of one attempt, so that one student is enough for the test.
        streams = [hub.open(sat.id, 1000) for _ in range(300)]
        tasks = [asyncio.create_task(_until_given(pages._events(hub, stream, b""))) for stream in streams]
        assert (await aside(lambda: timed.client.get("/"))).status_code == 200
        await aside(lambda: sat.do(running.give_time, 60, None, "noise"))
        told = await asyncio.wait_for(asyncio.gather(*tasks), LONG)
        assert len(told) == 300
        # The hub's own, and those that `aside` and the request have used.
        assert threading.active_count() - before < 10

    together(timed, listen)
    assert hub.listening == 0


async def _until_given(events: AsyncIterator[str]) -> dict[str, Any]:
    """The state in which a stream tells of more time; on a busy machine that may be the first one."""
    async for piece in events:
        if piece.startswith("event: state"):
            found: dict[str, Any] = json.loads(piece.partition("data: ")[2])
            if found["seconds_left"] > 30 * 60:
                await events.aclose()  # type: ignore[attr-defined]
                return found
    raise AssertionError("the stream is over")


def test_a_stream_says_that_it_is_there_and_ends_now_and_then_to_be_renewed(
    timed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "COMMENT_EVERY", 0.05)
    monkeypatch.setattr(pages, "LASTS", 1.0)
    sat = Sat(timed)

    async def listen() -> None:
        async with sat.page() as page:
            pieces = []
            while (message := await page.piece()).get("more_body"):
                pieces.append(message["body"])
            # Of a page that has just spoken nothing is asked.
            assert pieces.count(b": still here\n\n") > 2
            assert pages.ASK.encode() not in pieces

    together(timed, listen)


def test_a_page_that_has_said_nothing_for_a_while_is_asked_and_its_answer_is_a_sign_of_life(
    timed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "COMMENT_EVERY", 0.05)
    monkeypatch.setattr(attendance, "QUIET", 0.5)
    sat = Sat(timed)
    hub = timed.app.state.hub

    async def listen() -> None:
        async with sat.page() as page:
            while (await page.piece())["body"] != pages.ASK.encode():
                pass
            assert hub.attendance.quiet_in(sat.id) == 0
            assert (await aside(sat.here)).status_code == 204
            assert hub.attendance.quiet_in(sat.id) > 0
        async with sat.page("after=true") as page:  # of who looks at a receipt nothing is asked
            assert (await page.piece())["body"] != pages.ASK.encode()

    together(timed, listen)
    assert timed.client.post(f"{sat.address}/here", headers={"X-Attempt-Token": "1.abc"}).status_code == 403


@pytest.mark.parametrize("timed", ["sqlite", "postgresql"], indirect=True)
def test_a_closed_lid_is_noticed_although_its_stream_is_still_open(
    timed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "GONE_AFTER", 0.5)
    monkeypatch.setattr("app.services.sitting.news.SEEN_LATELY", timedelta(0))
    sat = Sat(timed)

    async def listen() -> None:
        async with sat.page():
            await until(lambda: sat.events() == ["started", "went offline"])
            await aside(sat.here)
            await until(lambda: sat.events()[:3] == ["started", "went offline", "came back"])

    together(timed, listen)


def test_saving_is_a_sign_of_life(timed: House) -> None:
    sat = Sat(timed)
    attended = timed.app.state.hub.attendance
    assert sat.id not in attended
    change = {"device": "tab-1", "seq": 1, "changes": [{"item": 1, "field": "@flag", "revision": 1, "value": True}]}
    saved = timed.client.post(f"{sat.address}/saves", json=change, headers={"X-Attempt-Token": sat.token})
    assert saved.status_code == 200
    assert sat.id in attended


@pytest.mark.parametrize("timed", ["sqlite", "postgresql"], indirect=True)
def test_pages_without_scripts_are_known_by_their_requests(timed: House) -> None:
    sat, scripted = Sat(timed), Sat(timed, "student1")

    def visited(of: Sat) -> bool:
        with timed.transactions.reading() as tx:
            found = stored.attempt(tx, of.id)
            return found is not None and tx.session.get(PageVisit, found[0].id) is not None

    async def listen() -> None:
        async with scripted.page():
            await until(lambda: visited(sat))
        assert not visited(scripted)

    together(timed, listen)
    assert sat.events() == ["started"]


def test_streams_end_at_shutdown_and_nobody_is_said_to_have_gone(timed: House) -> None:
    sat = Sat(timed)

    async def listen() -> None:
        async with sat.page() as page:
            await page.hears()
            timed.app.state.hub.close_streams()
            assert await page.hears() is None
        async with sat.page() as late:
            assert late.status == 429

    together(timed, listen)
    assert "went offline" not in sat.events()


def test_nothing_is_asked_while_nobody_listens_and_one_query_a_second_otherwise(
    timed: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "GONE_AFTER", 0.2)
    looked: list[int] = []
    look = hubs.news.look
    monkeypatch.setattr(hubs.news, "look", lambda tx, after: (looked.append(after), look(tx, after))[1])
    first, second = Sat(timed), Sat(timed, "student1")
    assert looked == []

    async def listen() -> None:
        async with first.page() as here, second.page() as there:
            await here.hears()
            await there.hears()
            clock = asyncio.get_running_loop().time
            began, before = clock(), len(looked)
            await until(lambda: len(looked) >= before + 3)
            # One for both together, each time that it looks.
            assert len(looked) - before <= (clock() - began) / hubs.LOOK_EVERY + 1
        await until(lambda: not timed.app.state.hub.attendance)
        rested = len(looked)
        await asyncio.sleep(3 * hubs.LOOK_EVERY)
        assert len(looked) == rested

    together(timed, listen)


@pytest.mark.parametrize("timed", ["sqlite", "postgresql"], indirect=True)
def test_the_log_says_who_went_offline_and_who_came_back(timed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "GONE_AFTER", LONG)
    monkeypatch.setattr("app.services.sitting.news.SEEN_LATELY", timedelta(0))
    sat = Sat(timed)

    async def visit() -> None:
        async with sat.page() as page:
            await page.hears()

    async def come_and_go() -> None:
        await visit()
        await visit()  # moving on to another page is not going
        assert sat.events() == ["started"]
        monkeypatch.setattr(attendance, "GONE_AFTER", 0.5)
        await until(lambda: sat.events() == ["started", "went offline"])
        monkeypatch.setattr(attendance, "GONE_AFTER", LONG)
        async with sat.page():
            await until(lambda: sat.events() == ["started", "went offline", "came back"])

    together(timed, come_and_go)
    with timed.transactions.reading() as tx:
        found = stored.attempt(tx, sat.id)
        assert found is not None
        assert tx.session.get(Presence, found[0].id) is not None


def test_a_page_in_another_process_keeps_somebody_there(timed: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attendance, "GONE_AFTER", 0.2)
    sat = Sat(timed)

    async def come_and_go() -> None:
        async with sat.page() as page:
            await page.hears()
        hub = timed.app.state.hub
        # The other process has just said so: `seen_at` is younger than that this one has lost its page.
        await until(lambda: not hub.attendance)

    together(timed, come_and_go)
    assert sat.events() == ["started"]


def test_an_event_that_comes_to_disk_late_is_not_missed(timed: House) -> None:
    """Numbers are given before COMMIT: a younger event may be read before an older one is there."""
    sat = Sat(timed)
    with timed.transactions.reading() as tx:
        found = stored.attempt(tx, sat.id)
        assert found is not None
        attempt, quiz = found[0].id, found[1].id

    def write(number: int, text: str) -> None:
        with timed.transactions.writing() as tx:
            row = sitting_events.SittingEvent(
                id=number, quiz_id=quiz, attempt_id=attempt, kind="message", text=text, at=tx.now()
            )
            sitting_events.add(tx, row)

    async def listen() -> None:
        async with sat.page() as page:
            await page.hears()
            await aside(lambda: write(102, "younger"))
            assert await page.hears()
            await aside(lambda: write(101, "older"))
            told = await page.hears()
            assert told is not None
            assert [one["text"] for one in told["messages"]] == ["older", "younger"]

    together(timed, listen)
