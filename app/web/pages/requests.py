"""Asking for another look at a mark: the student's page of an attempt, and the staff's list and answers of a quiz."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts.sessions import Visitor
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.marking import request_answers, requests
from app.services.operating.transactions import Transaction
from app.web.forms import Typed, text_of
from app.web.members import Sitting, Staff
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import language_now, told

router = Routes()
LONGEST_POSTED = 10_000
"""More than a message may have, so that one that is too long is told, not cut."""
Word = Annotated[str, Query(max_length=220)]


@router.get("/attempts/{attempt_id}/requests")
def own_requests(
    request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId, about: Word = "", done: Word = ""
) -> Response:
    """What somebody has asked about their marks, what was answered, and a form for another request."""
    words = {
        "asked": _("Your request is stored. Somebody of the course will look at it."),
        "replied": _("Your message is stored."),
        "withdrawn": _("You have withdrawn the request."),
    }
    notice = ("calm", words[done]) if done in words else None
    return _own_page(request, tx, visitor, attempt_id, Typed({"about": about}), notice)


@router.post("/attempts/{attempt_id}/requests")
def change_own_requests(
    request: Request, reading: Reading, tx: Writing, visitor: Sitting, attempt_id: PublicId, form: OwnForm
) -> Response:
    """Ask, say something more, or withdraw a request: `act` says which, `request` names it."""
    text = text_of(form, "text", LONGEST_POSTED)
    fields = Typed({name: text_of(form, name) for name in ("about", "act", "request")} | {"text": text})
    me, act, number = visitor.person.id, fields["act"], fields["request"]
    site = request.app.state.settings.site_in_letters
    try:
        if act == "ask":
            position, part, criterion = _about(fields["about"])
            requests.ask(tx, me, attempt_id, position, part, criterion, text, site)
        elif act == "reply":
            requests.reply(tx, me, attempt_id, number, text, site)
        elif act == "withdraw":
            requests.withdraw(tx, me, attempt_id, number)
        else:
            raise InvalidInput(_("Choose what to do with a request."), "act")
    except InvalidInput as error:
        # Beside the message of the conversation that it is about.
        where = f"{error.place}-{number}" if act == "reply" else error.place
        wrong = Typed(fields.values, where, told(str(error)))
        return _own_page(request, reading, visitor, attempt_id, wrong, None, 422)
    except Conflict as error:
        notice = ("wrong", told(str(error)))
        return _own_page(request, reading, visitor, attempt_id, fields, notice, 409)
    done = {"ask": "asked", "reply": "replied", "withdraw": "withdrawn"}[act]
    return RedirectResponse(f"/attempts/{attempt_id}/requests?done={done}", 303)


def _about(text: str) -> tuple[int, str, str]:
    """Question, part and criterion, as the form names them: 2:a:sigma."""
    position, _colon, rest = text.partition(":")
    part, _colon, criterion = rest.partition(":")
    if not (position.isascii() and position.isdigit() and len(position) < 5 and part):
        raise InvalidInput(_("Choose what you ask about."), "about")
    return int(position), part, criterion


def _own_page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    attempt_id: str,
    fields: Typed,
    notice: tuple[str, str] | None,
    status: int = 200,
) -> Response:
    found = requests.asking(tx, visitor.person.id, attempt_id, language_now())
    return html_page(
        request,
        "requests/own.html",
        status=status,
        visitor=visitor,
        asking=found,
        typed=fields,
        notice=notice,
        longest=requests.LONGEST_TEXT,
        zone=zone_of(found.time_zone),
    )


@router.get("/courses/{course_id}/quizzes/{quiz_id}/requests")
def requests_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    done: Word = "",
) -> Response:
    """What students have asked about their marks, the open requests first."""
    words = {
        "granted": _("The new points are stored, and the student sees your answer."),
        "declined": _("The mark stays as it is, and the student sees your answer."),
        "asked": _("The student sees your message."),
    }
    return html_page(
        request,
        "requests/list.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        quiz=request_answers.requests_of_quiz(tx, membership, quiz_id, page, language_now()),
        notice=("calm", words[done]) if done in words else None,
        zone=zone_of(membership.time_zone),
    )


@router.get("/courses/{course_id}/quizzes/{quiz_id}/requests/{request_id}")
def request_page(
    request: Request, tx: Reading, visitor: SignedIn, membership: Staff, quiz_id: PublicId, request_id: PublicId
) -> Response:
    """One request with the answer it is about, its rubric, and what was decided so far."""
    return _request_page(request, tx, visitor, membership, quiz_id, request_id, Typed(), None)


@router.post("/courses/{course_id}/quizzes/{quiz_id}/requests/{request_id}")
@takes_long
def answer(
    request: Request,
    reading: Reading,
    tx: Writing,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    request_id: PublicId,
    form: OwnForm,
) -> Response:
    """Grant a request with new points, decline it, or ask back: `act` says which."""
    fields = Typed({"points": text_of(form, "points"), "text": text_of(form, "text", LONGEST_POSTED)})
    act, wake = text_of(form, "act"), request.app.state.wake
    site = request.app.state.settings.site_in_letters
    try:
        if act == "grant":
            sandbox = request.app.state.sandbox
            request_answers.try_grant(reading, sandbox, membership, quiz_id, request_id, fields["points"])
            request_answers.grant(tx, membership, quiz_id, request_id, fields["points"], fields["text"], wake, site)
        elif act == "decline":
            request_answers.decline(tx, membership, quiz_id, request_id, fields["text"], site)
        elif act == "ask":
            request_answers.ask_back(tx, membership, quiz_id, request_id, fields["text"], site)
        else:
            raise InvalidInput(_("Choose how to answer."), "text")
    except InvalidInput as error:
        wrong = Typed(fields.values, error.place, told(str(error)))
        return _request_page(request, reading, visitor, membership, quiz_id, request_id, wrong, None, 422)
    except Conflict as error:
        notice = ("wrong", told(str(error)))
        return _request_page(request, reading, visitor, membership, quiz_id, request_id, fields, notice, 409)
    done = {"grant": "granted", "decline": "declined", "ask": "asked"}[act]
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/requests?done={done}", 303)


def _request_page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    quiz_id: str,
    request_id: str,
    fields: Typed,
    notice: tuple[str, str] | None,
    status: int = 200,
) -> Response:
    return html_page(
        request,
        "requests/request.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        detail=request_answers.request_detail(tx, membership, quiz_id, request_id, language_now()),
        typed=fields,
        notice=notice,
        longest=requests.LONGEST_TEXT,
        zone=zone_of(membership.time_zone),
    )
