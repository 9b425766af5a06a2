"""A token opens what its scopes say, in its course, as far as its person may go; nothing opens without one."""

from __future__ import annotations

import pytest

from app.services.accounts import tokens
from app.services.accounts.people import person_from
from app.storage import people
from app.storage.tables import PersonRow
from tests.api.conftest import Programs


def test_without_a_token_nothing_opens(small_programs: Programs) -> None:
    for given in (None, "Basic YTpi", "Bearer nothing", "Bearer", "Bearer gradus_" + "x" * 43):
        headers = {} if given is None else {"Authorization": given}
        answer = small_programs.house.client.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")
        assert answer.headers["www-authenticate"].startswith("Bearer realm=")
        assert answer.json()["detail"].endswith(".")


def test_a_session_in_a_browser_is_no_token(small_programs: Programs) -> None:
    small_programs.house.sign_in()
    assert small_programs.house.client.get("/api/v1/me").status_code == 401


def test_a_token_says_who_it_acts_for(programs: Programs) -> None:
    text = programs.token("ines", ("quizzes:read", "bank:read"), days=10, course=programs.course)
    told = programs.ask_with(text, "GET", "/me").json()
    assert told["person"] == {"login": "ines", "name": "Ines", "administrator": False}
    assert (told["token"]["scopes"], told["token"]["course"]) == (["bank:read", "quizzes:read"], programs.course)
    assert told["token"]["expires_at"].endswith("Z")


def test_a_missing_scope_is_named(small_programs: Programs) -> None:
    text = small_programs.token("ines", ("courses:read",))
    answer = small_programs.ask_with(text, "GET", "quizzes")
    assert answer.status_code == 403
    assert answer.json()["detail"] == "This token lacks the scope quizzes:read."
    assert 'scope="quizzes:read"' in answer.headers["www-authenticate"]
    assert small_programs.ask_with(text, "GET", "").status_code == 200


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("student0", "enrolments", 403),
        ("student0", "webhooks", 403),
        ("tom", "webhooks", 403),
        ("tom", "enrolments", 200),
        ("root", "webhooks", 200),
        ("otto", "quizzes", 404),
        ("nemo", "", 404),
        ("student0", "/bank/questions", 403),
        ("tom", "/bank/questions", 403),
        ("ines", "/bank/questions", 200),
    ],
)
def test_a_token_never_opens_more_than_its_person_may_do(
    small_programs: Programs, who: str, path: str, status: int
) -> None:
    assert small_programs.ask(who, "GET", path).status_code == status


def test_a_token_for_one_course_sees_only_that_course(small_programs: Programs) -> None:
    text = small_programs.token("root", course=small_programs.course)
    assert [one["id"] for one in small_programs.ask_with(text, "GET", "/courses").json()["items"]] == [
        small_programs.course
    ]
    assert small_programs.ask_with(text, "GET", "quizzes").status_code == 200
    assert small_programs.ask_with(text, "GET", f"/courses/{small_programs.abroad}").status_code == 404
    assert small_programs.ask_with(text, "GET", f"/courses/{small_programs.abroad}/quizzes").status_code == 404
    assert small_programs.ask_with(text, "POST", "/courses", {"title": "Another"}).status_code == 403
    assert small_programs.ask_with(text, "GET", "/bank/questions").status_code == 403


def test_what_is_of_another_course_is_not_found_here(small_programs: Programs) -> None:
    for who in ("ines", "root"):
        for path in (f"quizzes/{small_programs.abroad_quiz}", f"quizzes/{small_programs.abroad_quiz}/results"):
            assert small_programs.ask(who, "GET", path).status_code == 404


def test_a_revoked_token_and_the_token_of_somebody_erased_open_nothing(programs: Programs) -> None:
    assert programs.ask("ines", "GET", "/me").status_code == 200
    assert programs.ask("tom", "GET", "/me").status_code == 200
    with programs.house.transactions.writing() as tx:
        ines = people.person_by_login(tx, "ines")
        tom = people.person_by_login(tx, "tom")
        assert ines is not None
        assert tom is not None
        for card in tokens.tokens_of(tx, person_from(ines)):
            assert card.last_used_at is not None
            tokens.revoke(tx, person_from(ines), card.id)
        tx.session.get_one(PersonRow, tom.id).erased_at = tx.now()
    for who in ("ines", "tom"):
        answer = programs.ask(who, "GET", "/me")
        assert (answer.status_code, answer.headers["www-authenticate"]) == (
            401,
            'Bearer realm="gradus", error="invalid_token"',
        )
