"""People make tokens for programs in their browser, see them once, and revoke them."""

from __future__ import annotations

import re

import pytest

from app.storage import people
from tests.web.conftest import House

SHOWN = re.compile(r"gradus_[A-Za-z0-9_-]{43}")
ONCE = re.compile(r'name="once" value="([^"]+)"')


def teacher(house: House) -> None:
    with house.transactions.writing() as tx:
        row = people.person_by_login(tx, "student0")
        course = people.course_by_title(tx, "Course")
        assert row is not None
        assert course is not None
        people.enrol(tx, course.id, row.id, "instructor")


def opens(house: House, token: str) -> bool:
    answer = house.client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"})
    return answer.status_code == 200


def test_a_token_is_made_shown_once_used_and_revoked(house: House) -> None:
    teacher(house)
    house.sign_in()
    page = house.client.get("/account/tokens").text
    assert "No tokens yet" in page
    assert page.count('name="scopes"') == 12
    made = house.post("/account/tokens", {"name": "Roster <sync>", "scopes": "courses:read", "days": "30"})
    assert made.status_code == 200
    (token,) = SHOWN.findall(made.text)
    assert "Roster &lt;sync&gt;" in made.text
    assert opens(house, token)
    listed = house.client.get("/account/tokens").text
    assert token not in listed
    assert token[:11] in listed
    (address,) = re.findall(r'action="(/account/tokens/[^"]+/revoke)"', listed)
    assert house.post(address, follow_redirects=False).status_code == 303
    assert not opens(house, token)
    assert house.post(address, follow_redirects=False).status_code == 404


def test_the_form_sent_twice_makes_one_token(small_house: House) -> None:
    small_house.sign_in()
    found = ONCE.search(small_house.client.get("/account/tokens").text)
    assert found
    data = {"name": "sync", "scopes": "courses:read", "days": "", "once": found[1]}
    assert SHOWN.search(small_house.post("/account/tokens", data).text)
    again = small_house.post("/account/tokens", data)
    assert not SHOWN.search(again.text)
    assert again.text.count("/revoke") == 1


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"name": "", "scopes": "courses:read"}, "Give the token a name"),
        ({"name": "Some name"}, "Choose at least one of the scopes."),
        ({"name": "Some name", "scopes": "everything"}, "Choose at least one of the scopes."),
    ],
)
def test_what_cannot_be_taken_comes_back_with_a_sentence(small_house: House, typed: dict[str, str], says: str) -> None:
    small_house.sign_in()
    page = small_house.post("/account/tokens", typed | {"days": "365"})
    assert page.status_code == 422
    assert says in page.text
    assert f'value="{typed["name"]}"' in page.text
    assert '<option value="365" selected>' in page.text
    assert not SHOWN.search(page.text)


def test_students_are_offered_what_is_of_use_to_them(small_house: House) -> None:
    small_house.sign_in()
    assert small_house.client.get("/account/tokens").text.count('name="scopes"') == 4


def test_a_token_needs_a_session_and_its_own_form(small_house: House) -> None:
    assert small_house.client.get("/account/tokens", follow_redirects=False).status_code == 303
    small_house.sign_in()
    assert small_house.client.post("/account/tokens", data={"name": "x", "scopes": "courses:read"}).status_code == 403
