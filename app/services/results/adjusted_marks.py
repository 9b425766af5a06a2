"""A student's marks of quizzes that people have adjusted, beside the attempts that were graded: the same everywhere.

An adjustment moves the mark of a quiz, whichever attempts count; what an attempt itself is worth stays as it is graded.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from app.services.operating.transactions import Transaction
from app.services.quizzes.releases import release_states
from app.services.results.gradebook_marks import marks
from app.storage import gradebooks as stored
from app.storage import quizzes


@dataclass(frozen=True, slots=True)
class Reason:
    """What was added or taken (nothing: they were excused), and why; never by whom."""

    points: Fraction
    excused: bool
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AdjustedMark:
    """The mark of a quiz as it counts: `points` are sure, up to `upto` is possible; none while nothing is known.

    `reasons`: the newest first.
    """

    course: str
    points: Fraction | None
    upto: Fraction | None
    max: Fraction
    excused: bool
    reasons: tuple[Reason, ...]


def adjusted_marks(tx: Transaction, person_id: int, among: Collection[str] | None = None) -> dict[str, AdjustedMark]:
    """By quiz (public ids; of all, or among these): the person's own marks that were adjusted and are released."""
    found: dict[str, AdjustedMark] = {}
    for course_id in stored.courses_with_adjusted_quizzes(tx, person_id, among):
        found |= _of_course(tx, course_id, person_id)
    return found if among is None else {quiz: mark for quiz, mark in found.items() if quiz in among}


def _of_course(tx: Transaction, course_id: int, person_id: int) -> dict[str, AdjustedMark]:
    if not stored.students(tx, course_id, person_id):
        return {}
    adjusted = [row[0] for row in stored.adjustments(tx, course_id, person_id, withdrawn=False)]
    known = marks(tx, course_id, [person_id], adjusted, person_id)
    released = release_states(tx, known.quizzes)
    course = quizzes.course(tx, course_id).public_id
    found = {}
    for quiz, cell in zip(known.quizzes, known.cells[person_id], strict=True):
        reasons = tuple(
            Reason(one.points, one.excused, one.reason, one.created_at) for one in adjusted if one.quiz_id == quiz.id
        )
        if reasons and released[quiz.id].shown:
            excused = cell.state == "excused"
            found[quiz.public_id] = AdjustedMark(course, cell.points, cell.upto, cell.max, excused, reasons)
    return found
