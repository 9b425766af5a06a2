"""Courses: whose they are, making one, its settings."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts.sessions import Visitor
from app.services.courses import courses
from app.services.courses.membership import Membership
from app.web.forms import Typed, text_of, typed
from app.web.members import Author, Instructor
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _

router = Routes(prefix="/courses")

FIELDS = ("title", "term", "time_zone")


@router.get("")
def list_page(request: Request, tx: Reading, visitor: SignedIn) -> Response:
    """The courses of whoever is signed in."""
    cards = courses.courses_of(tx, visitor.person)
    return html_page(
        request,
        "courses/list.html",
        visitor=visitor,
        here="/courses",
        courses=[card for card in cards if not card.archived],
        archived=[card for card in cards if card.archived],
    )


@router.get("/new")
def new_page(request: Request, visitor: Author) -> Response:
    """The form that makes a course."""
    return _new_page(request, visitor, Typed({"time_zone": "UTC"}))


@router.post("/new")
def create(request: Request, tx: Writing, visitor: Author, form: OwnForm) -> Response:
    """Make a course; whoever makes it instructs it."""
    fields = typed(form, *FIELDS)
    try:
        course = courses.create_course(tx, visitor.person, *(fields[name] for name in FIELDS))
    except InvalidInput as error:
        return _new_page(request, visitor, fields.wrong(error), status=422)
    return RedirectResponse(f"/courses/{course}/people", 303)


@router.get("/{course_id}/settings")
def settings_page(
    request: Request, visitor: SignedIn, membership: Instructor, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Title, term and time zone of a course, and putting it away."""
    stored = {"title": membership.title, "term": membership.term, "time_zone": membership.time_zone}
    words = {
        "saved": _("The settings are saved."),
        "archived": _("The course is archived. Nothing in it is lost."),
        "back": _("The course is out of the archive."),
    }
    notice = ("calm", words[done]) if done in words else None
    return _settings_page(request, visitor, membership, Typed(stored), notice=notice)


@router.post("/{course_id}/settings")
def change(request: Request, tx: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm) -> Response:
    """Change them."""
    fields = typed(form, *FIELDS)
    try:
        courses.change_course(tx, membership, *(fields[name] for name in FIELDS))
    except InvalidInput as error:
        return _settings_page(request, visitor, membership, fields.wrong(error), status=422)
    return RedirectResponse(f"/courses/{membership.course}/settings?done=saved", 303)


@router.post("/{course_id}/archive")
def archive(tx: Writing, membership: Instructor, form: OwnForm) -> Response:
    """Put a course away, or take it out again."""
    away = text_of(form, "archived") != "no"
    courses.archive(tx, membership, away)
    return RedirectResponse(f"/courses/{membership.course}/settings?done={'archived' if away else 'back'}", 303)


def _new_page(request: Request, visitor: Visitor, fields: Typed, status: int = 200) -> Response:
    return html_page(
        request,
        "courses/new.html",
        status=status,
        visitor=visitor,
        here="/courses",
        typed=fields,
        zones=courses.time_zones(),
    )


def _settings_page(
    request: Request,
    visitor: Visitor,
    membership: Membership,
    fields: Typed,
    *,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    return html_page(
        request,
        "courses/settings.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        typed=fields,
        zones=courses.time_zones(),
        notice=notice,
    )
