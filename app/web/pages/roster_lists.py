"""Enrolling a whole list: reading it, showing what will happen, and doing it; nothing typed is lost on the way."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts.sessions import Visitor
from app.services.courses import roster
from app.services.courses.membership import Membership
from app.services.courses.roster import RosterText
from app.services.courses.roster_text import decode_roster, remaining_text
from app.web.forms import Typed, text_of
from app.web.members import Instructor
from app.web.templating import html_page
from app.web.uploads import TakesFile, file_of
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import ngettext

router = Routes(prefix="/courses/{course_id}/people-list")

LONGEST = 8_000_000
SHOWN = 200


@router.get("")
def list_page(request: Request, visitor: SignedIn, membership: Instructor) -> Response:
    """The form that takes a list."""
    return _page(request, visitor, membership, Typed({"role": "student"}))


@router.post("", dependencies=[TakesFile])
def take_list(
    request: Request, reading: Reading, tx: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Show what will happen with a list; with the list that was shown, do it."""
    text = _lines(text_of(form, "text", LONGEST))
    fields = Typed({"role": text_of(form, "role"), "text": text})
    try:
        uploaded = file_of(form, "file")
        if uploaded is not None:
            text = _lines(decode_roster(uploaded))
            fields = Typed({"role": fields["role"], "text": text})
        read = roster.read_roster(text)
        if text_of(form, "step") != "enrol" or text_of(form, "shown") != _mark(text, fields["role"]):
            return _preview(request, reading, visitor, membership, fields, read)
        done = roster.import_roster(tx, membership.course_id, membership.person, read.rows, fields["role"])
    except InvalidInput as error:
        return _page(request, visitor, membership, fields.wrong(error), status=422)
    if not read.problems:
        return RedirectResponse(f"/courses/{membership.course}/people?done=list", 303)
    left = Typed({"role": fields["role"], "text": remaining_text(read)})
    enrolled = done.joined + done.changed + done.regrouped
    says = ngettext(
        "%(n)s person was enrolled. The lines below could not be taken and are still here to be corrected.",
        "%(n)s people were enrolled. The lines below could not be taken and are still here to be corrected.",
        enrolled,
    ) % {"n": enrolled}
    return _page(request, visitor, membership, left, problems=read.problems, notice=("attention", says))


def _preview(
    request: Request, tx: Reading, visitor: Visitor, membership: Membership, fields: Typed, read: RosterText
) -> Response:
    plans = roster.plan_roster(tx, membership.course_id, read.rows, fields["role"])
    counts = Counter(plan.step for plan in plans)
    return _page(
        request,
        visitor,
        membership,
        fields,
        plans=plans[:SHOWN],
        more=max(0, len(plans) - SHOWN),
        counts=counts,
        coming=len(plans) - counts["stays as is"] - counts["cannot"],
        problems=read.problems,
        shown=_mark(fields["text"], fields["role"]),
    )


def _page(
    request: Request, visitor: Visitor, membership: Membership, fields: Typed, *, status: int = 200, **context: Any
) -> Response:
    nothing: dict[str, Any] = {
        "plans": None,
        "more": 0,
        "counts": {},
        "coming": 0,
        "problems": (),
        "shown": "",
        "notice": None,
    }
    return html_page(
        request,
        "roster/lists.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        typed=fields,
        most_problems=SHOWN,
        **(nothing | context),
    )


def _lines(text: str) -> str:
    # Browsers send other line ends than were sent to them.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _mark(text: str, role: str) -> str:
    """What tells whether a list is the one that was shown."""
    return hashlib.sha256(f"{role}\n{text.strip()}".encode("utf-8", "replace")).hexdigest()[:20]
