"""Courses on their pages: the list, making one, its settings, the archive."""

from __future__ import annotations

import pytest

from tests.web.conftest import House
from tests.web.visiting import read, visit_as


def test_an_instructor_makes_a_course_and_finds_it_in_the_list(house: House) -> None:
    visit_as(house, "ines", "instructor")
    assert "New course" in read(house.client.get("/courses"))
    fields = {"title": "Vision <b>", "term": "Winter 2026/27", "time_zone": "Europe/Berlin"}
    answer = house.post("/courses/new", fields, follow_redirects=False)
    assert answer.headers["location"].endswith("/people")
    page = house.client.get("/courses").text
    assert "Vision &lt;b&gt;" in page
    assert "Winter 2026/27" in page
    assert "1 person" in page


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"title": "", "time_zone": "UTC"}, "A course needs a title."),
        ({"title": "My course", "time_zone": "Mars"}, "There is no such time zone"),
        ({"title": "x" * 301, "time_zone": "UTC"}, "at most 300 characters"),
    ],
)
def test_what_was_typed_comes_back_with_a_sentence(small_house: House, fields: dict[str, str], says: str) -> None:
    visit_as(small_house, "ines", "instructor")
    page = read(small_house.post("/courses/new", fields), 422)
    assert says in page
    assert f'value="{fields["title"]}"' in page
    assert 'aria-invalid="true"' in page


def test_a_student_sees_their_courses_and_makes_none(small_house: House) -> None:
    visit_as(small_house, "student0")
    page = read(small_house.client.get("/courses"))
    assert "Student" in page
    assert "New course" not in page
    assert small_house.client.get("/courses/new").status_code == 403
    visit_as(small_house, "stranger")
    assert "No courses yet" in read(small_house.client.get("/courses"))


def test_settings_are_saved_and_the_course_is_archived_and_taken_out_again(house: House) -> None:
    root = visit_as(house, "ines", "instructor")
    assert 'value="Course"' in read(house.client.get(f"{root}/settings"))
    fields = {"title": "Renamed", "term": "", "time_zone": "Asia/Tokyo"}
    assert "The settings are saved." in read(house.post(f"{root}/settings", fields))
    assert "no such time zone" in read(house.post(f"{root}/settings", fields | {"time_zone": "x"}), 422)
    assert "The course is archived." in read(house.post(f"{root}/archive", {"archived": "yes"}))
    assert "1 archived course" in read(house.client.get("/courses"))
    assert "out of the archive" in read(house.post(f"{root}/archive", {"archived": "no"}))
    assert "archived course" not in read(house.client.get("/courses"))
