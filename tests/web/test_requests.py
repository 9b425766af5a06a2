"""Asking about marks without scripts, and results whose reasons and solutions are not shown yet: nothing leaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.storage import people
from app.storage.tables import Mail, Quiz
from tests.web.building import Desk, form, open_desk
from tests.web.conftest import House
from tests.web.test_withheld import graded, hand_in

SECRETS = {
    "feedback": ("says half", "That is the variance.", "Of course.", "Read so.", "why followed", 'class="criteria"'),
    "solutions": ("Because of p-number", "First of all.", "Worked solution"),
}


@pytest.fixture
def desk(house: House) -> Desk:
    return open_desk(house)


def attempt_at(desk: Desk, **rules: str) -> tuple[str, str]:
    address = desk.create("conv1", **rules)
    desk.publish(address)
    return address, hand_in(desk, address)


def leaks(desk: Desk, page: str) -> dict[str, bool]:
    """Which of the secrets stand somewhere in a page."""
    found = desk.get(page)
    return {name: any(secret in found for secret in secrets) for name, secrets in SECRETS.items()}


def test_reasons_and_solutions_stand_nowhere_before_they_are_shown(desk: Desk) -> None:
    address, attempt = attempt_at(desk, feedback="by hand", solutions="by hand")
    pages = (f"{attempt}/result", f"{attempt}/requests", "/")
    assert [leaks(desk, page) for page in pages] == [{"feedback": False, "solutions": False}] * 3
    page = desk.get(f"{attempt}/result")
    assert "total-points" in page
    assert "Comments and reasons appear when your instructors release them." in page
    assert "You can ask about your marks once they are released" in desk.get(f"{attempt}/requests")
    desk.house.sign_in("ines")
    results = desk.get(f"{address}/results")
    assert "Release comments and reasons now" in results
    assert "Release solutions now" in results
    desk.post(f"{address}/release", {"what": "solutions", "back": "results"})
    desk.house.sign_in("student0")
    assert leaks(desk, f"{attempt}/result") == {"feedback": False, "solutions": True}
    desk.house.sign_in("ines")
    desk.post(f"{address}/release", {"what": "feedback"})
    desk.house.sign_in("student0")
    assert leaks(desk, f"{attempt}/result") == {"feedback": True, "solutions": True}


def test_solutions_before_the_marks_come_without_a_word_about_points(desk: Desk) -> None:
    address, attempt = attempt_at(desk, release="by hand", solutions="by hand")
    desk.house.sign_in("ines")
    desk.post(f"{address}/release", {"what": "solutions", "back": "results"})
    desk.house.sign_in("student0")
    page = desk.get(f"{attempt}/result")
    assert leaks(desk, f"{attempt}/result") == {"feedback": False, "solutions": True}
    assert "The solutions are below." in page
    assert re.findall(r'class="points">[^<]*\d', page) == []
    assert "person" not in page.partition("<main")[2]


def test_dates_are_typed_in_the_form_and_shown_again(small_house: House) -> None:
    desk = open_desk(small_house)
    rules = {"release": "by date", "marks_at": "2126-01-01T10:00", "feedback": "by hand", "solutions": "by date"}
    address = desk.create("conv1", **rules, solutions_at="2126-01-02T10:00", requests_until="2126-02-01T10:00")
    found = desk.plan(address).rules
    assert (found.release, found.feedback, found.feedback_at, found.solutions) == ("by hand", "apart", None, "apart")
    moments = (found.marks_at, found.solutions_at, found.requests_until)
    assert [one and one.year for one in moments] == [2126, 2126, 2126]
    page = desk.get(address)
    assert len(re.findall(r'<option value="by date" selected>', page)) == 2
    assert 'value="2126-01-02T10:00"' in page
    told = desk.get(f"{address}/publish")
    assert "Comments and reasons appear when you release them." in told
    desk.publish(address)
    assert "from 1 Jan 2126" in desk.get("")
    answer = small_house.post("/courses/" + desk.course + "/quizzes/new", {"title": "T", "release": "by date"})
    assert "On which date?" in answer.text


def test_a_date_beside_a_choice_that_does_not_need_it_is_not_dropped_without_a_word(small_house: House) -> None:
    desk = open_desk(small_house)
    new = "/courses/" + desk.course + "/quizzes/new"
    typed = {"title": "T", "release": "by hand", "marks_at": "2126-01-01T10:00"}
    answer = small_house.post(new, typed)
    assert answer.status_code == 422
    assert "This date would not be used." in answer.text
    assert 'value="2126-01-01T10:00"' in answer.text
    # What is stored from before is simply left behind when another choice is made.
    address = desk.create("conv1", release="by date", marks_at="2126-01-01T10:00")
    page = desk.get(address)
    assert '<option value="by date" selected>' in page


def test_a_date_that_has_passed_is_still_told_and_hiding_what_was_seen_is_asked_once(desk: Desk) -> None:
    address, _ = attempt_at(desk, release="by date", marks_at="2126-01-01T10:00")
    with desk.house.transactions.writing() as tx:
        row = tx.session.scalars(select(Quiz).where(Quiz.public_id == address.rsplit("/", 1)[-1])).one()
        row.released_at = tx.now() - timedelta(days=1)
    desk.house.sign_in("ines")
    page = desk.get(address)
    assert '<option value="by date" selected>' in page
    assert "Hide again" not in page
    number = re.search(r'name="revision" value="(\d+)"', page)
    assert number
    typed = form("conv1", release="by date", marks_at="2126-01-01T10:00") | {"revision": number[1]}
    refused = desk.post(address, typed, status=422)
    assert "That is not taken back." in refused.text
    assert "Hide again what students have seen" in refused.text
    typed["release"], typed["marks_at"] = "by hand", ""
    desk.post(address, typed)
    assert desk.plan(address).releases.marks.shown
    desk.post(address, typed | {"release": "at once", "revision": str(int(number[1]) + 1)})
    typed |= {"revision": str(int(number[1]) + 2)}
    assert "have seen their marks" in desk.post(address, typed, status=422).text
    desk.post(address, typed | {"hide": "yes"})
    assert not desk.plan(address).releases.marks.shown


def test_a_request_goes_its_way_without_scripts(desk: Desk) -> None:
    address, attempt = attempt_at(desk)
    page = f"{attempt}/requests"
    assert "Ask about these points" in desk.get(f"{attempt}/result")
    (value,) = re.findall(r'<option value="(1:p-number:)"', desk.get(page))
    for data, says in (
        ({"act": "ask", "about": "", "text": "Hm"}, "Choose what you ask about."),
        ({"act": "ask", "about": value, "text": ""}, "Say in a few words why."),
        ({"act": "ask", "about": value, "text": "x" * 2001}, "at most 2000"),
        ({"act": "dance"}, "Asking about your marks"),
    ):
        assert says in desk.post(page, data, status=422).text
    assert "nothing of this name" in desk.post(page, {"act": "ask", "about": "1:no:", "text": "Hm"}, status=404).text
    desk.post(page, {"act": "ask", "about": value, "text": "Look at <b> again."})
    shown = desk.house.client.get(page).text
    assert "Look at &lt;b&gt; again." in shown
    assert "asked already" in shown
    (request,) = set(re.findall(r'name="request" value="([^"]+)"', shown))
    assert "asked about this already" in desk.post(page, {"act": "ask", "about": value, "text": "Hm"}, status=409).text
    desk.post(page, {"act": "reply", "request": request, "text": "And quickly."})

    desk.house.sign_in("ines")
    listed = desk.get(f"{address}/requests")
    assert "1 request waits for an answer." in listed
    assert "And quickly." in listed
    one = f"{address}/requests/{request}"
    assert "Points to add to this part" in desk.get(one)
    assert "Say in a few words why." in desk.post(one, {"act": "decline", "text": ""}, status=422).text
    assert "Write points as a number" in desk.post(one, {"act": "grant", "points": "two"}, status=422).text
    assert desk.post(one, {"act": "grant", "points": "1/2", "text": "Yes."}).headers["location"].endswith("granted")
    desk.post(one, {"act": "decline", "text": "No."}, status=409)
    graded(desk.house)
    desk.house.sign_in("student0")
    answered = desk.get(page)
    assert "granted" in answered
    assert "Yes." in answered
    assert "Ines" not in answered.partition("<main")[2]
    desk.post(page, {"act": "withdraw", "request": request}, status=409)


def test_letters_lead_to_what_was_asked_and_to_what_was_answered(open_house: Callable[..., House]) -> None:
    site = "http://testserver"
    # Nothing listens there: letters wait, and can be read.
    desk = open_desk(open_house(public_url=site, smtp_host="127.0.0.1", smtp_port=9, smtp_from="gradus@uni.example"))
    with desk.house.transactions.writing() as tx:
        for login in ("student0", "ines"):
            row = people.person_by_login(tx, login)
            assert row is not None
            row.email = f"{login}@uni.example"
    address, attempt = attempt_at(desk)
    desk.post(f"{attempt}/requests", {"act": "ask", "about": "1:p-number:", "text": "Look again."})
    desk.house.sign_in("ines")
    (asked,) = links(desk, site, "ines@uni.example")
    assert "1 request waits for an answer." in desk.get(asked)
    (request,) = set(re.findall(r"/requests/([\w-]{8,})\"", desk.get(asked)))
    desk.post(f"{address}/requests/{request}", {"act": "decline", "text": "It stays."})
    desk.house.sign_in("student0")
    (answered,) = links(desk, site, "student0@uni.example")
    assert "It stays." in desk.get(answered)


def links(desk: Desk, site: str, address: str) -> list[str]:
    with desk.house.transactions.reading() as tx:
        bodies = tx.session.scalars(select(Mail.body).where(Mail.address == address)).all()
    return [body.partition(site)[2].strip() for body in bodies]
