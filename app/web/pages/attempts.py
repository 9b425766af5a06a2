"""Sitting a quiz: one question a page, review, handing in, receipt."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import NotFound
from app.services import attempts, sessions, submissions
from app.services.attempts import AttemptView, ItemView
from app.services.saving import read_change
from app.services.sessions import Visitor
from app.web.fields import raw_from_form, same_answer
from app.web.forms import text_of
from app.web.members import Sitting
from app.web.pages.languages import speak_from_now_on
from app.web.paths import Position, PublicId
from app.web.speaking import known_language
from app.web.transactions import Reading, Writing
from app.web.visitors import OwnForm
from app.web.wording import language_now

router = APIRouter(prefix="/attempts/{attempt_id}")


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an attempt is: fields by state, and flagged questions."""

    fields: int
    answered: int
    blank: int
    unread: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Place:
    """A field worth another look; `label` is HTML, `says` is empty where nothing was answered."""

    position: int
    part: str
    field: str
    label: str
    says: str


def attempt_view(tx: Reading, visitor: Sitting, attempt_id: PublicId) -> AttemptView:
    """The attempt of this address, of this person."""
    return attempts.view(tx, visitor.person.id, attempt_id, language_now())


Attempt = Annotated[AttemptView, Depends(attempt_view, scope="function")]


def tally_of(attempt: AttemptView) -> Tally:
    """Counts over all questions."""
    states = [field.reading.state for item in attempt.items for part in item.parts for field in part.fields]
    blank, unread = states.count("blank"), states.count("cannot be read")
    flagged = sum(item.flagged for item in attempt.items)
    return Tally(len(states), len(states) - blank - unread, blank, unread, flagged)


def trouble_of(attempt: AttemptView) -> list[Place]:
    """Every field that is not answered or cannot be read, in order."""
    return [
        Place(item.position, part.label, field.id, field.label, field.reading.says)
        for item in attempt.items
        for part in item.parts
        for field in part.fields
        if field.reading.state != "read"
    ]


@router.get("")
def attempt_page(attempt: Attempt) -> Response:
    """Where an attempt goes on."""
    if attempt.state != "open":
        return _to(attempt, "result")
    first = next((item.position for item in attempt.items if item.status == "not answered"), 1)
    return _to(attempt, f"questions/{first}")


@router.get("/questions/{position}")
def question_page(
    request: Request,
    visitor: Sitting,
    attempt: Attempt,
    position: Position,
    spare: Annotated[int, Query(ge=0, le=20)] = 0,
) -> Response:
    """One question with its fields. `spare`: more empty cells, for pages without scripts."""
    if attempt.state != "open":
        return _to(attempt, "result")
    return show_question(request, visitor, attempt, position, spare)


def show_question(
    request: Request,
    visitor: Visitor,
    attempt: AttemptView,
    position: int,
    spare: int = 0,
    complaints: Mapping[str, str] | None = None,
) -> Response:
    """The page of a question; `complaints` say, by field, what could not be done with what was sent."""
    context = {"item": asked_item(attempt, position), "spare": spare, "complaints": complaints or {}}
    return _page(request, visitor, attempt, "question", status=422 if complaints else 200, **context)


@router.post("/questions/{position}")
async def save_question(
    request: Request, visitor: Sitting, attempt: Attempt, position: Position, form: OwnForm
) -> Response:
    """Save a whole question from a page without scripts, and move on, or go on in another language."""
    item = asked_item(attempt, position)
    await save_form(request, attempt, item, form)
    go, language = form.get("go"), known_language(request, text_of(form, "language"))
    if language:
        answer = _to(attempt, f"questions/{position}")
        await speak_from_now_on(request, answer, visitor.person.id, language)
        return answer
    if isinstance(go, str) and go.isascii() and go.isdigit() and 1 <= int(go[:4]) <= len(attempt.items):
        return _to(attempt, f"questions/{int(go[:4])}")
    return _to(attempt, "review" if go == "review" else f"questions/{position}")


async def save_form(
    request: Request, attempt: AttemptView, item: ItemView, form: FormData, instead: Mapping[str, Any] | None = None
) -> None:
    """Save what a page without scripts has sent of a question; `instead` are answers that the form cannot hold.

    Raises:
        TooLate, HandedIn, InvalidInput, Unavailable: it was not saved, and why.
    """
    changes = _changes(item, form, instead or {})
    if changes:
        # Random per request, as there is no script to keep a device's name and count.
        device = f"form-{secrets.token_hex(12)}"
        data: dict[str, Any] = {"device": device, "seq": 1, "changes": changes}
        await request.app.state.saving.save(read_change(attempt.id, data))


def _changes(item: ItemView, form: FormData, instead: Mapping[str, Any]) -> list[dict[str, Any]]:
    changes: list[dict[str, Any]] = []
    for part in item.parts:
        for field in part.fields:
            if instead and field.id not in instead:
                continue
            raw = instead[field.id] if instead else raw_from_form(field.widget, field.id, form)
            if not same_answer(raw, field.value):
                # Once more above what this very form has just saved.
                revision = _revision(form, f"r.{field.id}", field.revision) + bool(instead)
                changes.append({"item": item.position, "field": field.id, "revision": revision, "value": raw})
    if "flag" in form and not instead:
        revision = _revision(form, "flag_revision", item.flag_revision)
        flagged = form.get("flag") == "true"
        changes.append({"item": item.position, "field": "@flag", "revision": revision, "value": flagged})
    return changes


def _revision(form: FormData, name: str, stored: int) -> int:
    # The person saw what the page showed; what they send now is above both that and what is stored.
    given = form.get(name)
    seen = int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 9 else 0
    return max(seen, stored) + 1


@router.get("/review")
def review_page(request: Request, visitor: Sitting, attempt: Attempt) -> Response:
    """All questions with their state, before handing in."""
    if attempt.state != "open":
        return _to(attempt, "result")
    return _page(request, visitor, attempt, "review", tally=tally_of(attempt), trouble=trouble_of(attempt))


@router.get("/hand-in")
def confirmation_page(request: Request, visitor: Sitting, attempt: Attempt) -> Response:
    """The question whether to hand in, with what speaks against it."""
    if attempt.state != "open":
        return _to(attempt, "receipt")
    return _page(request, visitor, attempt, "hand_in", tally=tally_of(attempt))


@router.post("/hand-in")
def hand_in(request: Request, tx: Writing, visitor: Sitting, attempt_id: PublicId, _form: OwnForm) -> Response:
    """Hand in; a second time changes nothing."""
    submissions.hand_in(tx, visitor.person.id, attempt_id, wake=request.app.state.wake)
    return RedirectResponse(f"/attempts/{attempt_id}/receipt", 303)


@router.get("/receipt")
def receipt_page(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """What was handed in and when, with its seal."""
    receipt = submissions.receipt(tx, visitor.person.id, attempt_id)
    page: Response = request.app.state.templates.page(
        request, "attempts/receipt.html", visitor=visitor, receipt=receipt
    )
    return page


def asked_item(attempt: AttemptView, position: int) -> ItemView:
    """The question at that position.

    Raises:
        NotFound: the attempt has fewer.
    """
    for item in attempt.items:
        if item.position == position:
            return item
    raise NotFound("This attempt has no such question.")


def _to(attempt: AttemptView, place: str) -> Response:
    return RedirectResponse(f"/attempts/{attempt.id}/{place}", 303)


def _page(
    request: Request, visitor: Visitor, attempt: AttemptView, name: str, *, status: int = 200, **context: Any
) -> Response:
    state = request.app.state
    token = sessions.save_token(state.secret, attempt.id, visitor.person.id)
    page: Response = state.templates.page(
        request,
        f"attempts/{name}.html",
        status=status,
        visitor=visitor,
        attempt=attempt,
        save_token=token,
        **context,
    )
    return page
