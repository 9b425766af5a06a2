"""What a student reads of a part about which a person has decided: nothing that still waits, and one clock."""

from __future__ import annotations

import re
from html import unescape

from app.services.accounts import sessions
from app.web import marked_texts
from app.web.visitors import COOKIE
from tests.web.test_desk import Room, room

__all__ = ["room"]


def result_of(room: Room, student: int, attempt: str) -> str:
    with room.house.transactions.writing() as tx:
        token = sessions.open_session(tx, student, 1).token
    room.house.client.cookies.clear()
    room.house.client.cookies.set(COOKIE, token)
    return unescape(room.house.client.get(f"/attempts/{attempt}/result").text)


def test_a_part_that_was_adjusted_to_its_end_waits_for_nobody(room: Room) -> None:
    marking = room.marking
    student = marking.students[0]
    (place,) = marking.hand_in("odd", count="right")
    waiting = result_of(room, student, place.attempt)
    assert "a person decides" in waiting
    marking.decide(marking.open(place), {}, adjustment="-1", comment="Copied.")
    marking.grade()
    page = result_of(room, student, place.attempt)
    assert "a person decides" not in page
    assert ">open<" not in page
    assert "Copied." in page


def test_every_time_on_the_page_of_a_result_is_by_the_readers_clock(room: Room) -> None:
    marking = room.marking
    student = marking.students[0]
    (place,) = marking.hand_in("odd")
    marking.decide(marking.open(place), {"cause": "1"})
    marking.grade()
    page = result_of(room, student, place.attempt)
    history = re.search(r'class="history-lines">(.*?)</ol>', page, re.DOTALL)
    assert history
    assert re.search(r'class="when"><time datetime="[^"]+">[^<]+ UTC</time>', history[1])


def test_words_of_a_decided_part_are_related_and_nobody_decides_about_them_any_more() -> None:
    words = [(0, 4, "unsure")]
    assert marked_texts.legend(words) == [("unsure", "related; a person decides")]
    assert marked_texts.legend(words, True) == [("unsure", "related")]
    assert "(related)" in marked_texts.marked_text("maybe", words, True)
