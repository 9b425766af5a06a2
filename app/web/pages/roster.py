"""The people of a course: finding, enrolling, changing roles, taking out; and letting a student in again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.paging import paged
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.accounts import passwords
from app.services.accounts.sessions import Visitor
from app.services.courses import invitations, roster
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.courses.roster import Enrolled
from app.services.operating.transactions import Transaction
from app.web.forms import Typed, text_of, typed
from app.web.members import Instructor, Staff
from app.web.paths import PersonId
from app.web.sites import site_of
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/courses/{course_id}/people")

SIZE = 200
FRESH = Typed({"role": "student"})
FRESH_INVITATION = Typed({"role": "student", "days": "30"})


@router.get("")
def list_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    q: Annotated[str, Query(max_length=200)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """Everybody in the course, and for its instructors the ways to bring more people in."""
    return people_page(request, tx, visitor, membership, q=q, page=page, notice=_done(done))


@router.post("")
def enrol(
    request: Request, reading: Reading, tx: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Enrol one person."""
    fields = typed(form, "login", "name", "email", "role", "group")
    try:
        person = {name: fields[name] for name in ("login", "name", "email", "role")}
        roster.enrol(tx, membership.course_id, membership.person, **person, group=fields["group"].strip() or None)
    except (InvalidInput, Conflict) as error:
        return people_page(request, reading, visitor, membership, fields=fields.wrong(error), status=422)
    return RedirectResponse(f"/courses/{membership.course}/people?done=enrolled", 303)


@router.get("/{person_id}")
def person_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    person_id: PersonId,
    done: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """One person in the course, and what can be changed about that."""
    return _person_page(request, tx, visitor, membership, person_id, notice=_done(done))


@router.post("/{person_id}/role")
def change_role(
    request: Request,
    reading: Reading,
    tx: Writing,
    visitor: SignedIn,
    membership: Instructor,
    person_id: PersonId,
    form: OwnForm,
) -> Response:
    """Give somebody another role."""
    role = text_of(form, "role")
    try:
        roster.change_role(tx, membership.course_id, person_id, role, membership.person)
    except (InvalidInput, Conflict) as error:
        notice = ("wrong", told(str(error)))
        return _person_page(request, reading, visitor, membership, person_id, notice=notice, status=409)
    if person_id == visitor.person.id and role != "instructor" and not visitor.person.administrator:
        return RedirectResponse("/courses", 303)  # they may not see this page any more
    return RedirectResponse(f"/courses/{membership.course}/people/{person_id}?done=role", 303)


@router.post("/{person_id}/group")
def change_group(
    request: Request,
    reading: Reading,
    tx: Writing,
    visitor: SignedIn,
    membership: Instructor,
    person_id: PersonId,
    form: OwnForm,
) -> Response:
    """Put somebody into a group, or out of it."""
    try:
        roster.change_group(tx, membership.course_id, person_id, text_of(form, "group"), membership.person)
    except InvalidInput as error:
        notice = ("wrong", told(str(error)))
        return _person_page(request, reading, visitor, membership, person_id, notice=notice, status=422)
    return RedirectResponse(f"/courses/{membership.course}/people/{person_id}?done=group", 303)


@router.post("/{person_id}/remove")
def remove(
    request: Request,
    reading: Reading,
    tx: Writing,
    visitor: SignedIn,
    membership: Instructor,
    person_id: PersonId,
    _form: OwnForm,
) -> Response:
    """Take somebody out of the course."""
    try:
        roster.remove(tx, membership.course_id, person_id, membership.person)
    except Conflict as error:
        notice = ("wrong", told(str(error)))
        return _person_page(request, reading, visitor, membership, person_id, notice=notice, status=409)
    if person_id == visitor.person.id and not visitor.person.administrator:
        return RedirectResponse("/courses", 303)
    return RedirectResponse(f"/courses/{membership.course}/people?done=removed", 303)


@router.post("/{person_id}/password-link")
def password_link(
    request: Request, tx: Writing, visitor: SignedIn, membership: Instructor, person_id: PersonId, _form: OwnForm
) -> Response:
    """Make a link by which a student sets a new password; it is shown once."""
    link = passwords.link_by_instructor(tx, membership, person_id)
    return _person_page(request, tx, visitor, membership, person_id, link=site_of(request) + link.path)


def people_page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    *,
    q: str = "",
    page: int = 1,
    fields: Typed = FRESH,
    inviting: Typed = FRESH_INVITATION,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The page of a course's people, with what was typed in its forms."""
    everybody = roster.roster(tx, membership.course_id)
    found = [one for one in everybody if _holds(one, q)]
    page, pages = paged(len(found), SIZE, page)
    context: dict[str, Any] = {"invitations": (), "site": site_of(request)}
    if membership.instructs:
        secret = request.app.state.secret
        context["invitations"] = invitations.invitations_of(tx, secret, membership.course_id)
    return html_page(
        request,
        "roster/list.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=zone_of(membership.time_zone),
        people=found[(page - 1) * SIZE : page * SIZE],
        found=len(found),
        everybody=len(everybody),
        groups=_groups(everybody),
        q=q,
        page=page,
        pages=pages,
        typed=fields,
        inviting=inviting,
        notice=notice,
        **context,
    )


def _person_page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    person_id: int,
    *,
    notice: tuple[str, str] | None = None,
    link: str = "",
    status: int = 200,
) -> Response:
    everybody = roster.roster(tx, membership.course_id)
    found = next((one for one in everybody if one.person_id == person_id), None)
    if found is None:
        raise NotFound(_("This person is not in the course."))
    by_administrator = membership.standing == "administrator"
    return html_page(
        request,
        "roster/person.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=zone_of(membership.time_zone),
        person=found,
        groups=_groups(everybody),
        may_link=by_administrator or passwords.may_link(tx, membership, person_id),
        link=link,
        notice=notice,
    )


def _holds(one: Enrolled, words: str) -> bool:
    wanted = words.casefold().split()
    text = f"{one.name} {one.login} {one.email or ''} {one.role} {one.group}".casefold()
    return all(word in text for word in wanted)


def _groups(everybody: Sequence[Enrolled]) -> list[str]:
    """The groups that there are."""
    return sorted({one.group for one in everybody if one.group}, key=str.casefold)


def _done(done: str) -> tuple[str, str] | None:
    words = {
        "enrolled": _("Enrolled."),
        "list": _("The list is enrolled."),
        "role": _("The role is changed."),
        "group": _("The group is changed."),
        "removed": _("The person is not in the course any more. What they handed in stays."),
        "invited": _("The invitation is made. Send its link to those who are to join."),
        "revoked": _("The invitation is taken back."),
    }
    return ("calm", words[done]) if done in words else None
