"""Instructors keep the webhooks of their course in a browser, and see what was sent."""

from __future__ import annotations

import re

import pytest

from app.services.operating import webhooks
from app.storage import people
from tests.web.conftest import House
from tests.web.test_tokens import teacher


@pytest.fixture
def course(house: House) -> str:
    """The course's address; whoever is signed in instructs it."""
    teacher(house)
    house.sign_in()
    with house.transactions.reading() as tx:
        row = people.course_by_title(tx, "Course")
        assert row is not None
        return f"/courses/{row.public_id}/webhooks"


def announce(house: House) -> None:
    with house.transactions.writing() as tx:
        row = people.course_by_title(tx, "Course")
        assert row is not None
        webhooks.announce(tx, row.id, "quiz.published", {"quiz": "x"})


def test_a_webhook_is_added_looked_at_changed_and_removed(house: House, course: str) -> None:
    assert "Nobody listens yet" in house.client.get(course).text
    typed = {"address": "https://example.org/hook?a=1&b=2", "events": "quiz.published"}
    added = house.post(course, typed)
    assert "https://example.org/hook?a=1&amp;b=2" in added.text
    assert "whsec_" in added.text
    assert "Nothing has happened yet" in added.text
    one = str(added.url.path)
    announce(house)
    page = house.client.get(one).text
    assert "quiz.published" in page
    (again,) = re.findall(r'action="([^"]+/deliveries/[^"]+)"', page)
    assert house.post(again, follow_redirects=False).status_code == 303
    assert house.post(one, typed | {"events": "attempt.graded"}, follow_redirects=False).status_code == 303
    listed = house.client.get(course).text
    assert "resting" in listed
    assert "attempt.graded" in listed
    assert house.post(f"{one}/remove", follow_redirects=False).status_code == 303
    assert "Nobody listens yet" in house.client.get(course).text
    assert house.client.get(one).status_code == 404


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"address": "http://example.org/", "events": "quiz.published"}, "begins with https://"),
        ({"address": "https://127.0.0.1/", "events": "quiz.published"}, "belongs to a private network"),
        ({"address": "https://example.org/"}, "Choose at least one of the events."),
    ],
)
def test_what_cannot_be_a_webhook_comes_back_with_a_sentence(
    house: House, course: str, typed: dict[str, str], says: str
) -> None:
    for address in (
        course,
        str(house.post(course, {"address": "https://a.example/", "events": "quiz.published"}).url.path),
    ):
        page = house.post(address, typed)
        assert page.status_code == 422
        assert says in page.text
        assert f'value="{typed["address"]}"' in page.text


def test_others_see_nothing_of_it(house: House, course: str) -> None:
    house.client.cookies.clear()
    house.sign_in("student1")
    assert house.client.get(course).status_code == 403
