"""Who sits a quiz at this moment, and what staff do for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.interchange.sheets import csv_lines
from app.services.courses import courses
from app.services.quizzes import accommodations
from app.services.sitting import attempts, invigilating, news, sitting_log, sitting_orders
from app.services.sitting.invigilating import Seat, SittingView
from app.services.sitting.sitting_orders import Done, Order
from app.storage import invigilation, people
from app.storage.changes import Change, FieldChange, Saved
from app.storage.saves import Arrival, write_saves
from app.storage.tables import Enrolment, LateSave, Presence
from tests.quiz_bank import RULES, Building, instructor, question, standing


def timed(building: Building, **rules: Any) -> str:
    return building.published(question("conv1"), question("loss"), rules=replace(RULES, minutes=60, **rules))


def look(building: Building, quiz: str) -> SittingView:
    with building.stage.transactions.reading() as tx:
        return invigilating.sitting(tx, building.course, quiz)


def seat(building: Building, quiz: str, student: int = 0) -> Seat:
    person = building.stage.students[student]
    return next(one for one in look(building, quiz).seats if one.person_id == person)


def order(building: Building, quiz: str, what: Any, *students: int, **more: Any) -> Done:
    chosen = tuple(building.stage.students[one] for one in students)
    with building.stage.transactions.writing() as tx:
        who = standing(tx, building.course, building.ines)
        return sitting_orders.carry_out(tx, who, quiz, Order(what, people=chosen, **more))


def save(building: Building, attempt: str, field: str, value: Any, seq: int = 1) -> None:
    with building.stage.transactions.writing() as tx:
        change = Change(attempt, "tab", seq, (FieldChange(1, field, seq, value),))
        (result,) = write_saves(tx, [Arrival(change, tx.now())], 30, {})
    assert isinstance(result, Saved)


def group(building: Building, name: str, *students: int) -> None:
    with building.stage.transactions.writing() as tx:
        for one in students:
            tx.session.get_one(Enrolment, (building.course, building.stage.students[one])).group = name


def see(building: Building, attempt: str) -> None:
    """A page of the attempt shows a sign of life."""
    with building.stage.transactions.writing() as tx:
        row = invigilation.attempt_ids(tx, quiz_number(building, attempt))[attempt]
        tx.session.merge(Presence(attempt_id=row, seen_at=tx.now()))


def quiz_number(building: Building, attempt: str) -> int:
    with building.stage.transactions.reading() as tx:
        _, quiz = attempts.attempt_of(tx, building.stage.students[0], attempt)
    return quiz.id


def kinds(building: Building, quiz: str, student: int | None = None) -> list[str]:
    with building.stage.transactions.reading() as tx:
        person = None if student is None else building.stage.students[student]
        return [one.kind for one in sitting_log.sitting_log(tx, building.course, quiz, person).entries]


def minutes_left(building: Building, quiz: str, student: int = 0) -> float:
    left = seat(building, quiz, student).seconds_left
    assert left is not None
    return left / 60


def test_who_has_not_started_is_in_and_has_handed_in(building: Building) -> None:
    quiz = timed(building)
    view = look(building, quiz)
    assert [one.state for one in view.seats] == ["not started", "not started"]
    attempt = building.start(quiz)
    building.preview(quiz)  # by the staff: nobody's seat
    view = look(building, quiz)
    assert (view.count("in"), view.count("not started"), len(view.seats)) == (1, 1, 2)
    building.hand_in(attempt)
    done = seat(building, quiz)
    assert (done.state, done.handed_in_at, done.seconds_left) == ("handed in", building.stage.clock(), None)
    with building.stage.transactions.reading() as tx, pytest.raises(NotFound):
        invigilating.sitting(tx, building.course, "nothing")


def test_of_who_is_in_the_last_save_the_time_left_and_how_far(building: Building) -> None:
    quiz = timed(building)
    attempt = building.start(quiz)
    started = seat(building, quiz)
    assert (started.saved_at, started.answered, started.fields, started.seconds_left) == (None, 0, 4, 3600)
    building.stage.clock.pass_time(minutes=10)
    asked = building.asked(attempt)[0]
    save(building, attempt, f"{asked}_x", "3")
    save(building, attempt, "@flag", True, 2)
    later = seat(building, quiz)
    assert (later.saved_at, later.answered, minutes_left(building, quiz)) == (building.stage.clock(), 1, 50)
    save(building, attempt, f"{asked}_x", "", 3)
    assert seat(building, quiz).answered == 0
    building.stage.clock.pass_time(minutes=70)
    assert seat(building, quiz).seconds_left == 0


def test_somebody_of_whose_pages_nothing_is_heard_for_twenty_seconds_is_offline(building: Building) -> None:
    quiz = timed(building)
    attempt = building.start(quiz)
    assert seat(building, quiz).offline
    see(building, attempt)
    building.stage.clock.pass_time(seconds=20)
    assert not seat(building, quiz).offline
    building.stage.clock.pass_time(seconds=1)
    assert (seat(building, quiz).offline, look(building, quiz).count("offline")) == (True, 1)
    building.hand_in(attempt)
    assert not seat(building, quiz).offline


def test_pages_without_scripts_are_not_offline_but_without_a_live_page(building: Building) -> None:
    quiz = timed(building)
    attempt = building.start(quiz)
    see(building, attempt)
    building.stage.clock.pass_time(seconds=15)

    def visit() -> Seat:
        with building.stage.transactions.writing() as tx:
            row = invigilation.attempt_ids(tx, quiz_number(building, attempt))[attempt]
            news.visited(tx, {row: 5.0})
        return seat(building, quiz)

    # A page with scripts that was lost just after it was asked for is offline.
    assert visit().visited_at is None
    building.stage.clock.pass_time(minutes=10)
    without = visit()
    assert (without.offline, without.visited_at) == (False, building.stage.clock() - timedelta(seconds=5))
    building.stage.clock.pass_time(minutes=10)
    assert (seat(building, quiz).visited_at, look(building, quiz).count("offline")) == (without.visited_at, 0)
    see(building, attempt)
    assert (seat(building, quiz).visited_at, seat(building, quiz).offline) == (None, False)
    building.hand_in(attempt)
    assert seat(building, quiz).visited_at is None


def test_extra_time_is_what_somebody_has_more_than_everybody(building: Building) -> None:
    quiz = timed(building)
    with building.stage.transactions.writing() as tx:
        student = building.stage.students[1]
        accommodations.grant(tx, building.course, quiz, building.ines, student, extra_minutes=15)
    assert (seat(building, quiz, 0).extra_seconds, seat(building, quiz, 1).extra_seconds) == (0, 900)
    building.start(quiz, 1)
    order(building, quiz, "time", 1, minutes=5)
    assert seat(building, quiz, 1).extra_seconds == 1200


def test_late_saves_of_every_attempt_are_counted_until_decided(building: Building) -> None:
    quiz = timed(building, attempts_allowed=2)
    attempt = building.start(quiz)
    building.hand_in(attempt)
    with building.stage.transactions.writing() as tx:
        row = invigilation.attempt_ids(tx, quiz_number(building, attempt))[attempt]
        for seq, state in enumerate(("waiting", "waiting", "declined")):
            late = LateSave(attempt_id=row, device="tab", seq=seq, origin="page", changes=[], state=state)
            late.received_at = tx.now()
            tx.session.add(late)
    building.start(quiz)
    assert (seat(building, quiz).late, look(building, quiz).late, look(building, quiz).count("late")) == (2, 2, 1)


def test_the_open_attempt_is_shown_else_the_newest(building: Building) -> None:
    quiz = timed(building, attempts_allowed=3)
    building.hand_in(building.start(quiz))
    second = building.start(quiz)
    assert (seat(building, quiz).attempt_id, seat(building, quiz).number) == (second, 2)
    building.hand_in(second)
    assert (seat(building, quiz).state, seat(building, quiz).number) == ("handed in", 2)


def test_the_table_can_be_narrowed(building: Building) -> None:
    quiz = timed(building)
    group(building, "A", 1)
    building.start(quiz, 1)
    view = look(building, quiz)
    assert dict(view.groups) == {"A": 1}
    found = [
        [one.login for one in invigilating.narrowed(view.seats, **words)]
        for words in ({}, {"search": "STUDENT1"}, {"show": "not started"}, {"group": "A"}, {"show": "what?"})
    ]
    assert found == [["student0", "student1"], ["student1"], ["student0"], ["student1"], ["student0", "student1"]]


def test_time_for_one_for_a_group_and_for_all(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz, 0)
    building.start(quiz, 1)
    group(building, "A", 1)
    assert order(building, quiz, "time", 0, minutes=5, reason="Fire alarm").count == 1
    assert (minutes_left(building, quiz, 0), minutes_left(building, quiz, 1)) == (65, 60)
    assert order(building, quiz, "time", group="A", minutes=10).count == 1
    assert (minutes_left(building, quiz, 0), minutes_left(building, quiz, 1)) == (65, 70)
    assert order(building, quiz, "time", everybody=True, minutes=1).count == 2
    assert (minutes_left(building, quiz, 0), minutes_left(building, quiz, 1)) == (66, 71)
    order(building, quiz, "time", 0, minutes=-3)
    assert minutes_left(building, quiz, 0) == 63


def test_a_second_click_changes_nothing(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    once = {"minutes": 5, "once": "abcdefgh1234"}
    assert not order(building, quiz, "time", 0, **once).again
    assert order(building, quiz, "time", 0, **once).again
    assert minutes_left(building, quiz) == 65
    for _ in range(2):
        order(building, quiz, "message", 0, text="Ten minutes left", once="message-once")
        order(building, quiz, "note", 0, text="Came late", once="note-of-once")
    assert (kinds(building, quiz).count("message"), kinds(building, quiz).count("note")) == (1, 1)
    # Another form, the same words: that is meant.
    order(building, quiz, "time", 0, minutes=5, once="abcdefgh5678")
    assert minutes_left(building, quiz) == 70


def test_while_paused_the_time_stands_still_and_then_goes_on(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    order(building, quiz, "pause", 0, reason="Power cut")
    building.stage.clock.pass_time(minutes=20)
    paused = seat(building, quiz)
    assert (minutes_left(building, quiz), look(building, quiz).count("paused")) == (60, 1)
    assert paused.paused_at == building.stage.clock() - timedelta(minutes=20)
    order(building, quiz, "resume", everybody=True)
    assert (minutes_left(building, quiz), look(building, quiz).count("paused")) == (60, 0)


def test_ended_is_handed_in_and_grading_is_woken(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    woken: list[int] = []
    with building.stage.transactions.writing() as tx:
        who = standing(tx, building.course, building.ines)
        chosen = Order("end", people=building.stage.students[:1], reason="Copied")
        assert sitting_orders.carry_out(tx, who, quiz, chosen, lambda: woken.append(1)).count == 1
        assert not woken
    assert (seat(building, quiz).state, woken) == ("handed in", [1])
    assert "ended" in kinds(building, quiz, 0)


def test_reopened_goes_on_and_what_is_handed_in_next_counts(building: Building) -> None:
    quiz = timed(building, attempts_allowed=1)
    attempt = building.start(quiz)
    with pytest.raises(Conflict, match="None of these students has handed in"):
        order(building, quiz, "reopen", 0)
    building.hand_in(attempt)
    building.stage.clock.pass_time(minutes=90)
    with pytest.raises(InvalidInput) as told:
        order(building, quiz, "reopen", 0, 1)
    assert told.value.place == "minutes"
    assert order(building, quiz, "reopen", 0, 1, minutes=15, reason="Pressed by mistake").count == 1
    assert (seat(building, quiz).state, minutes_left(building, quiz)) == ("in", 15)
    building.hand_in(attempt)
    assert seat(building, quiz).handed_in_at == building.stage.clock()
    assert kinds(building, quiz, 0)[-2:] == ["reopened", "handed in"]


def test_an_order_that_fails_for_one_is_carried_out_for_nobody(building: Building) -> None:
    quiz = timed(building)
    for student in (0, 1):
        building.start(quiz, student)
    order(building, quiz, "time", 0, minutes=10)
    with building.stage.transactions.writing() as tx:  # as a page does it: the transaction goes on
        who = standing(tx, building.course, building.ines)
        back = Order("time", everybody=True, minutes=-5, once="take-it-back")
        with pytest.raises(Conflict, match="No more time can be taken back"):
            sitting_orders.carry_out(tx, who, quiz, back)
    assert (minutes_left(building, quiz, 0), minutes_left(building, quiz, 1)) == (70, 60)
    assert not order(building, quiz, "time", 0, minutes=-5, once="take-it-back").again


def test_a_message_is_for_those_who_are_in_a_note_for_anybody(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    assert order(building, quiz, "message", 0, 1, text="Question 2: σ is 1.").count == 1
    with pytest.raises(Conflict, match="None of these students is in"):
        order(building, quiz, "message", 1, text="Are you there?")
    assert order(building, quiz, "note", 1, text="Is ill").count == 1
    assert order(building, quiz, "message", everybody=True, text="Five minutes left").count == 1
    own = [kind for kind in kinds(building, quiz, 1) if kind != "started"]
    assert own == ["note", "message"]  # the second message was for everybody
    with building.stage.transactions.reading() as tx:
        log = sitting_log.sitting_log(tx, building.course, quiz)
    note = next(one for one in log.entries if one.kind == "note")
    assert (note.student, note.login, note.by, note.text) == ("Student 1", "student1", "Ines", "Is ill")


def test_the_log_says_who_and_when_and_goes_into_a_table(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    building.stage.clock.pass_time(minutes=1)
    order(building, quiz, "time", 0, minutes=5, reason="=Broken chair")
    with building.stage.transactions.reading() as tx:
        log = sitting_log.sitting_log(tx, building.course, quiz)
    moved = log.entries[-1]
    assert (moved.kind, moved.minutes, moved.by, moved.student) == ("deadline moved", 5, "Ines", "Student 0")
    assert moved.at == building.stage.clock()
    assert log.students == ((building.stage.students[0], "Student 0"),)
    table = b"".join(csv_lines(sitting_log.log_sheet(log, "Europe/Berlin"))).decode()
    assert "When (Europe/Berlin),Student,Login,What,Minutes,Text,By" in table
    assert "2026-11-20 13:01:00,Student 0,student0,deadline moved,5,'=Broken chair,Ines" in table


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({"what": "time", "minutes": 5}, "people"),
        ({"what": "time", "group": "Nobody's", "minutes": 5}, "people"),
        ({"what": "time", "everybody": True}, "minutes"),
        ({"what": "time", "everybody": True, "minutes": 0}, "minutes"),
        ({"what": "time", "everybody": True, "minutes": 10**6}, "minutes"),
        ({"what": "pause", "everybody": True, "reason": "x" * 501}, "reason"),
        ({"what": "message", "everybody": True, "text": " \n"}, "text"),
        ({"what": "note", "everybody": True, "text": "x" * 2001}, "text"),
        ({"what": "pause", "everybody": True, "once": "no / name"}, "people"),
        ({"what": "pause", "people": tuple(range(2001))}, "people"),
    ],
)
def test_an_order_that_cannot_be_read_names_the_place(building: Building, given: Any, place: str) -> None:
    quiz = timed(building)
    building.start(quiz)
    asked = Order(**given)
    with building.stage.transactions.writing() as tx, pytest.raises(InvalidInput) as told:
        sitting_orders.carry_out(tx, standing(tx, building.course, building.ines), quiz, asked)
    assert told.value.place == place


def test_nothing_is_done_in_an_archived_course_or_for_a_stranger(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    with building.stage.transactions.writing() as tx:
        nemo = people.add_person(tx, "nemo", "Nemo", None, False)
        who = standing(tx, building.course, building.ines)
    stranger = Order("time", people=(nemo.id,), minutes=5)
    with building.stage.transactions.writing() as tx, pytest.raises(InvalidInput):
        sitting_orders.carry_out(tx, who, quiz, stranger)
    with building.stage.transactions.writing() as tx:
        courses.archive(tx, who, True)
    with pytest.raises(NotAllowed):
        order(building, quiz, "time", 0, minutes=5)


@contextmanager
def counting(building: Building) -> Iterator[list[str]]:
    told: list[str] = []
    engine = building.stage.transactions.database.reading

    def count(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        told.append(statement)

    event.listen(engine, "before_cursor_execute", count)
    try:
        yield told
    finally:
        event.remove(engine, "before_cursor_execute", count)


def test_the_number_of_queries_does_not_grow_with_the_students(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    look(building, quiz)  # the fields of the questions are known from now on
    with counting(building) as few:
        look(building, quiz)
    with building.stage.transactions.writing() as tx:
        for number in range(60):
            row = people.add_person(tx, f"more{number}", f"More {number}", None, False)
            people.enrol(tx, building.course, row.id, "student")
    with counting(building) as many:
        assert len(look(building, quiz).seats) == 62
    assert len(few) == len(many) <= 8


def test_assistants_invigilate_too(building: Building) -> None:
    quiz = timed(building)
    building.start(quiz)
    with building.stage.transactions.writing() as tx:
        tom = instructor(tx, building.course, "tom", "assistant")
    with building.stage.transactions.writing() as tx:
        who = standing(tx, building.course, tom)
        sitting_orders.carry_out(tx, who, quiz, Order("pause", everybody=True))
    assert look(building, quiz).count("paused") == 1
