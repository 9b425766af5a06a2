"""Answers that come late, as a page and the staff see them: kept with a word, decided, brought as a file."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.storage.tables import Attempt
from tests.web.conftest import House
from tests.web.test_sitting import change
from tests.web.visiting import read, visit_as

STAMP = re.compile(r'data-stamp="([^"]+)"')


def handed_in(house: House) -> tuple[str, str, str]:
    """An attempt of student0 that is over, its token, and a stamp that its page had."""
    house.sign_in()
    attempt = house.start()
    token = house.token(attempt)
    stamp = STAMP.search(house.client.get(f"{attempt}/questions/1").text)
    assert stamp
    house.save(attempt, token, change("number", "5"))
    house.post(f"{attempt}/hand-in")
    return attempt, token, stamp[1]


def late(house: House, role: str = "instructor") -> str:
    """Be staff of the course; the page of late answers."""
    return f"{visit_as(house, 'ines', role)}/quizzes/{house.quiz}/late"


def send(house: House, attempt: str, token: str, *changes: dict[str, Any], **more: Any) -> Any:
    body = {"device": "a-1", "seq": 7, "changes": list(changes), **more}
    return house.client.post(f"{attempt}/saves", json=body, headers={"X-Attempt-Token": token})


def test_what_comes_late_is_kept_shown_and_accepted(house: House) -> None:
    attempt, token, stamp = handed_in(house)
    receipt = house.client.get(f"{attempt}/receipt").text
    assert "data-left-over" in receipt
    answer = send(house, attempt, token, change("number", "1", 2), stamp=stamp, seen=stamp)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["kept"], told["duplicate"]) == (True, False)
    assert told["says"].startswith("The time is over. What you have just sent is kept for your instructor")
    place = late(house)
    page = read(house.client.get(place))
    assert "1 late save waits for a decision." in page
    assert "Typed between" in page
    assert '<td class="late-words">1</td>' in page
    assert '<td class="late-words">5</td>' in page
    number = re.search(r'name="accept" value="(\d+)"', page)
    assert number
    page = read(house.post(place, {"accept": number[1]}))
    assert "1 late save was accepted. 1 attempt has other answers now, and is graded again." in page
    assert "Nothing waits" in page
    assert "Accepted by Ines" in page
    house.sign_in()
    again = house.client.get(f"{attempt}/receipt").text
    code = re.compile(r"[0-9a-f]{64}")
    assert code.findall(again) != code.findall(receipt)


def test_all_are_declined_at_once(small_house: House) -> None:
    attempt, token, _ = handed_in(small_house)
    for seq, value in enumerate("12", 7):
        send(small_house, attempt, token, change("number", value, seq), seq=seq)
    place = late(small_house, "assistant")
    assert "2 late saves wait for a decision." in read(small_house.client.get(place))
    page = read(small_house.post(place, {"decline": "all"}))
    assert "2 late saves were declined." in page
    assert "Declined by Ines" in page


@pytest.mark.parametrize("which", ["", "x", "1,", "²", "1" * 30])
def test_what_is_no_late_save_is_refused_in_words(small_house: House, which: str) -> None:
    place = late(small_house)
    assert "Choose what to decide about." in read(small_house.post(place, {"accept": which}), 422)
    assert "0 late saves were accepted." in read(small_house.post(place, {"accept": "123456"}))


def test_students_decide_nothing(small_house: House) -> None:
    place = late(small_house)
    small_house.sign_in()
    assert small_house.client.get(place).status_code == 403
    assert small_house.post(place, {"accept": "all"}).status_code == 403


def test_a_form_that_comes_late_is_kept_and_says_so(small_house: House) -> None:
    small_house.sign_in()
    attempt = small_house.start()
    page = f"{attempt}/questions/1"
    assert small_house.client.get(page).status_code == 200
    with small_house.transactions.writing() as tx:
        tx.session.execute(update(Attempt).values(deadline_at=tx.now() - timedelta(minutes=5)))
    assert "kept for your instructor" in read(small_house.post(page, {"f.text": "typed without scripts"}), 403)
    assert "typed without scripts" in read(small_house.client.get(late(small_house)))


def bring(house: House, place: str, data: bytes) -> Any:
    files = {"file": ("answers.json", data, "application/json")}
    return house.client.post(f"{place}/file", data={"csrf": house.csrf()}, files=files)


def test_an_answer_file_is_brought_and_a_hostile_one_is_answered(small_house: House) -> None:
    attempt, _, stamp = handed_in(small_house)
    place = late(small_house)
    rows = [[1, "number", 9, "from a file", stamp]]
    file = {
        "gradus": "answers",
        "version": 1,
        "attempt": attempt.rsplit("/", 1)[-1],
        "device": "file-1",
        "stamp": stamp,
    }
    data = json.dumps(file | {"entries": rows, "checksum": ""}).encode()
    page = read(bring(small_house, place, data))
    assert "What is new in it stands below and waits for a decision." in page
    assert "from a file" in page
    assert "answer file" in page
    assert "There is nothing in it that is not here already." in read(bring(small_house, place, data))
    for hostile in (b"", b"{}", b"[" * 5000, b"\x00" * 100):
        page = read(bring(small_house, place, hostile), 422)
        assert "This is no answer file: students download one from the page of their attempt." in page
    assert "Choose a file first." in read(small_house.post(f"{place}/file"), 422)


def test_a_page_can_ask_what_is_stored_and_how_all_questions_stand(house: House) -> None:
    house.sign_in()
    attempt = house.start()
    token = house.token(attempt)
    house.save(attempt, token, change("number", "1", 3), change("@flag", True), change("text", "2", item=2))
    headers = {"X-Attempt-Token": token}
    told = house.client.get(f"{attempt}/answers?item=1", headers=headers).json()
    assert told["state"] == "open"
    assert {"field": "number", "revision": 3, "value": "1"} in told["fields"]
    assert {"field": "@flag", "revision": 1, "value": True} in told["fields"]
    assert [(one["item"], one["status"], one["flagged"]) for one in told["questions"]] == [
        (1, "answered", True),
        (2, "answered", False),
    ]
    assert told["stamp"].count(".") == 1
    assert house.client.get(f"{attempt}/answers?item=1", headers={"X-Attempt-Token": "1.x"}).status_code == 403
    assert house.client.get(f"{attempt}/answers", headers=headers).status_code == 422


def test_a_save_is_answered_with_a_stamp_and_what_another_page_has_stored(house: House) -> None:
    house.sign_in()
    attempt = house.start()
    token = house.token(attempt)
    first = send(house, attempt, token, change("number", "1")).json()
    assert first["elsewhere"] == []
    body = {"device": "b-1", "seq": 1, "changes": [change("text", "2")], "seen": first["stamp"], "stamp": "nonsense"}
    other = house.client.post(f"{attempt}/saves", json=body, headers={"X-Attempt-Token": token}).json()
    assert [(one["field"], one["value"]) for one in other["elsewhere"]] == [("number", "1")]
