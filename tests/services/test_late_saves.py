"""Late answers: kept apart, decided by the staff; a second hand-in counts instead of the first, everywhere, once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from typing import Any

import pytest
from sqlalchemy import func, select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.services.marking import grading
from app.services.operating import conditions
from app.services.results import gradebook_marks, outcomes, results
from app.services.sitting import late_saves, receipts, submissions
from app.services.sitting.late_saves import Decided, LateQuiz
from app.storage import attempts, judgements, marking_quality, people, regrades, replays
from app.storage import desk as desk_rows
from app.storage import quizzes as stored_quizzes
from app.storage import submissions as stored_submissions
from app.storage.changes import Change, FieldChange, Kept, Saved
from app.storage.save_lane import SaveLane
from app.storage.tables import Attempt, Judgement, LateSave, Quiz, SittingEvent, Submission, SubmissionItem
from tests.services.test_attempts import hand_in, save
from tests.services.test_handing_in import grade_everything
from tests.services.test_left_the_course import leave
from tests.small_bank import Stage


@pytest.fixture
def lane(stage: Stage) -> Iterator[SaveLane]:
    lane = SaveLane(stage.transactions, grace_seconds=30)
    yield lane
    lane.close()


def send(lane: SaveLane, attempt: str, *fields: tuple[int, str, int, Any], seq: int = 1, **known: Any) -> Saved | Kept:
    change = Change(attempt, "a-1", seq, tuple(FieldChange(*one) for one in fields), **known)
    return lane.submit(change).result(timeout=30)


def look(stage: Stage) -> LateQuiz:
    with stage.transactions.reading() as tx:
        return late_saves.late_of_quiz(tx, stage.course, stage.quiz)


def decide(stage: Stage, accept: bool, *numbers: int, wake: Any = lambda: None) -> Decided:
    with stage.transactions.writing() as tx:
        chosen = numbers or None
        return late_saves.decide(tx, stage.course, stage.quiz, chosen, accept=accept, by=stage.students[1], wake=wake)


def rows(stage: Stage, what: Any) -> list[Any]:
    with stage.transactions.reading() as tx:
        return list(tx.session.scalars(select(what).order_by(what.id)))


def kinds(stage: Stage) -> list[str]:
    return [row.kind for row in rows(stage, SittingEvent)]


def result(stage: Stage, attempt: str) -> results.ResultView:
    with stage.transactions.reading() as tx:
        return results.result(tx, stage.students[0], attempt)


def late_attempt(stage: Stage, lane: SaveLane) -> str:
    """Handed in with one right answer of four, graded; a second right one and another wrong one came late."""
    attempt = stage.start()
    send(lane, attempt, (1, "qa_x", 1, "1"), (2, "qb_x", 1, "5"))
    hand_in(stage, attempt)
    grade_everything(stage)
    stage.clock.pass_time(minutes=3)
    kept = send(lane, attempt, (1, "qa_y", 1, "1"), (2, "qb_x", 2, "6"), seq=2, typed_after=stage.clock.time)
    assert isinstance(kept, Kept)
    return attempt


def test_staff_sees_what_was_typed_when_and_what_it_would_replace(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    found = look(stage)
    assert (found.waiting, found.more, found.decided) == (1, 0, ())
    (one,) = found.undecided
    assert (one.id, one.name, one.handed_in_at) == (attempt, "Student 0", stage.clock.time - timedelta(minutes=3))
    (kept,) = one.saves
    assert (kept.origin, kept.state, kept.not_before, kept.received_at) == (
        "page",
        "waiting",
        stage.clock.time,
        stage.clock.time,
    )
    assert [(field.position, field.typed, field.now, field.older) for field in kept.fields] == [
        (1, "1", "", False),
        (2, "6", "5", False),
    ]


def test_accepting_makes_a_second_hand_in_that_counts_and_is_graded(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    before = result(stage, attempt)
    woken: list[int] = []
    stage.clock.pass_time(hours=1)
    assert decide(stage, True, wake=lambda: woken.append(1)) == Decided(1, 1)
    assert woken == [1]
    first, second = rows(stage, Submission)
    assert (first.number, first.superseded, second.number, second.superseded) == (1, True, 2, False)
    assert second.at == first.at
    assert second.receipt != first.receipt
    grade_everything(stage)
    after = result(stage, attempt)
    assert (before.points, after.points) == (Fraction(3, 2), Fraction(3))
    assert after.receipt == second.receipt
    assert after.handed_in_at == first.at
    with stage.transactions.reading() as tx:
        receipt = submissions.receipt(tx, stage.students[0], attempt)
        assert receipt.code == second.receipt
        assert receipt.answered == 3
        assert submissions.receipt_is_true(tx, stage.students[0], attempt)
        row = attempts.attempt(tx, attempt)
        assert row is not None
        assert submissions.code_holds(tx, *row, first)  # the first receipt stays true of the first hand-in
    assert kinds(stage)[-1] == "late save accepted"
    assert look(stage).waiting == 0
    assert [one.saves[0].state for one in look(stage).decided] == ["accepted"]


def test_late_answers_of_who_has_left_the_course_are_not_shown_and_so_not_decided(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    person = leave(stage, attempt)
    found = look(stage)
    assert (found.waiting, found.undecided, found.decided) == (0, (), ())
    assert decide(stage, True) == Decided(0, 0)
    with stage.transactions.writing() as tx:
        people.enrol(tx, stage.course, person, "student")
    assert look(stage).waiting == 1
    assert decide(stage, True) == Decided(1, 1)


def test_declining_changes_nothing_and_twice_decides_once(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    before = result(stage, attempt)
    assert decide(stage, False) == Decided(1, 0)
    assert decide(stage, True) == Decided(0, 0)
    assert result(stage, attempt) == before
    assert len(rows(stage, Submission)) == 1
    assert [row.state for row in rows(stage, LateSave)] == ["declined"]
    assert kinds(stage)[-1] == "late save declined"


def test_one_of_two_is_accepted_and_the_other_waits(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    send(lane, attempt, (2, "qb_y", 1, "1"), seq=3)
    first, second = (row.id for row in rows(stage, LateSave))
    assert decide(stage, True, second) == Decided(1, 1)
    assert decide(stage, True, second) == Decided(0, 0)
    assert [row.state for row in rows(stage, LateSave)] == ["waiting", "accepted"]
    assert decide(stage, True, first) == Decided(1, 1)
    grade_everything(stage)
    assert result(stage, attempt).points == Fraction(9, 2)
    assert [row.superseded for row in rows(stage, Submission)] == [True, True, False]


def test_what_is_older_than_what_is_stored_replaces_nothing(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, (1, "qa_x", 7, "1"))
    hand_in(stage, attempt)
    send(lane, attempt, (1, "qa_x", 3, "before"), seq=2)
    assert look(stage).undecided[0].saves[0].fields[0].older
    assert decide(stage, True) == Decided(1, 0)
    assert len(rows(stage, Submission)) == 1


def typed_late(lane: SaveLane, attempt: str, value: str, seq: int, device: str = "a-1", **known: Any) -> Saved | Kept:
    """More keys than for anything else, on a page that had heard of nothing."""
    part = FieldChange(1, "qa_x", 90 + seq, value, base=0, **known)
    return lane.submit(Change(attempt, device, seq, (part,))).result(timeout=30)


@pytest.mark.parametrize(
    ("known", "older", "unsure", "stands"),
    [
        ({"age": 30 * 60_000}, True, False, "stored"),
        ({"about": 30 * 60_000}, True, False, "stored"),
        ({"age": 60_000}, False, False, "late"),
        ({"about": 60_000}, False, False, "late"),
        ({}, False, True, "late"),
    ],
)
def test_what_was_typed_before_what_stands_there_replaces_it_never_and_what_may_have_been_is_said_to_be(
    stage: Stage, lane: SaveLane, known: dict[str, int], older: bool, unsure: bool, stands: str
) -> None:
    attempt = stage.start()
    stage.clock.pass_time(minutes=10)
    lane.submit(Change(attempt, "b-1", 1, (FieldChange(1, "qa_x", 5, "stored", base=0, age=500),))).result(timeout=30)
    hand_in(stage, attempt)
    stage.clock.pass_time(minutes=10)
    assert isinstance(typed_late(lane, attempt, "late", 1, **known), Kept)
    (field,) = look(stage).undecided[0].saves[0].fields
    assert (field.older, field.unsure) == (older, unsure)
    assert decide(stage, True) == Decided(1, int(stands == "late"))
    assert values(stage, attempt) == {"qa_x": stands}


def test_of_two_late_saves_what_was_typed_last_stands_whichever_came_first(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    stage.clock.pass_time(minutes=30)
    typed_late(lane, attempt, "at 20", 1, age=10 * 60_000)
    typed_late(lane, attempt, "at 10", 2, "b-1", age=20 * 60_000)
    first, second = (row.id for row in rows(stage, LateSave))
    decide(stage, True, first)
    assert decide(stage, True, second) == Decided(1, 0)
    assert values(stage, attempt) == {"qa_x": "at 20"}


def test_a_late_save_that_comes_again_a_little_later_is_kept_once(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    hand_in(stage, attempt)
    kept = [typed_late(lane, attempt, "1", 1, age=1000 * n) for n in (1, 2)]
    assert [isinstance(one, Kept) and one.duplicate for one in kept] == [False, True]
    part = FieldChange(1, "qa_x", 91, "1", base=0, age=4000)
    again = lane.submit(Change(attempt, "a-1", 2, (part,))).result(timeout=30)
    assert again.duplicate
    assert len(rows(stage, LateSave)) == 1


def values(stage: Stage, attempt: str) -> dict[str, Any]:
    with stage.transactions.reading() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        by_item = attempts.answers(tx, found[0].id)
    return {name: row.value for fields in by_item.values() for name, row in fields.items()}


def test_late_answers_of_an_attempt_that_is_open_simply_stand_there(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    with stage.transactions.writing() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        submissions.reopen(tx, found[1], found[0], stage.students[1], "The fire alarm")
    assert decide(stage, True) == Decided(1, 1)
    assert len(rows(stage, Submission)) == 1
    hand_in(stage, attempt)
    grade_everything(stage)
    assert result(stage, attempt).points == 3


def test_what_people_decided_goes_along_where_the_answers_are_the_same(stage: Stage, lane: SaveLane) -> None:
    late_attempt(stage, lane)
    marker = stage.students[1]
    with stage.transactions.writing() as tx:
        one, two = tx.session.scalars(select(SubmissionItem.id).order_by(SubmissionItem.id))
        judgements.keep(tx, one, "p", "qa_x", marker, Fraction(1), "was not")
        judgements.keep(tx, two, "p", "qb_y", marker, Fraction(1), "generous")
        judgements.keep(tx, two, "p", "qb_y", marker, Fraction(1, 2), "second thoughts", round=2)
    with stage.transactions.writing() as tx:
        row = tx.session.scalars(select(LateSave)).one()
        row.changes = [change for change in row.changes if change[0] == 1]
    found = decide(stage, True)
    assert found.left == ("Student 0: 1p",)
    *_, first, second = rows(stage, Judgement)
    assert [(one.criterion, one.verdict, one.comment, one.round) for one in (first, second)] == [
        ("qb_y", Fraction(1), "generous", 1),
        ("qb_y", Fraction(1, 2), "second thoughts", 2),
    ]
    assert len(rows(stage, Judgement)) == 5
    assert {first.submission_item_id, second.submission_item_id} == {rows(stage, SubmissionItem)[-1].id}


def test_a_comment_that_goes_along_still_repeats_the_decision_beside_it(stage: Stage, lane: SaveLane) -> None:
    late_attempt(stage, lane)
    with stage.transactions.writing() as tx:
        about = tx.session.scalars(select(SubmissionItem.id).order_by(SubmissionItem.id)).all()[1], "p"
        decided = judgements.keep(tx, *about, "qb_y", stage.students[1], Fraction(1))
        judgements.keep(tx, *about, "qb_y", stage.students[1], Fraction(1), "generous", repeats=decided)
        judgements.keep(tx, *about, "", stage.students[1], Fraction(0), "only said", repeats=0)
        tx.session.scalars(select(LateSave)).one().changes = [[1, "qa_x", 1, "5"]]
    decide(stage, True)
    *_, first, beside, said = rows(stage, Judgement)
    assert (first.repeats, beside.repeats, said.repeats) == (None, first.id, 0)


def test_a_superseded_hand_in_counts_nowhere(stage: Stage, lane: SaveLane) -> None:
    attempt = late_attempt(stage, lane)
    with stage.transactions.writing() as tx:  # never graded: the second hand-in came before
        tx.session.scalars(select(SubmissionItem).order_by(SubmissionItem.id)).first().current_grading_id = None  # type: ignore[union-attr]
    decide(stage, True)
    with stage.transactions.reading() as tx:
        (paper,) = grading.ungraded_papers(tx)
        assert len(grading.ungraded_of(tx, paper)) == 2
        assert {queue.name: queue.waiting for queue in conditions.queues(tx, 30).all}["gradings"] == 2
    grade_everything(stage)
    items = [row.id for row in rows(stage, SubmissionItem)][2:]
    with stage.transactions.reading() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        (mine,) = [one for one in tx.session.scalars(select(Attempt)) if one.public_id == attempt]
        assert [len(found) for found in stored_submissions.outcomes(tx, [mine.id]).values()] == [2]
        table = outcomes.outcomes(tx, stage.course, stage.quiz)
        (line,) = [row for row in table.rows if row.name == "Student 0"]
        assert line.attempts[0].points == 3
        marks = gradebook_marks.marks(tx, stage.course, stage.students, ())
        assert marks.cells[stage.students[0]][0].points == 3
        _, counts = desk_rows.counts(tx, quiz)
        assert sum(one.number for one in counts) == 2
        answered = desk_rows.one(tx, quiz.id, attempt, 1)
        assert answered is not None
        assert answered.item_id == items[0]
        assert [one.item_id for one in regrades.concerned(tx, quiz.id, None)] == items
        assert sum(one.answers for one in regrades.asked(tx, quiz.id)) == 2
        assert [one.item_id for one in replays.counting(tx, 0, 100)] == items
        assert {one.item_id for one in marking_quality.graded_alone(tx, quiz.id)} == set(items)


def test_reopened_an_attempt_goes_on_and_its_next_hand_in_counts(stage: Stage, lane: SaveLane) -> None:
    attempt = stage.start()
    send(lane, attempt, (1, "qa_x", 1, "1"))
    hand_in(stage, attempt)
    grade_everything(stage)
    with stage.transactions.writing() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        assert submissions.reopen(tx, found[1], found[0], stage.students[1], "handed in by mistake") is None
        assert submissions.reopen(tx, found[1], found[0], stage.students[1], "twice") is None
    assert kinds(stage).count("reopened") == 1
    with stage.transactions.reading() as tx, pytest.raises(NotFound, match="not been handed in"):
        results.result(tx, stage.students[0], attempt)
    assert isinstance(send(lane, attempt, (1, "qa_y", 1, "1"), seq=2), Saved)
    stage.clock.pass_time(minutes=1)
    hand_in(stage, attempt)
    grade_everything(stage)
    assert result(stage, attempt).points == 3
    assert [(row.number, row.superseded) for row in rows(stage, Submission)] == [(1, True), (2, False)]
    assert rows(stage, Submission)[1].at == stage.clock.time


def test_reopening_after_the_deadline_takes_minutes(stage: Stage) -> None:
    with stage.transactions.writing() as tx:
        tx.session.scalars(select(Quiz)).one().minutes = 10
    attempt = stage.start()
    hand_in(stage, attempt)
    stage.clock.pass_time(minutes=30)
    with stage.transactions.writing() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        with pytest.raises(InvalidInput, match="say for how many minutes"):
            submissions.reopen(tx, found[1], found[0], stage.students[1], "")
    with stage.transactions.writing() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        until = submissions.reopen(tx, found[1], found[0], stage.students[1], "", seconds=300)
        assert until == stage.clock.time + timedelta(minutes=5)
        assert found[0].deadline_at == until
        assert found[0].added_seconds == 25 * 60


def test_nobody_has_two_open_attempts_by_reopening(stage: Stage) -> None:
    first = stage.start()
    hand_in(stage, first)
    stage.start()
    with stage.transactions.writing() as tx:
        found = attempts.attempt(tx, first)
        assert found is not None
        with pytest.raises(Conflict, match="Another attempt of this person"):
            submissions.reopen(tx, found[1], found[0], stage.students[1], "")


def test_a_receipt_of_a_superseded_hand_in_says_so(stage: Stage, lane: SaveLane) -> None:
    late_attempt(stage, lane)
    decide(stage, True)
    first, second = rows(stage, Submission)
    with stage.transactions.reading() as tx:
        from app.services.accounts.people import person_from
        from app.storage import people

        row = people.person(tx, stage.students[0])
        assert row is not None
        me = person_from(row)
        assert [one.superseded for one in receipts.check(tx, me, first.receipt)] == [True]
        assert [one.superseded for one in receipts.check(tx, me, second.receipt)] == [False]


def test_nothing_is_decided_in_an_archived_course_or_in_another_one(stage: Stage, lane: SaveLane) -> None:
    late_attempt(stage, lane)
    with stage.transactions.writing() as tx, pytest.raises(NotFound):
        late_saves.decide(tx, stage.course + 1, stage.quiz, None, accept=True, by=stage.students[1])
    with stage.transactions.writing() as tx:
        stored_quizzes.course(tx, stage.course).archived_at = stage.clock.time
    with pytest.raises(NotAllowed, match="archived"):
        decide(stage, True)


def test_saving_and_handing_in_go_on_beside_late_answers(stage: Stage, lane: SaveLane) -> None:
    late_attempt(stage, lane)
    with stage.transactions.writing() as tx:
        assert tx.session.scalar(select(func.count()).select_from(LateSave)) == 1
    other = stage.start(1)
    save(stage, other, (1, "qa_x", 1, "1"))
