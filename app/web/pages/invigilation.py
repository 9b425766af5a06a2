"""Invigilation: who sits a quiz, what can be done for them while they do, and the log of what happened."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts.sessions import Visitor
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes.course_quizzes import quiz_of_course
from app.services.results import outcome_sheets
from app.services.sitting import invigilating, sitting_log, sitting_orders
from app.services.sitting.invigilating import SHOWN
from app.services.sitting.sitting_orders import WORKS, Order, Work
from app.web.forms import Typed, text_of, typed
from app.web.members import Staff
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import ngettext

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/sitting")
NAMES = ("whom", "minutes", "reason", "text")
CONFIRMED: tuple[Work, ...] = ("end", "reopen")
"""What is asked about once more, in words, before it is done."""
MOST_NAMES = 30
WHOLE = re.compile(r"[-−]?\d{1,6}", re.ASCII)
NUMBER = re.compile(r"\d{1,9}", re.ASCII)
Text = Annotated[str, Query(max_length=200)]
PersonNumber = Annotated[int, Query(ge=0, le=2**31 - 1)]


class _Narrowed:
    """How the table is narrowed: the words of a search, a kind of rows, a group."""

    def __init__(self, search: str = "", show: str = "", group: str = "") -> None:
        self.search, self.show, self.group = search, show if show in SHOWN else "", group

    def address(self, show: str | None = None) -> str:
        """What stands behind the question mark for this table, or for another kind of rows in it."""
        asked = {"q": self.search, "group": self.group, "show": self.show if show is None else show}
        return urlencode({name: value for name, value in asked.items() if value})


@router.get("")
def sitting_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    q: Text = "",
    show: Text = "",
    group: Text = "",
    done: Text = "",
    count: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> Response:
    """Everybody who may sit the quiz, and what can be done for them."""
    return _page(request, tx, visitor, membership, quiz_id, _Narrowed(q, show, group), done=(done, count))


@router.get("/rows")
def rows(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    q: Text = "",
    show: Text = "",
    group: Text = "",
) -> Response:
    """The table alone, for the script that keeps it fresh."""
    table = _table(tx, membership, quiz_id, _Narrowed(q, show, group))
    return html_page(request, "sitting/rows.html", visitor=visitor, **table)


@router.post("")
def order(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Do something for those who are chosen; what cannot be undone is asked about first."""
    fields = typed(form, *NAMES)
    back = text_of(form, "back", 1000)
    try:
        wanted = _order(fields, form)
        if wanted.what in CONFIRMED and text_of(form, "sure") != "1":
            return _ask(request, reading, visitor, membership, quiz_id, wanted, fields, back)
        wake: Callable[[], None] = request.app.state.wake
        did = sitting_orders.carry_out(writing, membership, quiz_id, wanted, wake)
    except (InvalidInput, Conflict) as error:
        picked = _people(form)
        wrong = fields.wrong(error)
        return _page(request, reading, visitor, membership, quiz_id, _Narrowed(), picked=picked, fields=wrong)
    told = urlencode({"done": "again" if did.again else did.what, "count": did.count})
    root = f"/courses/{membership.course}/quizzes/{quiz_id}/sitting"
    return RedirectResponse(f"{root}?{back}&{told}" if back and _is_plain(back) else f"{root}?{told}", 303)


@router.get("/log")
def log_page(
    request: Request, tx: Reading, visitor: SignedIn, membership: Staff, quiz_id: PublicId, person: PersonNumber = 0
) -> Response:
    """Everything that happened while the quiz was sat, to everybody or to one student."""
    return html_page(
        request,
        "sitting/log.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=zone_of(membership.time_zone),
        now=tx.now(),
        log=sitting_log.sitting_log(tx, membership.course_id, quiz_id, person or None),
        person=person,
    )


@router.get("/log.csv")
def log_csv(tx: Reading, membership: Staff, quiz_id: PublicId, person: PersonNumber = 0) -> Response:
    """The log for every program that reads CSV."""
    log = sitting_log.sitting_log(tx, membership.course_id, quiz_id, person or None)
    sheet = sitting_log.log_sheet(log, membership.time_zone)
    name = outcome_sheets.file_name(membership.title, log.title, tx.now(), "csv", "incidents")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(outcome_sheets.as_csv(sheet), media_type=outcome_sheets.MEDIA["csv"], headers=headers)


def _order(fields: Typed, form: FormData) -> Order:
    what = text_of(form, "what")
    found = next((one for one in WORKS if one == what), None)
    if found is None:
        raise InvalidInput(_("Choose what to do."), place="people")
    minutes = fields["minutes"].strip().replace("−", "-").removeprefix("+")
    if found == "time" and not WHOLE.fullmatch(minutes):
        raise InvalidInput(_("How many minutes? Write a whole number."), place="minutes")
    whom = fields["whom"]
    return Order(
        found,
        everybody=whom == "everybody",
        group=whom.removeprefix("group:") if whom.startswith("group:") else "",
        people=tuple(_people(form)) if whom == "chosen" else (),
        minutes=int(minutes) if WHOLE.fullmatch(minutes) else None,
        reason=fields["reason"].strip(),
        text=fields["text"].replace("\r\n", "\n").strip(),
        once=text_of(form, "once"),
    )


def _people(form: FormData) -> list[int]:
    found = (value for value in form.getlist("person") if isinstance(value, str))
    return [int(value) for value in found if NUMBER.fullmatch(value)]


def _is_plain(back: str) -> bool:
    """Whether this can stand in an address of ours behind the question mark."""
    return re.fullmatch(r"[A-Za-z0-9%._~+&=-]*", back) is not None


def _ask(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    quiz_id: str,
    wanted: Order,
    fields: Typed,
    back: str,
) -> Response:
    quiz = quiz_of_course(tx, membership.course_id, quiz_id)
    concerned = sitting_orders.whom(tx, membership.course_id, quiz_id, wanted)
    state = "in" if wanted.what == "end" else "handed in"
    names = [f"{seat.name} ({seat.login})" for seat in concerned if seat.state == state]
    order = [(name, fields[name]) for name in NAMES] + [("person", str(number)) for number in wanted.people]
    return html_page(
        request,
        "sitting/confirm.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        quiz_id=quiz_id,
        title=quiz.title,
        practice=quiz.mode == "practice",
        what=wanted.what,
        names=names,
        minutes=wanted.minutes,
        most=MOST_NAMES,
        order=[*order, ("once", wanted.once), ("back", back)],
    )


def _table(tx: Transaction, membership: Membership, quiz_id: str, narrowed: _Narrowed) -> dict[str, Any]:
    """What the table of those who sit is made of."""
    view = invigilating.sitting(tx, membership.course_id, quiz_id)
    found = invigilating.narrowed(view.seats, search=narrowed.search, show=narrowed.show, group=narrowed.group)
    return {
        "membership": membership,
        "view": view,
        "rows": found,
        "now": view.now,
        "zone": zone_of(membership.time_zone),
        "kinds": SHOWN,
        "search": narrowed.search,
        "show": narrowed.show,
        "group": narrowed.group,
        "address": narrowed.address,
        "picked": frozenset(),
    }


def _page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    quiz_id: str,
    narrowed: _Narrowed,
    *,
    done: tuple[str, int] = ("", 0),
    picked: list[int] | None = None,
    fields: Typed | None = None,
) -> Response:
    table = _table(tx, membership, quiz_id, narrowed) | {"picked": frozenset(picked or ())}
    return html_page(
        request,
        "sitting/sitting.html",
        status=200 if fields is None else 422,
        visitor=visitor,
        here="/courses",
        typed=fields or Typed({"whom": "chosen"}),
        once=secrets.token_urlsafe(12),
        notice=_done(*done, practice=table["view"].practice),
        **table,
    )


def _done(done: str, count: int, *, practice: bool) -> tuple[str, str] | None:
    words = {
        "time": ngettext("%(n)s student has another deadline now.", "%(n)s students have another deadline now.", count),
        "pause": ngettext("%(n)s student is paused.", "%(n)s students are paused.", count),
        "resume": ngettext("%(n)s student goes on.", "%(n)s students go on.", count),
        "message": ngettext("The message goes to %(n)s student.", "The message goes to %(n)s students.", count),
        "note": _("The note is in the log."),
        "end": ngettext("The exam is over for %(n)s student.", "The exam is over for %(n)s students.", count),
        "reopen": ngettext("The exam goes on for %(n)s student.", "The exam goes on for %(n)s students.", count),
        "again": _("This was done already, so nothing more has happened."),
    }
    if practice:
        words |= {
            "end": ngettext("%(n)s student has practised.", "%(n)s students have practised.", count),
            "reopen": ngettext("%(n)s student goes on practising.", "%(n)s students go on practising.", count),
        }
    return ("calm", words[done] % {"n": count}) if done in words else None
