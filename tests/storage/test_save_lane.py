"""Saving: what was acknowledged is stored, once; trouble with one save or one COMMIT stays where it belongs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import pytest
from sqlalchemy import event, func, select, text

from app.domain.errors import Conflict, InvalidInput, NotFound, Unavailable
from app.services.sitting import submissions
from app.storage import attempts
from app.storage.changes import FLAG, Change, FieldChange, Kept, Saved
from app.storage.engine import Database
from app.storage.save_lane import SaveLane
from app.storage.tables import Answer, Attempt, Save
from tests.small_bank import Stage, set_the_stage


def change(
    attempt: str,
    seq: int,
    *fields: tuple[int, str, int, Any],
    device: str = "tab",
    revision: int | None = None,
) -> Change:
    return Change(attempt, device, seq, tuple(FieldChange(*one) for one in fields))


def wait(future: Future[Saved | Kept]) -> Saved:
    found = future.result(timeout=30)
    assert isinstance(found, Saved)
    return found


def stored(stage: Stage, attempt: str) -> dict[str, tuple[int, Any]]:
    with stage.transactions.reading() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        by_item = attempts.answers(tx, found[0].id)
    return {name: (row.revision, row.value) for fields in by_item.values() for name, row in fields.items()}


def count(stage: Stage, what: Any) -> int:
    with stage.transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(what)) or 0


class Paused:
    """Holds the writer while saves queue up, so that the lane finds many of them waiting."""

    def __init__(self, stage: Stage, attempt: str) -> None:
        self._transactions = stage.transactions
        self._attempt = attempt

    def __enter__(self) -> None:
        self._block = self._transactions.writing()
        tx = self._block.__enter__()
        tx.session.execute(select(Attempt).where(Attempt.public_id == self._attempt).with_for_update())

    def __exit__(self, *error: object) -> None:
        self._block.__exit__(None, None, None)


def test_a_save_is_on_disk_when_it_is_acknowledged(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    saved = wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1/3"), (2, "qb_y", 1, ["1", ""]))))
    assert not saved.duplicate
    assert saved.received_at == stage.clock.time
    assert [(field.stale, field.revision) for field in saved.fields] == [(False, 1), (False, 1)]
    assert stored(stage, attempt) == {"qa_x": (1, "1/3"), "qb_y": (1, ["1", ""])}


def test_a_save_sent_again_is_answered_alike_and_stored_once(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    first = wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    stage.clock.pass_time(seconds=5)
    again = wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    assert again.duplicate
    assert (again.received_at, again.fields) == (first.received_at, first.fields)
    assert count(stage, Save) == 1


def test_duplicates_that_arrive_together_are_stored_once(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    with Paused(stage, attempt):
        futures = [lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))) for _ in range(5)]
    results = [wait(future) for future in futures]
    assert [result.duplicate for result in results] == [False, True, True, True, True]
    assert count(stage, Save) == 1


def test_a_save_number_used_for_something_else_is_a_conflict(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    with pytest.raises(Conflict, match="Save 1 of this device has arrived before, with other content"):
        wait(lane.submit(change(attempt, 1, (1, "qa_x", 2, "2"))))


def test_the_newest_revision_wins_and_an_older_one_is_told_what_is_stored(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 5, "new"))))
    late = wait(lane.submit(change(attempt, 1, (1, "qa_x", 4, "old"), (1, "qa_y", 1, "y"), device="phone")))
    assert [(f.field, f.stale, f.revision, f.value) for f in late.fields] == [
        ("qa_x", True, 5, "new"),
        ("qa_y", False, 1, "y"),
    ]
    assert stored(stage, attempt) == {"qa_x": (5, "new"), "qa_y": (1, "y")}
    assert count(stage, Save) == 2


def test_an_answer_can_be_emptied_and_a_question_flagged(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"), (1, FLAG, 1, True))))
    wait(lane.submit(change(attempt, 2, (1, "qa_x", 2, None), (1, FLAG, 2, False))))
    assert stored(stage, attempt) == {"qa_x": (2, None), FLAG: (2, False)}


def test_many_waiting_saves_share_one_commit(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    commits: list[Any] = []
    with Paused(stage, attempt):
        futures = [lane.submit(change(attempt, seq, (1, "qa_x", seq, str(seq)))) for seq in range(1, 101)]
        event.listen(stage.transactions.database.writing, "commit", commits.append)
    for future in futures:
        assert not wait(future).fields[0].stale
    # The first save may have been taken alone; the one that paused the writer commits too.
    assert len(commits) <= 3
    assert stored(stage, attempt) == {"qa_x": (100, "100")}


# With a handful of rows PostgreSQL reads whole tables, whatever their indexes.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_save_costs_the_same_however_many_others_sit(stage: Stage, lane: SaveLane) -> None:
    asked: list[tuple[str, Any]] = []
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    writing = stage.transactions.database.writing
    event.listen(writing, "before_cursor_execute", lambda *call: asked.append((call[2], call[3])))
    wait(lane.submit(change(attempt, 2, (1, "qa_x", 2, "2"), (2, "qb_x", 2, "2"))))
    lookups = [(statement, values) for statement, values in asked if statement.startswith("SELECT")]
    assert len(lookups) >= 3
    with stage.transactions.reading() as tx:
        for statement, values in lookups:
            plan = tx.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            steps = [row.detail for row in plan if row.detail.startswith("SCAN") and "CONSTANT" not in row.detail]
            assert not steps, (steps, statement)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        (change("nobody", 1, (1, "qa_x", 1, "1")), NotFound, "There is no such attempt"),
        (change("", 1, (9, "qa_x", 1, "1")), InvalidInput, "This attempt has no question 9"),
        (change("", 1, (1, "qb_x", 1, "1")), InvalidInput, "Question 1 has no field “qb_x”"),
    ],
)
def test_what_cannot_be_saved_is_refused_in_a_sentence(
    stage: Stage, lane: SaveLane, wrong: Change, error: type[Exception], says: str
) -> None:
    attempt = stage.start()
    asked = Change(wrong.attempt_id or attempt, wrong.device, wrong.seq, wrong.fields)
    with pytest.raises(error, match=says):
        wait(lane.submit(asked))
    assert count(stage, Save) == 0


def test_time_counts_until_the_end_of_grace(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=60, seconds=29)
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "just in time"))))
    stage.clock.pass_time(seconds=2)
    assert isinstance(lane.submit(change(attempt, 2, (1, "qa_x", 2, "too late"))).result(timeout=30), Kept)
    assert wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "just in time")))).duplicate
    assert stored(stage, attempt) == {"qa_x": (1, "just in time")}


def test_nothing_is_saved_after_handing_in(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[0], attempt, lambda: None)
    assert isinstance(lane.submit(change(attempt, 2, (1, "qa_x", 2, "2"))).result(timeout=30), Kept)
    assert stored(stage, attempt) == {"qa_x": (1, "1")}
    assert wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1")))).duplicate


def test_a_save_that_the_database_cannot_hold_fails_alone(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    with Paused(stage, attempt):
        futures = [
            lane.submit(change(attempt, 1, (1, "qa_x", 1, "good"))),
            lane.submit(change(attempt, 2, (1, "qa_y", 1, "\ud800"))),
            lane.submit(change(attempt, 3, (2, "qb_x", 2**31, "poisoned"))),
            lane.submit(change(attempt, 4, (2, "qb_y", 1, "good"))),
        ]
    assert not wait(futures[0]).duplicate
    assert not wait(futures[3]).duplicate
    for poisoned in futures[1:3]:
        with pytest.raises(Unavailable, match="This could not be saved"):
            wait(poisoned)
    assert stored(stage, attempt) == {"qa_x": (1, "good"), "qb_y": (1, "good")}


def test_when_commit_fails_everybody_hears_it_and_the_lane_goes_on(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()

    engine = stage.transactions.database.writing
    pause_is_over = threading.Event()

    def fail(connection: object) -> None:
        if pause_is_over.is_set():
            raise RuntimeError("the disk is on fire")
        pause_is_over.set()

    with Paused(stage, attempt):
        futures = [lane.submit(change(attempt, seq, (1, "qa_x", seq, str(seq)))) for seq in (1, 2, 3)]
        event.listen(engine, "commit", fail)
    for future in futures:
        with pytest.raises(Unavailable, match="could not store this"):
            wait(future)
    event.remove(engine, "commit", fail)
    assert count(stage, Save) == 0
    assert stored(stage, attempt) == {}
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "again"))))
    assert stored(stage, attempt) == {"qa_x": (1, "again")}


def limit_pages(database: Database, pages: int) -> None:
    """As if the disk ended there."""

    def limit(connection: Any, record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    event.listen(database.writing, "connect", limit)
    database.writing.dispose()


def test_a_full_disk_is_named_and_nothing_acknowledged_is_lost(
    new_database: Callable[[str, bool], str],
) -> None:
    from app.storage.engine import open_database

    database = open_database(new_database("sqlite", True))
    stage = set_the_stage(database)
    lane = SaveLane(stage.transactions, grace_seconds=0)
    attempt = stage.start()
    with database.reading.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    limit_pages(database, pages + 8)
    acknowledged = 0
    trouble = None
    for seq in range(1, 200):
        future = lane.submit(change(attempt, seq, (1, "qa_x", seq, "x" * 3000)))
        trouble = future.exception(timeout=30)
        if trouble is not None:
            break
        acknowledged = seq
    assert isinstance(trouble, Unavailable)
    assert str(trouble).startswith("The disk of the server is full; nothing could be stored.")
    assert acknowledged > 0
    assert stored(stage, attempt)["qa_x"][0] == acknowledged == count(stage, Save)
    limit_pages(database, 1_000_000)
    wait(lane.submit(change(attempt, 500, (1, "qa_x", 500, "room again"))))
    assert stored(stage, attempt)["qa_x"] == (500, "room again")
    lane.close()
    database.close()


def test_saves_of_eight_threads_are_all_stored(database: Database) -> None:
    stage = set_the_stage(database, students=8)
    lane = SaveLane(stage.transactions, grace_seconds=0)
    ids = [stage.start(number) for number in range(8)]

    def type_answers(attempt: str) -> None:
        for seq in range(1, 31):
            wait(lane.submit(change(attempt, seq, (1, "qa_x", seq, str(seq)), (2, "qb_x", seq, str(-seq)))))

    threads = [threading.Thread(target=type_answers, args=(attempt,)) for attempt in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lane.close()
    for attempt in ids:
        assert stored(stage, attempt) == {"qa_x": (30, "30"), "qb_x": (30, "-30")}
    assert count(stage, Save) == 240
    assert count(stage, Answer) == 16


def test_the_lanes_of_two_processes_never_wait_for_each_other_in_a_ring(database: Database) -> None:
    stage = set_the_stage(database, students=6)
    ids = [stage.start(number) for number in range(6)]
    lanes = [SaveLane(stage.transactions, grace_seconds=0) for _ in range(2)]
    futures = [
        lanes[which].submit(change(attempt, seq, (1, "qa_x", 2 * seq + which, "x"), device=f"tab{which}"))
        for seq in range(1, 31)
        for which, order in ((0, ids), (1, ids[::-1]))
        for attempt in order
    ]
    for future in futures:
        assert not wait(future).duplicate
    for lane in lanes:
        lane.close()
    assert count(stage, Save) == 360
    for attempt in ids:
        assert stored(stage, attempt) == {"qa_x": (61, "x")}


def test_closing_writes_what_is_waiting_and_takes_nothing_more(stage: Stage) -> None:
    lane = SaveLane(stage.transactions, grace_seconds=0)
    attempt = stage.start()
    futures = [lane.submit(change(attempt, seq, (1, "qa_x", seq, str(seq)))) for seq in range(1, 20)]
    lane.close()
    assert all(not wait(future).duplicate for future in futures)
    with pytest.raises(Unavailable, match="shutting down"):
        wait(lane.submit(change(attempt, 99, (1, "qa_x", 99, "x"))))
