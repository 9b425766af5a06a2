"""The points of an answer to a request: what can be given, what is given, and whether that changes the mark."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from app.domain.decisions import Verdict, decided_now
from app.domain.errors import InvalidInput
from app.domain.expressions import points as read_points
from app.services.marking.grading import decisions_of, exact
from app.services.marking.tried_credit import credit_with
from app.services.operating.transactions import Transaction
from app.services.results.results import ResultView
from app.storage import attempts, grading_inputs, gradings
from app.storage.requests import Placed
from app.storage.tables import AttemptItem

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

LONGEST_POINTS = 20
STAYS = "The mark would stay as it is. Give other points, or decline this request and say why."


def bounds(result: ResultView, row: Placed) -> tuple[Fraction, Fraction, Fraction, bool]:
    """Points now, the least and the most that can be given, and whether there is anything to give them for."""
    nothing = Fraction(0)
    item = next(one for one in result.items if one.position == row.position)
    part = next((one for one in item.parts if one.id == row.request.part), None)
    if part is None:
        return nothing, nothing, nothing, False
    if not row.request.criterion:
        return part.points, -part.max, part.max, True
    line = next((one for one in part.criteria if one.id == row.request.criterion), None)
    if line is None:
        return nothing, nothing, nothing, False
    return line.points, min(line.max, nothing), max(line.max, nothing), True


def number_of(typed: str, least: Fraction, most: Fraction) -> Fraction:
    """The points that were typed.

    Raises:
        InvalidInput: these are none, or not as many as can be given.
    """
    text = typed.strip().replace(",", ".").replace("\N{MINUS SIGN}", "-")
    plain = text.removeprefix("-").removeprefix("+")
    try:
        number = read_points(plain) if 0 < len(plain) <= LONGEST_POINTS else None
    except (ValueError, ZeroDivisionError):
        number = None
    if number is None:
        raise InvalidInput("Write points as a number, such as 2, 1.5 or 1/3.", "points")
    number = -number if text.startswith("-") else number
    if not least <= number <= most:
        raise InvalidInput(f"From {least} to {most} points are possible here.", "points")
    return number


def credited(tx: Transaction, grading_id: int, part: str) -> Mapping[str, Any]:
    """What a part is credited with; nothing at all where no grader could look at it and nobody has decided."""
    credit = gradings.of_numbers(tx, [grading_id])[grading_id].credit or {}
    return next((one for one in credit.get("parts", ()) if one["id"] == part), {})


def verdict_of(tx: Transaction, row: Placed, part: Mapping[str, Any], number: Fraction) -> Verdict:
    """What is decided, in the question's own points; a whole part is moved on from what it is worth now."""
    found = attempts.attempt(tx, row.attempt)
    asked = next(one for one in attempts.items(tx, found[0].id if found else 0) if one.position == row.position)
    verdict = number / asked.weight if asked.weight else number
    if row.request.criterion:
        line = next((one for one in part.get("criteria", ()) if one["id"] == row.request.criterion), None)
        return Verdict(verdict, Fraction(line["max"]) if line is not None else None)
    worth = worth_of(row, asked, part)
    # Nobody has less than nothing or more than all points, however far they were moved before.
    wanted = min(max(Fraction(part.get("points", 0)) + verdict, Fraction(0)), worth)
    return Verdict(min(max(wanted - _earned(part), -worth), worth), worth)


def worth_of(row: Placed, asked: AttemptItem, part: Mapping[str, Any]) -> Fraction:
    """All points of the part that a request is about: by the rubric that counts, or as it was asked."""
    shown = (one["points"] for one in asked.variant.rendered["parts"] if one["id"] == row.request.part)
    return Fraction(part["max"]) if "max" in part else Fraction(next(shown, 0))


def _earned(part: Mapping[str, Any]) -> Fraction:
    """What a part is sure to be worth by its criteria alone."""
    if "earned" in part:
        return Fraction(part["earned"])
    if not Fraction(part.get("adjustment", 0)) and part.get("criteria"):
        return Fraction(part["points"])
    # Graded by a release that did not write it down, or by people alone, who say what the whole part is worth.
    together = sum((Fraction(line["points"]) for line in part.get("criteria", ())), Fraction(0))
    return min(max(together, Fraction(0)), Fraction(part.get("max", 0)))


def changes(part: Mapping[str, Any], criterion: str, verdict: Fraction) -> bool:
    """Whether a decision can change what a part is worth, or settle what is open."""
    if not part or part["points"] != part["upto"]:
        return True
    now, most, earned = Fraction(part["points"]), Fraction(part["max"]), _earned(part)
    if not criterion:
        return min(max(earned + verdict, Fraction(0)), most) != now
    line = next((one for one in part["criteria"] if one["id"] == criterion), None)
    if line is None:
        return True
    if Fraction(part.get("adjustment", 0)) and verdict < 0:
        # A deduction from a part that has been moved counts on what stands.
        return verdict != Fraction(line["points"])
    # No criterion moves its part by more than itself.
    moved = min(max(earned + verdict - Fraction(line["points"]), Fraction(0)), most)
    adjusted = moved + Fraction(part.get("adjustment", 0))
    return min(max(adjusted, Fraction(0)), most) != now


def stays(tx: Transaction, sandbox: Runs, item_id: int, part: Mapping[str, Any], name: str, verdict: Fraction) -> bool:
    """Whether the rubric would make the same of an answer with this decision on a criterion (`part.criterion`).

    As where another way of earning points counts more. What cannot be tried is not said to stay.
    """
    (one,) = grading_inputs.inputs(tx, [item_id], "")
    if one.current is None or not part or part["points"] != part["upto"]:
        return False
    credit = credit_with(sandbox, one, decided_now(decisions_of(one.judged), name, exact(verdict)))
    if credit is None:
        return False
    again = next(tried for tried in credit["parts"] if tried["id"] == part["id"])
    before = (part["points"], part["upto"], one.current.points, one.current.upto)
    after = (again["points"], again["upto"], credit["points"], credit["upto"])
    return [*map(Fraction, before)] == [*map(Fraction, after)]
