"""Accommodations: who sits a quiz under other rules."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import Annotated

from fastapi import Path, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput, NotFound
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.courses.local_times import moment_from, typed, zone_of
from app.services.courses.membership import Membership
from app.services.operating.transactions import Transaction
from app.services.quizzes import accommodations, quiz_building
from app.services.quizzes.accommodations import Student
from app.web.members import Instructor
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/accommodations")
WHOLE = re.compile(r"\d{1,7}", re.ASCII)
NAMES = ("person", "extra_minutes", "closes_at", "attempts_allowed", "reason")
PersonNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]


@router.get("")
def list_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    person: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Everybody's accommodations, and the form for one more (or for changing somebody's)."""
    values = dict.fromkeys(NAMES, "")
    for one in accommodations.accommodations(tx, membership.course_id, quiz_id):
        if one.person_id == person:
            values = {
                "person": str(person),
                "extra_minutes": str(one.extra_minutes or ""),
                "closes_at": typed(one.closes_at, membership.time_zone),
                "attempts_allowed": str(one.attempts_allowed or ""),
                "reason": one.reason,
            }
    words = {
        "granted": _("Stored. Running attempts have the time at once."),
        "withdrawn": _("Withdrawn. The rules of the quiz hold again."),
    }
    notice = ("calm", words[done]) if done in words else None
    return _page(request, tx, visitor, membership, quiz_id, values, {}, notice=notice)


@router.post("")
def grant(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Give somebody other rules."""
    values = {name: _text(form, name) for name in NAMES}
    complaints: dict[str, str] = {}
    people, minutes = _people(reading, membership, form, complaints), _whole(values, "extra_minutes", complaints)
    attempts = _whole(values, "attempts_allowed", complaints)
    stored = next(
        (
            one.closes_at
            for one in accommodations.accommodations(reading, membership.course_id, quiz_id)
            if [one.person_id] == people
        ),
        None,
    )
    try:
        closes_at = moment_from(values["closes_at"], membership.time_zone, "closes_at", stored)
        if not people:
            complaints.setdefault("person", _("Choose somebody."))
        elif not complaints:
            accommodations.grant_to(
                writing,
                membership.course_id,
                quiz_id,
                visitor.person,
                people,
                extra_minutes=minutes or 0,
                closes_at=closes_at,
                attempts_allowed=attempts,
                reason=values["reason"],
            )
    except InvalidInput as error:
        complaints[error.place] = told(str(error))
    except NotFound as error:
        complaints["person"] = told(str(error))
    if complaints:
        also = frozenset(_also(form))
        return _page(request, reading, visitor, membership, quiz_id, values, complaints, also=also, status=422)
    return _to(membership, quiz_id, "granted")


@router.post("/{person_id}/withdraw")
def withdraw(
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    person_id: PersonNumber,
    _form: OwnForm,
) -> Response:
    """Let the quiz's own rules hold for somebody again."""
    accommodations.withdraw(writing, membership.course_id, quiz_id, visitor.person, person_id)
    return _to(membership, quiz_id, "withdrawn")


def _page(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    quiz_id: str,
    values: dict[str, str],
    complaints: dict[str, str],
    *,
    also: frozenset[int] = frozenset(),
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    students = accommodations.students(tx, membership.course_id)
    return html_page(
        request,
        "accommodations/list.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        plan=quiz_building.quiz_plan(tx, membership.course_id, quiz_id),
        granted=accommodations.accommodations(tx, membership.course_id, quiz_id),
        students=students,
        groups=_groups(students),
        also=also,
        values=values,
        complaints=complaints,
        notice=notice,
        zone=zone_of(membership.time_zone),
    )


def _to(membership: Membership, quiz_id: str, done: str) -> Response:
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/accommodations?done={done}", 303)


def _also(form: FormData) -> list[int]:
    return [int(one) for one in form.getlist("also") if isinstance(one, str) and WHOLE.fullmatch(one)]


def _people(tx: Transaction, membership: Membership, form: FormData, complaints: dict[str, str]) -> list[int]:
    """Who is chosen: somebody or a whole group in the list, and whoever is ticked."""
    chosen, found = _text(form, "person").strip(), _also(form)
    if chosen.startswith("group:"):
        try:
            found += accommodations.members(tx, membership.course_id, chosen.removeprefix("group:"))
        except NotFound as error:
            complaints["person"] = told(str(error))
    elif WHOLE.fullmatch(chosen):
        found.append(int(chosen))
    return list(dict.fromkeys(found))


def _groups(students: Sequence[Student]) -> list[tuple[str, int]]:
    """The groups with their sizes."""
    sizes = Counter(one.group for one in students if one.group)
    return sorted(sizes.items(), key=lambda pair: pair[0].casefold())


def _whole(values: dict[str, str], name: str, complaints: dict[str, str]) -> int | None:
    text = values[name].strip()
    if not text or WHOLE.fullmatch(text):
        return int(text) if text else None
    complaints[name] = _("This is a whole number, or nothing.")
    return None


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
