"""Saves that come too late: kept once, bounded, with what is known of when they were typed; and two tabs at once."""

from __future__ import annotations

from concurrent.futures import Future
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, func, select, update

from app.domain.errors import InvalidInput
from app.services.sitting import submissions
from app.storage import attempts, late_saves
from app.storage.changes import FLAG, Change, FieldChange, Kept, Saved, TooLate
from app.storage.save_lane import SaveLane
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Attempt, LateSave, Quiz, Save, SittingEvent
from tests.small_bank import Stage
from tests.storage.test_save_lane import Paused


def change(attempt: str, seq: int, *fields: tuple[int, str, int, Any], device: str = "a-1", **known: Any) -> Change:
    return Change(attempt, device, seq, tuple(FieldChange(*one) for one in fields), **known)


def wait(future: Future[Saved | Kept]) -> Saved | Kept:
    return future.result(timeout=30)


def late(stage: Stage) -> list[LateSave]:
    with stage.transactions.reading() as tx:
        return list(tx.session.scalars(select(LateSave).order_by(LateSave.id)))


def events(stage: Stage, *kinds: str) -> list[str]:
    with stage.transactions.reading() as tx:
        query = select(SittingEvent.kind).where(SittingEvent.kind.in_(kinds)).order_by(SittingEvent.id)
        return list(tx.session.scalars(query))


def answers(stage: Stage, attempt: str) -> dict[str, Any]:
    with stage.transactions.reading() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        by_item = attempts.answers(tx, found[0].id)
    return {name: row.value for fields in by_item.values() for name, row in fields.items()}


def hand_in(stage: Stage, attempt: str) -> None:
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[0], attempt, lambda: None)


def test_what_comes_after_the_grace_is_kept_with_the_bounds_of_when_it_was_typed(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    told = stage.clock.time + timedelta(minutes=50)
    stage.clock.pass_time(minutes=75)
    kept = wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "typed offline"), typed_after=told)))
    assert kept == Kept(stage.clock.time, False)
    (row,) = late(stage)
    assert (row.origin, row.state, row.not_before, row.received_at) == ("page", "waiting", told, stage.clock.time)
    assert row.changes == [[1, "qa_x", 1, "typed offline"]]
    assert answers(stage, attempt) == {}
    assert events(stage, "late save") == ["late save"]


def test_a_bound_later_than_the_arrival_is_none(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"), typed_after=stage.clock.time + timedelta(seconds=1))))
    assert late(stage)[0].not_before is None


def test_the_grace_of_the_quiz_goes_before_the_one_of_the_installation(stage: Stage, lane: SaveLane) -> None:
    with stage.transactions.writing() as tx:
        tx.session.execute(update(Quiz).values(grace_seconds=120))
    attempt = stage.start()
    stage.clock.pass_time(minutes=61)
    assert isinstance(wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1")))), Saved)
    stage.clock.pass_time(minutes=2)
    assert isinstance(wait(lane.submit(change(attempt, 2, (1, "qa_x", 2, "2")))), Kept)


def test_a_paused_attempt_takes_answers_whatever_the_clock_says(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    with stage.transactions.writing() as tx:
        tx.session.execute(update(Attempt).values(paused_at=stage.clock.time))
    stage.clock.pass_time(hours=5)
    assert isinstance(wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1")))), Saved)


def test_the_same_late_save_is_kept_once_however_it_is_numbered(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    first = wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    stage.clock.pass_time(seconds=5)
    again = wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    numbered = wait(lane.submit(change(attempt, 2, (1, "qa_x", 1, "1"), device="b-1")))
    assert isinstance(first, Kept)
    assert again == Kept(first.received_at, True)
    assert numbered == Kept(stage.clock.time, True)
    assert len(late(stage)) == 1
    more = wait(lane.submit(change(attempt, 3, (1, "qa_x", 1, "1"), (1, "qa_y", 1, "2"))))
    assert not more.duplicate
    assert [row.changes for row in late(stage)] == [[[1, "qa_x", 1, "1"]], [[1, "qa_y", 1, "2"]]]
    assert events(stage, "late save") == ["late save"]


def test_what_is_stored_already_leaves_nothing_to_decide(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"))))
    hand_in(stage, attempt)
    repeated = wait(lane.submit(change(attempt, 2, (1, "qa_x", 1, "1"), (1, FLAG, 1, True), (1, "qa_y", 1, ""))))
    assert isinstance(repeated, Saved)
    assert repeated.duplicate
    assert [field.stale for field in repeated.fields] == [False, False, False]
    assert late(stage) == []


def test_no_attempt_fills_the_disk_with_late_saves(
    stage: Stage, lane: SaveLane, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(late_saves, "MOST_SAVES", 3)
    attempt = stage.start()
    hand_in(stage, attempt)
    for seq in range(1, 4):
        assert isinstance(wait(lane.submit(change(attempt, seq, (1, "qa_x", seq, str(seq))))), Kept)
    with pytest.raises(TooLate, match="Download your answers"):
        wait(lane.submit(change(attempt, 4, (1, "qa_x", 4, "4"))))
    monkeypatch.setattr(late_saves, "MOST_SAVES", 100)
    monkeypatch.setattr(late_saves, "MOST_BYTES", 200)
    with pytest.raises(TooLate, match="Download your answers"):
        wait(lane.submit(change(attempt, 5, (1, "qa_x", 5, "5" * 200))))
    assert len(late(stage)) == 3


def test_a_field_that_does_not_exist_is_refused_also_when_it_comes_late(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    with pytest.raises(InvalidInput, match="has no field"):
        wait(lane.submit(change(attempt, 1, (1, "qb_x", 1, "1"))))
    assert late(stage) == []


def test_late_saves_and_others_share_one_commit(stage: Stage, lane: SaveLane) -> None:
    mine, other = stage.start(), stage.start(1)
    hand_in(stage, mine)
    commits: list[Any] = []
    with Paused(stage, other):
        futures = [lane.submit(change(mine, seq, (1, "qa_x", seq, str(seq)))) for seq in range(1, 31)]
        futures += [lane.submit(change(other, seq, (1, "qa_x", seq, str(seq)))) for seq in range(1, 31)]
        event.listen(stage.transactions.database.writing, "commit", commits.append)
    assert [type(wait(future)) for future in futures] == [Kept] * 30 + [Saved] * 30
    # The first save may have been taken alone; the one that paused the writer commits too.
    assert len(commits) <= 3
    assert len(late(stage)) == 30


def test_a_page_hears_what_another_one_has_stored_in_its_question_since(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "old"), (2, "qb_x", 1, "elsewhere"))))
    stage.clock.pass_time(seconds=60)
    seen = stage.clock.time
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 2, "phone"), device="b-1")))
    stage.clock.pass_time(seconds=60)
    saved = wait(lane.submit(change(attempt, 2, (1, "qa_y", 1, "mine"), seen=seen)))
    assert isinstance(saved, Saved)
    assert [(one.item, one.field, one.revision, one.value) for one in saved.elsewhere] == [(1, "qa_x", 2, "phone")]
    later = wait(lane.submit(change(attempt, 3, (1, "qa_y", 2, "mine"), seen=stage.clock.time)))
    assert isinstance(later, Saved)
    assert later.elsewhere == ()


def test_a_second_tab_that_saves_while_the_first_is_open_is_written_down(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"), device="a-1")))
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 2, "2"), device="a-2")))
    assert events(stage, "another page") == []  # the next page of the same tab
    stage.clock.pass_time(seconds=20)
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 3, "3"), device="b-1")))
    wait(lane.submit(change(attempt, 2, (1, "qa_x", 4, "4"), device="a-2")))
    assert events(stage, "another page") == ["another page"]  # not with every turn
    stage.clock.pass_time(seconds=70)
    wait(lane.submit(change(attempt, 2, (1, "qa_x", 5, "5"), device="b-1")))
    assert events(stage, "another page") == ["another page"] * 2


def test_a_tab_that_comes_after_the_first_was_closed_is_nothing_to_tell(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 1, "1"), device="a-1")))
    stage.clock.pass_time(minutes=10)
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 2, "2"), device="b-1")))
    wait(lane.submit(change(attempt, 1, (1, "qa_x", 3, "3"), device="form-1")))
    assert events(stage, "another page") == []
    with stage.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(Save)) == 3
        assert tx.session.scalar(select(Attempt.page)) == "b"


class Typed(NamedTuple):
    """A save that somebody's page sends: from which tab, what, and how long after the one before."""

    tab: str
    field: str
    revision: int
    value: str
    seconds: int


typing = st.lists(
    st.builds(
        Typed,
        st.sampled_from(("a-1", "b-1")),
        st.sampled_from(("qa_x", "qa_y")),
        st.integers(1, 6),
        st.sampled_from(("", "1", "2")),
        st.integers(0, 1500),
    ),
    max_size=12,
)


@given(typing, st.integers(0, 12))
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_comes_whenever_all_of_it_is_somewhere_and_the_newest_in_time_stands(
    small_stage: Stage, typed: list[Typed], before_hand_in: int
) -> None:
    stage, expected = small_stage, dict[str, tuple[int, str]]()
    attempt = stage.start(0)
    ends = stage.clock.time + timedelta(minutes=60, seconds=30)
    in_time: list[list[Any]] = []
    for number, one in enumerate(typed):
        if number == before_hand_in:
            hand_in(stage, attempt)
        stage.clock.pass_time(seconds=one.seconds)
        save = change(attempt, number, (1, one.field, one.revision, one.value), device=one.tab)
        with stage.transactions.writing() as tx:
            (result,) = write_saves(tx, [Arrival(save, tx.now())], 30, {}, keep_late=True)
        late_now = number >= before_hand_in or stage.clock.time > ends
        known = expected.get(one.field, (0, ""))
        if not late_now:
            assert isinstance(result, Saved)
            in_time.append([1, one.field, one.revision, one.value])
            if one.revision > known[0]:
                expected[one.field] = (one.revision, one.value)
        else:
            assert isinstance(result, Kept) == (one.value != known[1])
    with stage.transactions.reading() as tx:
        mine = attempts.attempt(tx, attempt)
        assert mine is not None
        number = mine[0].id
        saved = [
            row for one in tx.session.scalars(select(Save).where(Save.attempt_id == number)) for row in one.changes
        ]
        kept = [row for one in late_saves.of_attempt(tx, number) for row in one.changes]
    assert sorted(saved) == sorted(in_time)
    stands = {field: value for field, (_, value) in expected.items()}
    for one in typed:
        row = [1, one.field, one.revision, one.value]
        assert row in saved or row in kept or one.value == stands.get(one.field, "")
    assert answers(stage, attempt) == stands
    hand_in(stage, attempt)
