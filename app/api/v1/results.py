"""Results: of one attempt, for its person once released; of a whole quiz, for staff."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import Request
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Exact, Moment, PublicId, Told
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.marking import held_back, mark_history
from app.services.marking.mark_history import MarkChange, Reason
from app.services.results import outcomes
from app.services.results.adjusted_marks import AdjustedMark, adjusted_marks
from app.services.results.outcomes import StudentOutcome
from app.services.results.results import ResultView
from app.services.sitting import sitting

router = Routes(prefix="/courses/{course_id}", tags=["results"], responses=PROTECTED)


class LineResultTold(Told):
    """One line of the rubric. `own`: judged with the student's own earlier answers; `person`: somebody decides.

    `comment`: what that person said.
    """

    id: str
    says: str
    why: str
    points: Exact
    upto: Exact
    max: Exact
    own: bool
    person: bool
    comment: str


class PartResultTold(Told):
    """One part: what it earned and why, and the worked solution of this very variant (HTML).

    `adjustment`: what a person moved the whole part by, with a `comment`.
    """

    id: str
    label: str
    state: Literal["being graded", "waits for a person", "graded"]
    points: Exact
    upto: Exact
    max: Exact
    adjustment: Exact
    comment: str
    criteria: list[LineResultTold]
    mistakes: list[str]
    notes: list[str]
    solution: str


class ItemResultTold(Told):
    """One question of an attempt."""

    position: int
    title: str
    state: Literal["being graded", "waits for a person", "graded"]
    points: Exact
    upto: Exact
    max: Exact
    solution_stem: str
    parts: list[PartResultTold]


class MarkChangeTold(Told):
    """A part whose points changed; `said`: comments of whoever decided, or the reason of a regrade."""

    at: Moment
    position: int
    part: str
    reason: Reason
    said: list[str]
    points_before: Exact
    upto_before: Exact
    points: Exact
    upto: Exact
    max: Exact


class DeductionTold(Told):
    """What is taken from the points, for `count` days late, or as attempt number `count`: `percent` of what is there.

    `says`: the same in words. Several follow each other.
    """

    kind: Literal["late", "repeated"]
    count: int
    percent: int
    says: str


class DeductionChangeTold(Told):
    """Another share of the points than before was left from then on, and why."""

    at: Moment
    kind: Literal["waived", "waiver withdrawn", "more time"]
    before: Exact
    after: Exact
    reason: str


class AdjustmentReasonTold(Told):
    """What was added to the mark of a quiz or taken from it (nothing where its student is excused), and why."""

    points: Exact
    excused: bool
    reason: str
    at: Moment


class AdjustedMarkTold(Told):
    """The mark of the quiz as it counts, once released: `points` is sure, up to `upto` is possible."""

    points: Exact | None
    upto: Exact | None
    max: Exact
    excused: bool
    reasons: list[AdjustmentReasonTold]


class ResultTold(Told):
    """A whole attempt, graded as far as it is: `points` is sure, up to `upto` is possible.

    Its questions come to `earned`, up to `earned_upto`; times `factor`, what `deductions` leave, these are the points.
    Students get criteria, reasons, comments and history once `feedback_shown`, solutions once `solutions_shown`.
    `adjusted_mark`: the mark of the whole quiz, where somebody adjusted it; the points of the attempt are without that.
    """

    attempt: str
    quiz: str
    login: str
    number: int
    handed_in_at: Moment
    receipt: str
    state: Literal["being graded", "waits for a person", "graded"]
    points: Exact
    upto: Exact
    max: Exact
    feedback_shown: bool
    solutions_shown: bool
    earned: Exact
    earned_upto: Exact
    factor: Exact
    deductions: list[DeductionTold]
    deducted: list[DeductionChangeTold]
    adjusted_mark: AdjustedMarkTold | None
    items: list[ItemResultTold]
    history: list[MarkChangeTold]


State = Literal["not started", "open", "practised", "held back", "being graded", "waits for a person", "graded"]


class QuestionOutcomeTold(Told):
    """What one student earned with one question."""

    question: str
    title: str
    state: State
    points: Exact
    upto: Exact
    max: Exact


class StudentOutcomeTold(Told):
    """One student: the points that count by the quiz's rule, and the attempt they come from (of several the newest).

    `earned`: what the questions of what counts come to; `points` is less where something is deducted.
    """

    login: str
    name: str
    state: State
    points: Exact | None
    upto: Exact | None
    max: Exact | None
    earned: Exact | None
    attempt: str | None
    handed_in_at: Moment | None
    attempts: list[str]
    questions: list[QuestionOutcomeTold]


class OutcomesTold(Told):
    """A page of a quiz's results: everybody enrolled as a student, whoever has not started included."""

    quiz: str
    title: str
    counts: Literal["best", "last", "first", "average"]
    items: list[StudentOutcomeTold]
    next: str | None


@router.get("/attempts/{attempt_id}/result", operation_id="getResult")
def get_result(
    caller: Annotated[CourseCaller, in_course("member", "results:read")], tx: Reading, attempt_id: PublicId
) -> ResultTold:
    """Get the result of an attempt that was handed in, with reasons and solutions. Students get it once released."""
    found, person = sitting.result(tx, caller.membership, attempt_id)
    held_back.refuse_held_back(tx, caller.membership, found.quiz_id, attempt_id)
    told = mark_history.changes_in(tx, caller.membership, attempt_id) if found.seen.feedback.shown else ()
    mark = adjusted_marks(tx, person.person_id, [found.quiz_id]).get(found.quiz_id)
    return _result(found, person.login, told, mark)


@router.get("/quizzes/{quiz_id}/results", operation_id="listResults")
def list_results(
    request: Request,
    response: Response,
    caller: Annotated[CourseCaller, in_course("staff", "results:read")],
    tx: Reading,
    quiz_id: PublicId,
    limit: Limit = 200,
    cursor: Cursor = None,
) -> OutcomesTold:
    """List the results of a quiz, by login."""
    held = held_back.held_back(tx, caller.membership, quiz_id)
    found = outcomes.outcomes(tx, caller.course_id, quiz_id, held)
    rows, following = page_of(found.rows, lambda row: (row.login,), cursor, limit)
    link_next(request, response, following)
    return OutcomesTold.model_validate(
        {
            "quiz": found.quiz_id,
            "title": found.title,
            "counts": found.counts,
            "items": [_outcome(row) for row in rows],
            "next": following,
        }
    )


def _outcome(row: StudentOutcome) -> StudentOutcomeTold:
    return StudentOutcomeTold(
        login=row.login,
        name=row.name,
        state=row.state,
        points=row.points,
        upto=row.upto,
        max=row.max,
        earned=row.points if row.earned is None else row.earned,
        attempt=None if row.attempt is None else row.attempt.id,
        handed_in_at=row.handed_in_at,
        attempts=[one.id for one in row.attempts],
        questions=[QuestionOutcomeTold.model_validate(cell) for cell in row.cells if cell is not None],
    )


def _result(found: ResultView, login: str, changes: Iterable[MarkChange], mark: AdjustedMark | None) -> ResultTold:
    return ResultTold(
        attempt=found.attempt_id,
        quiz=found.quiz_id,
        login=login,
        number=found.number,
        handed_in_at=found.handed_in_at,
        receipt=found.receipt,
        state=found.state,
        points=found.points,
        upto=found.upto,
        max=found.max,
        feedback_shown=found.seen.feedback.shown,
        solutions_shown=found.seen.solutions.shown,
        earned=found.earned,
        earned_upto=found.earned_upto,
        factor=found.left.factor,
        deductions=[DeductionTold.model_validate(one) for one in found.left.deductions],
        deducted=[DeductionChangeTold.model_validate(one) for one in found.deducted],
        adjusted_mark=None if mark is None else AdjustedMarkTold.model_validate(mark),
        items=[ItemResultTold.model_validate(item) for item in found.items],
        history=[MarkChangeTold.model_validate(change) for change in changes],
    )
