"""Granting a request where the rubric has several ways of earning the points: what would change nothing is refused."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import pytest

from app.domain.errors import Conflict, InvalidInput
from app.sandbox import SandboxFailure
from app.services.marking import request_answers
from app.services.operating.transactions import Transaction
from app.storage.engine import Database
from tests.marked import EssaySandbox, Marking, set_up
from tests.services.test_requests import Student


@pytest.fixture
def marking(database: Database) -> Marking:
    return set_up(database, students=3)


class OneWay(EssaySandbox):
    """Cause and effect are two ways of earning the points: only the one worth more counts."""

    def _part(self, part: str, rubric: dict[str, str], seen: Any, decisions: Any) -> Any:
        found = super()._part(part, rubric, seen, decisions)
        if part == "why":
            cause, effect, style = found["criteria"]
            beaten = min(cause, effect, key=lambda line: Fraction(line["points"]))
            beaten |= {"points": "0", "upto": "0"}
            found["points"] = found["upto"] = str(sum(Fraction(line["points"]) for line in (cause, effect, style)))
            found["earned"] = found["points"]
        return found


def test_points_that_another_way_of_earning_them_outdoes_are_not_granted(marking: Marking) -> None:
    marking.sandbox = OneWay()
    student = Student(marking, "effect")
    cause = student.ask("cause")

    def grant(request: str, points: str) -> None:
        student.staff(partial(_tried, marking.sandbox), request, points)

    # By itself it would be one point more.
    with pytest.raises(InvalidInput, match="The mark would stay as it is"):
        grant(cause, "1")
    student.decline(cause)
    effect = student.ask("effect")
    with pytest.raises(InvalidInput, match="Write points as a number"):
        grant(effect, "x")
    grant(effect, "1/2")
    marking.grade()
    assert marking.points(student.place) == (Fraction(1, 2), Fraction(1, 2))
    again = student.ask("cause")
    # What cannot be tried is not refused.
    marking.sandbox.failing = lambda name, _: (
        SandboxFailure("killed", "It took too long.") if name == "credit" else None
    )
    grant(again, "1/2")
    with pytest.raises(Conflict, match="answered or withdrawn"):
        grant(again, "1")


def _tried(sandbox: EssaySandbox, tx: Transaction, *args: Any) -> None:
    request_answers.try_grant(tx, sandbox, *args)
    request_answers.grant(tx, *args, "Fine.", lambda: None)
