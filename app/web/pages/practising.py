"""Practising: check a question, take a hint, get another variant, finish. Every other mode answers that it may not."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Path, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.sitting import practising
from app.services.sitting.attempts import AttemptView
from app.web.forms import text_of
from app.web.members import Sitting
from app.web.pages.attempts import Attempt, asked_item, save_form
from app.web.paths import Position, PublicId
from app.web.visitors import OwnForm
from app.web.wording import language_now

router = Routes(prefix="/attempts/{attempt_id}")
PartId = Annotated[str, Path(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,99}$")]
MOST_DIGITS = 4


async def saved_first(request: Request, attempt: Attempt, position: Position, form: OwnForm) -> AttemptView:
    """The attempt, with what a page without scripts has sent along saved; scripts have saved it before.

    Raises:
        NotAllowed: its quiz is no practice quiz.
        TooLate, HandedIn, InvalidInput, Unavailable: it was not saved, and why.
    """
    if not attempt.practice:
        raise NotAllowed("This is no practice: nothing is checked or shown before it is handed in.")
    if text_of(form, "scripts") != "yes":
        await save_form(request, attempt, asked_item(attempt, position), form)
    return attempt


Saved = Annotated[AttemptView, Depends(saved_first, scope="function")]


@router.post("/questions/{position}/check")
@takes_long
def check(request: Request, writing: Writing, visitor: Sitting, attempt: Saved, position: Position) -> Response:
    """Look at the answers of a question now."""
    # What has just been saved is not to be seen in the transaction that the page began with.
    with request.app.state.transactions.reading() as fresh:
        sandbox = request.app.state.sandbox
        practising.check(fresh, writing, sandbox, visitor.person.id, attempt.id, position, language_now())
    return _to(attempt.id, position, "checked")


@router.post("/questions/{position}/hints/{part}")
def hint(
    writing: Writing, visitor: Sitting, attempt: Saved, position: Position, part: PartId, form: OwnForm
) -> Response:
    """Show one more hint to a part."""
    practising.take_hint(writing, visitor.person.id, attempt.id, position, part, _count(form, "taken"))
    return _to(attempt.id, position, f"hints-{part}")


@router.post("/questions/{position}/variant")
@takes_long
def new_variant(
    request: Request, writing: Writing, visitor: Sitting, attempt: Saved, position: Position, form: OwnForm
) -> Response:
    """Give the question a fresh variant."""
    with request.app.state.transactions.reading() as fresh:
        sandbox = request.app.state.sandbox
        met = _count(form, "met")
        practising.new_variant(fresh, writing, sandbox, visitor.person.id, attempt.id, position, met)
    return _to(attempt.id, position, "variant")


@router.get("/practice")
def summary_page(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """How practising went: checks, and the best points of every question."""
    summary = practising.how_it_went(tx, visitor.person.id, attempt_id, language_now())
    page: Response = request.app.state.templates.page(
        request, "attempts/practice.html", visitor=visitor, summary=summary
    )
    return page


@router.post("/finish")
def finish(tx: Writing, visitor: Sitting, attempt_id: PublicId, _form: OwnForm) -> Response:
    """End practising; a second time changes nothing."""
    practising.finish(tx, visitor.person.id, attempt_id)
    return RedirectResponse(f"/attempts/{attempt_id}/practice", 303)


def _count(form: FormData, name: str) -> int:
    given = text_of(form, name)
    return int(given) if given.isascii() and given.isdigit() and len(given) <= MOST_DIGITS else 0


def _to(attempt_id: str, position: int, place: str) -> Response:
    return RedirectResponse(f"/attempts/{attempt_id}/questions/{position}#{place}", 303)
