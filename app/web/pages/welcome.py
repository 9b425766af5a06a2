"""The first administrator comes in."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts import accounts
from app.services.accounts.links import LinkIsOver
from app.services.accounts.people import NewPerson
from app.web.forms import Typed, new_password, typed
from app.web.members import Anyone
from app.web.pages.session import begin
from app.web.paths import LinkToken
from app.web.templating import html_page
from app.web.visitors import AnyForm
from app.web.wording import told

router = Routes(prefix="/welcome/{token}")


@router.get("", dependencies=[Anyone])
def welcome_page(request: Request, tx: Reading, token: LinkToken) -> Response:
    """The form for the first account; the link is in the log of the server."""
    try:
        accounts.look_at_welcome(tx, token)
    except LinkIsOver as error:
        return _page(request, token, Typed(says=told(str(error))), works=False, status=410)
    return _page(request, token, Typed())


@router.post("", dependencies=[Anyone])
@takes_long
def become(request: Request, reading: Reading, tx: Writing, token: LinkToken, form: AnyForm) -> Response:
    """Make the account, and sign in."""
    fields = typed(form, "name", "login", "email", "password", "again")
    state = request.app.state
    try:
        new = NewPerson(fields["login"], fields["name"], new_password(fields), True, fields["email"])
        hours = state.settings.session_hours
        opened = accounts.become_first_administrator(reading, tx, state.doorkeeper, token, new, hours)
    except (InvalidInput, Conflict) as error:
        return _page(request, token, fields.wrong(error).shown(), status=422)
    return begin(request, opened, "/courses")


def _page(request: Request, token: str, fields: Typed, *, works: bool = True, status: int = 200) -> Response:
    return html_page(request, "welcome/welcome.html", status=status, typed=fields, token=token, works=works)
