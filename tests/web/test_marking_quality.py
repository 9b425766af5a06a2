"""The page Quality as a browser without scripts sees it: a share, a second marking, a difference decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from httpx2 import Response

from app.services.accounts import sessions
from app.services.accounts.people import person_from
from app.services.courses.membership import Membership
from app.services.marking import claims, second_marking
from app.storage import people
from app.web.visitors import COOKIE
from tests.marked import EssaySandbox, Marking, fill
from tests.small_bank import Clock
from tests.web.conftest import House


@dataclass
class Room:
    """A house whose essays wait, two markers and an instructor."""

    house: House
    marking: Marking
    csrf: str = ""

    @property
    def root(self) -> str:
        return f"/courses/{self.marking.markers[0].course}/quizzes/{self.marking.quiz}/quality"

    def enter(self, person_id: int) -> None:
        with self.house.transactions.writing() as tx:
            token = sessions.open_session(tx, person_id, 1).token
        self.house.client.cookies.clear()
        self.house.client.cookies.set(COOKIE, token)
        self.csrf = sessions.csrf_of(token)

    def page(self) -> str:
        answer = self.house.client.get(self.root)
        assert answer.status_code == 200
        return unescape(answer.text)

    def post(self, address: str, **fields: str) -> Response:
        return self.house.client.post(self.root + address, data={"csrf": self.csrf, **fields}, follow_redirects=True)


@pytest.fixture
def room(open_house: Callable[..., House]) -> Room:
    house = open_house(sandbox=EssaySandbox())
    return Room(house, fill(house.transactions, Clock()))


def of(marker: Membership) -> int:
    return marker.person.id


def test_a_sample_is_marked_twice_and_what_differs_is_decided(room: Room) -> None:
    marking = room.marking
    with room.house.transactions.writing() as tx:
        row = people.add_person(tx, "boss", "Boss", None, False)
        people.enrol(tx, marking.course, row.id, "instructor")
        boss = person_from(row).id
    (place,) = marking.hand_in("maybe something")
    marking.decide(marking.open(place), {"cause": "1/2"}, comment="Only half of it.")
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    marking.grade()
    room.enter(boss)
    assert "Share in percent" in room.page()
    assert room.post("/share", percent="lots").status_code == 422
    assert "The share is stored." in room.post("/share", percent="100").text
    room.enter(of(marking.markers[0]))
    assert "somebody else is needed" in room.page()
    assert "Nothing waits there for you." in room.post("/second").text
    assert room.post("/share", percent="1").status_code == 403
    room.enter(of(marking.markers[1]))
    assert "Share in percent" not in room.page()
    opened = room.post("/second")
    here = str(opened.url).partition(room.root)[2]
    assert here == f"/second/essay/why/{place}"
    for hidden in ("Only half", "Marker0", "Writer"):
        assert hidden not in unescape(opened.text)
    refused = room.post(here, **{"points.cause": "", "points.effect": "1"})
    assert refused.status_code == 422
    assert "A person decides this." in refused.text
    assert re.search(r'name="points.effect" value="1"', refused.text)
    assert "Nothing waits there for you." in room.post(here, **{"points.cause": "1"}).text
    page = room.page()
    assert "Where two markers differ" in page
    assert "Marker0" in page
    where = {"question": "essay", "part": "why", "criterion": "cause", "attempt": place.attempt, "position": "1"}
    assert room.post("/settle", which="neither", **where).status_code == 404
    assert "Decided." in room.post("/settle", which="second", **where).text
    marking.grade()
    assert marking.points(place)[0] == 1
    assert "Where two markers differ" not in room.page()


def test_a_group_is_marked_a_second_time_by_its_boxes_and_taken_back(room: Room) -> None:
    marking = room.marking
    places = marking.hand_in("maybe vanish", "maybe  VANISH", "odd")
    for place in places:
        marking.decide(marking.open(place, show="all"), {"cause": "1/2"})
        marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
        marking.grade()
    with room.house.transactions.writing() as tx:
        second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100")
    room.enter(of(marking.markers[1]))
    here = f"/second/essay/why/{places[0]}"
    page = unescape(room.house.client.get(room.root + here).text)
    assert "1 other answer is the same" in page
    assert f'name="same" value="{places[1]}"' in page
    assert "Comment to the student" not in page
    assert "Undo my last" not in page
    claimed = room.house.client.post(f"{room.root}{here}/claim", data={"csrf": room.csrf})
    assert claimed.json() == {"mine": True}
    stored = room.post(here, do="accept", identical="1", same=str(places[1]))
    assert "Stored for 2 answers." in unescape(stored.text)
    assert str(stored.url).partition("?")[0].endswith(f"/second/essay/why/{places[2]}")
    undone = room.post("/second/undo")
    assert "Taken back." in unescape(undone.text)
    assert str(undone.url).partition("?")[0].endswith(here)
    assert "3 of them wait" in room.page()
    again = room.post("/second/undo")
    assert "Taken back. Undo again" in unescape(again.text)
    assert "1 of them waits" in room.page() or "1 of them wait" in room.page()


def test_an_answer_is_kept_as_a_case_only_without_a_name(room: Room) -> None:
    marking = room.marking
    with room.house.transactions.writing() as tx:
        row = people.add_person(tx, "boss", "Boss", None, False)
        people.enrol(tx, marking.course, row.id, "instructor")
        boss = person_from(row).id
    (place,) = marking.hand_in("odd, says Writer")
    marking.decide(marking.open(place), {"cause": "1"})
    marking.grade()
    room.enter(boss)
    assert "Keep as a recorded case" in room.page()
    refused = room.post("/keep", question="essay", part="why", attempt=place.attempt, position="1")
    assert refused.status_code == 422
    assert "A name of whoever wrote this" in refused.text
    assert room.post("/keep", question="essay", part="how", attempt=place.attempt, position="x").status_code == 404
