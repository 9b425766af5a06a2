"""Students ask for another look at a mark: who may, when, how staff answer, and what the history of a mark says."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import Conflict, InvalidInput, NotAllowed, NotFound
from app.services.marking import mark_history, request_answers, requests
from app.services.marking.mark_history import MarkChange
from app.services.marking.request_answers import RequestDetail
from app.services.marking.requests import Asking, RequestView
from app.services.operating.transactions import Transaction
from app.services.results import results
from app.storage import people
from app.storage.engine import Database
from app.storage.tables import AuditEntry, Course, Mail, Quiz
from tests.marked import Marking, set_up


class Student:
    """A student with an attempt that has been handed in, and the markers of the course."""

    def __init__(self, marking: Marking, text: str = "cause, some effects") -> None:
        self.marking = marking
        self.person = marking.students[0]
        (self.place,) = marking.hand_in(text)

    @property
    def attempt(self) -> str:
        return self.place.attempt

    def do(self, action: Callable[..., Any], *args: Any) -> Any:
        self.marking.clock.pass_time(minutes=1)
        with self.marking.transactions.writing() as tx:
            return action(tx, self.person, self.attempt, *args)

    def ask(self, criterion: str = "effect", text: str = "I wrote “effects”.", part: str = "why") -> str:
        found: str = self.do(requests.ask, 1, part, criterion, text)
        return found

    def reply(self, request: str, text: str = "Please look again.") -> None:
        self.do(requests.reply, request, text)

    def withdraw(self, request: str) -> None:
        self.do(requests.withdraw, request)

    @property
    def asking(self) -> Asking:
        with self.marking.transactions.reading() as tx:
            return requests.asking(tx, self.person, self.attempt)

    @property
    def requests(self) -> tuple[RequestView, ...]:
        return self.asking.requests

    @property
    def history(self) -> tuple[MarkChange, ...]:
        with self.marking.transactions.reading() as tx:
            return mark_history.history(tx, self.person, self.attempt)

    def staff(self, action: Callable[..., Any], *args: Any) -> Any:
        self.marking.clock.pass_time(minutes=1)
        with self.marking.transactions.writing() as tx:
            return action(tx, self.marking.markers[0], self.marking.quiz, *args)

    def grant(self, request: str, points: str, text: str = "You are right.") -> None:
        self.staff(request_answers.grant, request, points, text, lambda: None)
        self.marking.grade()

    def decline(self, request: str, text: str = "It says no effect.") -> None:
        self.staff(request_answers.decline, request, text)

    def detail(self, request: str) -> RequestDetail:
        found: RequestDetail = self.staff(request_answers.request_detail, request)
        return found

    def change(self, **values: object) -> None:
        """Other rules for the quiz."""

        def set_values(tx: Transaction) -> None:
            row = tx.session.scalars(select(Quiz)).one()
            for name, value in values.items():
                setattr(row, name, value)

        self.marking.do(set_values)


@pytest.fixture
def marking(database: Database) -> Marking:
    return set_up(database, students=3)


@pytest.fixture
def student(marking: Marking) -> Student:
    return Student(marking, "cause, some EFFECT")


def test_a_request_is_asked_answered_with_new_points_and_told(student: Student) -> None:
    request = student.ask()
    (view,) = student.requests
    assert (view.id, view.state, view.part, view.criterion, view.says) == (
        request,
        "open",
        "why",
        "effect",
        "The effect",
    )
    assert [(one.text, one.own, one.by) for one in view.messages] == [("I wrote “effects”.", True, "")]
    detail = student.detail(request)
    assert (detail.line.name, detail.ready) == ("Writer 0", True)
    assert [detail.points, detail.least, detail.most] == [0, 0, 2]
    assert [part.id for item in detail.result.items for part in item.parts] == ["why"]
    student.grant(request, "3/2", "Capitals count, too.")
    (view,) = student.requests
    assert (view.state, view.closed_at is not None) == ("granted", True)
    # Whoever answered stays unnamed.
    assert [(one.text, one.own, one.by) for one in view.messages][1:] == [("Capitals count, too.", False, "")]
    assert student.marking.points(student.place) == (Fraction(5, 2), Fraction(5, 2))
    (change,) = student.history
    assert (change.position, change.part, change.reason, change.said) == (1, "why", "person", ("Capitals count, too.",))
    assert [change.points_before, change.points, change.max] == [1, Fraction(5, 2), 3]
    with student.marking.transactions.reading() as tx:
        said = tx.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        (item,) = results.result(tx, student.person, student.attempt).items
    assert [one for one in said if "request" in one or "mark" in one] == ["asked about a mark", "granted a request"]
    assert [line.comment for line in item.parts[0].criteria] == ["", "Capitals count, too.", ""]


def test_a_declined_request_can_be_replied_to_and_a_whole_part_is_moved(student: Student) -> None:
    request = student.ask("", "The whole part deserves more.")
    with pytest.raises(InvalidInput, match="Say in a few words"):
        student.decline(request, " ")
    student.decline(request)
    assert [one.state for one in student.requests] == ["declined"]
    assert list(student.history) == []
    student.reply(request)
    assert [one.state for one in student.requests] == ["open"]
    for points, says in (("0", "By how many points"), ("4", "From -3 to 3"), ("x", "Write points as a number")):
        with pytest.raises(InvalidInput, match=says):
            student.grant(request, points)
    student.grant(request, "1/2", "Half a point for the idea.")
    assert student.marking.points(student.place)[0] == Fraction(3, 2)
    again = student.ask("", "And for the style?")
    student.grant(again, "−1", "Now that you ask.")
    assert student.marking.points(student.place)[0] == Fraction(1, 2)
    assert [str(change.points) for change in student.history] == ["3/2", "1/2"]
    with pytest.raises(Conflict, match="answered or withdrawn"):
        student.grant(again, "1")


def test_a_part_that_was_moved_beyond_its_end_is_moved_on_from_what_it_is_worth(student: Student) -> None:
    marking = student.marking

    def move(points: str) -> None:
        marking.decide(marking.open(student.place), {"cause": "", "effect": "", "style": ""}, adjustment=points)
        marking.grade()

    move("-3")
    assert marking.points(student.place)[0] == 0
    request = student.ask("", "Nothing at all?")
    with pytest.raises(InvalidInput, match="The mark would stay as it is"):
        student.grant(request, "-1")
    student.grant(request, "1")
    assert marking.points(student.place)[0] == 1
    assert [str(change.points) for change in student.history][-1] == "1"
    move("3")
    assert marking.points(student.place)[0] == 3
    request = student.ask("", "Too much.")
    with pytest.raises(InvalidInput, match="The mark would stay as it is"):
        student.grant(request, "1")
    assert [one.state for one in student.requests][-1] == "open"
    student.grant(request, "-1/2")
    assert marking.points(student.place)[0] == Fraction(5, 2)


def test_a_criterion_that_cannot_change_its_mark_is_not_granted(student: Student) -> None:
    marking = student.marking
    marking.decide(marking.open(student.place), {"cause": "", "effect": "", "style": ""}, adjustment="-3")
    marking.grade()
    request = student.ask("effect")
    with pytest.raises(InvalidInput, match="The mark would stay as it is"):
        student.grant(request, "1")
    with pytest.raises(InvalidInput, match="The mark would stay as it is"):
        student.grant(request, "0")
    student.decline(request)


def test_of_a_criterion_one_request_at_most_is_open(student: Student) -> None:
    request = student.ask()
    with pytest.raises(Conflict, match="asked about this already"):
        student.ask()
    other = student.ask("cause")
    student.withdraw(request)
    assert [one.state for one in student.requests] == ["withdrawn", "open"]
    with pytest.raises(Conflict, match="withdrawn this request"):
        student.reply(request)
    student.ask()
    student.decline(other)
    student.ask("cause", "Again.")
    with pytest.raises(Conflict, match="Another request of yours"):
        student.reply(other)
    with pytest.raises(Conflict, match="is open can be withdrawn"):
        student.withdraw(other)
    asked = {one.criterion for one in student.asking.choices if one.asked}
    assert asked == {"effect", "cause"}


def test_requests_wait_for_marks_and_reasons_and_end_with_the_window_and_the_course(student: Student) -> None:
    now = student.marking.clock()
    student.change(feedback="apart")
    assert "once they are released" in student.asking.why_not
    with pytest.raises(NotAllowed, match="once they are released"):
        student.ask()
    student.change(feedback="with marks", requests_until=now + timedelta(hours=1))
    request = student.ask()
    student.marking.clock.pass_time(hours=1)
    for late in (lambda: student.ask("cause"), lambda: student.reply(request)):
        with pytest.raises(NotAllowed, match="time for asking"):
            late()
    # What has been asked is still answered.
    assert not student.requests[0].may_reply
    student.decline(request)
    student.change(requests_until=None)

    def archive(tx: Transaction) -> None:
        tx.session.scalars(select(Course)).one().archived_at = tx.now()

    student.reply(request)
    student.marking.do(archive)
    with pytest.raises(NotAllowed, match="course is over"):
        student.ask("cause")
    with pytest.raises(NotAllowed, match="archived"):
        student.decline(request)


def test_what_is_asked_about_must_be_there_and_texts_are_bounded(student: Student) -> None:
    for part, criterion in (("nothing", ""), ("why", "nothing")):
        with pytest.raises(NotFound, match="nothing of this name"):
            student.ask(criterion, part=part)
    for text, says in (("  ", "in a few words"), ("x" * 2001, "at most 2000")):
        with pytest.raises(InvalidInput, match=says):
            student.ask(text=text)
    with pytest.raises(NotFound, match="no such question"):
        student.do(requests.ask, 7, "why", "", "Hm")
    request = student.ask(text="x" * 2000)
    for _ in range(requests.MOST_MESSAGES - 1):
        student.staff(request_answers.ask_back, request, "Why?")
    with pytest.raises(Conflict, match="at most 40 messages"):
        student.reply(request)


def test_requests_of_others_are_not_found_and_staff_see_the_open_ones_first(marking: Marking) -> None:
    ada, ben = Student(marking), Student(marking)
    first, second = ada.ask(), ben.ask(text="Mine, too.")
    with pytest.raises(NotFound):
        ben.withdraw(first)
    with pytest.raises(NotFound):
        ben.do(requests.reply, first, "Hm")
    ada.decline(first)
    ada.staff(request_answers.ask_back, second, "What do you mean?")
    found = ada.staff(lambda tx, who, quiz: request_answers.requests_of_quiz(tx, who, quiz))
    assert [(one.name, one.view.state, one.last) for one in found.lines] == [
        ("Writer 1", "open", "What do you mean?"),
        ("Writer 0", "declined", "It says no effect."),
    ]
    assert (found.open, found.total, found.lines[0].waits_for_student) == (1, 2, True)
    with pytest.raises(NotFound):
        ada.staff(request_answers.decline, "nothing", "No.")


def test_the_history_tells_every_decision_and_its_withdrawal(marking: Marking) -> None:
    student = Student(marking, "odd effect")
    marking.decide(marking.open(student.place), {"cause": "1", "effect": "", "style": ""}, comments={"cause": "Fine."})
    marking.grade()
    marking.undo()
    marking.grade()
    page = marking.open(student.place, part="how")
    marking.decide(page, {"right": "1"}, comment="A gift.")
    marking.grade()
    told = [
        (one.part, one.reason, one.said, int(one.points_before), int(one.upto_before), int(one.points))
        for one in student.history
    ]
    assert told == [
        ("why", "person", (), 2, 3, 3),  # a comment that was taken back is read by nobody
        ("why", "taken back", (), 3, 3, 2),
        ("how", "person", ("A gift.",), 0, 0, 1),
    ]
    student.change(feedback="apart")
    assert list(student.history) == []


def at_once(*actions: Callable[[], object]) -> list[str]:
    """What comes of actions that are begun together: "" for what worked, else the sentence."""

    def told(action: Callable[[], object]) -> str:
        try:
            action()
        except Conflict as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(len(actions)) as pool:
        return sorted(pool.map(told, actions))


def test_two_who_act_at_once_neither_ask_nor_answer_twice(student: Student) -> None:
    first, second = at_once(student.ask, student.ask)
    assert first == ""
    assert "asked about this already" in second
    (view,) = student.requests
    granted = at_once(partial(student.grant, view.id, "2"), partial(student.decline, view.id))
    assert granted[0] == ""
    assert "answered or withdrawn" in granted[1]
    assert len(student.marking.judgements()) == (student.requests[0].state == "granted")


SITE = "https://exams.example.org"


def letters(marking: Marking) -> list[tuple[str, str, str]]:
    with marking.transactions.reading() as tx:
        return [(one.address, one.subject, one.body) for one in tx.session.scalars(select(Mail).order_by(Mail.id))]


def test_whoever_may_mark_hears_of_requests_and_the_student_of_answers_by_letter(student: Student) -> None:
    marking = student.marking
    with marking.transactions.writing() as tx:
        for person in (student.person, marking.students[1], marking.markers[0].person.id):
            people.person(tx, person).email = f"{person}@example.org"  # type: ignore[union-attr]
    marker, mine = f"{marking.markers[0].person.id}@example.org", f"{student.person}@example.org"
    request = student.do(requests.ask, 1, "why", "effect", "Secret words.", SITE)
    ((address, subject, body),) = letters(marking)
    course = marking.markers[0].course
    assert (address, subject) == (marker, "Asked about marks: Essay")
    assert f"{SITE}/courses/{course}/quizzes/{marking.quiz}/requests" in body
    assert body.startswith("Hello Marker0,")
    for hidden in ("Secret", "Writer"):
        assert hidden not in body
    # Much is asked: nobody is written to all the time.
    student.do(requests.ask, 1, "why", "cause", "And here.", SITE)
    assert len(letters(marking)) == 1
    student.staff(request_answers.ask_back, request, "Where?", SITE)
    student.staff(request_answers.decline, request, "No effect is named.", SITE)
    marking.clock.pass_time(minutes=60)
    student.do(requests.reply, request, "Please.", SITE)
    student.staff(request_answers.grant, request, "1", "Well.", lambda: None, SITE)
    assert [one[0] for one in letters(marking)] == [marker, mine, mine, marker, mine]
    for _address, _subject, body in (letters(marking)[number] for number in (1, 2, 4)):
        assert f"{SITE}/attempts/{student.attempt}/requests" in body
        assert "named" not in body
        assert "Well" not in body


def test_where_no_letters_can_be_sent_none_are_written(student: Student) -> None:
    with student.marking.transactions.writing() as tx:
        people.person(tx, student.marking.markers[0].person.id).email = "m@example.org"  # type: ignore[union-attr]
    student.decline(student.ask())
    assert letters(student.marking) == []
