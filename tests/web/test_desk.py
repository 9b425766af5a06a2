"""The marking desk as a browser without scripts sees it: opened, decided, next; comments, names, the group, undo."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

import pytest
from httpx2 import Response

from app.jobs.grading import GradeSubmissions
from app.jobs.regrades import Regrades
from app.services.accounts import sessions
from app.services.marking import claims, regrade_starts
from app.services.marking.desk import Place
from app.web.visitors import COOKIE
from tests.marked import EssaySandbox, Marking, fill
from tests.small_bank import Clock
from tests.web.conftest import House


@dataclass
class Room:
    """A house whose essays wait, and its first marker at the door."""

    house: House
    marking: Marking
    csrf: str = ""

    @property
    def root(self) -> str:
        return f"/courses/{self.marking.markers[0].course}/quizzes/{self.marking.quiz}/marking"

    def enter(self, marker: int = 0) -> None:
        with self.house.transactions.writing() as tx:
            token = sessions.open_session(tx, self.marking.markers[marker].person.id, 1).token
        self.house.client.cookies.clear()
        self.house.client.cookies.set(COOKIE, token)
        self.csrf = sessions.csrf_of(token)

    def at(self, place: Place, query: str = "") -> str:
        return unescape(self.house.client.get(f"{self.root}/essay/why/{place}{query}").text)

    def post(self, address: str, **fields: str | list[str]) -> Response:
        shown = {"csrf": self.csrf, "rubric": "1"}
        return self.house.client.post(self.root + address, data=shown | fields, follow_redirects=True)

    def seen(self, page: str) -> str:
        found = re.search(r'name="seen" value="(\d+)"', page)
        assert found
        return found[1]


@pytest.fixture
def room(open_house: Callable[..., House]) -> Room:
    house = open_house(sandbox=EssaySandbox())
    made = Room(house, fill(house.transactions, Clock()))
    made.enter()
    return made


def test_answers_are_opened_decided_and_followed_by_the_next(room: Room) -> None:
    first, second = room.marking.hand_in("odd one", "odd two and no more")
    listed = room.house.client.get(room.root).text
    assert "2 answers wait for a person." in listed
    assert "An essay" in listed
    page = unescape(room.post("/essay/why/next").text)
    here, there = (first, second) if "odd one" in page else (second, first)
    assert "Writer" not in page
    assert "The cause" in page
    answer = room.post(f"/essay/why/{here}", do="next", seen=room.seen(page), comment="Nice.", **{"points.cause": "1"})
    assert str(there) in str(answer.url)
    assert "Stored for 1 answer." in answer.text
    room.marking.grade()
    assert room.marking.points(here)[0] == 1
    # The last one: after it the list is shown.
    answer = room.post(f"/essay/why/{there}", do="next", seen="0", **{"points.cause": "0"})
    assert "Nothing waits there any more" in answer.text
    room.marking.grade()
    answer = room.post("/essay/why/undo")
    assert "Taken back" in answer.text
    assert "left" in str(room.post("/essay/why/leave").url)


def test_what_is_wrong_is_told_beside_its_field_and_nothing_typed_is_lost(room: Room) -> None:
    (place,) = room.marking.hand_in("odd")
    answer = room.post(f"/essay/why/{place}", do="next", seen="0", comment="A long thought", **{"points.cause": "9"})
    assert answer.status_code == 422
    page = unescape(answer.text)
    assert "From 0 to 1 points are possible here." in page
    assert 'value="9"' in page
    assert "A long thought" in page
    answer = room.post(f"/essay/why/{place}", do="accept", seen="0")
    assert answer.status_code == 422
    assert "suggests nothing" in answer.text
    answer = room.post(f"/essay/why/{place}", do="dance", seen="0")
    assert answer.status_code == 409
    answer = room.post(f"/essay/why/{place}", do="next", seen="77", **{"points.cause": "1"})
    assert (answer.status_code, room.seen(answer.text)) == (409, "0")
    assert "in the meantime" in answer.text
    assert room.marking.judgements() == []


def test_comments_are_kept_inserted_and_dropped_without_scripts(room: Room) -> None:
    (place,) = room.marking.hand_in("odd")
    kept = room.post(f"/essay/why/{place}", do="keep", seen="0", comment="Say why.", **{"points.cause": "1/2"})
    assert "The comment is kept" in kept.text
    assert 'value="1/2"' in kept.text
    found = re.search(r'value="insert:(\d+)"', kept.text)
    assert found
    put = room.post(f"/essay/why/{place}", do=f"insert:{found[1]}", seen="0", comment="First.")
    assert "First.\nSay why.</textarea>" in unescape(put.text)
    dropped = room.post(f"/essay/why/{place}", do=f"drop:{found[1]}", seen="0")
    assert "insert:" not in dropped.text


def test_a_group_is_marked_by_its_boxes(room: Room) -> None:
    places = room.marking.hand_in("odd gradients", "Odd gradients, odd", "odd gradients.", "odd gradiants")
    page = room.at(places[0])
    assert "2 other answers are the same" in page
    assert "Mark 1 identical answer with this one" in page
    # Nothing is marked unseen: how the identical one is written can be looked at.
    assert re.search(r'class="wordings">.*?<span class="raw">[^<]*odd gradients\.</span>', page, re.DOTALL)
    posted = {"do": "next", "seen": "0", "identical": "1", "same": str(places[2]), "alike": str(places[3])}
    answer = room.post(f"/essay/why/{places[0]}", **posted, **{"points.cause": "1"})
    assert "Stored for 3 answers." in answer.text
    answer = room.post(f"/essay/why/{places[1]}", **posted, **{"points.cause": "1"})
    assert "Nothing waits" in answer.text


def test_a_rubric_that_changed_meanwhile_is_told_on_the_desk_and_nothing_typed_is_lost(room: Room) -> None:
    (place,) = room.marking.hand_in("odd")
    assert 'name="rubric" value="1"' in room.at(place)
    # "cause" is worth twice as much, "effect" is called something else.
    room.marking.another_rubric(cause="2", result="1", style="-1/2")
    typed = {"points.cause": "1/2", "points.effect": "2", "comment.effect": "Two of them.", "points.style": "-0.5"}
    answer = room.post(f"/essay/why/{place}", do="next", seen="0", comment="A long thought", **typed)
    page = unescape(answer.text)
    assert answer.status_code == 409
    assert "The rubric has changed since this answer was shown, so nothing was stored" in page
    assert "A long thought\nTwo of them.</textarea>" in page
    assert re.search(r'name="points.cause" value="1"', page)
    assert re.search(r'name="points.style" value="-0.5"', page)
    assert 'name="rubric" value="2"' in page
    assert "points.effect" not in page
    assert room.marking.judgements() == []
    again = room.post(f"/essay/why/{place}", do="next", seen="0", rubric="2", **{"points.cause": "1"})
    assert again.status_code == 200
    assert [(one.verdict, one.worth) for one in room.marking.judgements()] == [(1, 2)]


def test_what_was_given_by_another_rubric_is_shown_in_the_points_of_this_one(room: Room) -> None:
    (place,) = room.marking.hand_in("odd")
    room.post(f"/essay/why/{place}", do="save", seen="0", **{"points.cause": "1/2"})
    room.marking.grade()
    room.marking.another_rubric(cause="2", effect="1/2", style="-1/2")
    page = room.at(place, "?show=all")
    assert "1/2 of 1 were given; here the same share counts: 1." in page.replace("½", "1/2").replace("0.5", "1/2")
    assert "look again" in page
    assert re.search(r'name="points.cause" value="1"', page)


def test_a_preview_says_what_becomes_of_decisions_and_which_to_look_at_again(room: Room) -> None:
    whole, half, gone = room.marking.hand_in("odd", "odd one", "odd one and another")
    for place, points in ((whole, "1"), (half, "1/2"), (gone, "0")):
        typed = {"points.cause": points} | ({"points.effect": "2"} if place == gone else {})
        room.post(f"/essay/why/{place}", do="save", seen="0", **typed)
    room.marking.grade()
    room.marking.publish(cause="2", result="1", style="-1/2")
    begin = ("essay", 2, "The cause counts twice.", lambda: None)
    marker = room.marking.markers[0]
    regrade = room.marking.do(lambda tx: regrade_starts.with_version(tx, marker, room.marking.quiz, *begin))
    duty = Regrades(room.marking.transactions, GradeSubmissions(room.marking.transactions, room.marking.sandbox))
    while keys := duty.due(100):
        for key in keys:
            duty.do(key, lambda: False)
    page = unescape(room.house.client.get(f"{room.root.removesuffix('marking')}regrades/{regrade}").text)
    told = re.sub(r"<[^>]*>", "", page)
    assert "The cause: 1 → 2 (a person's decision, in proportion to the new points)" in told
    assert re.search(r"→ 1 \(a person's decision, in proportion to the new points\) look again", told)
    assert "The effect: 2 → gone (a person decided this; here it counts nothing)" in told
    assert re.search(r"Decided by people for other points\s*3", told)
    assert re.search(r"Of these in part, to look at again\s*1", told)


def test_names_are_shown_when_somebody_asks_and_others_only_look(room: Room) -> None:
    (place,) = room.marking.hand_in("odd")
    assert "writer0" not in room.at(place)
    assert "writer0" in room.at(place, "?names=1")
    assert room.post(f"/essay/why/{place}/claim").json() == {"mine": True}
    room.enter(1)
    page = room.at(place)
    assert "Marker0 is marking this answer now" in page
    assert room.post(f"/essay/why/{place}/claim").json() == {"mine": False}
    assert room.post(f"/essay/why/{place}", do="save", seen="0", **{"points.cause": "1"}).status_code == 409
    room.enter(0)
    saved = room.post(f"/essay/why/{place}", do="save", seen="0", names="1", **{"points.cause": "1"})
    assert "writer0" in saved.text
    assert room.post("/essay/how/next", show="all").status_code == 200
    assert room.post("/essay/nowhere/next").status_code == 404


def test_what_was_taken_back_is_brought_back_and_what_cannot_be_is_told_on_the_desk(room: Room) -> None:
    first, second = room.marking.hand_in("odd one", "odd two and no more")
    assert 'id="undoing"' not in room.at(first)
    refused = room.post("/essay/why/undo", here=str(first))
    assert (refused.status_code, "You have decided nothing here" in refused.text) == (409, True)
    room.post(f"/essay/why/{first}", do="next", seen="0", rubric="1", **{"points.cause": "1"})
    room.marking.grade()
    taken = room.post("/essay/why/undo")
    assert "Undo again to bring it back" in taken.text
    assert 'id="undoing"' in taken.text
    room.marking.grade()
    room.post("/essay/why/undo")
    room.marking.grade()
    assert room.marking.points(first)[0] == 1
    room.post("/essay/why/leave")
    # Somebody else decides about it: that is told where the marker is.
    marking = room.marking
    marking.decide(marking.open(first, 1, show="all"), {"cause": "0"}, 1)
    marking.do(lambda tx: claims.let_go(tx, marking.markers[1].person.id))
    marking.grade()
    refused = room.post("/essay/why/undo", here=str(second))
    page = unescape(refused.text)
    assert refused.status_code == 409
    assert "Somebody has decided about this answer since, so nothing was taken back." in page
    assert "odd two" in page
    assert 'id="deciding"' in page
    # Said once; then what was decided before that is offered, if there is anything.
    assert "Undo what was before that" in page
    before = re.search(r'name="before" value="(\d+)"', page)
    assert before
    refused = room.post("/essay/why/undo", here=str(second), before=before[1])
    assert "You have decided nothing here" in refused.text
    assert "Undo my last" in refused.text


def test_a_group_that_was_just_taken_back_is_there_again_before_it_has_been_graded(room: Room) -> None:
    places = room.marking.hand_in("odd gradients", "odd gradients", "odd gradients.", "odd and other")
    before = room.at(places[0])
    posted: dict[str, str | list[str]] = {"do": "next", "identical": "1", "same": [str(one) for one in places[1:3]]}
    posted |= {"points.cause": "1"}
    # Whether or not the decision itself has been graded by then.
    for grade in (False, True):
        room.post(f"/essay/why/{places[0]}", **posted, seen=room.seen(room.at(places[0])))
        if grade:
            room.marking.grade()
        back = unescape(room.post("/essay/why/undo").text)
        assert "Taken back" in back
        assert "2 other answers are the same" in back
        assert "4 wait" in back
        assert "a person decides" in back
        assert re.findall(r"Answer \d of \d", back) == re.findall(r"Answer \d of \d", before)
    again = room.post(f"/essay/why/{places[0]}", **posted, seen=room.seen(back))
    assert "Stored for 3 answers." in again.text
    room.marking.grade()
    assert [room.marking.points(place)[0] for place in places[:3]] == [1, 1, 1]


def test_what_was_decided_last_of_all_can_be_undone_where_nothing_waits_any_more(room: Room) -> None:
    (place,) = room.marking.hand_in("odd")
    assert 'id="undoing"' not in room.house.client.get(room.root).text
    for do in ("next", "accept"):
        page = room.at(place)
        answer = room.post(f"/essay/why/{place}", do=do, seen=room.seen(page), **{"points.cause": "1"})
        assert "/marking?done=empty" in str(answer.url)
        assert "Stored for 1 answer. Nothing waits there any more" in answer.text
        # What was decided is being credited, and nobody is at it any more.
        assert "2 answers are being graded at this moment." in answer.text
        assert "is marking" not in answer.text
        found = re.search(r'action="([^"]+/undo)" id="undoing"', answer.text)
        assert found
        back = room.post(found[1].removeprefix(room.root))
        assert (f"/{place}" in str(back.url), "Taken back" in back.text) == (True, True)
        room.marking.grade()
    # Only for a part that there is, and for whoever has decided there.
    assert 'id="undoing"' not in room.house.client.get(f"{room.root}?question=essay&part=how").text
    assert 'id="undoing"' not in room.house.client.get(f"{room.root}?question=none&part=why").text
