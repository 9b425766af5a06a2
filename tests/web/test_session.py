"""Signing in and out, and what another site's page cannot do in somebody's name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.web.pages.session import own_path
from tests.web.conftest import House


def test_the_front_page_is_the_door_until_one_has_signed_in(house: House) -> None:
    door = house.client.get("/")
    assert door.status_code == 200
    assert "Password" in door.text
    inside = house.sign_in()
    assert inside.status_code == 200
    assert "Your quizzes" in inside.text
    assert house.client.head("/").status_code == 200


def test_a_wrong_password_and_an_unknown_account_read_alike(small_house: House) -> None:
    wrong = small_house.sign_in(password="no")
    unknown = small_house.sign_in(login="nobody", password="no")
    assert wrong.status_code == unknown.status_code == 403
    sentence = "The name or the password is wrong."
    assert sentence in wrong.text
    assert sentence in unknown.text
    assert 'value="student0"' in wrong.text


def test_after_many_wrong_passwords_there_is_a_pause_and_no_lock(small_house: House) -> None:
    answers = [small_house.sign_in(password="no") for _ in range(12)]
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) >= 1
    assert "Too many wrong passwords" in answers[-1].text


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(small_house: House) -> None:
    answer = small_house.client.post(
        "/sign-in", data={"login": "student0", "password": "a password for tests"}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie
    assert "secure" not in cookie


def test_over_tls_the_cookie_belongs_to_this_host_alone(open_house: Callable[..., House]) -> None:
    house = open_house(public_url="https://gradus.test")
    answer = house.client.post(
        "/sign-in", data={"login": "student0", "password": "a password for tests"}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-")
    assert "Secure" in cookie
    assert "Path=/;" in cookie
    assert "Domain" not in cookie
    assert "max-age=" in answer.headers["strict-transport-security"]
    assert "Your quizzes" in house.client.get("/").text


def test_a_page_that_needs_a_visitor_comes_back_after_signing_in(small_house: House) -> None:
    door = small_house.client.get("/attempts/abc/review", follow_redirects=False)
    assert door.status_code == 303
    assert door.headers["location"] == "/?next=/attempts/abc/review"
    assert 'name="next" value="/attempts/abc/review"' in small_house.client.get(door.headers["location"]).text
    answer = small_house.client.post(
        "/sign-in",
        data={"login": "student0", "password": "a password for tests", "next": "/attempts/abc/review"},
        follow_redirects=False,
    )
    assert answer.headers["location"] == "/attempts/abc/review"


@pytest.mark.parametrize(
    "to",
    ["//evil.test", "https://evil.test", "/\\evil.test", "/a\\b", "javascript:x", "", "/ü", "/a\nb", "/" + "a" * 600],
)
def test_the_door_leads_nowhere_else(to: str) -> None:
    assert own_path(to) == "/"


def test_signing_out_ends_the_session(house: House) -> None:
    house.sign_in()
    kept = dict(house.client.cookies)
    assert house.post("/sign-out").status_code == 200
    assert "Password" in house.client.get("/").text
    house.client.cookies.update(kept)
    assert "Password" in house.client.get("/").text


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.test"}, {"Origin": "null"}, {"Origin": "http://["}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_what_another_site_sends_is_not_carried_out(small_house: House, headers: dict[str, str]) -> None:
    small_house.sign_in()
    answer = small_house.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert "another site" in answer.text
    assert "Your quizzes" in small_house.client.get("/").text


def test_our_own_origin_is_welcome(small_house: House) -> None:
    small_house.sign_in()
    assert small_house.post("/sign-out", headers={"Origin": "http://testserver"}).status_code == 200


@pytest.mark.parametrize("token", [None, "", "wrong", "\udcff"])
def test_a_form_needs_the_token_of_the_session(small_house: House, token: str | None) -> None:
    small_house.sign_in()
    data = {} if token is None else {"csrf": token.encode("utf-8", "surrogateescape").decode("latin-1")}
    answer = small_house.client.post("/sign-out", data=data)
    assert answer.status_code == 403
    assert "does not belong to your session" in answer.text


def test_a_form_without_a_session_leads_to_the_door(small_house: House) -> None:
    answer = small_house.client.post("/sign-out", data={"csrf": "x"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_a_cookie_that_is_no_token_is_no_session(small_house: House) -> None:
    small_house.client.cookies.set("gradus-session", "x" * 5000)
    assert "Password" in small_house.client.get("/").text
