"""Sitting a quiz: one question a page, review, handing in, receipt."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts import sessions
from app.services.accounts.sessions import Visitor
from app.services.courses.local_times import zone_of
from app.services.sitting import attempts, going_forward, practising, stamps, submissions
from app.services.sitting.attempts import AttemptView, ItemView
from app.services.sitting.practice_views import Practice
from app.services.sitting.saving import KEPT, Kept, TooLate, read_change
from app.web.fields import raw_from_form, same_answer
from app.web.forms import text_of
from app.web.left_over import left_over
from app.web.members import Sitting
from app.web.open_places import open_of, tally_of
from app.web.pages.languages import speak_from_now_on
from app.web.paths import Position, PublicId
from app.web.seen import only_here
from app.web.speaking import known_language
from app.web.visitors import OwnForm
from app.web.wording import language_now

router = Routes(prefix="/attempts/{attempt_id}")


def attempt_view(tx: Reading, visitor: Sitting, attempt_id: PublicId) -> AttemptView:
    """The attempt of this address, of this person."""
    return attempts.view(tx, visitor.person.id, attempt_id, language_now())


Attempt = Annotated[AttemptView, Depends(attempt_view, scope="function")]


def asked_view(tx: Reading, visitor: Sitting, attempt_id: PublicId, position: Position) -> AttemptView:
    """The same for who looks at one question: the others come with their states only."""
    return attempts.view(tx, visitor.person.id, attempt_id, language_now(), only=position)


Asked = Annotated[AttemptView, Depends(asked_view, scope="function")]


def overview(tx: Reading, visitor: Sitting, attempt_id: PublicId) -> AttemptView:
    """The same for who only wants to know how far it is."""
    return attempts.view(tx, visitor.person.id, attempt_id, language_now(), only=0)


Overview = Annotated[AttemptView, Depends(overview, scope="function")]


async def attempt_here(request: Request, attempt: Attempt) -> AttemptView:
    """The same, looked at from where its quiz allows; once handed in, from anywhere."""
    if attempt.state == "open":
        await only_here(request, attempt)
    return attempt


AttemptHere = Annotated[AttemptView, Depends(attempt_here, scope="function")]


async def asked_here(request: Request, attempt: Asked) -> AttemptView:
    """The same for who looks at one question."""
    return await attempt_here(request, attempt)


AskedHere = Annotated[AttemptView, Depends(asked_here, scope="function")]


@router.get("")
def attempt_page(attempt: Overview) -> Response:
    """Where an attempt goes on."""
    if attempt.state != "open":
        return _to(attempt, "result")
    if attempt.reached:
        return _to(attempt, f"questions/{attempt.reached}")
    first = next((item.position for item in attempt.items if item.status == "not answered"), 1)
    return _to(attempt, f"questions/{first}")


@router.get("/questions/{position}")
def question_page(
    request: Request,
    visitor: Sitting,
    attempt: AskedHere,
    position: Position,
    tx: Reading,
    spare: Annotated[int, Query(ge=0, le=20)] = 0,
    again: bool = False,
    solution: bool = False,
    left: Annotated[int, Query(ge=0, le=10_000)] = 0,
) -> Response:
    """One question with its fields. `spare`: more empty cells, for pages without scripts; `left` could not be seen.

    Of practice only: `again` leaves out the newest check, `solution` shows the solution with it.
    """
    if attempt.state != "open":
        return _to(attempt, "result")
    practice = None
    if attempt.practice:
        practice = practising.view(
            tx, visitor.person.id, attempt.id, position, language_now(), solution=solution, again=again
        )
    return show_question(request, visitor, attempt, position, spare, practice=practice, left=left)


def show_question(
    request: Request,
    visitor: Visitor,
    attempt: AttemptView,
    position: int,
    spare: int = 0,
    complaints: Mapping[str, str] | None = None,
    practice: Practice | None = None,
    left: int = 0,
) -> Response:
    """The page of a question; `complaints` say, by field, what could not be done with what was sent.

    Where one goes forward only, there is one question to be seen, whichever was asked for.
    """
    if attempt.locked(position):
        return _to(attempt, f"questions/{attempt.reached}?left={position}")
    context = {"item": asked_item(attempt, position), "spare": spare, "complaints": complaints or {}}
    context |= {"practice": practice, "left": left}
    return attempt_page_of(request, visitor, attempt, "question", status=422 if complaints else 200, **context)


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
    if attempt.reached == position and go == str(position + 1):
        # Asked once: whoever leaves the first question learns that one cannot come back.
        if position == 1:
            return _to(attempt, "questions/1/leave")
        now_open = await run_in_threadpool(_leave, request, visitor.person.id, attempt.id, position)
        return _to(attempt, f"questions/{now_open}")
    if isinstance(go, str) and go.isascii() and go.isdigit() and 1 <= int(go[:4]) <= len(attempt.items):
        return _to(attempt, f"questions/{int(go[:4])}")
    return _to(attempt, "review" if go == "review" else f"questions/{position}")


async def save_form(
    request: Request, attempt: AttemptView, item: ItemView, form: FormData, instead: Mapping[str, Any] | None = None
) -> None:
    """Save what a page without scripts has sent of a question; `instead` are answers that the form cannot hold.

    Raises:
        TooLate, InvalidInput, Unavailable: it was not saved (or only kept for the staff), and why.
    """
    changes = _changes(item, form, instead or {})
    if changes:
        # Random per request, as there is no script to keep a device's name and count.
        device = f"form-{secrets.token_hex(12)}"
        data: dict[str, Any] = {"device": device, "seq": 1, "changes": changes, "stamp": text_of(form, "stamp")}
        change = read_change(attempt.id, data, request.app.state.secret)
        if isinstance(await request.app.state.saving.save(change), Kept):
            raise TooLate(KEPT)


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
def review_page(request: Request, visitor: Sitting, attempt: AttemptHere) -> Response:
    """All questions with their state, before handing in."""
    if attempt.state != "open" or attempt.practice:
        return _to(attempt, "result")
    return attempt_page_of(request, visitor, attempt, "review", tally=tally_of(attempt), open=open_of(attempt))


@router.get("/hand-in")
def confirmation_page(request: Request, visitor: Sitting, attempt: AttemptHere) -> Response:
    """The question whether to hand in, with what speaks against it."""
    if attempt.state != "open" or attempt.practice:
        return _to(attempt, "receipt")
    return attempt_page_of(request, visitor, attempt, "hand_in", tally=tally_of(attempt), open=open_of(attempt))


@router.post("/hand-in")
def hand_in(request: Request, tx: Writing, visitor: Sitting, attempt_id: PublicId, _form: OwnForm) -> Response:
    """Hand in; a second time changes nothing."""
    submissions.hand_in(tx, visitor.person.id, attempt_id, wake=request.app.state.wake)
    return RedirectResponse(f"/attempts/{attempt_id}/receipt", 303)


@router.get("/receipt")
def receipt_page(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """What was handed in and when, with its seal."""
    if practising.is_practice(tx, visitor.person.id, attempt_id):
        return RedirectResponse(f"/attempts/{attempt_id}/practice", 303)
    if submissions.goes_on(tx, visitor.person.id, attempt_id):
        return RedirectResponse(f"/attempts/{attempt_id}", 303)
    receipt = submissions.receipt(tx, visitor.person.id, attempt_id)
    mine = left_over(request, visitor, attempt_id)
    page: Response = request.app.state.templates.page(
        request, "attempts/receipt.html", visitor=visitor, receipt=receipt, left_over=mine
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


def _leave(request: Request, person_id: int, attempt_id: str, position: int) -> int:
    with request.app.state.transactions.writing() as tx:
        return going_forward.leave(tx, person_id, attempt_id, position)


def _to(attempt: AttemptView, place: str) -> Response:
    if attempt.practice and place in ("result", "receipt", "review"):
        place = "practice"  # nothing is handed in
    return RedirectResponse(f"/attempts/{attempt.id}/{place}", 303)


def attempt_page_of(
    request: Request, visitor: Visitor, attempt: AttemptView, name: str, *, status: int = 200, **context: Any
) -> Response:
    """A page of an open attempt, by the name of its template."""
    state = request.app.state
    token = sessions.save_token(state.secret, attempt.id, visitor.person.id)
    state.hub.visited(attempt.id)
    page: Response = state.templates.page(
        request,
        f"attempts/{name}.html",
        status=status,
        visitor=visitor,
        attempt=attempt,
        save_token=token,
        stamp=stamps.stamp(state.secret, attempt.id, attempt.now),
        zone=zone_of(attempt.time_zone),
        **context,
    )
    return page
