"""The front page: the quizzes of whoever is signed in, else the door."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from app.services import attempts, quizzes
from app.web.members import Anyone
from app.web.pages.session import sign_in_page
from app.web.paths import PublicId
from app.web.transactions import Reading, Writing
from app.web.visitors import MaybeVisitor, OwnForm, SignedIn

router = APIRouter()


@router.api_route("/", methods=["GET", "HEAD"], dependencies=[Anyone])
def front(
    request: Request, tx: Reading, visitor: MaybeVisitor, to: Annotated[str, Query(alias="next")] = "/"
) -> Response:
    """The list of quizzes, or the door."""
    if visitor is None:
        return sign_in_page(request, to=to)
    cards = quizzes.quizzes_of(tx, visitor.person.id)
    page: Response = request.app.state.templates.page(
        request, "quizzes/list.html", visitor=visitor, here="/", quizzes=cards
    )
    return page


@router.post("/quizzes/{quiz_id}/attempts")
def start(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, quiz_id: PublicId, _form: OwnForm
) -> Response:
    """Begin an attempt (or go on with the open one)."""
    attempt_id = attempts.start(reading, writing, request.app.state.sandbox, visitor.person.id, quiz_id)
    return RedirectResponse(f"/attempts/{attempt_id}/questions/1", 303)
