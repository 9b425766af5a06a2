"""Forgotten passwords: asking for a link, and choosing a new one by it."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts import passwords
from app.services.accounts.links import LinkIsOver
from app.services.accounts.people import Person
from app.services.accounts.signing_in import TooSoon
from app.web.forms import Typed, new_password, typed
from app.web.members import Anyone
from app.web.pages.session import begin
from app.web.paths import LinkToken
from app.web.templating import html_page
from app.web.visitors import AnyForm
from app.web.wording import told

router = Routes(prefix="/password")


@router.get("/forgot", dependencies=[Anyone])
def forgot_page(request: Request, asked: Annotated[str, Query(max_length=10)] = "") -> Response:
    """Where a forgotten password is told; without a mail server it says whom to ask."""
    return _forgot_page(request, Typed(), asked=asked == "yes")


@router.post("/forgot", dependencies=[Anyone])
@takes_long
def forgot(request: Request, tx: Writing, form: AnyForm) -> Response:
    """Write to the account, if there is one; the answer does not say."""
    settings = request.app.state.settings
    if not settings.smtp_host:
        return _forgot_page(request, Typed())
    fields = typed(form, "who")
    if not fields["who"].strip():
        return _forgot_page(request, Typed({}, "who", "Type your login or your e-mail address."), status=422)
    try:
        passwords.forgot(
            tx,
            request.app.state.doorkeeper,
            who=fields["who"],
            address=request.client.host if request.client else "",
            site=settings.public_url,
        )
    except TooSoon as error:
        page = _forgot_page(request, fields.wrong(error), status=429)
        page.headers["Retry-After"] = str(error.seconds)
        return page
    tx.afterwards(request.app.state.wake)
    return RedirectResponse("/password/forgot?asked=yes", 303)


@router.get("/{token}", dependencies=[Anyone])
def reset_page(request: Request, tx: Reading, token: LinkToken) -> Response:
    """Where a new password is chosen."""
    try:
        return _reset_page(request, token, passwords.look(tx, token), Typed())
    except LinkIsOver as error:
        return _reset_page(request, token, None, Typed(says=told(str(error))), status=410)


@router.post("/{token}", dependencies=[Anyone])
@takes_long
def reset(request: Request, reading: Reading, tx: Writing, token: LinkToken, form: AnyForm) -> Response:
    """Set the new password, end every other sign-in, and sign in."""
    fields = typed(form, "password", "again")
    state = request.app.state
    try:
        person = passwords.look(reading, token)
        try:
            new = new_password(fields)
            opened = passwords.reset(reading, tx, state.doorkeeper, token, new, state.settings.session_hours)
        except InvalidInput as error:
            return _reset_page(request, token, person, fields.wrong(error).shown(), status=422)
    except LinkIsOver as error:
        return _reset_page(request, token, None, Typed(says=told(str(error))), status=410)
    return begin(request, opened)


def _forgot_page(request: Request, fields: Typed, *, asked: bool = False, status: int = 200) -> Response:
    return html_page(
        request,
        "password/forgot.html",
        status=status,
        typed=fields,
        asked=asked,
        by_mail=bool(request.app.state.settings.smtp_host),
    )


def _reset_page(request: Request, token: str, person: Person | None, fields: Typed, status: int = 200) -> Response:
    return html_page(request, "password/reset.html", status=status, typed=fields, token=token, person=person)
