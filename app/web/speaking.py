"""The language of a request: the one chosen on this device, else the one the browser asks for."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import URL, Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.web.visitors import SAFE, over_tls
from app.web.wording import Wording

COOKIE = "gradus-language"
ONE_YEAR = 365 * 86_400
# Behind a language that was chosen by somebody who had not signed in yet.
AT_THE_DOOR = ".door"


class Speaking:
    """Speaks the right language in everything that answers a request."""

    def __init__(self, app: ASGIApp, *, wording: Wording) -> None:
        self._app = app
        self._wording = wording

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            self._wording.speak(self._wording.language_for(headers.get("accept-language", ""), _chosen(headers)))
        await self._app(scope, receive, send)


def _chosen(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value.removesuffix(AT_THE_DOOR) if found is not None else ""


def back_to(request: Request) -> str:
    """The address at which the page that is being made can be asked for again."""
    url = request.url if request.method in SAFE else URL(request.headers.get("referer", "/"))
    return own_path(f"{url.path}?{url.query}" if url.query else url.path)


def own_path(to: str) -> str:
    """That address if it is one of ours, else the front page: a link must not lead people away through our door."""
    fine = to.startswith("/") and not to.startswith(("//", "/\\")) and to.isascii() and to.isprintable()
    return to if fine and len(to) <= 500 and "\\" not in to else "/"


def known_language(request: Request, language: str) -> str:
    """That language if there is a catalogue for it, else nothing."""
    return language if any(language == code for code, _ in request.app.state.templates.languages) else ""


def remember_language(request: Request, response: Response, language: str, *, at_the_door: bool = False) -> None:
    """Keep a chosen language on this device, for a year from now."""
    response.set_cookie(
        COOKIE,
        language + AT_THE_DOOR * at_the_door,
        max_age=ONE_YEAR,
        path="/",
        secure=over_tls(request),
        httponly=True,
        samesite="lax",
    )


def chosen_at_the_door(request: Request) -> str:
    """The language that whoever is signing in has just chosen, if they have."""
    value = request.cookies.get(COOKIE, "")
    return value.removesuffix(AT_THE_DOOR) if value.endswith(AT_THE_DOOR) else ""
