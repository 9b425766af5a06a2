"""Deductions for late and repeated attempts: waived for one attempt, or made again."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.problems import PROTECTED
from app.api.schemas import Exact, Given, Line, PublicId, Told, shown
from app.api.v1.results import DeductionChangeTold, DeductionTold
from app.api.writes import Writes
from app.routing.routes import Routes
from app.services.results import deductions
from app.services.results.deductions import LONGEST_REASON
from app.services.sitting import sitting

router = Routes(
    prefix="/courses/{course_id}/quizzes/{quiz_id}/attempts/{attempt_id}", tags=["results"], responses=PROTECTED
)


class DeductionGiven(Given):
    """Whether the deductions of an attempt are waived, or made again after that; its student reads the `reason`."""

    model_config = shown(
        {"what": "waive", "reason": "The server was away on the last evening."},
        {"what": "deduct", "reason": "That was another student."},
    )

    what: Literal["waive", "deduct"]
    reason: Annotated[Line, Field(min_length=1, max_length=LONGEST_REASON)]


class DeductionsTold(Told):
    """What is left of the points of an attempt: `earned` times `factor`, up to `earned_upto` times `factor`.

    `deducted`: how that changed, the oldest change first.
    """

    attempt: str
    earned: Exact
    earned_upto: Exact
    points: Exact
    upto: Exact
    factor: Exact
    deductions: list[DeductionTold]
    deducted: list[DeductionChangeTold]


@router.post("/deductions", operation_id="changeDeductions", response_model=DeductionsTold)
def change_deductions(
    caller: Annotated[CourseCaller, in_course("instructor", "marking:write")],
    write: Writes,
    quiz_id: PublicId,
    attempt_id: PublicId,
    given: Annotated[DeductionGiven, Body()],
) -> Response:
    """Waive what is deducted from an attempt for being late or repeated, or let it be deducted again."""
    change = deductions.waive if given.what == "waive" else deductions.deduct_again
    change(write.tx, caller.membership, quiz_id, attempt_id, given.reason)
    found, _ = sitting.result(write.tx, caller.membership, attempt_id)
    return write.answer(
        DeductionsTold(
            attempt=found.attempt_id,
            earned=found.earned,
            earned_upto=found.earned_upto,
            points=found.points,
            upto=found.upto,
            factor=found.left.factor,
            deductions=[DeductionTold.model_validate(one) for one in found.left.deductions],
            deducted=[DeductionChangeTold.model_validate(one) for one in found.deducted],
        )
    )
