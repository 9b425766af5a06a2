"""One's own account: name and address, password, sign-ins, one's data, and leaving."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.domain.errors import Conflict, InvalidInput, NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts import accounts, erasure
from app.services.accounts.personal_data import personal_data, pieces
from app.services.accounts.sessions import Visitor
from app.services.accounts.signing_in import TooSoon
from app.services.operating.transactions import Transaction
from app.web.forms import Typed, new_password, text_of, typed
from app.web.pages.session import begin
from app.web.paths import SessionHandle
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn, remember, session_token
from app.web.wording import gettext as _
from app.web.wording import ngettext, told

router = Routes(prefix="/account")


@router.get("")
def account_page(
    request: Request, tx: Reading, visitor: SignedIn, done: Annotated[str, Query(max_length=20)] = ""
) -> Response:
    """Everything about one's own account."""
    words = {
        "saved": _("Your name and address are saved."),
        "password": _("Your password is changed. You were signed out everywhere else."),
        "ended": _("You are signed out there."),
    }
    return _page(request, tx, visitor, notice=("calm", words[done]) if done in words else None)


@router.post("")
@takes_long
def change_details(request: Request, reading: Reading, tx: Writing, visitor: SignedIn, form: OwnForm) -> Response:
    """Change name and address."""
    fields = typed(form, "name", "email", "password")
    try:
        accounts.change_details(
            reading,
            tx,
            request.app.state.doorkeeper,
            visitor.person.id,
            name=fields["name"],
            email=fields["email"],
            password=fields["password"],
        )
    except (InvalidInput, TooSoon) as error:
        return _page(request, reading, visitor, details=fields.wrong(error).shown(), status=422)
    return RedirectResponse("/account?done=saved", 303)


@router.post("/password")
@takes_long
def change_password(request: Request, reading: Reading, tx: Writing, visitor: SignedIn, form: OwnForm) -> Response:
    """Choose another password; every other sign-in ends."""
    fields = typed(form, "old", "password", "again")
    state = request.app.state
    try:
        opened = accounts.change_password(
            reading,
            tx,
            state.doorkeeper,
            visitor.person.id,
            old=fields["old"],
            new=new_password(fields),
            hours=state.settings.session_hours,
        )
    except (InvalidInput, TooSoon) as error:
        return _page(request, reading, visitor, password=fields.wrong(error).shown(), status=422)
    return begin(request, opened, "/account?done=password")


@router.post("/sessions/end")
def end_other_sessions(request: Request, tx: Writing, visitor: SignedIn, _form: OwnForm) -> Response:
    """Sign out everywhere but here."""
    accounts.end_other_sessions(tx, visitor.person.id, session_token(request))
    return RedirectResponse("/account?done=ended", 303)


@router.post("/sessions/{handle}/end")
def end_session(tx: Writing, visitor: SignedIn, handle: SessionHandle, _form: OwnForm) -> Response:
    """Sign out in one place."""
    accounts.end_session(tx, visitor.person.id, handle)
    return RedirectResponse("/account?done=ended", 303)


@router.get("/data.zip")
@takes_long
def data(tx: Reading, visitor: SignedIn) -> Response:
    """Everything that is stored about oneself."""
    file = personal_data(tx, visitor.person.id, unreleased=False)
    return zipped(file, "gradus-my-data.zip")


@router.get("/erase")
def erase_page(request: Request, tx: Reading, visitor: SignedIn) -> Response:
    """What erasing means, before it is done."""
    return _erase_page(request, tx, visitor, Typed())


@router.post("/erase")
@takes_long
def erase(request: Request, reading: Reading, tx: Writing, visitor: SignedIn, form: OwnForm) -> Response:
    """Erase one's own account, and leave."""
    fields = typed(form, "password", "sure")
    try:
        if text_of(form, "sure") != "yes":
            raise InvalidInput(_("Tick the box when you are sure."), place="sure")
        erasure.erase_oneself(reading, tx, request.app.state.doorkeeper, visitor.person, fields["password"])
    except (InvalidInput, Conflict, NotAllowed) as error:
        place = error.place if isinstance(error, InvalidInput) else ""
        return _erase_page(request, reading, visitor, Typed({}, place, told(str(error))), status=422)
    answer = RedirectResponse("/", 303)
    remember(request, answer, "", 0)
    return answer


def zipped(file: Any, name: str) -> Response:
    """A ZIP file to be kept by its reader and by nobody on the way."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return StreamingResponse(pieces(file), media_type="application/zip", headers=headers)


def _page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    *,
    details: Typed | None = None,
    password: Typed | None = None,
    notice: tuple[str, str] | None = None,
    status: int = 200,
) -> Response:
    own = accounts.account(tx, visitor.person.id)
    sessions = accounts.own_sessions(tx, visitor.person.id, session_token(request))
    others = sum(not one.here for one in sessions)
    return html_page(
        request,
        "account/account.html",
        status=status,
        visitor=visitor,
        here="/account",
        account=own,
        places=accounts.places(tx, visitor.person.id),
        sessions=sessions,
        others=ngettext("%(n)s other place", "%(n)s other places", others) % {"n": others} if others else "",
        details=details or Typed({"name": own.name, "email": own.email or ""}),
        changing=password or Typed(),
        notice=notice,
    )


def _erase_page(request: Request, tx: Transaction, visitor: Visitor, fields: Typed, status: int = 200) -> Response:
    return html_page(
        request,
        "account/erase.html",
        status=status,
        visitor=visitor,
        here="/account",
        typed=fields,
        account=accounts.account(tx, visitor.person.id),
    )
