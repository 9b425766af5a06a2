"""A Gradus that programs talk to: a course with a quiz, people of every role, and tokens for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from httpx2 import Response

from app.services.accounts import tokens
from app.services.accounts.people import person_from
from app.services.accounts.tokens import SCOPES, NewToken
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.storage import people, questions
from tests.databases import ENGINES
from tests.web.conftest import (
    House,
    kept,
    new_database,
    open_house,
    password_hash,
    postgresql_server,
    postgresql_template,
    small_house,
    sqlite_template,
)

__all__ = [
    "kept",
    "new_database",
    "open_house",
    "password_hash",
    "postgresql_server",
    "postgresql_template",
    "small_house",
    "sqlite_template",
]


@dataclass
class Programs:
    """A house and whoever asks it: `course` and `quiz` are at home, `abroad` is a course of somebody else."""

    house: House
    course: str
    quiz: str
    abroad: str
    abroad_quiz: str
    tokens: dict[str, str] = field(default_factory=dict)

    def token(self, login: str, scopes: tuple[str, ...] = SCOPES, **given: Any) -> str:
        with self.house.transactions.writing() as tx:
            row = people.person_by_login(tx, login)
            assert row is not None
            return tokens.make(tx, person_from(row), NewToken("test", scopes, **given))

    def ask(self, who: str, method: str, path: str, json: Any = None, **headers: str) -> Response:
        """Ask as the person of that login, with every scope."""
        if who not in self.tokens:
            self.tokens[who] = self.token(who)
        return self.ask_with(self.tokens[who], method, path, json, **headers)

    def ask_with(self, token: str, method: str, path: str, json: Any = None, **headers: str) -> Response:
        """Ask with a token; an address without a leading slash is one within the home course."""
        address = f"/api/v1{path}" if path.startswith("/") else f"/api/v1/courses/{self.course}/{path}".rstrip("/")
        given = {"Authorization": f"Bearer {token}"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        more = {} if json is None else {"json": json}
        return self.house.client.request(method, address, headers=given, **more)

    def get(self, who: str, path: str) -> Any:
        answer = self.ask(who, "GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()


def settle(house: House) -> Programs:
    """People: student0 and student1, tom (assistant), ines (instructor), otto (instructor abroad), root."""
    with house.transactions.writing() as tx:
        home = people.course_by_title(tx, "Course")
        assert home is not None
        for login, role in (("tom", "assistant"), ("ines", "instructor")):
            people.enrol(tx, home.id, people.add_person(tx, login, login.title(), None, False).id, role)
        people.add_person(tx, "root", "Root", None, True)
        people.add_person(tx, "nemo", "Nemo", None, False)
        abroad_id = quizzes.create_course(tx, "Abroad")
        people.enrol(tx, abroad_id, people.add_person(tx, "otto", "Otto", None, False).id, "instructor")
        abroad = people.course_by_title(tx, "Abroad")
        assert abroad is not None
        foreign = quizzes.create_quiz(tx, NewQuiz(abroad_id, "Foreign", (NewQuizItem("qa"),)))
        for name in ("qa", "qb"):
            newest = questions.newest(tx, name)
            assert newest is not None
            questions.reindex(tx, newest.id)
        return Programs(house, home.public_id, house.quiz, abroad.public_id, foreign)


@pytest.fixture(params=ENGINES)
def programs(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> Programs:
    """On each engine."""
    return settle(open_house(request.param))


@pytest.fixture
def small_programs(open_house: Callable[..., House]) -> Programs:
    """On SQLite, for what does not touch the database's ways."""
    return settle(open_house())
