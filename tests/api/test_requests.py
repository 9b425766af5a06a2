"""Results without what is not shown yet, and asking about marks by programs."""

from __future__ import annotations

import time
from typing import Any

from tests.api.conftest import Programs

TIME = "2126-01-01T10:00:00+00:00"


def graded(programs: Programs, quiz: str) -> str:
    """The attempt of student0, with nothing answered, once it is graded."""
    attempt: str = programs.ask("student0", "POST", f"quizzes/{quiz}/attempts", {}).json()["id"]
    programs.ask("student0", "POST", f"attempts/{attempt}/hand-in")
    for _ in range(200):
        if programs.get("ines", f"attempts/{attempt}/result")["state"] != "being graded":
            return attempt
        time.sleep(0.05)
    raise AssertionError("never graded")


def quiz_of(programs: Programs, **rules: Any) -> str:
    body = {"title": "Apart", "places": [{"question": "qa"}], **rules}
    quiz: str = programs.ask("ines", "POST", "quizzes", body).json()["id"]
    assert programs.ask("ines", "POST", f"quizzes/{quiz}/publish").status_code == 200
    return quiz


def test_a_result_holds_nothing_that_is_not_shown_yet(programs: Programs) -> None:
    quiz = quiz_of(programs, feedback="apart", solutions="apart", solutions_at=TIME)
    told = programs.get("ines", f"quizzes/{quiz}")
    assert (told["feedback"], told["feedback_at"], told["solutions_at"]) == ("apart", None, "2126-01-01T10:00:00.000Z")
    attempt = graded(programs, quiz)
    asked = f"attempts/{attempt}/result"
    text = programs.ask("student0", "GET", asked).text
    for secret in ("Because", "That is the variance", "says half", "First of all", "Cannot be read"):
        assert secret not in text
    found = programs.get("student0", asked)
    assert (found["feedback_shown"], found["solutions_shown"], found["history"]) == (False, False, [])
    assert found["items"][0]["parts"][0]["criteria"] == []
    assert programs.get("ines", asked)["items"][0]["parts"][0]["criteria"]
    for what in ("feedback", "solutions"):
        assert programs.ask("ines", "POST", f"quizzes/{quiz}/release?what={what}").status_code == 200
    assert "Because" in programs.ask("student0", "GET", asked).text
    assert programs.get("student0", asked)["items"][0]["parts"][0]["criteria"]


def test_marks_by_date_are_withheld_until_then(small_programs: Programs) -> None:
    quiz = quiz_of(small_programs, release="by hand", marks_at=TIME)
    attempt = graded(small_programs, quiz)
    assert small_programs.ask("student0", "GET", f"attempts/{attempt}/result").status_code == 403
    assert small_programs.ask("ines", "POST", f"quizzes/{quiz}/release").status_code == 200
    assert small_programs.get("student0", f"attempts/{attempt}/result")["state"] != "being graded"


def test_a_program_asks_about_marks_and_staff_list_it(programs: Programs) -> None:
    quiz = quiz_of(programs)
    attempt = graded(programs, quiz)
    parts = programs.get("student0", f"attempts/{attempt}/result")["items"][0]["parts"]
    part = parts[0]["id"]
    body = {"item": 1, "part": part, "text": "Please\nlook again."}
    answer = programs.ask("student0", "POST", f"attempts/{attempt}/requests", body)
    assert answer.status_code == 201, answer.text
    (mine,) = answer.json()["items"]
    assert (mine["state"], mine["part"], mine["messages"][0]["text"]) == ("open", part, "Please\nlook again.")
    assert programs.ask("student0", "POST", f"attempts/{attempt}/requests", body).status_code == 409
    assert programs.ask("student1", "POST", f"attempts/{attempt}/requests", body).status_code == 404
    assert programs.ask("student1", "GET", f"attempts/{attempt}/requests").status_code == 404
    (listed,) = programs.get("tom", f"quizzes/{quiz}/requests")["items"]
    assert (listed["id"], listed["login"], listed["attempt"]) == (mine["id"], "student0", attempt)
    assert programs.ask("student0", "GET", f"quizzes/{quiz}/requests").status_code == 403
