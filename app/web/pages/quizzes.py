"""The front page: the quizzes of whoever is signed in, else the door."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts.sessions import Visitor
from app.services.accounts.signing_in import TooSoon
from app.services.operating.transactions import Transaction
from app.services.quizzes import quizzes
from app.services.results.adjusted_marks import adjusted_marks
from app.services.sitting import attempts
from app.services.sitting.admission import Elsewhere, Knock
from app.services.sitting.doors import door
from app.web.forms import text_of
from app.web.members import Anyone
from app.web.pages.session import sign_in_page
from app.web.paths import PublicId
from app.web.seen import seen_of
from app.web.visitors import MaybeVisitor, OwnForm, SignedIn
from app.web.wording import told

router = Routes()


@router.api_route("/", methods=["GET", "HEAD"], dependencies=[Anyone])
def front(
    request: Request, tx: Reading, visitor: MaybeVisitor, to: Annotated[str, Query(alias="next")] = "/"
) -> Response:
    """The list of quizzes, or the door."""
    if visitor is None:
        return sign_in_page(request, to=to)
    cards = quizzes.quizzes_of(tx, visitor.person.id)
    page: Response = request.app.state.templates.page(
        request,
        "quizzes/list.html",
        visitor=visitor,
        here="/",
        quizzes=cards,
        adjusted=adjusted_marks(tx, visitor.person.id),
    )
    return page


@router.get("/quizzes/{quiz_id}/start")
def start_page(request: Request, tx: Reading, visitor: SignedIn, quiz_id: PublicId) -> Response:
    """What awaits somebody in a quiz, and what it asks for before they start."""
    return _door(request, tx, visitor, quiz_id)


@router.post("/quizzes/{quiz_id}/attempts")
def start(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, quiz_id: PublicId, form: OwnForm
) -> Response:
    """Begin an attempt (or go on with the open one)."""
    state = request.app.state
    knock = Knock(seen_of(request), text_of(form, "access_code"), "honour" in form, state.doorkeeper.throttle)
    try:
        attempt_id = attempts.start(reading, writing, state.sandbox, visitor.person.id, quiz_id, knock)
    except TooSoon as error:
        page = _door(request, reading, visitor, quiz_id, form, {"access_code": told(str(error))}, 429)
        page.headers["Retry-After"] = str(error.seconds)
        return page
    except InvalidInput as error:
        if error.place not in ("access_code", "honour"):
            raise
        return _door(request, reading, visitor, quiz_id, form, {error.place: told(str(error))}, 422)
    except Elsewhere:
        return _door(request, reading, visitor, quiz_id, form, status=403)
    return RedirectResponse(f"/attempts/{attempt_id}/questions/1", 303)


def _door(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    quiz_id: str,
    form: FormData | None = None,
    complaints: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    page: Response = request.app.state.templates.page(
        request,
        "quizzes/start.html",
        status=status,
        visitor=visitor,
        here="/",
        door=door(tx, visitor.person.id, quiz_id, seen_of(request)),
        agreed=form is not None and "honour" in form,
        complaints=complaints or {},
    )
    return page
