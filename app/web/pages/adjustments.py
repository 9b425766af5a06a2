"""Adjustments: points that people add to a mark or take from it, with the reason."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput, NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes import accommodations
from app.services.results import adjustments, gradebook
from app.web.forms import Typed, typed
from app.web.members import Instructor
from app.web.paths import RowId
from app.web.quiz_forms import amount_from
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/gradebook/adjustments")
NAMES = ("person", "quiz", "kind", "points", "reason")
WHOLE = re.compile(r"\d{1,9}", re.ASCII)


@router.get("")
def list_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    person: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    quiz: Annotated[str, Query(max_length=64)] = "",
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """All adjustments of the course, and the form for one more."""
    words = {
        "adjusted": _("Stored. The student sees it with the reason, once the marks are released."),
        "withdrawn": _("Withdrawn. It stays in the list and counts no longer."),
    }
    fields = Typed({"person": str(person), "quiz": quiz, "kind": "points"})
    notice = ("calm", words[done]) if done in words else None
    return _page(request, tx, visitor, membership, fields, notice=notice)


@router.post("")
def adjust(
    request: Request, reading: Reading, writing: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Add points, take them away, or excuse somebody."""
    fields = typed(form, *NAMES)
    try:
        excused = fields["kind"] == "excused"
        if not WHOLE.fullmatch(fields["person"]):
            raise InvalidInput(_("Choose somebody."), place="person")
        adjustments.adjust(
            writing,
            membership,
            int(fields["person"]),
            fields["quiz"] or None,
            Fraction(0) if excused else _points(fields["points"]),
            fields["reason"],
            excused=excused,
        )
    except InvalidInput as error:
        return _page(request, reading, visitor, membership, fields.wrong(error), status=422)
    except NotFound as error:
        wrong = fields.wrong(InvalidInput(told(str(error)), place="person"))
        return _page(request, reading, visitor, membership, wrong, status=422)
    return RedirectResponse(f"/courses/{membership.course}/gradebook/adjustments?done=adjusted", 303)


@router.post("/{number}/withdraw")
def withdraw(writing: Writing, membership: Instructor, number: RowId, _form: OwnForm) -> Response:
    """Let an adjustment count no longer."""
    adjustments.withdraw(writing, membership, number)
    return RedirectResponse(f"/courses/{membership.course}/gradebook/adjustments?done=withdrawn", 303)


def _points(text: str) -> Fraction:
    plain = text.strip().replace("\N{MINUS SIGN}", "-")
    found = amount_from(plain.removeprefix("+").removeprefix("-").strip())
    if found is None:
        raise InvalidInput(_("Write this as 2, −1.5 or 1/2."), place="points")
    return -found if plain.startswith("-") else found


def _page(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    fields: Typed,
    *,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    rules, _revision = gradebook.rules_of_course(tx, membership.course_id)
    return html_page(
        request,
        "gradebook/adjustments.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        adjusted=adjustments.adjustments(tx, membership.course_id),
        students=accommodations.students(tx, membership.course_id),
        quizzes=gradebook.quiz_names(tx, membership.course_id, rules),
        typed=fields,
        notice=notice,
        zone=zone_of(membership.time_zone),
    )
