"""The pages of results and figures, as assistants and instructors open them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from app.storage import people
from app.storage.tables import Course, Quiz
from tests.web.conftest import House


@dataclass
class Desk:
    """A Gradus with a graded attempt of student0, opened by the assistant of the course."""

    house: House
    root: str
    course: str
    attempt: str

    def get(self, page: str, status: int = 200) -> str:
        answer = self.house.client.get(f"{self.root}/{page}")
        assert answer.status_code == status, answer.text
        return answer.text


def assist(house: House, login: str = "student1") -> None:
    """Make somebody an assistant, with the password they have."""
    with house.transactions.writing() as tx:
        row = people.person_by_login(tx, login)
        course = people.course_by_title(tx, "Course")
        assert row is not None
        assert course is not None
        people.enrol(tx, course.id, row.id, "assistant")


@pytest.fixture
def opened(house: House) -> Desk:
    return open_desk(house)


@pytest.fixture
def desk(small_house: House) -> Desk:
    return open_desk(small_house)


def open_desk(house: House) -> Desk:
    house.sign_in()
    attempt = house.start()
    change = {"item": 1, "field": "number", "revision": 1, "value": "7 <b>"}
    house.save(attempt, house.token(attempt), change)
    house.post(f"{attempt}/hand-in")
    for _ in range(200):
        if house.client.get(f"{attempt}/grading").json()["state"] != "being graded":
            break
        time.sleep(0.05)
    assist(house)
    house.client.cookies.clear()
    house.sign_in("student1")
    with house.transactions.reading() as tx:
        quiz = tx.session.scalars(select(Quiz)).one()
        course = tx.session.scalars(select(Course)).one()
        return Desk(
            house, f"/courses/{course.public_id}/quizzes/{quiz.public_id}", course.public_id, attempt.split("/")[-1]
        )


def test_everybody_has_a_row_with_points_by_question(opened: Desk) -> None:
    page = opened.get("results")
    assert "Student 0" in page
    assert "6 to 7" in page
    assert "waits for a person" in page
    assert 'role="region"' in page
    # Who assists is no student any more.
    assert "1 student<" in page
    assert f'href="{opened.root}/results/{opened.attempt}"' in page


def test_the_table_is_sorted_and_searched_by_its_address(desk: Desk) -> None:
    page = desk.get("results?q=student&sort=points&order=desc")
    assert 'aria-sort="descending"' in page
    assert "?q=student&amp;sort=points&amp;order=asc" in page
    assert "No student's name or login contains “&lt;x&gt;”" in desk.get("results?q=%3Cx%3E")
    desk.get("results?sort=q99&order=sideways&q=")
    desk.get("results?sort=" + "9" * 300, 422)


def test_one_attempt_shows_the_result_and_what_is_behind_it(opened: Desk) -> None:
    page = opened.get(f"results/{opened.attempt}")
    assert "As the student sees it" in page
    assert "That is the variance." in page
    assert "seed 0: the printed paper" in page
    assert "<code>7 &lt;b&gt;</code>" in page
    assert "fake 1" in page
    assert "counts</span>" in page


def test_an_open_attempt_shows_what_has_been_saved(desk: Desk) -> None:
    house = desk.house
    house.client.cookies.clear()
    house.sign_in()
    attempt = house.start()
    house.save(attempt, house.token(attempt), {"item": 1, "field": "number", "revision": 1, "value": "5"})
    house.client.cookies.clear()
    house.sign_in("student1")
    page = desk.get(f"results/{attempt.split('/')[-1]}")
    assert "has not been handed in yet" in page
    assert "<code>5</code>" in page
    assert "Attempt 1" in page
    assert "As the student sees it" not in page


def test_the_results_can_be_taken_along(opened: Desk) -> None:
    csv = opened.house.client.get(f"{opened.root}/results.csv")
    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="Course-Quiz-results-' in csv.headers["content-disposition"]
    assert csv.headers["cache-control"] == "no-store"
    assert "Student 0,student0,waits for a person,1" in csv.content.decode("utf-8-sig")
    workbook = opened.house.client.get(f"{opened.root}/results.xlsx")
    assert workbook.headers["content-type"].startswith("application/vnd.openxmlformats")
    assert workbook.content.startswith(b"PK")


def test_figures_ask_for_more_students_until_there_are_five(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Not enough results yet" in desk.get("figures")
    assert "at least 5 students" in desk.get("figures")


def test_figures_are_drawn_with_a_text_and_a_table_beside_them(open_house: Callable[..., House]) -> None:
    from tests.small_bank import FakeSandbox

    class Closing(FakeSandbox):
        def close(self) -> None: ...

        def _credit(self, payload: object) -> object:
            credit = super()._credit(payload)
            part = credit["parts"][0]
            part["mistakes"] = [{"id": "sign", "says": "Watch the **sign**."}]
            credit["parts"].append(dict(part, id="other", mistakes=[]))
            return credit

    house = open_house(sandbox=Closing())
    with house.transactions.writing() as tx:
        course = people.course_by_title(tx, "Course")
        first = people.person_by_login(tx, "student0")
        assert course is not None
        assert first is not None
        for number in range(2, 8):
            row = people.add_person(tx, f"student{number}", f"Student {number}", first.password_hash, False)
            people.enrol(tx, course.id, row.id, "student")
    attempts = []
    for number in range(7):
        house.client.cookies.clear()
        house.sign_in(f"student{number}" if number != 1 else "student7")
        attempt = house.start()
        changes = [
            {"item": item, "field": f"{question}_{axis}", "revision": 1, "value": str(int(number > 2 * item))}
            for item, question in ((1, "qa"), (2, "qb"))
            for axis in "xy"
        ]
        house.save(attempt, house.token(attempt), *changes)
        house.post(f"{attempt}/hand-in")
        attempts.append(attempt)
    for _ in range(200):
        if house.client.get(f"{attempts[-1]}/grading").json()["state"] == "graded":
            break
        time.sleep(0.05)
    assist(house)
    house.client.cookies.clear()
    house.sign_in("student1")
    with house.transactions.reading() as tx:
        root = f"/courses/{tx.session.scalars(select(Course)).one().public_id}/quizzes/{house.quiz}"
    page = house.client.get(f"{root}/figures").text
    assert '<svg class="chart" viewBox="0 0 320 146" role="img" aria-label="How many students' in page
    assert page.count("As a table") == 3
    assert "0 to 10 %" in page
    assert "Discrimination" in page
    assert "Watch the <strong>sign</strong>." in page
    assert ">100 %</span>" in page
    assert "Parts</h3>" in page


@pytest.mark.parametrize("page", ["results", "results.csv", "results.xlsx", "figures", "results/nothing"])
def test_students_and_other_courses_see_none_of_it(desk: Desk, page: str) -> None:
    client = desk.house.client
    with desk.house.transactions.writing() as tx:
        from app.services.quizzes import quizzes

        quizzes.create_course(tx, "Other")
        other = people.course_by_title(tx, "Other")
        me = people.person_by_login(tx, "student1")
        assert other is not None
        assert me is not None
        people.enrol(tx, other.id, me.id, "instructor")
        abroad = other.public_id
    theirs = desk.root.replace(desk.course, abroad)
    assert client.get(f"{theirs}/{page}").status_code == 404
    client.cookies.clear()
    desk.house.sign_in("student0")
    assert client.get(f"{desk.root}/{page}").status_code == 403


def test_an_empty_course_says_so(small_house: House) -> None:
    with small_house.transactions.writing() as tx:
        for login in ("student0", "student1"):
            row = people.person_by_login(tx, login)
            course = people.course_by_title(tx, "Course")
            assert row is not None
            assert course is not None
            people.enrol(tx, course.id, row.id, "assistant")
        root = f"/courses/{course.public_id}/quizzes/{small_house.quiz}"
    small_house.sign_in()
    assert "No students yet" in small_house.client.get(f"{root}/results").text
    assert "Not enough results yet" in small_house.client.get(f"{root}/figures").text
