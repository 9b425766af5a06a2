"""Trying answers to a short text on a draft: what each makes, claim by claim, and what its mutations would earn."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from app.domain.errors import InvalidInput, QuestionError
from app.domain.expressions import points
from app.interchange.folder import Folder
from app.services.bank.trials import Runs
from app.services.drafts.drafts import Change
from app.services.drafts.previews import TRY_SECONDS, Unusable, package_of

MOST_ANSWERS = 10
LONGEST_ANSWER = 4000


@dataclass(frozen=True, slots=True)
class Given:
    """An answer, and the points that a person gives (None: nobody has said)."""

    text: str
    points: Fraction | None


def read_answers(data: Any) -> list[Given]:
    """The answers that a browser sends: a list of {text, points}, of which `points` may be missing.

    Raises:
        InvalidInput: too many, too long, or none.
    """
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_ANSWERS:
        raise InvalidInput(f"Try 1 to {MOST_ANSWERS} answers at once.", "answers")
    return [_given(one) for one in data]


def _given(one: Any) -> Given:
    text, mark = (one.get("text"), one.get("points")) if isinstance(one, dict) else (None, None)
    if not isinstance(text, str) or not text.strip():
        raise InvalidInput("An answer is a text.", "answers")
    if len(text) > LONGEST_ANSWER:
        raise InvalidInput(f"An answer to try has at most {LONGEST_ANSWER} characters.", "answers")
    try:
        return Given(text, None if mark is None else points(mark))
    except (TypeError, ValueError):
        raise InvalidInput("A person gives points such as 1, 1/2 or 2.5.", "answers") from None


def try_answers(
    sandbox: Runs, question: str, stored: Folder, change: Change, field: str, seed: int, answers: list[Given]
) -> dict[str, Any]:
    """The short text with a row for each answer, given right answers to the `others` of its part: what the rubric sees
    and gives, whether a person agrees (`judged`: "right", "open", "too much", "too little", or "" where nobody has
    said), and its mutations; `warns` marks those that still earn everything.

    Raises:
        Unusable: something is wrong with the draft.
        InvalidInput: this field is no short text.
    """
    loaded, package = package_of(question, stored, change)
    payload = {"package": package, "seed": seed, "answers": {field: [one.text for one in answers]}, "mutate": True}
    try:
        found = sandbox.run("rubric", payload, lane="interactive", seconds=TRY_SECONDS)
    except QuestionError as error:
        raise Unusable(loaded.locate(error.problems)) from None
    told = found.get(field)
    if told is None:
        raise InvalidInput(f"There is no short text called “{field[:80]}” here.", "field")
    most = Fraction(told["points"])
    rows = [_row(one, row, most) for one, row in zip(answers, told["rows"], strict=True)]
    return {"part": told["part"], "field": field, "points": told["points"], "others": told["others"], "rows": rows}


def _row(given: Given, row: dict[str, Any], most: Fraction) -> dict[str, Any]:
    lo, hi = Fraction(row["lo"]), Fraction(row["hi"])
    full = lo >= most > 0
    mutations = [
        {**one, "warns": full and one["wrong"] and Fraction(one["lo"]) >= most} for one in row.get("mutations", ())
    ]
    marked = None if given.points is None else str(given.points)
    return {**row, "marked": marked, "judged": _judged(given.points, lo, hi), "mutations": mutations}


def _judged(wanted: Fraction | None, lo: Fraction, hi: Fraction) -> str:
    if wanted is None:
        return ""
    if lo > wanted:
        return "too much"
    if hi < wanted:
        return "too little"
    return "right" if lo == hi else "open"
