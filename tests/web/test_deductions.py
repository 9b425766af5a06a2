"""Homework as students and staff read it: when it is due, what lateness costs, and why points are missing."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select

from app.storage.tables import Course, Quiz, Submission
from tests.web.building import Desk, open_desk
from tests.web.conftest import House
from tests.web.test_withheld import graded


def homework(house: House, due: timedelta, **more: Any) -> None:
    """Due in that time; up to two days late at 10 % each, each further attempt 25 % less."""
    rules = {"mode": "homework", "late_days": 2, "late_percent": 10, "decay_percent": 25, "attempts_allowed": 3}
    with house.transactions.writing() as tx:
        quiz = tx.session.scalars(select(Quiz).where(Quiz.public_id == house.quiz)).one()
        quiz.closes_at = datetime.now(UTC) + due
        for name, value in (rules | more).items():
            setattr(quiz, name, value)


def read(house: House, address: str) -> str:
    """The words of a page, without its tags."""
    text = re.sub(r"<[^>]+>", " ", house.client.get(address).text)
    return re.sub(r"\s+([.,:])", r"\1", " ".join(html.unescape(text).split()))


def sit(house: House) -> str:
    """An attempt of student0 in which something is right, handed in and graded."""
    house.sign_in()
    attempt = house.start()
    change = {"item": 1, "field": "vector", "revision": 1, "value": ["1", "2", "3"]}
    house.save(attempt, house.token(attempt), change)
    house.post(f"{attempt}/hand-in")
    graded(house)
    return attempt


def desk_of(house: House) -> tuple[Desk, str]:
    desk = open_desk(house)
    with house.transactions.reading() as tx:
        course = tx.session.scalars(select(Course.public_id)).one()
    return desk, f"/courses/{course}/quizzes/{house.quiz}"


def test_the_list_says_in_words_when_it_is_due_and_what_comes_after(house: House) -> None:
    homework(house, timedelta(days=3))
    house.sign_in()
    page = read(house, "/")
    assert "Due " in page
    assert "Up to 2 days late it is still taken; each day that has begun costs 10 % of the points." in page
    assert "Each further attempt is worth 25 % less than the one before." in page
    assert "You have 3 attempts left." in page
    attempt = house.start()
    assert "Up to 2 days late it is still taken" in read(house, f"{attempt}/questions/1")
    house.post(f"{attempt}/hand-in")
    page = read(house, "/")
    assert "You have 2 attempts left. The next one is worth 75 % of its points." in page


def test_while_it_is_late_every_page_says_calmly_what_that_costs(small_house: House) -> None:
    house = small_house
    homework(house, timedelta(hours=-30))
    house.sign_in()
    page = read(house, "/")
    assert "Handed in now, 80 % of the points are left: minus 20 % for 2 days late." in page
    attempt = house.start()
    for piece in ("questions/1", "review", "hand-in"):
        page = read(house, f"{attempt}/{piece}")
        assert "and is still taken until" in page
        assert "Now 80 % of the points are left: minus 20 % for 2 days late." in page


def test_what_was_saved_in_time_is_told_to_be_safe_as_long_as_it_stays(small_house: House) -> None:
    house = small_house
    homework(house, timedelta(hours=1))
    house.sign_in()
    attempt = house.start()
    house.save(attempt, house.token(attempt), {"item": 1, "field": "number", "revision": 1, "value": "1"})
    with house.transactions.writing() as tx:
        from app.storage.tables import Answer

        for answer in tx.session.scalars(select(Answer)):
            answer.saved_at = datetime.now(UTC) - timedelta(hours=3)
    homework(house, timedelta(hours=-2))
    page = read(house, f"{attempt}/questions/1")
    assert "As long as you change nothing, what you saved before counts as saved then: 100 % of the points." in page
    assert "With your next change 90 % are left." in page


def test_the_course_says_until_when_it_is_still_taken_and_at_which_price(small_house: House) -> None:
    homework(small_house, timedelta(hours=-2))
    _, address = desk_of(small_house)
    page = read(small_house, address.partition("/quizzes")[0])
    assert "taken late" in page
    assert "late until" in page
    assert "minus 10 % a day" in page
    homework(small_house, timedelta(days=-3))
    assert " closed " in read(small_house, address.partition("/quizzes")[0])


def test_staff_chooses_when_what_came_too_late_counts_as_made(small_house: House) -> None:
    house = small_house
    homework(house, timedelta(hours=1), grace_seconds=0)
    house.sign_in()
    attempt = house.start()
    token, page = house.token(attempt), house.client.get(f"{attempt}/questions/1").text
    stamp = re.search(r'data-stamp="([^"]+)"', page)
    assert stamp
    house.post(f"{attempt}/hand-in")
    homework(house, timedelta(0), grace_seconds=0)
    change = {"item": 1, "field": "number", "revision": 1, "value": "1"}
    body = {"device": "a-1", "seq": 1, "changes": [change], "stamp": stamp[1]}
    late = house.client.post(f"{attempt}/saves", json=body, headers={"X-Attempt-Token": token})
    assert late.status_code == 202
    _, address = desk_of(house)
    said = read(house, f"{address}/late")
    assert "as early as possible: 100 % left when it arrived: 90 % left" in said
    house.post(f"{address}/late", {"accept": "all", "as_of": "arrival"})
    with house.transactions.reading() as tx:
        (counting,) = tx.session.scalars(select(Submission).where(~Submission.superseded))
        assert counting.factor == Fraction(9, 10)
    assert "It counts as made when it arrived." in read(house, f"{address}/sitting/log")


def test_when_it_is_over_the_list_says_no_more_than_that(small_house: House) -> None:
    homework(small_house, timedelta(days=-3))
    small_house.sign_in()
    page = read(small_house, "/")
    assert "This quiz is closed." in page
    assert "still taken" not in page


def test_the_student_reads_how_the_points_came_about_and_a_waiver_with_its_reason(house: House) -> None:
    homework(house, timedelta(hours=-3))
    attempt = sit(house)
    told = "minus 10 % for 1 day late:"
    assert told in read(house, f"{attempt}/result")
    assert told in read(house, "/")
    desk, address = desk_of(house)
    detail = f"{address}/results/{attempt.rsplit('/', 1)[-1]}"
    assert "earned, minus 10 % for 1 day late" in read(house, f"{address}/results")
    assert told in read(house, detail)
    assert told.rstrip(":") in read(house, f"/courses/{desk.course}/gradebook/students/{student_number(house)}")
    refused = house.post(f"{detail}/deductions", {"what": "waive", "reason": " "})
    assert refused.status_code == 422
    assert "Say why: the student reads it." in refused.text
    desk.post(f"{detail}/deductions", {"what": "waive", "reason": "The <server> was down."})
    assert "Deduct again" in read(house, detail)
    assert told not in read(house, f"{address}/results")
    house.sign_in("student0")
    page = house.client.get(f"{attempt}/result").text
    assert "The &lt;server&gt; was down." in page
    words = read(house, f"{attempt}/result")
    assert told not in words
    assert "90 % → became 100 % of the points the deduction was waived" in words
    house.sign_in("ines")
    desk.post(f"{detail}/deductions", {"what": "deduct", "reason": "It was not."})
    assert told in read(house, detail)
    assert "the deduction holds again: It was not." in read(house, detail)


def student_number(house: House) -> int:
    from app.storage import people

    with house.transactions.reading() as tx:
        row = people.person_by_login(tx, "student0")
        assert row is not None
        return row.id


def test_before_marks_are_out_the_deduction_is_told_without_them(small_house: House) -> None:
    house = small_house
    homework(house, timedelta(hours=-3), release="by hand")
    attempt = sit(house)
    page = read(house, f"{attempt}/result")
    assert "The points will be 90 % of what your answers earn: minus 10 % for 1 day late." in page
    assert "minus 10 % for 1 day late" in read(house, "/")


def test_only_instructors_waive(small_house: House) -> None:
    house = small_house
    homework(house, timedelta(hours=-3))
    attempt = sit(house)
    _, address = desk_of(house)
    house.sign_in("student0")
    where = f"{address}/results/{attempt.rsplit('/', 1)[-1]}/deductions"
    assert house.post(where, {"what": "waive", "reason": "Please."}).status_code in (403, 404)
