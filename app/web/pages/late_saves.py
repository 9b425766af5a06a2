"""Answers that came too late: what was typed when, and the decision whether it counts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts.sessions import Visitor
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.sitting import answer_files, late_saves
from app.web.forms import text_of
from app.web.members import Staff
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.uploads import TakesFile, file_of
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import ngettext, told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/late")
LONGEST_NUMBER = 18


@router.get("")
def late_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    done: Annotated[str, Query(max_length=20)] = "",
    n: Annotated[int, Query(ge=0, le=100_000)] = 0,
    changed: Annotated[int, Query(ge=0, le=100_000)] = 0,
) -> Response:
    """What came too late to count by itself, student by student."""
    return _page(request, tx, visitor, membership, quiz_id, _said(done, n, changed))


def _said(done: str, n: int, changed: int) -> tuple[str, str] | None:
    if done == "accepted":
        words = ngettext("%(n)s late save was accepted.", "%(n)s late saves were accepted.", n) % {"n": n}
        more = ngettext(
            "%(n)s attempt has other answers now, and is graded again.",
            "%(n)s attempts have other answers now, and are graded again.",
            changed,
        )
        return "calm", f"{words} {more % {'n': changed}}" if changed else words
    if done == "declined":
        return "calm", ngettext("%(n)s late save was declined.", "%(n)s late saves were declined.", n) % {"n": n}
    sentences = {
        "brought": _("The file was read. What is new in it stands below and waits for a decision."),
        "known": _("The file was read. There is nothing in it that is not here already."),
    }
    return ("calm", sentences[done]) if done in sentences else None


@router.post("")
def decide(
    request: Request,
    reading: Reading,
    tx: Writing,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Accept or decline one late save, those of a student, or all."""
    work = "accept" if form.get("accept") is not None else "decline"
    which = text_of(form, work)
    try:
        numbers = _numbers(which)
    except InvalidInput as error:
        return _page(request, reading, visitor, membership, quiz_id, ("wrong", told(str(error))), 422)
    found = late_saves.decide(
        tx,
        membership.course_id,
        quiz_id,
        numbers,
        accept=work == "accept",
        as_of="arrival" if text_of(form, "as_of") == "arrival" else "earliest",
        by=visitor.person.id,
        wake=request.app.state.wake,
    )
    if found.left:
        # Named on the page itself, for it is about people: an address would keep it.
        words = _(
            "Accepted. People had decided about these parts, whose answers are others now, so they have to be marked "
            "again: %(places)s."
        )
        notice = ("attention", words % {"places": ", ".join(found.left)})
        return _page(request, tx, visitor, membership, quiz_id, notice)
    where = f"?done={work}{'ed' if work == 'accept' else 'd'}&n={found.saves}&changed={found.attempts}"
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/late{where}", 303)


def _numbers(which: str) -> list[int] | None:
    if which == "all":
        return None
    pieces = which.split(",")
    if not all(piece.isascii() and piece.isdigit() and len(piece) <= LONGEST_NUMBER for piece in pieces):
        raise InvalidInput(_("Choose what to decide about."), "accept")
    return [int(piece) for piece in pieces]


@router.post("/file", dependencies=[TakesFile])
def bring(
    request: Request,
    reading: Reading,
    tx: Writing,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Take an answer file that a student has brought."""
    data = file_of(form, "file")
    try:
        if data is None:
            raise InvalidInput(_("Choose a file first."), "file")
        secret = request.app.state.secret
        _name, new = answer_files.bring(tx, secret, membership.course_id, quiz_id, data, visitor.person.id)
    except InvalidInput as error:
        return _page(request, reading, visitor, membership, quiz_id, None, 422, told(str(error)))
    except Conflict as error:
        return _page(request, reading, visitor, membership, quiz_id, None, 409, told(str(error)))
    done = "brought" if new else "known"
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/late?done={done}", 303)


def _page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    quiz_id: str,
    notice: tuple[str, str] | None,
    status: int = 200,
    complaint: str = "",
) -> Response:
    quiz = late_saves.late_of_quiz(tx, membership.course_id, quiz_id)
    return html_page(
        request,
        "sitting/late.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        quiz=quiz,
        notice=notice,
        complaint=complaint,
        zone=zone_of(quiz.time_zone),
    )
