"""What programs are told of late and repeated attempts: the points that count, and what is missing for which reason."""

from __future__ import annotations

from httpx2 import Response
from sqlalchemy import select

from app.storage.tables import AuditEntry
from tests.api.conftest import Programs
from tests.api.test_sitting import NUMBER, build, graded, start


def sit(programs: Programs, quiz: str) -> str:
    attempt = str(start(programs, quiz)["id"])
    programs.ask("student0", "PUT", f"attempts/{attempt}/answers", {"answers": [NUMBER]})
    programs.ask("student0", "POST", f"attempts/{attempt}/hand-in")
    graded(programs, "student0", attempt)
    return attempt


def test_a_second_attempt_is_worth_less_and_says_by_how_much(programs: Programs) -> None:
    quiz = build(programs, mode="homework", counts="last", decay_percent=25)
    first, second = sit(programs, quiz), sit(programs, quiz)
    whole = programs.get("student0", f"attempts/{first}/result")
    assert (whole["points"], whole["earned"], whole["factor"], whole["deductions"]) == ("6", "6", "1", [])
    less = programs.get("student0", f"attempts/{second}/result")
    assert (less["points"], less["earned"], less["factor"], less["deducted"]) == ("9/2", "6", "3/4", [])
    assert less["deductions"] == [{"kind": "repeated", "count": 2, "percent": 25, "says": "minus 25 % for attempt 2"}]
    row = next(one for one in programs.get("tom", f"quizzes/{quiz}/results")["items"] if one["login"] == "student0")
    assert (row["points"], row["earned"], row["attempt"]) == ("9/2", "6", second)
    marks = programs.get("tom", "gradebook?limit=1")["items"][0]["marks"]
    assert marks[-1]["points"] == "9/2"


def test_instructors_waive_a_deduction_and_take_that_back(programs: Programs) -> None:
    quiz = build(programs, mode="homework", counts="last", decay_percent=25)
    first, second = sit(programs, quiz), sit(programs, quiz)

    def change(who: str, what: str, reason: str, attempt: str = second) -> Response:
        return programs.ask(
            who, "POST", f"quizzes/{quiz}/attempts/{attempt}/deductions", {"what": what, "reason": reason}
        )

    # As on the web: instructors only, with a reason that the student reads.
    assert change("tom", "waive", "Why not.").status_code == change("student0", "waive", "Please.").status_code == 403
    nameless = change("ines", "waive", " ")
    assert (nameless.status_code, nameless.json()["place"]) == (422, "reason")
    assert change("ines", "deduct", "Nothing was waived.").status_code == 409
    assert change("ines", "waive", "Nothing is deducted.", first).status_code == 409
    assert change("ines", "waive", "Whose?", "nothing").status_code == 404
    waived = change("ines", "waive", "The first one was  a test.")
    assert waived.status_code == 200, waived.text
    told = waived.json()
    assert (told["points"], told["earned"], told["factor"], told["deductions"]) == ("6", "6", "1", [])
    whole = programs.get("student0", f"attempts/{second}/result")
    assert (whole["points"], [one["reason"] for one in whole["deducted"]]) == ("6", ["The first one was a test."])
    again = change("ines", "deduct", "It was not.").json()
    assert (again["points"], again["factor"]) == ("9/2", "3/4")
    assert [(one["kind"], one["before"], one["after"]) for one in again["deducted"]] == [
        ("waived", "3/4", "1"),
        ("waiver withdrawn", "1", "3/4"),
    ]
    assert programs.get("student0", f"attempts/{second}/result")["points"] == "9/2"
    with programs.house.transactions.reading() as tx:
        recorded = tx.session.scalars(select(AuditEntry.action).where(AuditEntry.subject == f"attempt {second}"))
        assert list(recorded)[-2:] == ["waived a deduction", "took back a waiver"]
