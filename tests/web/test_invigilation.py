"""The page of the staff while a quiz is sat: its table, its orders, its log; without scripts."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from app.services.sitting import news
from app.storage.tables import Attempt
from tests.web.building import Desk, open_desk
from tests.web.conftest import House
from tests.web.visiting import number_of, visit_as


@pytest.fixture
def desk(small_house: House) -> Desk:
    return open_desk(small_house)


def sat(desk: Desk) -> str:
    """A quiz of an hour that student0 is sitting; the address of the staff's page."""
    address = desk.create("conv1", minutes="60")
    desk.publish(address)
    house, quiz = desk.house, address.rsplit("/", 1)[-1]
    house.sign_in("student0")
    house.post(f"/quizzes/{quiz}/attempts")
    house.sign_in("ines")
    return f"{address}/sitting"


def order(desk: Desk, place: str, what: str, *logins: str, status: int = 303, **more: str) -> str:
    """Press a button of the page; what is on the page after it."""
    found = re.search(r'name="once" value="([^"]+)"', desk.get(place))
    assert found
    people = [str(number_of(desk.house, login)) for login in logins]
    data = {"what": what, "whom": "chosen", "once": found[1], "person": people, **more}
    answer = desk.post(place, data, status)
    return desk.get(answer.headers["location"]) if status == 303 else html.unescape(answer.text)


def row(page: str, login: str) -> str:
    """The row of a student, as text."""
    found = re.search(rf'<tr data-key="\d+">(?:(?!</tr>).)*{login}.*?</tr>', page, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]*>", " ", found[0]).split())


def test_who_is_in_and_who_is_not(house: House) -> None:
    desk = open_desk(house)
    place = sat(desk)
    page = desk.get(place)
    assert "in 59 min until" in row(page, "student0")
    assert "nothing yet offline never seen 0 of 2" in row(page, "student0")
    assert "not started" in row(page, "student1")
    assert "1 student is in, 1 of them offline; 0 have handed in." in page
    assert "Gradus does not record what is being typed" in page
    assert 'href="' + place + '"' in desk.get("")


def test_who_sits_without_scripts_is_without_a_live_page_and_not_offline(small_house: House) -> None:
    desk = open_desk(small_house)
    place = sat(desk)
    assert "offline" in row(desk.get(place), "student0")
    student = number_of(small_house, "student0")
    with small_house.transactions.writing() as tx:
        (found,) = tx.session.scalars(select(Attempt).where(Attempt.person_id == student))
        news.visited(tx, {found.id: 65.0})
    seen = row(desk.get(place), "student0")
    assert "without live page last seen" in seen
    assert "offline" not in seen


def test_orders_are_carried_out_and_told(house: House) -> None:
    desk = open_desk(house)
    place = sat(desk)
    page = order(desk, place, "time", "student0", minutes="10", reason="Chair broke")
    assert "1 student has another deadline now." in page
    assert "1 h 9 min" in row(page, "student0")
    assert "10 min" in row(page, "student0")
    page = order(desk, place, "pause", whom="everybody")
    assert "1 student is paused." in page
    assert "paused since" in row(page, "student0")
    assert "1 student goes on." in order(desk, place, "resume", "student0")
    assert "The message goes to 1 student." in order(desk, place, "message", "student0", text="σ is 1\r\nin question 2")
    assert "The note is in the log." in order(desk, place, "note", "student1", text="Is ill")
    log = desk.get(f"{place}/log")
    for said in ("10 minutes more", "Chair broke", "paused", "goes on", "σ is 1\nin question 2", "Is ill", "Ines"):
        assert said in log
    own = desk.get(f"{place}/log?person={number_of(house, 'student1')}")
    assert "Is ill" in own
    assert "Chair broke" not in own
    table = house.client.get(f"{place}/log.csv")
    assert table.headers["content-type"].startswith("text/csv")
    assert "student0,deadline moved,10,Chair broke,Ines" in table.text


def test_ending_is_asked_about_in_words_first(desk: Desk) -> None:
    place = sat(desk)
    asked = order(desk, place, "end", "student0", "student1", reason="Copied", status=200)
    assert "End the exam for 1 student now?" in asked
    assert "Student 0 (student0)" in asked
    assert "in 59 min" in row(desk.get(place), "student0")
    hidden = dict(re.findall(r'<input type="hidden" name="(whom|reason|once|sure)" value="([^"]*)">', asked))
    assert hidden["sure"] == "1"
    page = order(desk, place, "end", "student0", **hidden)
    assert "The exam is over for 1 student." in page
    assert "handed in" in row(page, "student0")
    assert "None of these students is in at the moment." in order(desk, place, "end", "student0", status=200)
    asked = order(desk, place, "reopen", "student0", minutes="15", status=200)
    assert "Reopen the exam for 1 student?" in asked
    assert "They have at least 15 minutes." in asked
    page = order(desk, place, "reopen", "student0", minutes="15", sure="1")
    assert "The exam goes on for 1 student." in page
    assert "in 59 min" in row(page, "student0")


def test_a_double_click_is_one_click(desk: Desk) -> None:
    place = sat(desk)
    order(desk, place, "time", "student0", minutes="10", once="the-very-same")
    page = order(desk, place, "time", "student0", minutes="10", once="the-very-same")
    assert "This was done already" in page
    assert "1 h 9 min" in row(page, "student0")


def test_what_cannot_be_done_comes_back_with_what_was_typed(desk: Desk) -> None:
    place = sat(desk)
    for what, typed, says in (
        ("time", {"minutes": "many", "reason": "Kept"}, "How many minutes? Write a whole number."),
        ("time", {"minutes": "0"}, "How many minutes?"),
        ("time", {"minutes": "-5"}, "No more time can be taken back than was given before."),
        ("message", {"text": ""}, "Write what it says."),
        ("dance", {"text": "Kept"}, "Choose what to do."),
        ("pause", {"whom": "group:Z"}, "Nobody is in this group."),
    ):
        page = order(desk, place, what, "student0", status=422, **typed)
        assert says in page
        assert "checked aria-label" in page
        assert all(value in page for name, value in typed.items() if name != "whom")
    assert "Choose students in the table" in order(desk, place, "pause", status=422)
    assert "None of these students is in" in order(desk, place, "pause", "student1", status=422)


def test_the_table_alone_is_for_the_script_that_keeps_it_fresh(desk: Desk) -> None:
    place = sat(desk)
    rows = desk.get(f"{place}/rows")
    assert "<html" not in rows
    assert 'data-said="1 student is in' in rows
    assert "student1" in rows
    assert "student1" not in desk.get(f"{place}/rows?show=in&done=time&count=1")
    assert "nobody matches what was asked for" in desk.get(f"{place}?q=nobody+of+this+name")


def test_the_way_back_keeps_what_the_table_was_narrowed_to(desk: Desk) -> None:
    place = sat(desk)
    page = desk.get(f"{place}?show=in&q=student")
    back = re.search(r'name="back" value="([^"]+)"', page)
    assert back
    assert "student1" not in order(desk, place, "pause", "student0", back=back[1])
    answer = desk.post(place, {"what": "resume", "whom": "everybody", "back": "x\r\nSet-Cookie: a=b"})
    assert answer.headers["location"].endswith("/sitting?done=resume&count=1")


def test_assistants_invigilate_students_do_not(house: House) -> None:
    desk = open_desk(house)
    place = sat(desk)
    visit_as(house, "tom", "assistant")
    assert "1 student is paused." in order(desk, place, "pause", "student0")
    visit_as(house, "student0")
    for address in (place, f"{place}/rows", f"{place}/log", f"{place}/log.csv"):
        assert house.client.get(address).status_code == 403
