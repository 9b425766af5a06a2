"""What students ask about their marks: their own, for them; all of a quiz, for its staff."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import Body, Request
from pydantic import Field
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, page_of
from app.api.problems import PROTECTED
from app.api.schemas import Given, Line, Moment, PublicId, Told, Whole, shown
from app.api.writes import Writes
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.marking import request_answers, requests
from app.services.marking.held_back import refuse_held_back
from app.services.marking.requests import LONGEST_TEXT, Asking, RequestView
from app.services.sitting import sitting

router = Routes(prefix="/courses/{course_id}", tags=["results"], responses=PROTECTED)

State = Literal["open", "granted", "declined", "withdrawn"]


class RequestGiven(Given):
    """What is asked: about a part of a question (`item` is its position), or one criterion of it."""

    model_config = shown({"item": 1, "part": "stats", "criterion": "mu", "text": "The mean is right."})

    item: Annotated[Whole, Field(ge=1, le=1000, examples=[1])]
    part: Annotated[Line, Field(min_length=1, max_length=100, examples=["stats"])]
    criterion: Annotated[Line, Field(max_length=100)] = ""
    # The service tells what is too long, so that the sentence is the same everywhere.
    text: Annotated[Line, Field(min_length=1, max_length=LONGEST_TEXT)]


class RequestMessageTold(Told):
    """One message; `own`: of the student."""

    text: str
    at: Moment
    own: bool


class RequestTold(Told):
    """A request for another look. Without a criterion it is about the whole part."""

    id: str
    item: int
    part: str
    criterion: str
    state: State
    created_at: Moment
    closed_at: Moment | None
    messages: list[RequestMessageTold]


class RequestsTold(Told):
    """The requests about one attempt; `why_not`: why nothing can be asked (any more), else empty."""

    items: list[RequestTold]
    why_not: str


class RequestLineTold(RequestTold):
    """A request at a quiz: whose, and about which attempt."""

    login: str
    attempt: str


class QuizRequestsTold(Told):
    """A page of the requests at a quiz, the oldest first."""

    items: list[RequestLineTold]
    next: str | None


@router.get("/attempts/{attempt_id}/requests", operation_id="listAttemptRequests")
def list_attempt_requests(
    caller: Annotated[CourseCaller, in_course("member", "results:read")], tx: Reading, attempt_id: PublicId
) -> RequestsTold:
    """List what has been asked about the marks of an attempt: one's own, or as staff anybody's."""
    sitter = sitting.sitter(tx, caller.membership, attempt_id)
    found = requests.asking(tx, sitter.person_id, attempt_id)
    refuse_held_back(tx, caller.membership, found.quiz_id, attempt_id)
    return _told(found)


@router.post(
    "/attempts/{attempt_id}/requests", operation_id="askAboutMarks", status_code=201, response_model=RequestsTold
)
def ask_about_marks(
    request: Request,
    caller: Annotated[CourseCaller, in_course("member", "attempts:write")],
    write: Writes,
    attempt_id: PublicId,
    new: Annotated[RequestGiven, Body()],
) -> Response:
    """Ask for another look at a mark of one's own, once marks and reasons are shown."""
    site = request.app.state.settings.site_in_letters
    requests.ask(write.tx, caller.person.id, attempt_id, new.item, new.part, new.criterion, new.text, site)
    return write.answer(_told(requests.asking(write.tx, caller.person.id, attempt_id)), 201)


@router.get("/quizzes/{quiz_id}/requests", operation_id="listRequests")
def list_requests(
    request: Request,
    response: Response,
    caller: Annotated[CourseCaller, in_course("staff", "results:read")],
    tx: Reading,
    quiz_id: PublicId,
    limit: Limit = 100,
    cursor: Cursor = None,
) -> QuizRequestsTold:
    """List what students have asked about the marks of a quiz.

    Left out is what is about answers that the token's person may still mark a second time.
    """
    every = request_answers.every_request(tx, caller.membership, quiz_id)
    found = [one for one in every if not one.held]
    rows, following = page_of(found, lambda one: (one.view.created_at.isoformat(), one.id), cursor, limit)
    link_next(request, response, following)
    items = [RequestLineTold(**_plain(one.view), login=one.login, attempt=one.attempt) for one in rows]
    return QuizRequestsTold(items=items, next=following)


def _told(found: Asking) -> RequestsTold:
    return RequestsTold(items=[RequestTold(**_plain(one)) for one in found.requests], why_not=found.why_not)


def _plain(view: RequestView) -> dict[str, object]:
    names = ("id", "part", "criterion", "state", "created_at", "closed_at")
    messages = [RequestMessageTold.model_validate(one) for one in view.messages]
    return {"item": view.position, "messages": messages, **{name: getattr(view, name) for name in names}}
