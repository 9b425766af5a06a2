"""A write that is repeated under its key has one effect and one answer, whatever comes in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import func, select

from app.storage.tables import Course, Quiz
from tests.api.conftest import Programs

NEW = {"title": "Deep Learning 2"}


def courses(programs: Programs, title: str = NEW["title"]) -> int:
    with programs.house.transactions.reading() as tx:
        return tx.session.scalar(select(func.count()).select_from(Course).where(Course.title == title)) or 0


def test_the_same_request_again_gets_the_same_answer_and_does_nothing(programs: Programs) -> None:
    first = programs.ask("ines", "POST", "/courses", NEW, Idempotency_Key="one")
    again = programs.ask("ines", "POST", "/courses", NEW, Idempotency_Key="one")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.headers["location"] == again.headers["location"]
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert courses(programs) == 1
    assert programs.ask("ines", "POST", "/courses", NEW, Idempotency_Key="two").status_code == 201
    assert courses(programs) == 2


def test_without_a_key_every_request_counts(small_programs: Programs) -> None:
    for _ in range(2):
        assert small_programs.ask("ines", "POST", "/courses", NEW).status_code == 201
    assert courses(small_programs) == 2


@pytest.mark.parametrize("other", [{"title": "Something else"}, {"title": "Deep Learning 2", "term": "W"}])
def test_a_key_is_for_one_request(small_programs: Programs, other: dict[str, Any]) -> None:
    small_programs.ask("ines", "POST", "/courses", NEW, Idempotency_Key="one")
    answer = small_programs.ask("ines", "POST", "/courses", other, Idempotency_Key="one")
    assert (answer.status_code, answer.json()["place"]) == (422, "Idempotency-Key")
    elsewhere = small_programs.ask("ines", "POST", "quizzes", {"title": "Quiz"}, Idempotency_Key="one")
    assert elsewhere.status_code == 422


def test_keys_of_different_tokens_do_not_meet(small_programs: Programs) -> None:
    for who in ("ines", "root"):
        answer = small_programs.ask(who, "POST", "/courses", NEW, Idempotency_Key="one")
        assert (answer.status_code, answer.headers.get("idempotency-replayed")) == (201, None)


def test_a_request_that_was_refused_may_be_mended_under_its_key(small_programs: Programs) -> None:
    bad = {"title": "x", "time_zone": "Mars/Olympus"}
    assert small_programs.ask("ines", "POST", "/courses", bad, Idempotency_Key="one").status_code == 422
    assert small_programs.ask("ines", "POST", "/courses", NEW, Idempotency_Key="one").status_code == 201


@pytest.mark.parametrize("key", ["", "x" * 201, "with space", "ümlaut"])
def test_a_key_that_cannot_be_one_is_refused(small_programs: Programs, key: str) -> None:
    token = small_programs.token("ines")
    headers = {"Authorization": f"Bearer {token}".encode(), "Idempotency-Key": key.encode()}
    answer = small_programs.house.client.post("/api/v1/courses", json=NEW, headers=headers)
    assert answer.status_code == 422
    assert courses(small_programs) == 0


def test_a_replay_needs_the_same_rights(small_programs: Programs) -> None:
    body = {"title": "Quiz of ines"}
    assert small_programs.ask("ines", "POST", "quizzes", body, Idempotency_Key="one").status_code == 201
    assert small_programs.ask("root", "PUT", "enrolments/root", {"role": "instructor"}).status_code == 200
    assert small_programs.ask("root", "PUT", "enrolments/ines", {"role": "student"}).status_code == 200
    assert small_programs.ask("ines", "POST", "quizzes", body, Idempotency_Key="one").status_code == 403


def test_of_many_that_come_at_once_one_has_its_effect(programs: Programs) -> None:
    token = programs.token("ines")

    def create(_: int) -> tuple[int, str]:
        answer = programs.ask_with(token, "POST", "/courses", NEW, Idempotency_Key="together")
        return answer.status_code, answer.text

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(create, range(16)))
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 201
    assert courses(programs) == 1


def test_of_many_deletions_under_one_key_all_hear_the_same(programs: Programs) -> None:
    quiz = programs.ask("ines", "POST", "quizzes", {"title": "Gone"}).json()["id"]
    token = programs.token("ines")

    def remove(_: int) -> int:
        return programs.ask_with(token, "DELETE", f"quizzes/{quiz}", Idempotency_Key="gone").status_code

    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(remove, range(12))) == {204}
    with programs.house.transactions.reading() as tx:
        assert tx.session.scalar(select(Quiz.id).where(Quiz.public_id == quiz)) is None
    assert programs.ask_with(token, "DELETE", f"quizzes/{quiz}", Idempotency_Key="later").status_code == 404


def test_a_deletion_is_replayed_with_nothing_in_it(small_programs: Programs) -> None:
    quiz = small_programs.ask("ines", "POST", "quizzes", {"title": "Gone"}).json()["id"]
    for replayed in (None, "true"):
        answer = small_programs.ask("ines", "DELETE", f"quizzes/{quiz}", Idempotency_Key="gone")
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers.get("idempotency-replayed") == replayed


def test_every_operation_that_changes_something_honours_the_key(small_programs: Programs) -> None:
    document = small_programs.house.client.get("/api/v1/openapi.json").json()
    deaf = [
        operation["operationId"]
        for path in document["paths"].values()
        for method, operation in path.items()
        if method != "get" and not any(one["name"] == "Idempotency-Key" for one in operation.get("parameters", ()))
    ]
    assert sorted(deaf) == ["gradeAnswers", "readAnswer"]  # they store nothing
