"""From an empty course to results through programs alone; no solution leaves before its time."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from sqlalchemy import select

from app.storage.tables import LateSave
from tests.api.conftest import Programs

NUMBER = {"item": 1, "field": "number", "value": "1"}


def build(programs: Programs, **rules: Any) -> str:
    """A published quiz of one question."""
    body = {"title": "Midterm", "places": [{"question": "qa"}], **rules}
    quiz = programs.ask("ines", "POST", "quizzes", body)
    assert quiz.status_code == 201, quiz.text
    published = programs.ask("ines", "POST", f"quizzes/{quiz.json()['id']}/publish")
    assert (published.status_code, published.json()["state"]) == (200, "published"), published.text
    return str(quiz.json()["id"])


def start(programs: Programs, quiz: str, who: str = "student0", **body: Any) -> dict[str, Any]:
    answer = programs.ask(who, "POST", f"quizzes/{quiz}/attempts", body)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def graded(programs: Programs, who: str, attempt: str) -> Any:
    for _ in range(200):
        told = programs.ask(who, "GET", f"attempts/{attempt}/result")
        if told.status_code != 200 or told.json()["state"] != "being graded":
            return told
        time.sleep(0.05)
    raise AssertionError("never graded")


def test_a_student_sits_a_quiz(programs: Programs) -> None:
    quiz = build(programs)
    attempt = start(programs, quiz)
    assert (attempt["state"], attempt["login"], attempt["number"], attempt["preview"]) == ("open", "student0", 1, False)
    fields = [field for item in attempt["items"] for part in item["parts"] for field in part["fields"]]
    assert {field["widget"]["kind"] for field in fields} >= {"number", "matrix", "choice", "table", "text"}
    saved = programs.ask("student0", "PUT", f"attempts/{attempt['id']}/answers", {"answers": [NUMBER, NUMBER]})
    assert saved.status_code == 200
    assert [one["revision"] for one in saved.json()["answers"]] == [1, 2]
    again = programs.get("student0", f"attempts/{attempt['id']}")
    (number,) = [field for part in again["items"][0]["parts"] for field in part["fields"] if field["id"] == "number"]
    assert (number["value"], number["state"], number["revision"]) == ("1", "read", 2)
    receipt = programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in")
    assert receipt.status_code == 200
    assert receipt.json() == programs.get("student0", f"attempts/{attempt['id']}/receipt")
    assert programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in").json() == receipt.json()
    result = graded(programs, "student0", attempt["id"]).json()
    assert (result["points"], result["upto"], result["max"]) == ("6", "7", "13")
    assert all(part["solution"] for part in result["items"][0]["parts"])
    rows = programs.get("ines", f"quizzes/{quiz}/results")["items"]
    assert [row["login"] for row in rows] == ["student0", "student1"]
    assert (rows[0]["points"], rows[0]["attempt"]) == ("6", attempt["id"])
    assert (rows[1]["state"], rows[1]["points"]) == ("not started", None)


def test_what_a_program_brings_too_late_is_kept_with_its_stamp(programs: Programs) -> None:
    quiz = build(programs)
    attempt = start(programs, quiz)
    answers = f"attempts/{attempt['id']}/answers"
    assert programs.ask("student0", "PUT", answers, {"answers": [NUMBER]}).json()["kept"] is False
    programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in")
    for value in ("2", "3"):
        body = {"answers": [NUMBER | {"value": value}], "stamp": attempt["stamp"]}
        late = programs.ask("student0", "PUT", answers, body)
        assert (late.status_code, late.json()["kept"], late.json()["answers"]) == (202, True, [])
        assert late.json()["says"].startswith("The time is over. What you have just sent is kept")
    assert late.json()["stamp"] > attempt["stamp"]
    with programs.house.transactions.reading() as tx:
        rows = list(tx.session.scalars(select(LateSave).order_by(LateSave.id)))
        # The second one is the newer, so both can be accepted.
        assert [row.changes for row in rows] == [[[1, "number", 2, "2"]], [[1, "number", 3, "3"]]]
        assert all(row.not_before is not None and row.not_before < row.received_at for row in rows)
    again = programs.ask("student0", "PUT", answers, {"answers": [NUMBER], "stamp": "17.false"})
    assert (again.status_code, again.json()["kept"]) == (200, False)  # nothing in it is new
    # Staff reopen the attempt, if they like; nothing of theirs waits for a decision of theirs.
    assert programs.ask("ines", "PUT", answers, {"answers": [NUMBER]}).status_code == 409


def test_staff_sit_for_somebody_enrolled_and_students_only_for_themselves(programs: Programs) -> None:
    quiz = build(programs)
    attempt = start(programs, quiz, "tom", login="Student1")
    assert attempt["login"] == "student1"
    assert start(programs, quiz, "student1")["id"] == attempt["id"]
    assert programs.ask("ines", "POST", f"quizzes/{quiz}/attempts", {"login": "nemo"}).status_code == 404
    assert programs.ask("student0", "POST", f"quizzes/{quiz}/attempts", {"login": "student1"}).status_code == 403
    path = f"attempts/{attempt['id']}"
    for method, where, body in (
        ("GET", path, None),
        ("PUT", f"{path}/answers", {"answers": [NUMBER]}),
        ("POST", f"{path}/hand-in", None),
        ("GET", f"{path}/receipt", None),
        ("GET", f"{path}/result", None),
    ):
        assert programs.ask("student0", method, where, body).status_code == 404
        assert programs.ask("otto", method, f"/courses/{programs.abroad}/{where}", body).status_code == 404
    assert programs.ask("tom", "PUT", f"{path}/answers", {"answers": [NUMBER]}).status_code == 200
    assert programs.ask("tom", "POST", f"{path}/hand-in").status_code == 200
    assert graded(programs, "student1", attempt["id"]).json()["login"] == "student1"


def test_staff_who_start_without_a_login_only_look(small_programs: Programs) -> None:
    draft = small_programs.ask("ines", "POST", "quizzes", {"title": "Draft", "places": [{"question": "qa"}]}).json()[
        "id"
    ]
    assert start(small_programs, draft, "root")["preview"] is True
    assert start(small_programs, draft, "tom")["preview"] is True
    assert small_programs.ask("student0", "POST", f"quizzes/{draft}/attempts", {}).status_code in (403, 404)


@pytest.mark.parametrize("release", ["by hand", "after closing"])
def test_no_solution_leaves_before_hand_in_and_release(programs: Programs, release: str) -> None:
    quiz = build(programs, release=release, closes_at="2999-01-01T00:00:00Z")
    attempt = start(programs, quiz)
    seen = [json.dumps(attempt)]

    def ask(method: str, where: str, body: Any = None) -> int:
        answer = programs.ask("student0", method, f"attempts/{attempt['id']}{where}", body)
        seen.append(answer.text)
        return answer.status_code

    assert ask("GET", "") == 200
    assert ask("GET", "/result") == 404
    assert ask("PUT", "/answers", {"answers": [NUMBER]}) == 200
    assert ask("POST", "/hand-in") == 200
    assert ask("GET", "") == 200
    assert ask("GET", "/result") == 403
    assert graded(programs, "ines", attempt["id"]).status_code == 200
    assert ask("GET", "/result") == 403
    assert not any("Because of" in text or "First of all" in text for text in seen)
    assert programs.ask("ines", "POST", f"quizzes/{quiz}/release").status_code == 200
    assert ask("GET", "/result") == 200
    assert "Because of" in seen[-1]


def test_times_and_attempts_hold_for_programs_too(small_programs: Programs) -> None:
    quiz = build(small_programs, attempts_allowed=1)
    attempt = start(small_programs, quiz)
    small_programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in")
    assert small_programs.ask("student0", "POST", f"quizzes/{quiz}/attempts", {}).status_code == 403
    granted = small_programs.ask("ines", "PUT", f"quizzes/{quiz}/accommodations/student0", {"attempts_allowed": 2})
    assert (granted.status_code, granted.json()["attempts_allowed"]) == (200, 2)
    assert start(small_programs, quiz)["number"] == 2
    assert [one["login"] for one in small_programs.get("ines", f"quizzes/{quiz}/accommodations")["items"]] == [
        "student0"
    ]
    assert small_programs.ask("ines", "DELETE", f"quizzes/{quiz}/accommodations/student0").status_code == 204
    assert small_programs.get("ines", f"quizzes/{quiz}/accommodations")["items"] == []


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"item": 1, "field": "nothing", "value": "1"}, "changes[0].field"),
        ({"item": 9, "field": "number", "value": "1"}, "changes[0].item"),
        ({"item": 1, "field": "number", "value": {"a": 1}}, "changes[0].value"),
        ({"item": 1, "field": "number", "value": "\0"}, "changes[0].value"),
        ({"item": 1, "field": "number", "value": "x" * 30_000}, "changes[0].value"),
        ({"item": 0, "field": "number", "value": "1"}, "answers.0.item"),
        ({"item": "1", "field": "number", "value": "1"}, "answers.0.item"),
        ({"item": 1, "field": "number", "value": "1", "more": 1}, "answers.0.more"),
    ],
)
def test_an_answer_that_cannot_be_taken_is_refused_with_its_place(
    small_programs: Programs, answer: dict[str, Any], place: str
) -> None:
    attempt = start(small_programs, build(small_programs))
    path = f"attempts/{attempt['id']}/answers"
    told = small_programs.ask("student0", "PUT", path, {"answers": [NUMBER, answer]})
    assert (told.status_code, told.json()["place"]) == (422, place.replace("[0]", "[1]").replace(".0.", ".1."))
    saved = small_programs.get("student0", f"attempts/{attempt['id']}")["items"][0]["parts"][0]["fields"][0]
    assert saved["value"] is None


def test_a_later_closing_time_can_be_given_to_one_student_or_to_several(small_programs: Programs) -> None:
    closes, later = "2099-11-22T18:00:00.000Z", "2099-11-23T18:00:00.000Z"
    quiz = build(small_programs, closes_at=closes)
    place = f"quizzes/{quiz}/accommodations"
    granted = small_programs.ask("ines", "PUT", f"{place}/student0", {"closes_at": "2099-11-23T19:00:00+01:00"})
    assert (granted.status_code, granted.json()["closes_at"]) == (200, later)
    granted = small_programs.ask("ines", "PUT", place, {"closes_at": later, "logins": ["student0"]})
    assert [one["closes_at"] for one in granted.json()["items"]] == [later]
    assert small_programs.ask("ines", "PUT", f"{place}/student0", {"closes_at": closes}).status_code == 422
