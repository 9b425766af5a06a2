"""Images of questions, as browsers ask for them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from httpx2 import Response
from sqlalchemy import select

from app.services.accounts import tokens
from app.services.accounts.people import person_from
from app.services.accounts.tokens import NewToken
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem, create_quiz
from app.storage import people
from app.storage.tables import Course
from tests.databases import ENGINES
from tests.services.bank_folders import FOLDER, folder, publish
from tests.web.conftest import House
from tests.web.variant import WideSandbox

DOT = FOLDER["files/dot.png"]
HASH = hashlib.sha256(DOT).hexdigest()
ADDRESS = f"/files/{HASH}/dot.png"


class PictureSandbox(WideSandbox):
    """Every variant shows the dot: in its stem and in its solution."""

    def _variant(self, payload: Any) -> Any:
        variant = super()._variant(payload)
        for page in (variant["shown"], variant["solution"]):
            page["stem"] = '<p><img src="file:dot.png" alt="A dot" class="figure"></p>'
        return variant


@pytest.fixture(params=ENGINES)
def pictures(request: pytest.FixtureRequest, open_house: Callable[..., House]) -> House:
    """A Gradus with a quiz of a question that has an image, on each engine; student0 has signed in."""
    house = open_house(request.param, sandbox=PictureSandbox())
    publish(house.transactions, folder())
    with house.transactions.writing() as tx:
        course = tx.session.scalars(select(Course.id).where(Course.title == "Course")).one()
        house.quiz = create_quiz(tx, NewQuiz(course, "Pictures", (NewQuizItem("sum"),)))
    house.sign_in()
    return house


def test_a_student_gets_the_image_of_a_question(pictures: House) -> None:
    attempt = pictures.start()
    page = pictures.client.get(f"{attempt}/questions/1")
    assert re.findall(r'<img src="([^"]+)"', page.text) == [ADDRESS]
    assert "img-src 'self'" in page.headers["content-security-policy"]
    answer = pictures.client.get(ADDRESS)
    assert (answer.status_code, answer.content, answer.headers["content-type"]) == (200, DOT, "image/png")
    assert answer.headers["cache-control"] == "private, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-disposition"] == "inline"


def test_an_address_that_belongs_to_no_image_is_told_in_words(pictures: House) -> None:
    answer = pictures.client.get(f"/files/{'0' * 64}/dot.png")
    assert answer.status_code == 404
    assert "There is no such image." in answer.text
    for address in ("/files/nothing/dot.png", ADDRESS.rpartition("/")[0], ADDRESS.replace(HASH, HASH.upper())):
        assert pictures.client.get(address).status_code == 404


def test_nobody_gets_an_image_without_signing_in(pictures: House) -> None:
    pictures.client.cookies.clear()
    answer = pictures.client.get(ADDRESS, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"][:7]) == (303, "/?next=")


def test_a_program_gets_the_images_of_what_it_may_read(pictures: House) -> None:
    pictures.client.cookies.clear()
    with pictures.transactions.writing() as tx:
        row = people.person_by_login(tx, "student0")
        assert row is not None
        given = {
            scope: tokens.make(tx, person_from(row), NewToken(scope, (scope,)))
            for scope in ("attempts:write", "results:read", "courses:read")
        }

    def ask(token: str) -> Response:
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        return pictures.client.get(ADDRESS, headers=headers, follow_redirects=False)

    for scope in ("attempts:write", "results:read"):
        assert (ask(given[scope]).status_code, ask(given[scope]).content) == (200, DOT)
    refused = ask(given["courses:read"])
    assert refused.status_code == 403
    assert "needs one of the scopes attempts:write, bank:read, marking:write, results:read" in refused.json()["detail"]
    assert ask("gradus_" + "x" * 43).status_code == 401
