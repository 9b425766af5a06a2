"""The marking desk: what waits in a quiz, one answer after the other, and what is decided about them."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.datastructures import FormData
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts.sessions import Visitor
from app.services.marking import claims, deciding, desk, held_back, kept_choices, snippets
from app.services.marking.deciding import Decision, RubricChanged
from app.services.marking.desk import DeskPage, Place, Show
from app.services.marking.desk_answers import DeskAnswer
from app.services.marking.desk_queue import queue
from app.services.marking.kept_choices import Choices
from app.services.marking.piles import Pile
from app.services.marking.undoing import NotUndone
from app.services.operating.transactions import Transaction
from app.web.forms import text_of
from app.web.members import Staff
from app.web.paths import PublicId
from app.web.piles import AtPlace, OnPile
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import ngettext, told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/marking")
POINTS, COMMENT = "points.", "comment."
LONGEST = 2500
Done = Annotated[str, Query(max_length=20)]
Number = Annotated[int, Query(ge=0, le=100_000)]
Name = Annotated[str, Query(max_length=100)]


@router.get("")
def queue_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    done: Done = "",
    question: Name = "",
    part: Name = "",
    n: Number = 0,
    left: Number = 0,
) -> Response:
    """What waits for a person, part by part. Whoever comes from a `part` that is done can take back the last there."""
    found = queue(tx, membership, quiz_id)
    known = any((one.question, one.part) == (question, part) for one in (*found.waiting, *found.others))
    pile = Pile(membership, quiz_id, question, part) if known else None
    words = {
        "empty": _("Nothing waits there any more, or others are at what is left."),
        "left": _("What you were at is free for others now."),
    }
    stored = stored_words("saved", n, left) if n else ""
    return html_page(
        request,
        "desk/queue.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        queue=found,
        left=pile if pile is not None and desk.undoable(tx, pile) else None,
        notice=("calm", f"{stored} {words[done]}".strip()) if done in words else None,
    )


@router.post("/{question}/{part}/next")
def begin(tx: Writing, pile: OnPile, form: OwnForm) -> Response:
    """The first answer that waits; where all are to be looked at, simply the first one."""
    show = _shown(form)
    found = desk.table(tx, pile)
    place = desk.first_place(found) if show == "all" else desk.next_place(tx, found)
    return _room(pile, place, form, done="")


@router.post("/{question}/{part}/undo")
def undo(
    request: Request,
    visitor: SignedIn,
    pile: OnPile,
    form: OwnForm,
) -> Response:
    """Take back what was decided last; where that cannot be, the answer that was open is shown with the reason.

    From there on what was decided before that is offered.
    """
    transactions, wake = request.app.state.transactions, request.app.state.wake
    asked = {"before": text_of(form, "before", 19)}
    try:
        with transactions.writing() as tx:
            return _room(pile, deciding.undo(tx, pile, wake, whole_of(asked, "before") or None), form, done="undone")
    except (Conflict, NotFound) as error:
        notice = ("wrong", told(str(error)))
        before = error.before if isinstance(error, NotUndone) else None
    names = text_of(form, "names", 1) == "1"
    with transactions.writing() as tx:
        place = place_of(text_of(form, "here", LONGEST)) or desk.first_place(desk.table(tx, pile))
        page = _opened(tx, pile, place, _shown(form), names)
    return _answer(request, visitor, pile, page, names, notice, status=409, before=before)


@router.post("/{question}/{part}/leave")
def leave(tx: Writing, pile: OnPile, form: OwnForm) -> Response:
    """Stop marking: what was claimed is free for others."""
    desk.table(tx, pile)
    claims.let_go(tx, pile.marker)
    return RedirectResponse(f"{_root(pile)}?done=left", 303)


@router.get("/{question}/{part}/{attempt_id}/{position}")
def answer_page(
    request: Request,
    tx: Writing,
    visitor: SignedIn,
    pile: OnPile,
    place: AtPlace,
    show: Done = "waiting",
    names: Done = "",
    done: Done = "",
    n: Number = 0,
    left: Number = 0,
) -> Response:
    """One answer beside its rubric. Opening it claims it, so this writes."""
    page = _opened(tx, pile, place, "all" if show == "all" else "waiting", names == "1")
    says = stored_words(done, n, left)
    return _answer(request, visitor, pile, page, names == "1", ("calm", says) if says else None)


@router.post("/{question}/{part}/{attempt_id}/{position}")
@takes_long
def decide(
    request: Request,
    visitor: SignedIn,
    pile: OnPile,
    place: AtPlace,
    form: OwnForm,
) -> Response:
    """Store what was decided, and go on; or do something with the comments that are used again."""
    what = text_of(form, "do", 40)
    typed, complaints, notice, status, old = typed_in(form), {}, None, 200, None
    transactions, sandbox = request.app.state.transactions, request.app.state.sandbox
    try:
        with transactions.writing() as tx:
            if what in ("next", "save", "accept"):
                wake = request.app.state.wake
                found = deciding.decide(tx, pile, place, _decision(form, what), wake)
                if what == "save":
                    return _room(pile, place, form, done="saved", n=len(found.items))
                after = desk.next_place(tx, found.table, place, found.items)
                if after in (None, place):
                    # On to the list: nobody is at what was decided any more.
                    claims.let_go(tx, pile.marker)
            else:
                notice = _with_comments(tx, pile, what, typed)
        if notice is None:
            with transactions.reading() as tx:
                waits = deciding.still_waits(tx, sandbox, pile, found)
            done = "waits" if waits else "saved" if found.items else ""
            numbers = {"n": len(found.items), "left": found.left}
            return _room(pile, after if after != place else None, form, done=done, **numbers)
    except InvalidInput as error:
        complaints, status = {error.place: told(str(error))}, 422
    except Conflict as error:
        notice, status = ("wrong", told(str(error))), 409
        old = whole_of(typed, "rubric") if isinstance(error, RubricChanged) else None
    with transactions.writing() as tx:
        names = text_of(form, "names", 1) == "1"
        page = _opened(tx, pile, place, _shown(form), names)
        if old is not None:
            typed = by_the_rubric(tx, pile, typed, old, page.answer)
    if status == 409:
        # Somebody else's decision is shown; what was typed stays, and is compared with that from now on.
        typed["seen"] = str(page.answer.seen)
    return _answer(request, visitor, pile, page, names, notice, typed, complaints, status)


@router.post("/{question}/{part}/{attempt_id}/{position}/claim")
def claim(
    tx: Writing,
    pile: OnPile,
    place: AtPlace,
    form: OwnForm,
) -> Response:
    """Whoever is at work keeps the answer."""
    mine = desk.keep_claim(tx, pile, place)
    return JSONResponse({"mine": mine}, headers={"Cache-Control": "no-store"})


def _with_comments(tx: Transaction, pile: Pile, what: str, typed: dict[str, Any]) -> tuple[str, str]:
    """Keep, use or drop a comment; what was typed goes on standing in the form."""
    action, _colon, number = what.partition(":")
    if action == "keep":
        snippets.keep_snippet(tx, pile.membership, pile.question, typed["comment"])
        return "calm", _("The comment is kept for this question.")
    if action == "drop" and number.isascii() and number.isdigit():
        snippets.drop_snippet(tx, pile.membership, pile.question, int(number[:9]))
        return "calm", _("The comment is no longer kept.")
    known = {str(one.id): one.text for one in snippets.snippets(tx, pile.course_id, pile.question)}
    if action != "insert" or number not in known:
        raise Conflict(_("There is nothing like that to do here."))
    typed["comment"] = "\n".join(filter(None, (typed["comment"].strip(), known[number])))
    return "calm", _("The comment is in its box; it is not saved yet.")


def typed_in(form: FormData) -> dict[str, Any]:
    """What was typed on the desk, by name; `alike`: the answers that were ticked."""
    texts: dict[str, Any] = {
        name: value[:LONGEST]
        for name, value in form.multi_items()
        if isinstance(value, str)
        and (name.startswith((POINTS, COMMENT)) or name in ("adjustment", "comment", "identical", "seen", "rubric"))
    }
    texts.setdefault("comment", "")
    texts["alike"] = [value for value in form.getlist("alike") if isinstance(value, str)]
    return texts


def _decision(form: FormData, what: str) -> Decision:
    typed = typed_in(form)
    named = [*typed["alike"]]
    if typed.get("identical"):
        named += [value for value in form.getlist("same") if isinstance(value, str)]
    return Decision(
        points=_named(typed, POINTS),
        comments=_named(typed, COMMENT),
        adjustment=typed.get("adjustment", ""),
        comment=typed["comment"],
        seen=whole_of(typed, "seen"),
        rubric=whole_of(typed, "rubric"),
        alike=[place for text in named if (place := place_of(text)) is not None],
        accept=what == "accept",
    )


def by_the_rubric(tx: Transaction, pile: Pile, typed: dict[str, Any], shown: int, answer: DeskAnswer) -> dict[str, Any]:
    """What was typed by the rubric of version `shown`, for the one that counts now."""
    points, comments = _named(typed, POINTS), _named(typed, COMMENT)
    choices = Choices(points, comments, typed.get("adjustment", ""), typed["comment"])
    kept = kept_choices.by_the_rubric(tx, pile, choices, shown, answer)
    rest = {name: value for name, value in typed.items() if not name.startswith((POINTS, COMMENT))}
    moved = {"adjustment": kept.adjustment} if "adjustment" in typed else {}
    return (
        rest
        | moved
        | {"comment": kept.comment}
        | {POINTS + name: text for name, text in kept.points.items()}
        | {COMMENT + name: text for name, text in kept.comments.items()}
    )


def _named(typed: dict[str, Any], kind: str) -> dict[str, str]:
    return {name.removeprefix(kind): text for name, text in typed.items() if name.startswith(kind)}


def whole_of(typed: dict[str, Any], name: str) -> int:
    """A whole number from a field that nobody types into; 0 where it is none."""
    text = typed.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def place_of(text: str) -> Place | None:
    """The place that a form names; None where it is none."""
    attempt, _slash, position = text.rpartition("/")
    plain = position.isascii() and position.isdigit() and len(position) < 5
    return Place(attempt, int(position)) if plain else None


def _opened(tx: Transaction, pile: Pile, place: Place, show: Show, names: bool) -> DeskPage:
    blind = held_back.may_come(tx, pile, place)
    return desk.open_answer(tx, pile, place, show=show, names=names, blind=blind)


def _shown(form: FormData) -> Show:
    return "all" if text_of(form, "show", 20) == "all" else "waiting"


def _room(
    pile: Pile,
    place: Place | None,
    form: FormData,
    **told_there: str | int,
) -> Response:
    """On to an answer; to the list of what waits, when there is none."""
    if place is None:
        counted = {name: told_there[name] for name in ("n", "left") if told_there.get(name)}
        query = urlencode({"done": "empty", "question": pile.question, "part": pile.part} | counted)
        return RedirectResponse(f"{_root(pile)}?{query}", 303)
    asked = {"show": _shown(form), "names": text_of(form, "names", 1), **told_there}
    query = urlencode({name: value for name, value in asked.items() if value})
    return RedirectResponse(f"{_root(pile)}/{pile.question}/{pile.part}/{place}?{query}", 303)


def _root(pile: Pile) -> str:
    return f"/courses/{pile.membership.course}/quizzes/{pile.quiz_id}/marking"


def stored_words(done: str, number: int, left: int) -> str:
    """What has just been done to the answer before, in words; empty where nothing was."""
    says = ""
    if done == "undone":
        says = _("Taken back. Undo again to bring it back.")
    elif done == "saved":
        says = ngettext("Stored for %(n)s answer.", "Stored for %(n)s answers.", number) % {"n": number}
    elif done == "waits":
        says = _("The answer before still waits: not every criterion was decided.")
    if left:
        more = ngettext(
            "%(n)s answer of the group was not free and stays open.",
            "%(n)s answers of the group were not free and stay open.",
            left,
        )
        says = f"{says} {more % {'n': left}}"
    return says


def _answer(
    request: Request,
    visitor: Visitor,
    pile: Pile,
    page: DeskPage,
    names: bool,
    notice: tuple[str, str] | None = None,
    typed: dict[str, Any] | None = None,
    complaints: dict[str, str] | None = None,
    status: int = 200,
    before: int | None = None,
) -> Response:
    return html_page(
        request,
        "desk/answer.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=pile.membership,
        page=page,
        names=names,
        notice=notice,
        typed=typed,
        complaints=complaints or {},
        before=before,
    )
