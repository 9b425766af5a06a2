"""Checking receipts: whether a hand-in with such a code exists, and whether what is stored still gives this code.

Who handed in, the staff of the course and administrators are told whose it is and of which quiz, by the short code as
well. Everybody else with an account has to know the whole code, and is told only that there is such a hand-in, since
when, and whether it is unchanged: enough for an examination office to which a student has shown the receipt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias

from app.domain.access import ROLES
from app.domain.errors import InvalidInput
from app.services.accounts.people import Person
from app.services.operating.transactions import Transaction
from app.services.sitting.submissions import code_holds
from app.storage import receipts as stored

SHORT, FULL = 16, 64
LONGEST_CODE = 400
_HEXADECIMAL = re.compile(r"[0-9a-f]*")
_BETWEEN = re.compile(r"[\s\-\u2010-\u2015\u2212]+")

Tells: TypeAlias = Literal["own", "staff", "only that it exists"]


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """A hand-in with the code that was asked for. Nothing names it where `tells` is "only that it exists".

    `unchanged`: what is stored today still gives this code. `superseded`: a later hand-in of the attempt counts.
    """

    tells: Tells
    code: str
    at: datetime
    unchanged: bool
    superseded: bool
    person: str = ""
    quiz_title: str = ""
    course_title: str = ""
    number: int = 0
    attempt_id: str = ""
    quiz_id: str = ""
    course_id: str = ""


def read_code(text: str) -> str:
    """The hexadecimal digits of a code as people copy it: in groups, in capitals, over several lines.

    Raises:
        InvalidInput: that is no code, or less than its first sixteen digits.
    """
    digits = _BETWEEN.sub("", text[: LONGEST_CODE + 1]).lower()
    if len(text) > LONGEST_CODE or len(digits) > FULL or not _HEXADECIMAL.fullmatch(digits):
        raise InvalidInput("A code has digits and the letters A to F only, at most 64 of them.", "code")
    if len(digits) < SHORT:
        raise InvalidInput("A code has at least 16 digits and letters: four groups of four.", "code")
    return digits


def check(tx: Transaction, person: Person, text: str) -> list[CheckedReceipt]:
    """The hand-ins with that code that this person may know of; what they may know of each.

    Raises:
        InvalidInput: the text is no code.
    """
    digits = read_code(text)
    found = (_checked(tx, person, len(digits) == FULL, row) for row in stored.beginning_with(tx, digits, person.id))
    return [one for one in found if one is not None]


def _checked(tx: Transaction, person: Person, whole: bool, row: stored.Found) -> CheckedReceipt | None:
    submission, attempt, quiz, course, owner, role = row
    own = attempt.person_id == person.id
    staff = person.administrator or role in ROLES["staff"]
    if not (own or staff or whole):
        return None
    unchanged = code_holds(tx, attempt, quiz, submission)
    if not (own or staff):
        code, at = submission.receipt, submission.at
        return CheckedReceipt("only that it exists", code, at, unchanged, superseded=submission.superseded)
    return CheckedReceipt(
        tells="own" if own else "staff",
        code=submission.receipt,
        at=submission.at,
        unchanged=unchanged,
        superseded=submission.superseded,
        person=owner.name,
        quiz_title=quiz.title,
        course_title=course.title,
        number=attempt.number,
        attempt_id=attempt.public_id,
        quiz_id=quiz.public_id,
        course_id=course.public_id,
    )
