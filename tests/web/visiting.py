"""Visiting a Gradus as somebody in particular."""

from __future__ import annotations

import html

from httpx2 import Response

from app.services.accounts import sessions
from app.storage import people
from app.web.visitors import COOKIE
from tests.web.conftest import House


def visit_as(house: House, login: str, role: str = "", *, administrator: bool = False) -> str:
    """Be somebody from here on, in that role in the course; the address of the course."""
    with house.transactions.writing() as tx:
        row = people.person_by_login(tx, login)
        row = row or people.add_person(tx, login, login.title(), None, administrator)
        course = people.course_by_title(tx, "Course")
        assert course is not None
        if role:
            people.enrol(tx, course.id, row.id, role)
        token = sessions.open_session(tx, row.id, 1).token
    house.client.cookies.clear()
    house.client.cookies.set(COOKIE, token)
    return f"/courses/{course.public_id}"


def number_of(house: House, login: str) -> int:
    """The number of the person of that login."""
    with house.transactions.reading() as tx:
        row = people.person_by_login(tx, login)
    assert row is not None
    return row.id


def read(answer: Response, status: int = 200) -> str:
    """The text of a page that must have been answered so."""
    assert answer.status_code == status, answer.text
    return html.unescape(answer.text)
