"""Regrades of a quiz: what can be graded anew, what that would change, and applying or undoing it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, TypeAlias

from fastapi import Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.courses.membership import Membership
from app.services.marking import held_back, regrade_starts, regrades
from app.services.operating.transactions import Transaction
from app.services.results import outcome_sheets
from app.web.members import Instructor, Staff
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import ngettext, told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/regrades")
NAMES = ("kind", "question", "number", "attempt", "position", "part", "reason")
Text = Annotated[str, Query(max_length=200)]
Step: TypeAlias = Literal["apply", "undo", "drop"]
DONE: Mapping[Step, str] = {"apply": "applied", "undo": "undone", "drop": "dropped"}


@router.get("")
def list_page(request: Request, tx: Reading, visitor: SignedIn, membership: Staff, quiz_id: PublicId) -> Response:
    """What has been graded anew, and what could be."""
    title, found = regrades.regrades_of(tx, membership.course_id, quiz_id)
    return html_page(
        request,
        "regrades/list.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=outcome_sheets.zone_of(membership.time_zone),
        quiz_id=quiz_id,
        title=title,
        regrades=found,
        choices=regrade_starts.choices(tx, membership.course_id, quiz_id),
        software=regrade_starts.software_of(tx, membership.course_id, quiz_id),
    )


@router.get("/new")
def new_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    kind: Text = "",
    question: Text = "",
    number: Text = "",
    attempt: Text = "",
    position: Text = "",
    part: Text = "",
) -> Response:
    """What a regrade of this kind means, and the question why."""
    typed = dict(zip(NAMES, (kind, question, number, attempt, position, part, ""), strict=True))
    return _new(request, tx, visitor, membership, quiz_id, typed)


def _new(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    quiz_id: str,
    typed: dict[str, str],
    error: InvalidInput | Conflict | None = None,
) -> Response:
    course, title = membership.course_id, regrades.regrades_of(tx, membership.course_id, quiz_id)[0]
    found: regrade_starts.PartOfAttempt | regrade_starts.NewerVersion | None = None
    if typed["kind"] in ("void", "accept"):
        place = _whole(typed["position"])
        found = regrade_starts.part_of_attempt(tx, course, quiz_id, typed["attempt"], place, typed["part"])
    elif typed["kind"] == "rubric":
        wanted = (typed["question"], _whole(typed["number"]))
        every = regrade_starts.choices(tx, course, quiz_id)
        found = next((one for one in every if (one.question, one.number) == wanted), None)
        if found is None:
            raise NotFound("There is no such version of a question that was handed in at this quiz.")
    elif typed["kind"] != "software":
        raise NotFound("There is no such kind of regrade.")
    return html_page(
        request,
        "regrades/new.html",
        status=200 if error is None else 409 if isinstance(error, Conflict) else 422,
        visitor=visitor,
        here="/courses",
        membership=membership,
        quiz_id=quiz_id,
        title=title,
        typed=typed,
        found=found,
        longest=regrade_starts.LONGEST_REASON,
        complaint=None if error is None else told(str(error)),
        place=error.place if isinstance(error, InvalidInput) else None,
    )


@router.post("")
def begin(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Let workers prepare a preview."""
    typed = {name: str(form.get(name, "")) for name in NAMES}
    kind, reason, wake = typed["kind"], typed["reason"], request.app.state.wake
    try:
        if kind == "rubric":
            number = _whole(typed["number"])
            regrade = regrade_starts.with_version(writing, membership, quiz_id, typed["question"], number, reason, wake)
        elif kind == "software":
            regrade = regrade_starts.with_software(writing, membership, quiz_id, reason, wake)
        elif kind in ("void", "accept"):
            action = regrade_starts.void if kind == "void" else regrade_starts.accept
            place = _whole(typed["position"])
            regrade = action(writing, membership, quiz_id, typed["attempt"], place, typed["part"], reason, wake)
        else:
            raise NotFound("There is no such kind of regrade.")
    except (InvalidInput, Conflict) as error:
        return _new(request, reading, visitor, membership, quiz_id, typed, error)
    return _to(membership, quiz_id, regrade)


@router.get("/{regrade_id}")
def preview_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    regrade_id: PublicId,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    done: Annotated[str, Query(max_length=20)] = "",
    n: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
) -> Response:
    """Who, from what, to what, and why; and the buttons."""
    words = {
        "applied": _("The new marks count."),
        "undone": _("The marks from before count again."),
        "dropped": _("This regrade is dropped. All marks are as they were."),
        "anew": ngettext(
            "%(n)s answer was judged or graded after the preview, so it is prepared anew. Look once more.",
            "%(n)s answers were judged or graded after the preview, so they are prepared anew. Look once more.",
            n,
        )
        % {"n": n},
    }
    notice = ("attention" if done == "anew" else "calm", words[done]) if done in words else None
    return _preview(request, tx, visitor, membership, quiz_id, regrade_id, page, notice)


def _preview(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    quiz_id: str,
    regrade_id: str,
    page: int = 1,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    found = regrades.preview(tx, membership.course_id, quiz_id, regrade_id, page)
    held = held_back.held_back(tx, membership, quiz_id)
    told_rows = tuple(row for row in found.rows if row.position not in held.get(row.attempt, ()))
    return html_page(
        request,
        "regrades/preview.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=outcome_sheets.zone_of(membership.time_zone),
        quiz_id=quiz_id,
        preview=replace(found, rows=told_rows),
        held=len(found.rows) - len(told_rows),
        notice=notice,
    )


@router.get("/{regrade_id}/state")
def regrade_state(tx: Reading, membership: Staff, quiz_id: PublicId, regrade_id: PublicId) -> Response:
    """How far the workers are, for a page that waits."""
    state, left = regrades.state(tx, membership.course_id, quiz_id, regrade_id)
    return JSONResponse({"state": state, "left": left}, headers={"Cache-Control": "no-store"})


@router.post("/{regrade_id}/{step}")
def take_step(
    request: Request,
    tx: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    regrade_id: PublicId,
    step: Step,
    form: OwnForm,
) -> Response:
    """Let the new marks count, let those from before count again, or leave everything as it is."""
    wake, site = request.app.state.wake, request.app.state.settings.site_in_letters
    anew = 0
    try:
        if step == "apply":
            anew = regrades.apply(tx, membership, quiz_id, regrade_id, wake, site)
        elif step == "undo":
            regrades.undo(tx, membership, quiz_id, regrade_id, wake, site)
        else:
            regrades.drop(tx, membership, quiz_id, regrade_id)
    except Conflict as error:
        # The regrade as it is by now, with what could not be done to it; nothing was written.
        notice = ("wrong", told(str(error)))
        return _preview(request, tx, visitor, membership, quiz_id, regrade_id, notice=notice, status=409)
    return _to(membership, quiz_id, regrade_id, f"?done=anew&n={anew}" if anew else f"?done={DONE[step]}")


def _to(membership: Membership, quiz_id: str, regrade_id: str, asked: str = "") -> Response:
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/regrades/{regrade_id}{asked}", 303)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0
