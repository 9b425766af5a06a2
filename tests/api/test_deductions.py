"""What programs are told of late and repeated attempts: the points that count, and what is missing for which reason."""

from __future__ import annotations

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
