"""Of what an assistant may still mark a second time no page, no file and no program tells them the marks."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Any

import pytest

from app.jobs.grading import GradeSubmissions
from app.jobs.regrades import Regrades
from app.services.accounts import tokens
from app.services.accounts.people import person_from
from app.services.accounts.tokens import SCOPES, NewToken
from app.services.marking import claims, regrade_starts, requests, second_marking
from app.services.marking.desk import Place
from app.storage import people
from app.storage.tables import Course
from tests.marked import EssaySandbox, fill
from tests.quiz_bank import instructor, standing
from tests.small_bank import Clock
from tests.web.conftest import House
from tests.web.test_marking_quality import Room, of

GIVEN, MARK = "3/8", ("0.375", "3/8", "3\N{FRACTION SLASH}8", "9.37")
ASKED, SAID = "I wrote that it is the cause.", "Not quite the cause."


@dataclass
class Twice:
    """An answer to which the first marker gave 3/8, and about which its student asks; all are to be marked twice."""

    room: Room
    place: Place
    request: str

    @property
    def course(self) -> str:
        return f"/courses/{self.room.marking.markers[0].course}"

    @property
    def quiz(self) -> str:
        return f"{self.course}/quizzes/{self.room.marking.quiz}"

    def told(self, address: str, status: int = 200) -> list[str]:
        """What a page, or a file, says of the mark and of what was said about it."""
        answer = self.room.house.client.get(address)
        assert answer.status_code == status, (address, answer.status_code)
        content = answer.content
        if address.endswith("xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as file:
                content = b"".join(file.read(name) for name in file.namelist())
        text = unescape(content.decode())
        return [one for one in (*MARK, ASKED, SAID) if one in text]

    def asked(self, marker: int, address: str) -> tuple[int, Any]:
        """What a program gets that acts for a marker."""
        with self.room.house.transactions.writing() as tx:
            row = people.person(tx, of(self.room.marking.markers[marker]))
            assert row is not None
            token = tokens.make(tx, person_from(row), NewToken("test", SCOPES))
        self.room.house.client.cookies.clear()
        headers = {"Authorization": f"Bearer {token}"}
        answer = self.room.house.client.get(f"/api/v1{address}", headers=headers)
        return answer.status_code, answer.json()


@pytest.fixture
def twice(open_house: Callable[..., House]) -> Twice:
    house = open_house(sandbox=EssaySandbox())
    room = Room(house, fill(house.transactions, Clock()))
    marking = room.marking
    student = marking.students[0]
    (place,) = marking.hand_in("odd")
    marking.decide(marking.open(place), {"cause": GIVEN}, comments={"cause": SAID})
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    marking.grade()
    marking.clock.pass_time(minutes=1)
    request = marking.do(lambda tx: requests.ask(tx, student, place.attempt, 1, "why", "cause", ASKED))
    marking.do(lambda tx: second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100"))
    return Twice(room, place, request)


PAGES = (
    "{quiz}/results",
    "{quiz}/results.csv",
    "{quiz}/results.xlsx",
    "{quiz}/results/{attempt}",
    "{course}/gradebook",
    "{course}/gradebook.csv",
    "{course}/gradebook.xlsx",
    "{course}/gradebook/students/{student}",
    "{quiz}/requests",
)


def test_no_page_and_no_file_tells_a_second_marker_what_the_first_one_gave(twice: Twice) -> None:
    room, marking = twice.room, twice.room.marking
    with marking.transactions.reading() as tx:
        student = people.person_by_login(tx, "writer0")
        assert student is not None
        names = {"quiz": twice.quiz, "course": twice.course, "attempt": twice.place.attempt, "student": student.id}
    addresses = [one.format(**names) for one in PAGES]
    room.enter(of(marking.markers[1]))
    assert {address: twice.told(address) for address in addresses} == {address: [] for address in addresses}
    page = unescape(room.house.client.get(f"{twice.quiz}/results").text)
    assert "marks are held back from you" in page
    assert page.count("held back</span>") == 2
    # The first marker sees their own; so does the second one as soon as they have decided.
    room.enter(of(marking.markers[0]))
    assert all(twice.told(address) for address in addresses)
    room.enter(of(marking.markers[1]))
    assert room.post(f"/second/essay/why/{twice.place}", **{"points.cause": "1"}).status_code == 200
    assert all(twice.told(address) for address in addresses)


def test_a_request_waits_for_others_while_its_answer_may_be_marked_a_second_time(twice: Twice) -> None:
    room, marking = twice.room, twice.room.marking
    address = f"{twice.quiz}/requests/{twice.request}"
    room.enter(of(marking.markers[1]))
    assert twice.told(address, 403) == []
    assert "You may still mark this answer a second time" in unescape(room.house.client.get(address).text)
    answer = {"csrf": room.csrf, "act": "grant", "points": "1", "text": "Yes."}
    assert room.house.client.post(address, data=answer).status_code == 403
    assert len(marking.judgements()) == 1
    listed = unescape(room.house.client.get(f"{twice.quiz}/requests").text)
    assert "Writer 0" in listed
    assert "you may still mark this answer a second time" in listed
    room.enter(of(marking.markers[0]))
    assert ASKED in twice.told(address)


def test_a_preview_of_a_regrade_leaves_out_what_may_be_marked_a_second_time(twice: Twice) -> None:
    room, marking = twice.room, twice.room.marking
    with marking.transactions.writing() as tx:
        boss = standing(tx, marking.course, instructor(tx, marking.course, "boss"))
        begun = regrade_starts.void(tx, boss, marking.quiz, twice.place.attempt, 1, "why", "Faulty.", lambda: None)
    address = f"{twice.quiz}/regrades/{begun}"
    duty = Regrades(marking.transactions, GradeSubmissions(marking.transactions, marking.sandbox))
    while keys := duty.due(10):
        for key in keys:
            duty.do(key, lambda: False)
    room.enter(of(marking.markers[1]))
    page = unescape(room.house.client.get(address).text)
    assert "1 answer of this page is not shown to you" in page
    assert "Writer 0" not in page
    room.enter(boss.person.id)
    assert "Writer 0" in unescape(room.house.client.get(address).text)


def test_nothing_is_held_back_from_instructors_or_once_the_course_is_over(twice: Twice) -> None:
    room, marking = twice.room, twice.room.marking
    with marking.transactions.writing() as tx:
        boss = instructor(tx, marking.course, "boss")
    room.enter(boss.id)
    assert twice.told(f"{twice.quiz}/results")
    marking.do(lambda tx: setattr(tx.session.get_one(Course, marking.course), "archived_at", tx.now()))
    room.enter(of(marking.markers[1]))
    assert twice.told(f"{twice.quiz}/results")
    assert twice.told(f"{twice.quiz}/results/{twice.place.attempt}")


def test_programs_are_told_as_little_as_pages(twice: Twice) -> None:
    course, quiz, attempt = twice.course, twice.quiz, f"{twice.course}/attempts/{twice.place.attempt}"

    def results(marker: int) -> tuple[Any, ...]:
        _, found = twice.asked(marker, f"{quiz}/results")
        row = next(one for one in found["items"] if one["login"] == "writer0")
        (cell,) = row["questions"]
        return row["state"], row["points"], row["earned"], cell["state"], cell["points"], cell["upto"]

    assert results(1) == ("held back", None, None, "held back", "0", "4")
    assert results(0) == ("graded", GIVEN, GIVEN, "graded", GIVEN, GIVEN)
    _, book = twice.asked(1, f"{course}/gradebook")
    row = next(one for one in book["items"] if one["login"] == "writer0")
    assert [(one["state"], one["points"], one["fate"]) for one in row["marks"]] == [("held back", None, "to come")]
    assert row["total"] is None
    assert twice.asked(1, f"{quiz}/requests")[1]["items"] == []
    assert len(twice.asked(0, f"{quiz}/requests")[1]["items"]) == 1
    for what in ("result", "requests"):
        status, refused = twice.asked(1, f"{attempt}/{what}")
        assert (status, "a second time" in refused["detail"]) == (403, True)
        assert twice.asked(0, f"{attempt}/{what}")[0] == 200
