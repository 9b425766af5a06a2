"""The gradebook for programs: the same totals as on the page, exact, page by page."""

from __future__ import annotations

from tests.api.conftest import Programs
from tests.api.test_sitting import NUMBER, build, graded, start


def test_staff_get_every_total_with_what_it_is_made_of(programs: Programs) -> None:
    quiz = build(programs)
    attempt = start(programs, quiz)
    programs.ask("student0", "PUT", f"attempts/{attempt['id']}/answers", {"answers": [NUMBER]})
    programs.ask("student0", "POST", f"attempts/{attempt['id']}/hand-in")
    graded(programs, "student0", attempt["id"])
    found = programs.get("tom", "gradebook?limit=1")
    assert (found["revision"], found["groups"]) == (0, [{"id": "g1", "name": "", "weight": "1", "drop": 0}])
    assert [one["quiz"] for one in found["quizzes"]] == [programs.quiz, quiz]
    (row,) = found["items"]
    assert (row["login"], row["complete"], row["grade"]) == ("student0", True, [])
    untaken, mark = row["marks"]
    assert (untaken["state"], untaken["fate"], untaken["points"], untaken["adds"]) == ("not taken", "counts", None, "0")
    assert (mark["state"], mark["points"], mark["weight"], mark["waiting"]) == ("waits for a person", "6", "1/2", 1)
    assert row["total"] == mark["adds"]
    (other,) = programs.get("tom", f"gradebook?limit=1&cursor={found['next']}")["items"]
    assert (other["login"], other["total"]) == ("student1", "0")


def test_students_and_narrow_tokens_do_not_get_it(small_programs: Programs) -> None:
    assert small_programs.ask("student0", "GET", "gradebook").status_code == 403
    narrow = small_programs.token("ines", ("quizzes:read",))
    assert small_programs.ask_with(narrow, "GET", "gradebook").status_code == 403
    assert small_programs.ask("otto", "GET", "gradebook").status_code == 404
