"""Which of two answers was typed last: judged by time and by what rests on what, never by the number of keys."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from typing import Any, NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select

from app.services.sitting import submissions
from app.storage.changes import FLAG, Change, FieldChange, Kept, Saved, SavedField
from app.storage.save_lane import SaveLane
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Save
from app.storage.tables.columns import MOST
from tests.small_bank import Stage
from tests.storage.test_save_lane import Paused, stored

SECOND = 1000


def typed(revision: int, value: Any, base: int | None = 0, field: str = "qa_x", **known: Any) -> FieldChange:
    return FieldChange(1, field, revision, value, base, **known)


def send(lane: SaveLane, attempt: str, page: str, seq: int, *parts: FieldChange, **known: Any) -> list[SavedField]:
    saved = said(lane.submit(Change(attempt, page, seq, parts, **known)))
    return list(saved.fields)


def said(future: Future[Saved | Kept]) -> Saved:
    found = future.result(timeout=30)
    assert isinstance(found, Saved)
    return found


def test_thirty_keystrokes_of_long_ago_do_not_replace_five_of_just_now(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=5)
    send(lane, attempt, "b-1", 1, typed(5, "newer", age=SECOND))
    stage.clock.pass_time(minutes=5)
    (refused,) = send(lane, attempt, "a-1", 1, typed(31, "older", age=600 * SECOND))
    assert (refused.stale, refused.conflict, refused.revision, refused.value) == (True, True, 5, "newer")
    assert stored(stage, attempt) == {"qa_x": (5, "newer")}
    with stage.transactions.reading() as tx:  # and it is not lost
        changes = tx.session.scalars(select(Save.changes).where(Save.device == "a-1")).all()
    assert changes == [[[1, "qa_x", 31, "older", {"base": 0, "age": 600 * SECOND}]]]


def test_one_keystroke_of_just_now_replaces_thirty_of_long_ago_and_stands_above_them(
    stage: Stage, lane: SaveLane
) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(30, "older", age=SECOND))
    stage.clock.pass_time(minutes=5)
    (saved,) = send(lane, attempt, "a-1", 1, typed(1, "newer", age=200 * SECOND))
    assert (saved.stale, saved.conflict, saved.revision) == (False, False, 31)
    assert stored(stage, attempt) == {"qa_x": (31, "newer")}


def test_two_devices_offline_at_once_are_judged_by_when_each_was_typed_not_by_who_came_first(
    stage: Stage, lane: SaveLane
) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=10)
    send(lane, attempt, "a-1", 1, typed(9, "typed at 1", age=540 * SECOND))
    stage.clock.pass_time(minutes=1)
    (saved,) = send(lane, attempt, "b-1", 1, typed(2, "typed at 9", age=120 * SECOND))
    assert not saved.stale
    assert stored(stage, attempt) == {"qa_x": (10, "typed at 9")}


def test_what_rests_on_what_is_stored_replaces_it_whenever_it_was_typed(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(7, "before"))
    stage.clock.pass_time(minutes=5)
    (saved,) = send(lane, attempt, "a-1", 1, typed(8, "after a crash", base=7))
    assert not saved.stale


def test_of_an_unknown_time_the_last_word_of_the_server_decides_or_a_person(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    before = stage.clock.time
    stage.clock.pass_time(minutes=1)
    send(lane, attempt, "b-1", 1, typed(5, "stored"))
    stage.clock.pass_time(minutes=1)
    after = stage.clock.time
    stage.clock.pass_time(minutes=1)
    (unknown,) = send(lane, attempt, "a-1", 1, typed(9, "typed", about=1), typed_after=before)
    assert (unknown.stale, unknown.conflict) == (True, True)
    (unknown,) = send(lane, attempt, "a-1", 2, typed(9, "typed"))
    assert unknown.conflict
    (newer,) = send(lane, attempt, "a-1", 3, typed(9, "typed"), typed_after=after)
    assert (newer.stale, newer.value) == (False, "typed")


def test_the_date_of_a_device_makes_nothing_older_than_it_may_be(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=30)
    send(lane, attempt, "b-1", 1, typed(5, "stored", about=86_400 * SECOND))  # somebody set it a day ahead
    stage.clock.pass_time(minutes=1)
    (unknown,) = send(lane, attempt, "a-1", 1, typed(9, "older, perhaps", age=600 * SECOND))
    assert unknown.conflict


def test_where_only_the_acknowledgement_was_lost_there_is_nothing_to_decide(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "a-1", 1, typed(1, "1", age=SECOND))
    stage.clock.pass_time(seconds=20)
    (saved,) = send(lane, attempt, "a-1", 2, typed(2, "12", age=25 * SECOND))
    assert not saved.stale
    # From another page that found it on the device after a crash: the page in which it was typed counts.
    (saved,) = send(lane, attempt, "a-2", 1, typed(3, "123", about=3600 * SECOND, page="a-1"))
    assert not saved.stale
    (behind,) = send(lane, attempt, "a-1", 3, typed(2, "12", age=SECOND))  # crossed on the way
    assert (behind.stale, behind.conflict, behind.value) == (True, False, "123")


def test_a_page_whose_answer_was_lifted_above_another_goes_on_from_its_own_count(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(40, "older"))
    stage.clock.pass_time(minutes=1)
    send(lane, attempt, "a-1", 1, typed(5, "1", age=SECOND))
    (saved,) = send(lane, attempt, "a-1", 2, typed(6, "12", age=SECOND))  # sent before it heard of 41
    assert (saved.stale, saved.revision) == (False, 42)


def test_the_same_answer_on_two_devices_is_no_conflict(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(5, "same"))
    (same,) = send(lane, attempt, "a-1", 1, typed(9, "same"))
    assert (same.stale, same.conflict, same.revision) == (True, False, 5)


def test_a_conflict_heard_of_twice_is_a_conflict_twice(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(5, "stored"))
    first = send(lane, attempt, "a-1", 1, typed(9, "typed"))
    assert first == send(lane, attempt, "a-1", 1, typed(9, "typed"))
    assert first[0].conflict


def test_pages_that_save_at_the_same_moment_are_judged_alike(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=5)
    with Paused(stage, attempt):
        futures = [
            lane.submit(Change(attempt, "b-1", 1, (typed(3, "newer", age=SECOND), typed(1, True, field=FLAG)))),
            lane.submit(Change(attempt, "a-1", 1, (typed(30, "older", age=9 * SECOND),))),
            lane.submit(Change(attempt, "c-1", 1, (typed(1, "newest", age=0),))),
        ]
    outcomes = [said(future).fields[0] for future in futures]
    assert [(one.stale, one.conflict) for one in outcomes] == [(False, False), (True, True), (False, False)]
    assert stored(stage, attempt) == {"qa_x": (4, "newest"), FLAG: (1, True)}


def test_a_page_that_says_nothing_of_it_is_judged_by_its_revision(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(5, "stored"))
    (older,) = send(lane, attempt, "form-1", 1, typed(4, "older", base=None))
    (newer,) = send(lane, attempt, "form-2", 1, typed(6, "newer", base=None))
    assert (older.stale, older.conflict, newer.stale) == (True, False, False)


def test_no_revision_grows_beyond_what_can_be_stored(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, "b-1", 1, typed(MOST, "stored"))
    stage.clock.pass_time(minutes=1)
    (saved,) = send(lane, attempt, "a-1", 1, typed(1, "newer", age=SECOND))
    assert (saved.stale, saved.revision) == (False, MOST)
    assert stored(stage, attempt) == {"qa_x": (MOST, "newer")}


def test_one_page_alone_asks_the_database_nothing_more(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    asked: list[str] = []
    send(lane, attempt, "a-1", 1, typed(1, "1", age=SECOND))
    event.listen(stage.transactions.database.writing, "before_cursor_execute", lambda *call: asked.append(call[2]))
    send(lane, attempt, "a-1", 2, FieldChange(1, "qa_x", 2, "2"))
    plain, asked[:] = len(asked), []
    send(lane, attempt, "a-1", 3, typed(3, "3", base=2, age=SECOND))
    assert len(asked) == plain
    asked.clear()
    send(lane, attempt, "b-1", 1, typed(9, "9", base=1, age=SECOND))
    assert len(asked) <= plain + 4  # where it came from; and another tab


class Typing(NamedTuple):
    """Somebody types on a device; it is online then, or later, and says what it knows."""

    device: int
    seconds: int
    keys: int
    comes_online: bool


typing = st.lists(
    st.builds(Typing, st.integers(0, 2), st.integers(1, 60), st.integers(1, 9), st.booleans()), max_size=12
)


@given(typing)
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whoever_was_offline_for_however_long_what_was_typed_last_stands_in_the_end(
    small_stage: Stage, typings: list[Typing]
) -> None:
    stage = small_stage
    attempt = stage.start(0)
    pages = [Page(stage, attempt, f"tab{n}-1") for n in range(3)]
    last = None
    for number, one in enumerate(typings):
        stage.clock.pass_time(seconds=one.seconds)
        last = f"typed as number {number}"
        pages[one.device].types(last, one.keys)
        stage.clock.pass_time(seconds=1)
        if one.comes_online:
            pages[one.device].sends()
    for page in pages:
        stage.clock.pass_time(seconds=1)
        page.sends()
    assert [value for _, value in stored(stage, attempt).values()] == ([last] if last else [])
    with stage.transactions.writing() as tx:  # the next example has another attempt
        submissions.hand_in(tx, stage.students[0], attempt, lambda: None)


class Page:
    """What a page knows (static/js/saver.js): what is stored as far as it was told, and what waits."""

    def __init__(self, stage: Stage, attempt: str, name: str) -> None:
        self._stage, self._attempt, self._name = stage, attempt, name
        self._stored = self._revision = self._seq = 0
        self._waits: tuple[str, int, Any] | None = None

    def types(self, value: str, keys: int) -> None:
        self._revision = max(self._revision, self._stored) + keys
        base = self._waits[1] if self._waits is not None else self._stored
        self._waits = (value, base, self._stage.clock.time)

    def sends(self) -> None:
        if self._waits is None:
            return
        value, base, at = self._waits
        self._seq += 1
        age = (self._stage.clock.time - at) // timedelta(milliseconds=1)
        change = Change(self._attempt, self._name, self._seq, (typed(self._revision, value, base, age=age),))
        with self._stage.transactions.writing() as tx:
            (result,) = write_saves(tx, [Arrival(change, tx.now())], 30, {})
        assert isinstance(result, Saved)
        (field,) = result.fields
        assert field.stale == field.conflict
        self._stored, self._revision, self._waits = field.revision, field.revision, None
