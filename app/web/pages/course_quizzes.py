"""The quizzes of a course, for its staff; and copying the course into another term."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.courses import copying
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.quizzes import quiz_building
from app.services.quizzes.quiz_building import QuizOutline
from app.web.members import Instructor, Staff
from app.web.pages.quiz_building import done_words
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}")


@router.get("")
def list_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """All quizzes of a course with their states."""
    now = tx.now()
    return html_page(
        request,
        "quizzes/course.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        notice=done_words(done),
        quizzes=[(quiz, state_of(quiz, now)) for quiz in quiz_building.quizzes_of_course(tx, membership.course_id)],
        zone=zone_of(membership.time_zone),
    )


def state_of(quiz: QuizOutline, now: datetime) -> str:
    """Where a quiz stands at this moment: draft, not open yet, open, taken late or closed."""
    if quiz.state == "draft":
        return "draft"
    if quiz.opens_at is not None and now < quiz.opens_at:
        return "not open yet"
    if quiz.closes_at is None or now < quiz.closes_at:
        return "open"
    return "taken late" if quiz.late_until is not None and now < quiz.late_until else "closed"


@router.get("/copy")
def copy_page(request: Request, tx: Reading, visitor: SignedIn, membership: Instructor) -> Response:
    """The form that copies a course."""
    quizzes = quiz_building.quizzes_of_course(tx, membership.course_id)
    return _copy_page(request, visitor, membership, len(quizzes), title=membership.title)


@router.post("/copy")
def copy(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Copy a course into another term."""
    typed = {name: str(form.get(name) or "") for name in ("title", "term")}
    try:
        made = copying.copy_course(writing, membership, visitor.person, **typed)
    except InvalidInput as error:
        quizzes = quiz_building.quizzes_of_course(reading, membership.course_id)
        complaints = {error.place: told(str(error))}
        return _copy_page(request, visitor, membership, len(quizzes), status=422, complaints=complaints, **typed)
    return RedirectResponse(f"/courses/{made}", 303)


def _copy_page(
    request: Request, visitor: SignedIn, membership: Membership, quizzes: int, *, status: int = 200, **context: Any
) -> Response:
    return html_page(
        request,
        "quizzes/copy.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        quizzes=quizzes,
        **{"complaints": {}, "term": ""} | context,
    )
