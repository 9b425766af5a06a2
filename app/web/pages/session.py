"""Signing in and out."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts import people, signing_in
from app.services.accounts.sessions import OpenSession
from app.services.accounts.signing_in import SignedIn, TooSoon, WrongPassword
from app.web.members import Anyone
from app.web.speaking import chosen_at_the_door, known_language, own_path, remember_language
from app.web.templating import html_page
from app.web.visitors import AnyForm, OwnForm, remember, session_token
from app.web.wording import told

router = Routes()


def sign_in_page(request: Request, *, to: str = "/", login: str = "", says: str = "", status: int = 200) -> Response:
    """The door."""
    return html_page(request, "session/sign_in.html", status=status, next=own_path(to), login=login, says=says)


@router.post("/sign-in", dependencies=[Anyone])
@takes_long
def sign_in(request: Request, reading: Reading, writing: Writing, form: AnyForm) -> Response:
    """Check a name and a password, and begin a session."""
    login, to = _text(form, "login"), _text(form, "next") or "/"
    state = request.app.state
    try:
        opened = signing_in.sign_in(
            reading,
            writing,
            state.doorkeeper,
            login=login,
            password=_text(form, "password"),
            address=request.client.host if request.client else "",
            hours=state.settings.session_hours,
            former=session_token(request),
        )
    except TooSoon as error:
        page = sign_in_page(request, to=to, login=login[:200], says=told(str(error)), status=429)
        page.headers["Retry-After"] = str(error.seconds)
        return page
    except WrongPassword as error:
        return sign_in_page(request, to=to, login=login[:200], says=told(str(error)), status=403)
    answer = begin(request, opened, to)
    language = known_language(request, chosen_at_the_door(request))
    if language:
        people.choose_language(writing, opened.person.id, language)
    if language or opened.person.language:
        remember_language(request, answer, language or opened.person.language or "")
    return answer


def begin(request: Request, opened: OpenSession | SignedIn, to: str = "/") -> Response:
    """Give the browser a session that has just been opened, and go on."""
    answer = RedirectResponse(own_path(to), 303)
    remember(request, answer, opened.token, int((opened.expires_at - datetime.now(UTC)).total_seconds()))
    return answer


@router.post("/sign-out")
def sign_out(request: Request, writing: Writing, _form: OwnForm) -> Response:
    """End the session."""
    signing_in.sign_out(writing, session_token(request))
    answer = RedirectResponse("/", 303)
    remember(request, answer, "", 0)
    return answer


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
