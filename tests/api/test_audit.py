"""The audit of a course for programs of its instructors."""

from __future__ import annotations

from tests.api.conftest import Programs


def test_a_program_reads_the_audit_page_by_page(programs: Programs) -> None:
    attempt = programs.ask("student0", "POST", f"quizzes/{programs.quiz}/attempts", {}).json()["id"]
    programs.ask("student0", "POST", f"attempts/{attempt}/hand-in")
    told = programs.get("ines", "audit?kind=attempts")
    newest, started = told["items"]
    assert (newest["action"], newest["login"], newest["what"], newest["id"]) == (
        "handed in",
        "student0",
        "attempt",
        attempt,
    )
    assert (started["action"], started["quiz"], told["next"]) == ("started an attempt", programs.quiz, None)
    first = programs.get("ines", "audit?kind=attempts&limit=1")
    second = programs.get("ines", f"audit?kind=attempts&limit=1&cursor={first['next']}")
    assert [*first["items"], *second["items"]] == told["items"]
    assert programs.get("ines", "audit?who=student1")["items"] == []
    assert programs.ask("ines", "GET", "audit?cursor=abc").status_code == 422
    for other in ("student0", "tom", "otto"):
        assert programs.ask(other, "GET", "audit").status_code in (403, 404)
