"""The pages of practice, without scripts; and that every other mode tells nothing through their addresses."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from app.storage import attempts
from app.storage.tables import Course, PracticeCheck
from tests.practised import HintingSandbox, practice_only
from tests.web.conftest import House
from tests.web.visiting import visit_as


@pytest.fixture
def practice(open_house: Callable[..., House]) -> House:
    house = open_house(sandbox=HintingSandbox())
    practice_only(house.transactions)
    house.sign_in()
    return house


def test_a_question_is_checked_hinted_at_solved_and_got_anew_without_scripts(practice: House) -> None:
    attempt = practice.start()
    first = f"{attempt}/questions/1"
    page = practice.client.get(first).text
    assert "Show hint 1 of 3" in page
    assert "Gently." not in page
    assert "because" not in page
    checked = practice.post(f"{first}/check", {"f.qa_x": "1", "f.qa_y": "2"}).text
    assert "Checked: 1 1/2 of 3 points" in checked or "Checked: 1.5 of 3 points" in checked, checked
    assert "qa_x is right" in checked
    assert "because" not in checked
    assert 'value="2"' in checked  # what was sent along is stored
    assert "because" in practice.client.get(f"{first}?solution=true").text
    again = practice.client.get(f"{first}?again=true").text
    assert "Checked:" not in again
    hinted = practice.post(f"{first}/hints/p", {"taken": "0", "f.qa_x": "3", "f.qa_y": "2"}).text
    assert "Gently." in hinted
    assert "Now a method." not in hinted
    assert "You have changed your answers since this check." in hinted
    fresh = practice.post(f"{first}/variant", {"met": "1"}).text
    assert "Your variant 2" in fresh
    assert "Gently." not in fresh
    assert "Checked:" not in fresh
    summary = practice.client.get(f"{attempt}/practice").text
    assert "1 check" in summary
    assert "1 hint" in summary
    over = practice.post(f"{attempt}/finish").text
    assert "You have finished this practice." in over
    assert "finished" in practice.client.get("/").text


@pytest.mark.parametrize("place", ["result", "receipt", "review", "hand-in", "questions/1", ""])
def test_what_belongs_to_handing_in_leads_to_the_summary(practice: House, place: str) -> None:
    attempt = practice.start()
    if place in ("questions/1", ""):
        practice.post(f"{attempt}/finish")
    answer = practice.client.get(f"{attempt}/{place}".rstrip("/"), follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{attempt}/practice")


def test_practice_is_not_handed_in(practice: House) -> None:
    attempt = practice.start()
    answer = practice.post(f"{attempt}/hand-in")
    assert answer.status_code == 403
    assert "What is practised is not handed in" in answer.text


def test_a_check_that_breaks_says_so_and_shows_the_solution(practice: House) -> None:
    attempt = practice.start()
    practice.sandbox.failing = lambda name, _: KeyError("x") if name == "grade" else None
    page = practice.post(f"{attempt}/questions/1/check", {"f.qa_x": "1"}).text
    assert "This could not be checked" in page
    assert "because" in page


def test_nobody_practises_in_the_attempt_of_somebody_else(practice: House) -> None:
    attempt = practice.start()
    practice.client.cookies.clear()
    practice.sign_in("student1")
    for way in WAYS:
        assert practice.post(f"{attempt}/{way}", {"taken": "0", "met": "1"}).status_code == 404, way
    assert practice.client.get(f"{attempt}/practice").status_code == 404


WAYS = ("questions/1/check", "questions/1/hints/p", "questions/1/variant", "finish")


@pytest.mark.parametrize("mode", ["exam", "homework"])
def test_an_exam_leaks_nothing_through_the_addresses_of_practice(open_house: Callable[..., House], mode: str) -> None:
    house = open_house(sandbox=HintingSandbox())
    practice_only(house.transactions, mode)
    house.sign_in()
    attempt = house.start()
    made = len(house.sandbox.calls)
    seen = [house.client.get(f"{attempt}/questions/1").text]
    for way in WAYS:
        answer = house.post(f"{attempt}/{way}", {"f.qa_x": "1", "taken": "0", "met": "1"})
        assert answer.status_code == 403, way
        assert "This is no practice" in answer.text
        seen.append(answer.text)
    queries = ("solution=true", "again=true", "solution=true&again=true")
    seen += [house.client.get(f"{attempt}/questions/1?{query}").text for query in queries]
    kept = house.client.get(f"{attempt}/practice")
    assert kept.status_code == 403
    seen.append(kept.text)
    for page in seen:
        for word in ("because", "Gently", "Show hint", "is right", "Check your answers", "New variant"):
            assert word not in page
    assert len(house.sandbox.calls) == made
    with house.transactions.reading() as tx:
        assert tx.session.scalar(select(func.count()).select_from(PracticeCheck)) == 0
    # Nothing was saved on the way, and the exam goes on.
    assert 'name="f.qa_x" value=""' in house.client.get(f"{attempt}/questions/1").text


def test_staff_read_who_has_practised_and_nobody_who_has_handed_in(practice: House) -> None:
    practice.post(f"{practice.start()}/finish")
    address = f"{visit_as(practice, 'ines', 'instructor')}/quizzes/{practice.quiz}/sitting"
    page = practice.client.get(address).text
    assert '<span class="chip calm">practised</span>' in page
    assert "1 has practised" in page
    assert "1 has handed in" not in page
    log = practice.client.get(f"{address}/log").text
    assert re.search(r">\s*practised\s*<", log)


def test_staff_end_practice_and_let_it_go_on_and_nobody_is_said_to_have_handed_in(practice: House) -> None:
    attempt = practice.start().rpartition("/")[2]
    visit_as(practice, "ines", "instructor")
    with practice.transactions.reading() as tx:
        found = attempts.attempt(tx, attempt)
        assert found is not None
        person, course = found[0].person_id, tx.session.get_one(Course, found[1].course_id).public_id
        quiz = found[1].public_id
    root = f"/courses/{course}/quizzes/{quiz}"

    def order(what: str, **more: str) -> str:
        form = {"what": what, "whom": "chosen", "person": str(person), **more}
        return practice.post(f"{root}/sitting", form).text

    assert "None of these students has finished practising." in order("reopen")
    asked = order("end")
    assert "End practising for 1 student now?" in asked
    assert "Nothing is handed in." in asked
    assert "handed in at once" not in asked
    assert "1 student has practised." in order("end", sure="1")
    results = practice.client.get(f"{root}/results").text
    assert ">practised<" in results
    assert "working on it" not in results
    assert "attempt of each student counts" not in results
    assert "practised" in practice.client.get(f"{root}/results.csv").text
    detail = practice.client.get(f"{root}/results/{attempt}").text
    assert "This was practice: nothing of it is handed in, marked or counted." in detail
    assert "open, without a deadline" not in detail
    assert "Let 1 student go on practising?" in order("reopen")
    assert "1 student goes on practising." in order("reopen", sure="1")
    assert "working on it" in practice.client.get(f"{root}/results").text
