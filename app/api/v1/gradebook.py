"""The gradebook of a course: everybody's total with what it is made of."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Request
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Exact, Told
from app.domain.gradebooks import Fate, Missing, Role
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.marking.held_back import held_back_in_course
from app.services.results import gradebook
from app.services.results.gradebook import Gradebook, Row

router = Routes(prefix="/courses/{course_id}/gradebook", tags=["results"], responses=PROTECTED)

State = Literal[
    "to come",
    "not closed",
    "not taken",
    "open",
    "being graded",
    "waits for a person",
    "graded",
    "excused",
    "held back",
]


class GroupTold(Told):
    """Quizzes that are weighed together; `drop` of them are dropped."""

    id: str
    name: str
    weight: Exact
    drop: int


class GradedQuizTold(Told):
    """A published quiz, and how it counts. `weight` of a bonus quiz: percentage points that full marks add."""

    quiz: str
    title: str
    max: Exact
    group: str
    role: Role
    weight: Exact
    missing: Missing
    released: bool


class MarkTold(Told):
    """A student's mark of a quiz. `fate`: what became of it; `weight` and `adds`: its shares of the total (of 1)."""

    quiz: str
    state: State
    points: Exact | None
    upto: Exact | None
    max: Exact
    adjusted: Exact
    waiting: int
    requests: int
    fate: Fate
    weight: Exact
    adds: Exact


class TotalTold(Told):
    """A student. `total` (1 is 100 %) is sure, up to `upto` is possible; `grade` has two ends where they differ."""

    login: str
    name: str
    total: Exact | None
    upto: Exact | None
    adjusted: Exact
    complete: bool
    grade: list[str]
    marks: list[MarkTold]


class GradebookTold(Told):
    """A page of a gradebook."""

    revision: int
    beyond: bool
    groups: list[GroupTold]
    quizzes: list[GradedQuizTold]
    items: list[TotalTold]
    next: str | None


@router.get("", operation_id="getGradebook")
def get_gradebook(
    request: Request,
    response: Response,
    caller: Annotated[CourseCaller, in_course("staff", "results:read")],
    tx: Reading,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> GradebookTold:
    """Get the gradebook of a course, by login: weights, marks, totals and grades."""
    found = gradebook.gradebook(tx, caller.course_id, held=held_back_in_course(tx, caller.membership))
    rows, following = page_of(found.rows, lambda row: (row.login,), cursor, limit)
    link_next(request, response, following)
    return GradebookTold(
        revision=found.revision,
        beyond=found.rules.beyond,
        groups=[GroupTold.model_validate(group) for group in found.rules.groups],
        quizzes=_quizzes(found),
        items=[_total(found, row) for row in rows],
        next=following,
    )


def _quizzes(found: Gradebook) -> list[GradedQuizTold]:
    return [
        GradedQuizTold(
            quiz=column.id,
            title=column.title,
            max=column.max,
            group=column.rule.group,
            role=column.rule.role,
            weight=column.rule.weight,
            missing=column.rule.missing,
            released=column.released,
        )
        for column in found.columns
    ]


def _total(found: Gradebook, row: Row) -> TotalTold:
    return TotalTold(
        login=row.login,
        name=row.name,
        total=row.grade.low,
        upto=row.grade.high,
        adjusted=row.grade.adjusted,
        complete=row.grade.complete,
        grade=list(row.letters),
        marks=[
            MarkTold.model_validate(
                {
                    "quiz": line.quiz,
                    "state": cell.state,
                    "points": cell.points,
                    "upto": cell.upto,
                    "max": cell.max,
                    "adjusted": cell.adjusted,
                    "waiting": cell.waiting,
                    "requests": cell.requests,
                    "fate": line.fate,
                    "weight": line.weight,
                    "adds": line.adds,
                }
            )
            for cell, line in zip(row.cells, row.lines, strict=True)
        ],
    )
