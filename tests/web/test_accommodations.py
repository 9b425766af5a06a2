"""The page on which instructors grant accommodations."""

from __future__ import annotations

import re

import pytest

from tests.web.building import Desk, open_desk
from tests.web.conftest import House


@pytest.fixture
def desk(small_house: House) -> Desk:
    return open_desk(small_house)


def person(page: str, login: str) -> str:
    found = re.search(rf'<option value="(\d+)"[^>]*>[^<]*\({login}\)', page)
    assert found
    return found[1]


def test_granted_changed_and_withdrawn(house: House) -> None:
    desk = open_desk(house)
    address = desk.create("conv1", minutes="60", closes_at="2126-01-01T10:00")
    desk.publish(address)
    place = f"{address}/accommodations"
    page = desk.get(place)
    assert "Nobody has other rules in this quiz yet." in page
    student = person(page, "student0")
    granted = {"person": student, "extra_minutes": "15", "closes_at": "2126-01-02T10:00", "reason": "Extra time"}
    assert "Running attempts have the time at once." in desk.get(desk.post(place, granted).headers["location"])
    page = desk.get(f"{place}?person={student}")
    for shown in ("Student 0", "Extra time", "2 Jan 2126, 10:00", 'value="15"', 'value="2126-01-02T10:00"'):
        assert shown in page
    desk.post(f"{place}/{student}/withdraw")
    assert "Nobody has other rules" in desk.get(place)
    desk.post(f"{place}/{student}/withdraw", status=404)


def test_a_group_and_several_students_get_the_same_in_one_step(house: House) -> None:
    desk = open_desk(house)
    address = desk.create("conv1", minutes="60")
    desk.publish(address)
    place = f"{address}/accommodations"
    students = [person(desk.get(place), login) for login in ("student0", "student1")]
    for student in students:
        assert "The group is changed." in desk.get(
            desk.post(f"people/{student}/group", {"group": "Lab 2"}).headers["location"]
        )
    assert "Lab 2" in desk.get("people?q=lab+2")
    assert '<option value="group:Lab 2">Lab 2 (2 students)</option>' in desk.get(place)
    desk.post(place, {"person": "group:Lab 2", "extra_minutes": "15"})
    assert desk.get(place).count("?person=") == 2
    desk.post(place, {"also": students, "extra_minutes": "20", "reason": "Both"})
    assert desk.get(place).count('<td class="number">20</td>') == 2
    wrong = desk.post(place, {"also": students[0], "extra_minutes": "x"}, 422).text
    assert f'value="{students[0]}" checked' in wrong
    assert (
        "Nobody is in a group of this name." in desk.post(place, {"person": "group:A", "extra_minutes": "1"}, 422).text
    )
    assert "at most 100 characters" in desk.post(f"people/{students[0]}/group", {"group": "x" * 101}, 422).text


def test_what_cannot_be_granted_comes_back_with_a_sentence(desk: Desk) -> None:
    address = desk.create("conv1", closes_at="2126-01-01T10:00")
    place = f"{address}/accommodations"
    student = person(desk.get(place), "student0")
    for typed, says in (
        ({"extra_minutes": "15"}, "Choose somebody."),
        ({"person": "999999", "extra_minutes": "15"}, "There is no such student in this course."),
        ({"person": student, "extra_minutes": "many"}, "This is a whole number, or nothing."),
        ({"person": student, "closes_at": "2125-01-01T10:00"}, "not later than the quiz closes for everybody"),
        ({"person": student, "closes_at": "never"}, "This is no date with a time"),
        ({"person": student, "reason": "Kept"}, "Give extra minutes, a later closing time or a number of attempts."),
    ):
        page = desk.post(place, typed, 422).text
        assert says in page
        assert all(value in page for value in typed.values() if value not in ("999999", "never"))
    desk.post(f"{place}/99999999999999999999/withdraw", status=404)
