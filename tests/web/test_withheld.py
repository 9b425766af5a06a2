"""Marks that are not released: the student's pages give nothing away."""

from __future__ import annotations

import time
from collections.abc import Callable

from tests.web.building import Desk, open_desk
from tests.web.conftest import House


def graded(house: House) -> None:
    """Wait until nothing is left to be graded."""
    from app.services.marking import grading

    for _ in range(200):
        with house.transactions.reading() as tx:
            if not grading.ungraded_papers(tx):
                return
        time.sleep(0.05)
    raise AssertionError("never graded")


def hand_in(desk: Desk, address: str) -> str:
    """The address of student0's attempt."""
    house = desk.house
    house.sign_in("student0")
    answer = house.post(f"/quizzes/{address.rsplit('/', 1)[-1]}/attempts", follow_redirects=False)
    attempt = str(answer.headers["location"]).removesuffix("/questions/1")
    house.post(f"{attempt}/hand-in")
    graded(house)
    return attempt


def test_nothing_leaks_before_staff_release(house: House) -> None:
    desk = open_desk(house)
    address = desk.create("conv1", release="by hand")
    desk.publish(address)
    attempt = hand_in(desk, address)
    page = desk.get(f"{attempt}/result")
    assert "Marks and solutions appear when your instructors release them." in page
    assert "Your answers are stored." in page
    assert f"{attempt}/receipt" in page
    assert house.client.get(f"{attempt}/grading").json() == {"state": "withheld"}
    listed = desk.get("/")
    assert "marks are not out yet" in listed
    for leak in ("Because of", "6 to 7", "a person", "says half", "being graded"):
        assert leak not in page
        assert leak not in listed
    house.sign_in("ines")
    desk.post(f"{address}/release")
    assert "Marks were released on" in desk.get(address)
    house.sign_in("student0")
    assert "Because of p-number" in desk.get(f"{attempt}/result")
    assert "partly waits for a person" in desk.get("/")


def test_after_closing_says_when(open_house: Callable[..., House]) -> None:
    desk = open_desk(open_house())
    address = desk.create("conv1", release="after closing", closes_at="2126-01-01T10:00")
    desk.publish(address)
    attempt = hand_in(desk, address)
    for page in (desk.get(f"{attempt}/result"), desk.get("/")):
        assert "Marks and solutions appear on" in page
        assert "2126-01-01T10:00:00Z" in page


def test_the_list_says_which_attempt_counts(small_house: House) -> None:
    desk = open_desk(small_house)
    for counts, says in (("best", ">counts<"), ("average", "The average counts:")):
        small_house.sign_in("ines")
        address = desk.create("conv1", counts=counts)
        desk.publish(address)
        hand_in(desk, address)
        hand_in(desk, address)
        assert says in desk.get("/") or counts == "best"
