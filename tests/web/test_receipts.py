"""Receipts and one's own paper: kept as a text, checked by their code, printed without a word about points."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.services.sitting import attempts
from app.storage.tables import Attempt
from tests.web.building import Desk, open_desk
from tests.web.conftest import House
from tests.web.test_results import graded
from tests.web.test_sitting import change
from tests.web.test_withheld import hand_in


@pytest.fixture
def attempt(small_house: House) -> str:
    small_house.sign_in()
    return small_house.start()


def code_of(page: str) -> str:
    found = re.search(r"code=([0-9a-f]{64})", page)
    assert found
    return found[1]


def test_a_receipt_is_kept_as_a_text(small_house: House, attempt: str) -> None:
    house = small_house
    assert house.client.get(f"{attempt}/receipt.txt").status_code == 404
    house.save(attempt, house.token(attempt), change("number", "1"))
    page = house.post(f"{attempt}/hand-in").text
    assert f'href="{attempt}/receipt.txt"' in page
    answer = house.client.get(f"{attempt}/receipt.txt")
    assert answer.headers["content-disposition"].startswith("attachment; filename=")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    for kept in (code_of(page), "Student 0", "Quiz, attempt 1", "UTC)", "1. Everything", "http://testserver/receipts"):
        assert kept in answer.text


def test_a_receipt_is_checked_by_its_code(small_house: House, attempt: str) -> None:
    house = small_house
    code = code_of(house.post(f"{attempt}/hand-in").text)
    assert "Check a receipt" in house.client.get("/receipts").text
    own = house.client.get("/receipts", params={"code": code[:16].upper()}).text
    assert "Unchanged" in own
    assert f'href="{attempt}/receipt"' in own
    wrong = house.client.get("/receipts", params={"code": "<b>"})
    assert wrong.status_code == 422
    assert 'value="&lt;b&gt;"' in wrong.text
    assert "A code has digits" in wrong.text
    house.sign_in("student1")
    stranger = house.client.get("/receipts", params={"code": code}).text
    assert "Unchanged" in stranger
    for kept_back in ("Student 0", "Quiz, attempt", attempt):
        assert kept_back not in stranger
    assert "no hand-in with this code" in house.client.get("/receipts", params={"code": code[:20]}).text
    house.client.cookies.clear()
    assert house.client.get("/receipts", params={"code": code}, follow_redirects=False).status_code == 303


def test_ones_paper_is_printed_with_points_once_they_are_out(small_house: House) -> None:
    desk: Desk = open_desk(small_house)
    address = desk.create("conv1", release="by hand")
    desk.publish(address)
    attempt = hand_in(desk, address)
    assert f"{attempt}/paper" in desk.get(f"{attempt}/result")
    assert f"{attempt}/paper" in desk.get(f"{attempt}/receipt")
    paper = desk.get(f"{attempt}/paper")
    assert "Your answer" in paper
    for leak in ("Because of", "6 to 7", "says half", "being graded", "a person", " of 13"):
        assert leak not in paper
    small_house.sign_in("ines")
    desk.post(f"{address}/release")
    small_house.sign_in("student0")
    assert "6 to 7" in desk.get(f"{attempt}/paper") or " of " in desk.get(f"{attempt}/paper")
    assert "Because of" not in desk.get(f"{attempt}/paper")


STILL_SAT = "This exam is still being sat"


def begun(desk: Desk, address: str, login: str) -> str:
    """The address of an attempt that this person has just begun."""
    desk.house.sign_in(login)
    answer = desk.house.post(f"/quizzes/{address.rsplit('/', 1)[-1]}/attempts", follow_redirects=False)
    return str(answer.headers["location"]).removesuffix("/questions/1")


def of_student0(house: House, attempt: str) -> str:
    """What student0 gets instead of a paper, or the paper."""
    house.sign_in("student0")
    answer = house.client.get(f"{attempt}/paper")
    assert (answer.status_code == 403) == (STILL_SAT in answer.text) == ("Your answer" not in answer.text)
    return answer.text


def test_nobody_prints_an_exam_that_others_may_still_begin(small_house: House) -> None:
    desk: Desk = open_desk(small_house)
    address = desk.create("conv1", release="by hand", closes_at="2090-01-01T12:00")
    desk.publish(address)
    assert STILL_SAT in of_student0(small_house, hand_in(desk, address))


def test_instructors_are_told_what_an_exam_without_a_closing_time_lets_out(small_house: House) -> None:
    desk: Desk = open_desk(small_house)
    says = "This exam has no closing time"
    assert says in desk.get(desk.create("conv1"))
    assert says not in desk.get(desk.create("conv1", closes_at="2090-01-01T12:00"))
    assert says not in desk.get(desk.create("conv1", mode="homework"))


@pytest.mark.parametrize("minutes", ["", "30"])
def test_nobody_prints_an_exam_while_somebody_sits_it(small_house: House, minutes: str) -> None:
    desk: Desk = open_desk(small_house)
    address = desk.create("conv1", release="by hand", minutes=minutes)
    desk.publish(address)
    other = begun(desk, address, "student1")
    attempt = hand_in(desk, address)
    assert STILL_SAT in of_student0(small_house, attempt)
    small_house.sign_in("student1")
    small_house.post(f"{other}/hand-in")
    assert STILL_SAT not in of_student0(small_house, attempt)


def test_whose_time_is_over_sits_no_more_and_who_was_paused_does(small_house: House) -> None:
    desk: Desk = open_desk(small_house)
    address = desk.create("conv1", release="by hand", minutes="30")
    desk.publish(address)
    other = begun(desk, address, "student1")
    attempt = hand_in(desk, address)
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    for paused_at, sat in ((long_ago - timedelta(minutes=5), True), (None, False)):
        with small_house.transactions.writing() as tx:
            row = tx.session.scalars(select(Attempt).where(Attempt.public_id == other.rpartition("/")[2])).one()
            row.deadline_at, row.paused_at = long_ago, paused_at
        assert (STILL_SAT in of_student0(small_house, attempt)) is sat


def test_a_preview_by_staff_keeps_no_paper_back_and_neither_does_homework(small_house: House) -> None:
    desk: Desk = open_desk(small_house)
    exam, homework = desk.create("conv1", release="by hand"), desk.create("conv1", release="by hand", mode="homework")
    for address in (exam, homework):
        desk.publish(address)
    begun(desk, exam, "ines")
    begun(desk, homework, "student1")
    for address in (exam, homework):
        assert STILL_SAT not in of_student0(small_house, hand_in(desk, address))


def test_a_paper_shows_every_kind_of_answer(small_house: House, attempt: str) -> None:
    house = small_house
    changes = {"number": "1/2", "several": "1,3", "truth": ["true", ""], "text": "so <b>", "matrix": [["1*", ""]] * 2}
    house.save(attempt, house.token(attempt), *(change(field, value) for field, value in changes.items()))
    assert house.client.get(f"{attempt}/paper").status_code == 404
    house.post(f"{attempt}/hand-in")
    graded(house, attempt)
    paper = house.client.get(f"{attempt}/paper").text
    for shown in (r"\frac{1}{2}", "dropout", "so &lt;b&gt;", "not answered", "<b>True</b>", "cannot be read"):
        assert shown in paper
    house.sign_in("student1")
    assert house.client.get(f"{attempt}/paper").status_code == 404


def test_without_a_commit_there_is_no_receipt_and_no_grading(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.sign_in()
    attempt = house.start()
    house.save(attempt, house.token(attempt), change("number", "1"))
    csrf = house.csrf()
    woken: list[bool] = []

    def committed_by_now() -> None:
        with house.transactions.reading() as tx:
            woken.append(attempts.view(tx, 1, attempt.rpartition("/")[2]).state == "handed in")

    def fails(_: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("disk I/O error"))

    house.app.state.wake = committed_by_now
    with monkeypatch.context() as broken:
        broken.setattr(Session, "commit", fails)
        answer = house.client.post(f"{attempt}/hand-in", data={"csrf": csrf})
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text
    assert "receipt" not in answer.text
    assert woken == []
    # There is no receipt: the attempt goes on.
    assert house.client.get(f"{attempt}/receipt", follow_redirects=False).headers["location"] == attempt
    assert "Handed in" in house.post(f"{attempt}/hand-in").text
    assert woken == [True]
