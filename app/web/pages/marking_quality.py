"""How well a quiz was marked: the page of figures, double marking of a sample, and what differs there."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts.sessions import Visitor
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.marking import marked_cases, second_deciding, second_marking
from app.services.marking.deciding import RubricChanged
from app.services.marking.desk import Place
from app.services.marking.marking_quality import quality
from app.services.marking.piles import Pile
from app.services.marking.second_deciding import SecondDecision
from app.services.marking.second_marking import Sampled
from app.services.marking.undoing import NotUndone
from app.services.operating.transactions import Transaction
from app.web.forms import text_of
from app.web.members import Instructor, Staff
from app.web.pages.desk import POINTS, Done, Number, by_the_rubric, place_of, stored_words, typed_in, whole_of
from app.web.paths import PublicId
from app.web.piles import AtPlace, OnPile
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/quality")
LONGEST = 100


@router.get("")
@takes_long
def quality_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    done: Annotated[str, Query(max_length=20)] = "",
    cases: Number = 1,
    kept: Annotated[str, Query(max_length=80, pattern="^[a-z0-9-]*$")] = "",
    n: Number = 0,
    left: Number = 0,
) -> Response:
    """Agreement, differences, drift, what the machine left to people, and answers to keep as cases.

    Whoever comes from the last answer to mark a second time can take that back.
    """
    words = {
        "share": _("The share is stored."),
        "empty": _("Nothing waits there for you."),
        "left": _("What you were at is free for others now."),
        "undone": stored_words("undone", 0, 0),
        "settled": _("Decided. The points follow in a few seconds."),
        "kept": _("Kept as a recorded case in the question's draft. It tests the rubric from now on."),
    }
    stored = stored_words("saved", n, left) if n else ""
    notice = ("calm", f"{stored} {words[done]}".strip()) if done in words else None
    undoing = done in ("empty", "undone") and second_marking.undoable(tx, membership, quiz_id)
    return _figures(request, tx, visitor, membership, quiz_id, notice, cases=cases, kept=kept, undoing=undoing)


@router.post("/share")
def choose_share(
    request: Request, tx: Writing, visitor: SignedIn, membership: Instructor, quiz_id: PublicId, form: OwnForm
) -> Response:
    """Choose how much is marked twice."""
    try:
        second_marking.choose_share(tx, membership, quiz_id, text_of(form, "percent", LONGEST))
    except InvalidInput as error:
        return _figures(request, tx, visitor, membership, quiz_id, ("wrong", told(str(error))), 422)
    return _back(membership, quiz_id, "share")


@router.post("/second")
def begin(tx: Writing, membership: Staff, quiz_id: PublicId, _form: OwnForm) -> Response:
    """The first answer that this person can mark as the second one."""
    return _next(tx, membership, quiz_id)


@router.post("/second/undo")
def undo(request: Request, visitor: SignedIn, membership: Staff, quiz_id: PublicId, form: OwnForm) -> Response:
    """Take back what this person decided last as a second marker; from where that cannot be, what was before that."""
    transactions = request.app.state.transactions
    try:
        with transactions.writing() as tx:
            told_of = whole_of({"before": text_of(form, "before", 19)}, "before")
            found = second_deciding.undo_second(tx, membership, quiz_id, told_of or None)
            if not any(one.item_id == found.item_id for one in second_marking.waiting(tx, membership, quiz_id)):
                # Undone twice, it is decided again, and nothing to look at.
                return _next(tx, membership, quiz_id, done="undone")
            return _to(membership, quiz_id, found, done="undone")
    except (Conflict, NotFound) as error:
        notice, before = ("wrong", told(str(error))), error.before if isinstance(error, NotUndone) else None
        with transactions.reading() as tx:
            return _figures(request, tx, visitor, membership, quiz_id, notice, 409, undoing=bool(before), before=before)


@router.post("/leave")
def leave(tx: Writing, membership: Staff, quiz_id: PublicId, _form: OwnForm) -> Response:
    """Stop marking: what was claimed is free for others."""
    second_marking.stop(tx, membership, quiz_id)
    return _back(membership, quiz_id, "left")


@router.get("/second/{question}/{part}/{attempt_id}/{position}")
def second_page(
    request: Request,
    tx: Writing,
    visitor: SignedIn,
    pile: OnPile,
    place: AtPlace,
    done: Done = "",
    n: Number = 0,
    left: Number = 0,
) -> Response:
    """One answer for its second marker. Opening it claims it, so this writes."""
    says = stored_words(done, n, left)
    notice = ("calm", says) if says else None
    return _second(request, tx, visitor, pile, place, notice=notice)


@router.post("/second/{question}/{part}/{attempt_id}/{position}/claim")
def claim(
    tx: Writing,
    pile: OnPile,
    place: AtPlace,
    _form: OwnForm,
) -> Response:
    """Whoever is at work keeps the answer."""
    mine = second_marking.keep_claim(tx, pile, place)
    return JSONResponse({"mine": mine}, headers={"Cache-Control": "no-store"})


@router.post("/second/{question}/{part}/{attempt_id}/{position}")
def decide_second(
    request: Request,
    visitor: SignedIn,
    pile: OnPile,
    place: AtPlace,
    form: OwnForm,
) -> Response:
    """Keep what the second marker decided, and go on."""
    typed = typed_in(form)
    same = form.getlist("same") if typed.get("identical") else []
    named = [place_of(value) for value in (*typed["alike"], *same) if isinstance(value, str)]
    decision = SecondDecision(
        points={name.removeprefix(POINTS): text for name, text in typed.items() if name.startswith(POINTS)},
        rubric=whole_of(typed, "rubric"),
        alike=[one for one in named if one is not None],
        accept=text_of(form, "do", LONGEST) == "accept",
    )
    complaints, notice, status, changed = {}, None, 200, False
    try:
        with request.app.state.transactions.writing() as tx:
            done = second_deciding.decide_second(tx, pile, place, decision)
            return _next(tx, pile.membership, pile.quiz_id, done="saved", n=done.stored, left=done.left)
    except InvalidInput as error:
        complaints, status = {error.place: told(str(error))}, 422
    except Conflict as error:
        notice, status = ("wrong", told(str(error))), 409
        changed = isinstance(error, RubricChanged)
    with request.app.state.transactions.writing() as tx:
        if changed:
            page = second_marking.open_second(tx, pile, place)
            typed = by_the_rubric(tx, pile, typed, whole_of(typed, "rubric"), page.answer)
        more = (typed, complaints, notice, status)
        return _second(request, tx, visitor, pile, place, *more)


@router.post("/settle")
def settle(request: Request, tx: Writing, membership: Staff, quiz_id: PublicId, form: OwnForm) -> Response:
    """Decide what differs."""
    criterion, which = text_of(form, "criterion", LONGEST), text_of(form, "which", LONGEST)
    if which not in ("first", "second"):
        raise NotFound(_("There is nothing like that to do here."))
    wake = request.app.state.wake
    pile = _pile(membership, quiz_id, form)
    second_marking.settle(tx, pile, _place(form), criterion, which == "second", wake)
    return _back(membership, quiz_id, "settled")


@router.post("/keep")
def keep(request: Request, visitor: SignedIn, membership: Instructor, quiz_id: PublicId, form: OwnForm) -> Response:
    """Keep an answer as a recorded case of its question's draft, and say so beside what may be kept next."""
    pile = _pile(membership, quiz_id, form)
    transactions = request.app.state.transactions
    try:
        with transactions.writing() as tx:
            marked_cases.keep_as_case(tx, pile, _place(form))
    except (InvalidInput, Conflict) as error:
        status = 409 if isinstance(error, Conflict) else 422
        with transactions.reading() as tx:
            return _figures(request, tx, visitor, membership, quiz_id, ("wrong", told(str(error))), status)
    page = text_of(form, "cases", 4)
    query = {"done": "kept", "kept": pile.question} | ({"cases": page} if page.isascii() and page.isdigit() else {})
    root = f"/courses/{membership.course}/quizzes/{quiz_id}/quality"
    return RedirectResponse(f"{root}?{urlencode(query)}", 303)


def _pile(membership: Membership, quiz_id: str, form: OwnForm) -> Pile:
    return Pile(membership, quiz_id, text_of(form, "question", LONGEST), text_of(form, "part", LONGEST))


def _place(form: OwnForm) -> Place:
    position = text_of(form, "position", 4)
    return Place(text_of(form, "attempt", LONGEST), int(position) if position.isascii() and position.isdigit() else 0)


def _next(tx: Transaction, membership: Membership, quiz_id: str, **told_there: str | int) -> Response:
    found = second_marking.next_second(tx, membership, quiz_id)
    if found is None:
        counted = {name: told_there.get(name, 0) for name in ("n", "left")}
        return _back(membership, quiz_id, "undone" if told_there.get("done") == "undone" else "empty", **counted)
    return _to(membership, quiz_id, found, **told_there)


def _to(membership: Membership, quiz_id: str, found: Sampled, **told_there: str | int) -> Response:
    root = f"/courses/{membership.course}/quizzes/{quiz_id}/quality"
    query = urlencode({name: value for name, value in told_there.items() if value})
    return RedirectResponse(f"{root}/second/{found.question}/{found.part}/{found.place}?{query}", 303)


def _back(membership: Membership, quiz_id: str, done: str, **counted: str | int) -> Response:
    query = urlencode({"done": done} | {name: number for name, number in counted.items() if number})
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/quality?{query}", 303)


def _figures(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    quiz_id: str,
    notice: tuple[str, str] | None,
    status: int = 200,
    cases: int = 1,
    kept: str = "",
    undoing: bool = False,
    before: int | None = None,
) -> Response:
    return html_page(
        request,
        "quality/figures.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=zone_of(membership.time_zone),
        quality=quality(tx, membership, quiz_id, cases),
        kept=kept,
        undoing=undoing,
        before=before,
        notice=notice,
    )


def _second(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    pile: Pile,
    place: Place,
    typed: dict[str, Any] | None = None,
    complaints: dict[str, str] | None = None,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    return html_page(
        request,
        "quality/second.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=pile.membership,
        page=second_marking.open_second(tx, pile, place),
        typed=typed,
        complaints=complaints or {},
        notice=notice,
    )
