"""One's own account: what may change, where one is signed in, one's data, leaving; and forgotten passwords."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from app.services.accounts import accounts
from app.storage import people
from tests.jobs.mail_server import mail_server
from tests.web.conftest import PASSWORD, House
from tests.web.visiting import read, visit_as


def test_name_and_address_are_saved(house: House) -> None:
    house.sign_in()
    page = read(house.post("/account", {"name": "Zero <b>", "email": "zero@uni.example"}), 422)
    assert "This is not your password." in page
    assert 'value="zero@uni.example"' in page
    typed = {"name": "Zero <b>", "email": "zero@uni.example", "password": PASSWORD}
    page = house.post("/account", typed).text
    assert "are saved" in page
    assert "Zero &lt;b&gt;" in page
    assert PASSWORD not in page


def test_a_new_password_ends_the_other_sessions_and_renews_this_one(house: House) -> None:
    house.sign_in()
    elsewhere = dict(house.client.cookies)
    house.client.cookies.clear()
    house.sign_in()
    before = dict(house.client.cookies)
    for typed, says in (
        ({"old": "wrong", "password": "brand new", "again": "brand new"}, "This is not your password."),
        ({"old": PASSWORD, "password": "brand new", "again": "brand"}, "The two passwords differ."),
        ({"old": PASSWORD, "password": "new", "again": "new"}, "at least 8 characters"),
    ):
        assert says in read(house.post("/account/password", typed), 422)
    fine = {"old": PASSWORD, "password": "brand new", "again": "brand new"}
    assert "Your password is changed." in read(house.post("/account/password", fine))
    after = dict(house.client.cookies)
    for cookies, works in ((elsewhere, False), (before, False), (after, True)):
        house.client.cookies.clear()
        house.client.cookies.update(cookies)
        assert ("Your quizzes" in house.client.get("/").text) == works


def test_signing_in_again_gives_another_session_and_ends_the_old_one(house: House) -> None:
    house.sign_in()
    first = dict(house.client.cookies)
    house.sign_in()
    assert dict(house.client.cookies) != first
    house.client.cookies.clear()
    house.client.cookies.update(first)
    assert "Your quizzes" not in house.client.get("/").text


def test_other_sessions_are_ended_from_here(house: House) -> None:
    for _ in range(3):
        house.client.cookies.clear()
        house.sign_in()
    page = read(house.client.get("/account"))
    assert "2 other places" in page
    handle = re.search(r"/account/sessions/(\w{16})/end", page)
    assert handle
    assert "1 other place" in read(house.post(f"/account/sessions/{handle[1]}/end"))
    assert "other place" not in read(house.post("/account/sessions/end"))


def test_ones_data_is_downloaded_as_a_zip(house: House) -> None:
    house.sign_in()
    house.start()
    answer = house.client.get("/account/data.zip")
    assert answer.headers["content-type"] == "application/zip"
    assert "no-store" in answer.headers["cache-control"]
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
    assert {"README.txt", "account.json", "activity.json"} <= set(names)
    assert sum(name.startswith("attempts/") for name in names) == 1


def test_oneself_is_erased_after_being_asked_twice(house: House) -> None:
    house.sign_in()
    assert "Nobody can undo this." in read(house.client.get("/account/erase"))
    assert "Tick the box" in read(house.post("/account/erase", {"password": PASSWORD}), 422)
    assert "not your password" in read(house.post("/account/erase", {"password": "x", "sure": "yes"}), 422)
    assert "Sign in" in read(house.post("/account/erase", {"password": PASSWORD, "sure": "yes"}))
    assert house.sign_in().status_code == 403


def test_an_account_without_a_password_asks_an_administrator(small_house: House) -> None:
    visit_as(small_house, "stranger")
    assert "Please ask an administrator." in read(small_house.client.get("/account/erase"))
    assert "has no password" in read(small_house.client.get("/account"))
    answer = small_house.post("/account/erase", {"sure": "yes", "password": "x"})
    assert "Please ask an administrator." in read(answer, 422)


def test_without_a_mail_server_the_page_says_whom_to_ask(small_house: House) -> None:
    assert "/password/forgot" in small_house.client.get("/").text
    for answer in (
        small_house.client.get("/password/forgot"),
        small_house.client.post("/password/forgot", data={"who": "x"}),
    ):
        assert "Ask your instructor, or an administrator" in read(answer)


def test_a_forgotten_password_is_mended_by_mail(open_house: Callable[..., House]) -> None:
    with mail_server() as post:
        house = open_house(
            public_url="https://gradus.test",
            smtp_host="127.0.0.1",
            smtp_port=post.port,
            smtp_tls="none",
            smtp_from="gradus@uni.example",
        )
        with house.transactions.writing() as tx:
            row = people.person_by_login(tx, "student0")
            assert row is not None
            row.email = "zero@uni.example"
        answers = [
            house.client.post("/password/forgot", data={"who": who}, follow_redirects=False)
            for who in ("nobody", "Zero@Uni.Example")
        ]
        assert len({(answer.status_code, answer.headers["location"], answer.text) for answer in answers}) == 1
        assert "a letter with a link is on its way" in read(house.client.get(answers[0].headers["location"]))
        assert "Type your login" in read(house.client.post("/password/forgot", data={"who": " "}), 422)
        for _ in range(200):
            if post.letters:
                break
            time.sleep(0.05)
        (letter,) = post.letters
        found = re.search(r"https://gradus\.test(/password/[\w-]+)", letter.get_content())
        assert found
        wrong = house.client.post(found[1], data={"password": "brand new", "again": "brand"})
        assert "The two passwords differ." in read(wrong, 422)
        fine = {"password": "brand new", "again": "brand new"}
        assert "Your quizzes" in read(house.client.post(found[1], data=fine))
        assert "does not work any more" in read(house.client.post(found[1], data=fine), 410)


def test_asking_too_often_is_told_in_words(open_house: Callable[..., House]) -> None:
    house = open_house(public_url="https://gradus.test", smtp_host="127.0.0.1", smtp_from="gradus@uni.example")
    for _ in range(3):
        house.client.post("/password/forgot", data={"who": "nobody"})
    answer = house.client.post("/password/forgot", data={"who": "nobody"})
    assert "Too many requests for a new password." in read(answer, 429)
    assert answer.headers["retry-after"]
    assert 'value="nobody"' in answer.text


def test_the_first_administrator_is_welcomed_once(house: House) -> None:
    with house.transactions.writing() as tx:
        path = accounts.welcome_path(tx, house.app.state.secret)
    assert path is not None
    assert "first administrator" in read(house.client.get(path))
    typed = {"name": "Boss", "login": "student0", "email": "", "password": "12345678", "again": "12345678"}
    assert "is taken" in read(house.client.post(path, data=typed), 422)
    assert "No courses yet" not in read(house.client.post(path, data=typed | {"login": "boss"}))
    assert "People" in read(house.client.get("/people"))
    house.client.cookies.clear()
    assert "does not work any more" in read(house.client.get(path), 410)
    assert house.client.post(path, data=typed | {"login": "boss2"}).status_code == 403


@pytest.mark.parametrize("path", ["/welcome/", "/welcome/x", "/password/x", "/invitations/x", "/password/" + "x" * 500])
def test_a_made_up_link_opens_nothing(small_house: House, path: str) -> None:
    assert small_house.client.get(path).status_code in (404, 410)
