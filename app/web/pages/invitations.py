"""Invitations: making and taking back links to a course, and joining by one."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput, NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts import sessions
from app.services.accounts.people import NewPerson
from app.services.accounts.sessions import Visitor
from app.services.courses import invitations
from app.services.courses.invitations import Invited
from app.web.forms import Typed, new_password, text_of, typed, whole_number
from app.web.members import Anyone, Instructor
from app.web.pages.roster import people_page
from app.web.pages.session import begin
from app.web.paths import LinkToken, RowId
from app.web.templating import html_page
from app.web.visitors import AnyForm, MaybeVisitor, OwnForm, SignedIn
from app.web.wording import told

router = Routes()


@router.post("/courses/{course_id}/invitations")
def invite(
    request: Request, reading: Reading, tx: Writing, visitor: SignedIn, membership: Instructor, form: OwnForm
) -> Response:
    """Make an invitation."""
    fields = typed(form, "role", "days", "uses")
    try:
        days = whole_number(fields["days"], "days")
        uses = whole_number(fields["uses"], "uses") if fields["uses"].strip() else None
        secret = request.app.state.secret
        invitations.invite(tx, secret, membership, role=fields["role"], days=days, uses=uses)
    except (InvalidInput, NotAllowed) as error:
        return people_page(request, reading, visitor, membership, inviting=fields.wrong(error), status=422)
    return RedirectResponse(f"/courses/{membership.course}/people?done=invited#invitations", 303)


@router.post("/courses/{course_id}/invitations/{invitation_id}/revoke")
def revoke(tx: Writing, membership: Instructor, invitation_id: RowId, _form: OwnForm) -> Response:
    """Take an invitation back."""
    invitations.revoke(tx, membership, invitation_id)
    return RedirectResponse(f"/courses/{membership.course}/people?done=revoked#invitations", 303)


@router.get("/invitations/{token}", dependencies=[Anyone])
def invitation_page(request: Request, tx: Reading, visitor: MaybeVisitor, token: LinkToken) -> Response:
    """What an invitation offers: joining at once, signing in first, or making an account."""
    person = None if visitor is None else visitor.person
    try:
        invited = invitations.invited(tx, token, person)
    except NotAllowed as error:
        return _page(request, visitor, token, None, Typed(says=told(str(error))), status=410)
    return _page(request, visitor, token, invited, Typed())


@router.post("/invitations/{token}/join")
def join(tx: Writing, visitor: SignedIn, token: LinkToken, _form: OwnForm) -> Response:
    """Join the course of an invitation."""
    invitations.join(tx, token, visitor.person)
    return RedirectResponse("/", 303)


@router.post("/invitations/{token}/account", dependencies=[Anyone])
@takes_long
def register(request: Request, reading: Reading, tx: Writing, token: LinkToken, form: AnyForm) -> Response:
    """Make an account and join."""
    fields = typed(form, "name", "login", "email", "password", "again")
    state = request.app.state
    try:
        new = NewPerson(fields["login"], fields["name"], new_password(fields), email=fields["email"])
        person, _ = invitations.register(reading, tx, state.doorkeeper, token, new)
    except (InvalidInput, Conflict) as error:
        invited = invitations.invited(reading, token, None)
        return _page(request, None, token, invited, fields.wrong(error).shown(), status=422)
    opened = sessions.open_session(tx, person.id, state.settings.session_hours)
    return begin(request, opened, text_of(form, "next") or "/")


def _page(
    request: Request, visitor: Visitor | None, token: str, invited: Invited | None, fields: Typed, status: int = 200
) -> Response:
    return html_page(
        request,
        "invitations/invitation.html",
        status=status,
        visitor=visitor,
        token=token,
        invited=invited,
        typed=fields,
    )
