"""The page Quality as a browser without scripts sees it: a share, a second marking, a difference decided."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from html import unescape

import pytest
from httpx2 import Response

from app.interchange.folder import to_json
from app.services.accounts import sessions
from app.services.accounts.people import person_from
from app.services.courses.membership import Membership
from app.services.marking import claims, second_marking
from app.storage import drafts, people
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
        shown = {"csrf": self.csrf, "rubric": "1"}
        return self.house.client.post(self.root + address, data=shown | fields, follow_redirects=True)


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
    assert "3 answers wait for a second marker." in room.page()
    again = room.post("/second/undo")
    assert "Taken back. Undo again" in unescape(again.text)
    assert "1 answer waits for a second marker." in room.page()


def test_the_last_second_marking_is_undone_where_nothing_waits_any_more(room: Room) -> None:
    marking = room.marking
    (place,) = marking.hand_in("odd")
    marking.decide(marking.open(place), {"cause": "1"})
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    marking.grade()
    marking.do(lambda tx: second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100"))
    room.enter(of(marking.markers[1]))
    assert 'id="undoing"' not in room.page()
    here = f"/second/essay/why/{place}"
    done = room.post(here, **{"points.cause": "0"})
    assert "Stored for 1 answer. Nothing waits there for you." in unescape(done.text)
    assert f'action="{room.root}/second/undo" id="undoing"' in done.text
    assert here in str(room.post("/second/undo").url)
    again = room.post("/second/undo")
    assert "Taken back. Undo again to bring it back." in unescape(again.text)
    assert 'id="undoing"' in again.text
    # Where somebody has decided since, that is said, and what was before it is offered.
    where = {"question": "essay", "part": "why", "attempt": place.attempt, "position": "1", "criterion": "cause"}
    assert room.post("/settle", which="second", **where).status_code == 200
    refused = room.post("/second/undo")
    assert (refused.status_code, "Somebody has decided about this answer since" in refused.text) == (409, True)
    before = re.search(r'name="before" value="(\d+)"', refused.text)
    assert before
    assert "Undo what was before that" in refused.text
    assert room.post("/second/undo", before=before[1]).status_code == 409


def test_the_desk_shows_a_second_marker_nothing_of_the_first_before_both_have_decided(room: Room) -> None:
    marking = room.marking
    (place,) = marking.hand_in("maybe something")
    marking.decide(marking.open(place), {"cause": "1/2"}, comment="Only half of it.")
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    marking.grade()
    with room.house.transactions.writing() as tx:
        second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100")
    at_desk = f"{room.root.rpartition('/')[0]}/marking/essay/why/{place}"

    def desk() -> str:
        return unescape(room.house.client.get(f"{at_desk}?show=all").text)

    hidden = ("Only half of it.", "decided by", "Decided by", "Marker0", 'value="1/2"', "<strong>0.5 of 3")
    room.enter(of(marking.markers[1]))
    page = desk()
    assert "You may be the second marker of this answer" in page
    assert f"/quality/second/essay/why/{place}" in page
    assert [one for one in hidden if one in page] == []
    refused = room.house.client.post(at_desk, data={"csrf": room.csrf, "do": "save", "seen": "0", "rubric": "1"})
    assert refused.status_code == 409
    assert [one for one in hidden if one in unescape(refused.text)] == []
    # The first marker sees their own, and so does everybody once both have decided.
    room.enter(of(marking.markers[0]))
    assert "Only half of it." in desk()
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    room.enter(of(marking.markers[1]))
    assert room.post(f"/second/essay/why/{place}", rubric="1", **{"points.cause": "1"}).status_code == 200
    assert "Only half of it." in desk()


def test_the_attempt_page_shows_a_second_marker_nothing_of_the_first_while_theirs_is_open(room: Room) -> None:
    marking = room.marking
    (place,) = marking.hand_in("maybe something")
    marking.decide(marking.open(place), {"cause": "1/2"}, comment="Only half of it.")
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    marking.grade()
    shown = ("Only half of it.", "decided by Marker0", "0.5")

    def seen(marker: int) -> list[bool]:
        room.enter(of(marking.markers[marker]))
        page = unescape(room.house.client.get(f"{room.root.rpartition('/')[0]}/results/{place.attempt}").text)
        assert "maybe something" in page
        return [says in page for says in (*shown, f"/quality/second/essay/why/{place}")]

    # Nothing is to be marked twice, so everybody sees it.
    assert seen(1) == [True, True, True, False]
    with room.house.transactions.writing() as tx:
        second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100")
    assert seen(0) == [True, True, True, False]
    assert seen(1) == [False, False, False, True]
    assert room.post(f"/second/essay/why/{place}", rubric="1", **{"points.cause": "1"}).status_code == 200
    assert seen(1) == [True, True, True, False]


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


def test_whoever_keeps_a_case_is_told_so_and_not_offered_it_again(room: Room) -> None:
    marking = room.marking
    with room.house.transactions.writing() as tx:
        row = people.add_person(tx, "boss", "Boss", None, False)
        people.enrol(tx, marking.course, row.id, "instructor")
        boss = person_from(row).id
        files = to_json({"question.yaml": b"id: essay\n", "cases.yaml": b"[]\n"})
        assert drafts.add(tx, "essay", files, "An essay", 1, boss)
    first, like = marking.hand_in("odd gradients vanish", "odd gradiants vanish")
    for place in (first, like):
        marking.decide(marking.open(place, show="all"), {"cause": "1"})
        marking.grade()
    room.enter(boss)
    kept = room.post("/keep", question="essay", part="why", attempt=first.attempt, position="1", cases="1")
    page = unescape(kept.text)
    assert kept.status_code == 200
    assert "Kept as a recorded case" in page
    assert 'href="/bank/essay/edit"' in page
    assert "odd gradients vanish" not in page
    assert "nearly the same as the case" in page
    assert page.count("Keep as a recorded case") == 1


def test_a_rubric_that_changed_meanwhile_is_told_to_the_second_marker_and_points_stay_in_share(room: Room) -> None:
    marking = room.marking
    (place,) = marking.hand_in("odd")
    marking.decide(marking.open(place), {"cause": "1"})
    marking.do(lambda tx: claims.let_go(tx, of(marking.markers[0])))
    marking.do(lambda tx: second_marking.choose_share(tx, marking.markers[0], marking.quiz, "100"))
    marking.grade()
    room.enter(of(marking.markers[1]))
    here = str(room.post("/second").url).partition(room.root)[2]
    marking.another_rubric(cause="1/2", effect="2", style="-1/2")
    refused = room.post(here, do="next", **{"points.cause": "1", "points.effect": "2", "points.style": "0"})
    page = unescape(refused.text)
    assert refused.status_code == 409
    assert "The rubric has changed since this answer was shown, so nothing was stored" in page
    assert 'name="points.cause" value="1/2"' in page
    assert len(marking.judgements()) == 1
    typed = {"points.cause": "1/2", "points.effect": "0", "points.style": "0"}
    stored = room.post(here, rubric="2", do="next", **typed)
    assert stored.status_code == 200
    assert (marking.judgements()[1].verdict, marking.judgements()[1].worth) == (Fraction(1, 2), Fraction(1, 2))
    # Both gave all there was, so there is nothing to settle.
    assert "Keep the first" not in room.page()
