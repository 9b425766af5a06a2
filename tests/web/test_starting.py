"""The start page, forward only, networks and Safe Exam Browser, and building such quizzes: all without scripts."""

from __future__ import annotations

import hashlib
import html
import re

import pytest
from sqlalchemy import select

from app.storage.tables import Attempt, Quiz, QuizSection, SittingEvent
from tests.web.building import Desk, form, open_desk
from tests.web.conftest import House

KEY = "0123456789abcdef" * 4


@pytest.fixture
def desk(small_house: House) -> Desk:
    return open_desk(small_house)


def be_at(house: House, address: str) -> None:
    house.client._transport.client = (address, 50_000)  # type: ignore[attr-defined]


def rule(house: House, **rules: object) -> None:
    """Change the quiz of the house behind everybody's back."""
    with house.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == house.quiz)).one()
        for name, value in rules.items():
            setattr(quiz, name, value)


def test_the_start_page_says_what_awaits_and_asks_for_code_and_honour(house: House) -> None:
    rule(house, access_code="Blue whale", honour="I am <alone>.", minutes=60, attempts_allowed=2)
    page = house.sign_in().text
    assert f'href="/quizzes/{house.quiz}/start"' in page
    assert ">Start<" not in page
    start = f"/quizzes/{house.quiz}/start"
    page = house.client.get(start).text
    for says in ("2 questions", "60 minutes", "This is attempt 1 of 2.", "I am &lt;alone&gt;.", "Access code"):
        assert says in page
    go = f"/quizzes/{house.quiz}/attempts"
    answer = house.post(go, {"access_code": "orca"})
    assert answer.status_code == 422
    assert "Please read this and agree to it" in answer.text
    answer = house.post(go, {"access_code": "orca", "honour": "yes"})
    assert answer.status_code == 422
    assert "This is not the access code of this quiz." in answer.text
    assert re.search(r'name="honour" value="yes" checked', answer.text)
    answer = house.post(go, {"access_code": "blue WHALE", "honour": "yes"}, follow_redirects=False)
    assert answer.status_code == 303
    with house.transactions.reading() as tx:
        assert tx.session.scalars(select(Attempt)).one().honour_at is not None
    page = house.client.get(start).text
    assert "Continue" in page
    assert "Blue whale" not in page


def test_wrong_codes_are_slowed_down(small_house: House) -> None:
    rule(small_house, access_code="Blue whale")
    small_house.sign_in()
    go = f"/quizzes/{small_house.quiz}/attempts"
    for _ in range(3):
        assert small_house.post(go, {"access_code": "orca"}).status_code == 422
    answer = small_house.post(go, {"access_code": "blue whale"})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) >= 1
    assert "Too many wrong codes." in answer.text


def test_a_quiz_without_anything_to_ask_starts_at_once(small_house: House) -> None:
    page = small_house.sign_in().text
    assert ">Start<" in page
    assert f"/quizzes/{small_house.quiz}/start" not in page
    start = f"/quizzes/{small_house.quiz}/start"
    assert "are your own." not in small_house.client.get(start).text  # first comes the printed paper
    rule(small_house, seeds="fresh")
    assert "The numbers in them are your own." in small_house.client.get(start).text
    rule(small_house, same_for_all=True)
    assert "Everybody gets the same." in small_house.client.get(start).text
    assert small_house.client.get("/quizzes/nothing/start").status_code == 404


def test_outside_its_networks_a_quiz_is_neither_started_nor_seen_but_everything_typed_is_saved(house: House) -> None:
    rule(house, networks="10.0.0.0/8")
    house.sign_in()
    be_at(house, "203.0.113.9")
    answer = house.client.get(f"/quizzes/{house.quiz}/start")
    assert "you are seen at 203.0.113.9" in answer.text
    assert "Start now" not in answer.text
    answer = house.post(f"/quizzes/{house.quiz}/attempts")
    assert answer.status_code == 403
    assert "you are seen at 203.0.113.9" in answer.text
    be_at(house, "10.1.2.3")
    attempt = house.start()
    token = house.token(attempt)
    be_at(house, "203.0.113.9")
    for place in ("questions/1", "review", "hand-in"):
        answer = house.client.get(f"{attempt}/{place}")
        assert answer.status_code == 403
        assert "you are seen at 203.0.113.9" in answer.text
    change = {"item": 1, "field": "number", "revision": 1, "value": "1"}
    for seq in (1, 2, 3):
        answer = house.save(attempt, token, change | {"revision": seq}, seq=seq)
        assert answer.status_code == 200
        assert answer.json()["fields"][0]["state"] == "saved"
    # A page without scripts saves as well; what it then shows is the refusal.
    answer = house.post(f"{attempt}/questions/1", {"number": "2", "r.number": "3"})
    assert answer.status_code == 403
    be_at(house, "198.51.100.1")
    house.save(attempt, token, change | {"revision": 9, "value": "3"}, seq=9)
    be_at(house, "10.1.2.3")
    assert 'value="3"' in house.client.get(f"{attempt}/questions/1").text
    with house.transactions.reading() as tx:
        events = list(tx.session.scalars(select(SittingEvent).where(SittingEvent.kind == "other network")))
    assert [event.text for event in events] == ["203.0.113.9", "198.51.100.1"]
    # Handing in is possible from anywhere: nobody is locked in.
    be_at(house, "203.0.113.9")
    assert house.post(f"{attempt}/hand-in", follow_redirects=False).status_code == 303
    assert house.client.get(f"{attempt}/receipt").status_code == 200


def test_a_proxy_that_is_trusted_says_who_is_asking(open_house: object) -> None:
    house: House = open_house(trusted_proxies="172.16.0.1")  # type: ignore[operator]
    rule(house, networks="10.0.0.0/8")
    house.sign_in()
    start = f"/quizzes/{house.quiz}/start"
    be_at(house, "172.16.0.1")
    assert "Start now" in house.client.get(start, headers={"X-Forwarded-For": "10.1.2.3"}).text
    assert "seen at 203.0.113.9" in house.client.get(start, headers={"X-Forwarded-For": "203.0.113.9"}).text
    be_at(house, "203.0.113.9")  # nobody's proxy
    assert "seen at 203.0.113.9" in house.client.get(start, headers={"X-Forwarded-For": "10.1.2.3"}).text


def test_safe_exam_browser_proves_its_configuration_for_each_page(small_house: House) -> None:
    rule(small_house, browser_keys=KEY)
    small_house.sign_in()

    def proof(address: str, key: str = KEY) -> dict[str, str]:
        digest = hashlib.sha256(f"http://testserver{address}{key}".encode()).hexdigest()
        return {"X-SafeExamBrowser-ConfigKeyHash": digest, "User-Agent": "Mozilla SEB/3.7"}

    start, go = f"/quizzes/{small_house.quiz}/start", f"/quizzes/{small_house.quiz}/attempts"
    assert "Start now" not in small_house.client.get(start, headers={"User-Agent": "Mozilla SEB/3.7"}).text
    assert "Start now" not in small_house.client.get(start, headers=proof(go)).text
    assert "Start now" not in small_house.client.get(start, headers=proof(start, "f" * 64)).text
    assert "Start now" in small_house.client.get(start, headers=proof(start)).text
    answer = small_house.post(go, headers=proof(go), follow_redirects=False)
    assert answer.status_code == 303
    page = answer.headers["location"]
    assert small_house.client.get(page, headers=proof(page)).status_code == 200
    answer = small_house.client.get(page)
    assert answer.status_code == 403
    assert "can only be sat in Safe Exam Browser" in answer.text


def test_forward_only_one_question_after_the_other(house: House) -> None:
    rule(house, navigation="forward")
    house.sign_in()
    page = house.client.get(f"/quizzes/{house.quiz}/start").text
    assert "you cannot come back to a question that you have left" in page
    attempt = house.start()
    first, second = f"{attempt}/questions/1", f"{attempt}/questions/2"
    page = html.unescape(house.client.get(first).text)
    assert "still to come" in page
    assert "Question qb" not in page
    assert "Previous" not in page
    answer = house.client.get(second, follow_redirects=False)
    assert answer.headers["location"] == f"{first}?left=2"
    assert "Question 2 comes later." in house.client.get(second).text
    # The first time the page asks; without scripts everything on it is saved before.
    answer = house.post(first, {"number": "1", "go": "2"}, follow_redirects=False)
    assert answer.headers["location"] == f"{first}/leave"
    page = house.client.get(f"{first}/leave").text
    assert "Leave question 1 for good?" in page
    assert "Yes, go to question 2" in page
    for _ in range(2):
        answer = house.post(f"{first}/leave", follow_redirects=False)
        assert answer.headers["location"] == second
    answer = house.client.get(first, follow_redirects=False)
    assert answer.headers["location"] == f"{second}?left=1"
    assert "Question 1 has been left." in house.client.get(first).text
    assert house.client.get(attempt, follow_redirects=False).headers["location"] == second
    answer = house.client.get(f"{first}/leave", follow_redirects=False)
    assert answer.headers["location"] == attempt
    page = house.client.get(f"{attempt}/review").text
    assert f'href="{second}"' in page
    assert f'href="{first}' not in page
    assert f'href="{first}' not in house.client.get(f"{attempt}/hand-in").text
    assert house.post(f"{attempt}/hand-in", follow_redirects=False).status_code == 303


def headed(*titles: str) -> dict[str, object]:
    """A form of a heading, a question, a heading, a question."""
    return {
        "place.kind": ["section", "question", "section", "question"],
        "place.question": ["", "conv1", "", "loss"],
        "place.tag": [""] * 4,
        "place.names": [""] * 4,
        "place.take": ["1"] * 4,
        "place.worth": ["times"] * 4,
        "place.amount": ["1"] * 4,
        "place.title": [titles[0], "", titles[1], ""],
        "place.text": ["With padding.", "", "", ""],
    }


def test_headings_are_built_shown_while_sitting_and_printed(desk: Desk) -> None:
    page = desk.post("quizzes/new", form() | headed("Convolutions", " "), 422).text
    assert "A section needs a heading." in page
    assert 'id="why-places[2].title"' in page
    assert "With padding." in page
    page = desk.post("quizzes/new", form("conv1") | {"act": "add-section", "new_section": "Losses"}, 200).text
    assert 'name="place.title" value="Losses"' in page
    address = str(desk.post("quizzes/new", form() | headed("Convolutions", "Losses")).headers["location"])
    address = address.partition("?")[0]
    wrong = form() | headed("Convolutions", "Losses") | {"place.amount": ["1", "1", "1", "99999"], "revision": "1"}
    assert 'id="why-places[3].weight"' in desk.post(address, wrong, 422).text
    with desk.house.transactions.reading() as tx:
        assert [one.title for one in tx.session.scalars(select(QuizSection))] == ["Convolutions", "Losses"]
    assert [place.section for place in desk.plan(address).places] == [1, 2]
    page = desk.get(address)
    assert 'name="place.title" value="Losses"' in page
    desk.publish(address)
    assert "<h3>Convolutions</h3>" in desk.get(address)
    house = desk.house
    quiz = address.rsplit("/", 1)[-1]
    desk.post(f"{address}/papers/prepare", {"whose": "blank", "count": "1"})
    printed = desk.get(f"{address}/papers/sheets?whose=blank&count=1")
    assert "<h2>Convolutions</h2><p>With padding.</p>" in printed
    house.sign_in("student0")
    assert f'href="/quizzes/{quiz}/start"' in house.client.get("/").text
    assert "<li>Losses</li>" in house.client.get(f"/quizzes/{quiz}/start").text
    location = house.post(f"/quizzes/{quiz}/attempts", follow_redirects=False).headers["location"]
    page = house.client.get(location).text
    assert '<p class="side-section">Losses</p>' in page
    assert "Convolutions · Question 1 of 2" in page
    assert '<p class="section-text">With padding.</p>' in page


def test_the_rules_of_the_entry_are_built_and_complained_about_beside_their_fields(desk: Desk) -> None:
    rules = {
        "mode": "homework",
        "same_for_all": "everybody",
        "navigation": "forward",
        "access_code": " Blue whale ",
        "networks": "10.0.0.0/8, 2001:db8::/32",
        "browser_keys": f"{KEY.upper()}\r\n{KEY}",
        "honour": "I am alone.\r\nTruly.",
        "grace_seconds": "10",
        "late_days": "2",
        "late_percent": "10",
        "decay_percent": "5",
        "closes_at": "2126-01-01T10:00",
    }
    address = desk.create("conv1", **rules)
    stored = desk.plan(address).rules
    assert (stored.mode, stored.same_for_all, stored.navigation) == ("homework", True, "forward")
    assert (stored.access_code, stored.networks) == ("Blue whale", "10.0.0.0/8, 2001:db8::/32")
    assert (stored.browser_keys, stored.honour) == (f"{KEY}\n{KEY}", "I am alone.\nTruly.")
    amounts = (stored.grace_seconds, stored.late_days, stored.late_percent, stored.decay_percent)
    assert amounts == (10, 2, 10, 5)
    page = desk.get(address)
    assert 'value="Blue whale"' in page
    desk.publish(address)
    desk.post(address, form("conv1", title="Other", revision="2", **(rules | {"access_code": "Orca", "mode": "exam"})))
    changed = desk.plan(address).rules
    assert (changed.access_code, changed.mode, changed.title) == ("Orca", "homework", "Weekly quiz")
    page = desk.post(
        "quizzes/new",
        form("conv1", networks="the hall", browser_keys="abc", late_days="two", grace_seconds="99999"),
        422,
    ).text
    assert "This is a whole number, or nothing." in page
    page = desk.post("quizzes/new", form("conv1", networks="the hall"), 422).text
    assert 'id="why-networks"' in page
    page = desk.post("quizzes/new", form("conv1", browser_keys="abc"), 422).text
    assert 'id="why-browser_keys"' in page


def test_choosing_a_mode_proposes_what_is_usual_and_leaves_alone_what_was_typed(desk: Desk) -> None:
    def proposed(**rules: str) -> str:
        return desk.post("quizzes/new", form("conv1", act="propose", **rules), 200).text

    page = proposed(mode="homework", attempts_allowed="1", late_days="0")
    assert 'name="attempts_allowed" type="text" value="3"' in page
    assert 'name="late_days" type="text" value="2"' in page
    assert '<option value="after closing" selected>' in page
    page = proposed(mode="exam", attempts_allowed="7", late_days="5", release="at once")
    assert 'name="attempts_allowed" type="text" value="7"' in page
    assert 'name="late_days" type="text" value="5"' in page
    assert '<option value="by hand" selected>' in page
    page = proposed(mode="practice", attempts_allowed="3")
    assert 'name="attempts_allowed" type="text" value=""' in page
    assert "conv1" in page
    assert proposed(mode="party")
