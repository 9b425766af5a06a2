"""A Gradus whose instructor has signed in, with a tagged bank to build quizzes from."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

from httpx2 import Response
from sqlalchemy import select

from app.services.accounts.people import Person
from app.services.quizzes import quiz_building
from app.services.quizzes.quiz_building import QuizPlan
from app.storage import people
from app.storage.tables import Course, Quiz
from tests.quiz_bank import add, instructor
from tests.web.conftest import House


@dataclass
class Desk:
    """The desk of Ines, who instructs the course; student0 and student1 sit its quizzes."""

    house: House
    course: str
    course_number: int
    ines: Person

    @property
    def root(self) -> str:
        return f"/courses/{self.course}"

    def get(self, address: str, status: int = 200) -> str:
        answer = self.house.client.get(address if address.startswith("/") else f"{self.root}/{address}".rstrip("/"))
        assert answer.status_code == status, answer.text
        return html.unescape(answer.text)

    def post(self, address: str, data: dict[str, Any] | None = None, status: int = 303) -> Response:
        address = address if address.startswith("/") else f"{self.root}/{address}"
        answer = self.house.post(address, data, follow_redirects=False)
        assert answer.status_code == status, answer.text
        return answer

    def create(self, *questions: str, **rules: str) -> str:
        """Build a quiz through the form; the address of its page."""
        answer = self.post("quizzes/new", form(*questions, **rules))
        return str(answer.headers["location"]).partition("?")[0]

    def publish(self, address: str) -> None:
        found = re.search(r'name="revision" value="(\d+)"', self.get(f"{address}/publish"))
        assert found
        answer = self.post(f"{address}/publish", {"revision": found[1]})
        assert answer.headers["location"].endswith("done=published")

    def plan(self, address: str) -> QuizPlan:
        with self.house.transactions.reading() as tx:
            return quiz_building.quiz_plan(tx, self.course_number, address.rsplit("/", 1)[-1])

    def titles(self) -> list[str]:
        with self.house.transactions.reading() as tx:
            return list(tx.session.scalars(select(Quiz.title).order_by(Quiz.id)))


def form(*questions: str, **rules: str) -> dict[str, Any]:
    """What the form of a quiz posts for these questions."""
    many = len(questions)
    return {
        "title": "Weekly quiz",
        "revision": "0",
        "place.kind": ["question"] * many,
        "place.question": list(questions),
        "place.tag": [""] * many,
        "place.names": [""] * many,
        "place.take": ["1"] * many,
        "place.worth": ["times"] * many,
        "place.amount": ["1"] * many,
    } | rules


def open_desk(house: House) -> Desk:
    """Fill the bank, hire Ines, and sign her in."""
    with house.transactions.writing() as tx:
        course = tx.session.scalars(select(Course)).one()
        for number in range(1, 5):
            add(tx, f"conv{number}", tags=["conv"])
        add(tx, "loss", points="2", tags=["loss"])
        ines = instructor(tx, course.id)
        student, row = people.person_by_login(tx, "student0"), people.person_by_login(tx, "ines")
        assert student is not None
        assert row is not None
        row.password_hash = student.password_hash
        made = Desk(house, course.public_id, course.id, ines)
    house.sign_in("ines")
    return made
