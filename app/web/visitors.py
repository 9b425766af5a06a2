"""Who is asking: the session cookie, and the proof that a form was sent from our own pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlsplit

from fastapi import Depends, Request
from starlette.datastructures import FormData
from starlette.responses import Response

from app.domain.access import declares
from app.domain.errors import GradusError, InvalidInput, NotAllowed
from app.routing.transactions import Reading
from app.routing.turns import posted_form
from app.services.accounts import sessions
from app.services.accounts.sessions import Visitor

COOKIE = "gradus-session"
# Browsers accept a cookie of this name only over TLS, for this very host and path.
SECURE_COOKIE = "__Host-gradus-session"
TOKEN = re.compile(r"[A-Za-z0-9_-]{16,256}")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class SignInNeeded(GradusError):
    """The page is for people who have signed in."""


def over_tls(request: Request) -> bool:
    """Whether people reach us through TLS."""
    public: str = request.app.state.settings.public_url
    return public.startswith("https://") or request.url.scheme == "https"


def session_token(request: Request) -> str:
    """The token in the session cookie, or nothing."""
    token = request.cookies.get(SECURE_COOKIE if over_tls(request) else COOKIE, "")
    return token if TOKEN.fullmatch(token) else ""


def remember(request: Request, response: Response, token: str, seconds: int) -> None:
    """Give the browser its session cookie; an empty token takes it back."""
    secure = over_tls(request)
    response.set_cookie(
        SECURE_COOKIE if secure else COOKIE,
        token,
        max_age=seconds if token else 0,
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def visitor_or_nobody(request: Request, tx: Reading) -> Visitor | None:
    """Who is signed in, if anybody."""
    token = session_token(request)
    found = sessions.visitor(tx, token) if token else None
    if found is not None:
        request.state.person_id = found.person.id  # for the log
        request.state.visitor = found  # for a page that says what went wrong
    return found


MaybeVisitor = Annotated[Visitor | None, Depends(visitor_or_nobody, scope="function")]


@declares("signed in")
async def signed_in(visitor: MaybeVisitor) -> Visitor:
    """Who is signed in.

    Raises:
        SignInNeeded: nobody is.
    """
    if visitor is None:
        raise SignInNeeded("Please sign in first.")
    return visitor


SignedIn = Annotated[Visitor, Depends(signed_in, scope="function")]


async def from_our_pages(request: Request) -> None:
    """Refuse what another site's page sends in a visitor's name.

    Raises:
        NotAllowed: the Origin header names another site.
    """
    if request.method in SAFE:
        return
    origin = request.headers.get("origin")
    if origin is None:
        # Programs send none; browsers that leave it out say where the request comes from here.
        if request.headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
            return
    elif origin == request.app.state.settings.public_url or _host(origin) == request.headers.get("host"):
        return
    raise NotAllowed("This request came from another site, so it was not carried out.")


def _host(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc or None
    except ValueError:
        return None


async def any_form(request: Request) -> AsyncIterator[FormData]:
    """A posted form without characters that cannot be stored; files only where the route takes them (app.web.uploads).

    Raises:
        InvalidInput: a field holds such characters.
    """
    form = await posted_form(request)
    try:
        for name, value in form.multi_items():
            if not storable(name) or not storable(value if isinstance(value, str) else value.filename):
                raise InvalidInput("A field of the form holds characters that cannot be stored.", name[:80])
        yield form
    finally:
        await form.close()  # and the files that came with it


@declares("signed in")
async def own_form(request: Request, form: Annotated[FormData, Depends(any_form)]) -> FormData:
    """A form that was made for this very session.

    Raises:
        NotAllowed: its token does not belong to the session.
        SignInNeeded: there is no session.
    """
    token = session_token(request)
    if not token:
        raise SignInNeeded("Please sign in first.")
    given = form.get("csrf")
    if not isinstance(given, str) or not sessions.csrf_matches(token, given):
        raise NotAllowed("This form does not belong to your session. Go back, reload the page and send it again.")
    return form


AnyForm = Annotated[FormData, Depends(any_form)]
OwnForm = Annotated[FormData, Depends(own_form)]


def storable(value: Any) -> bool:
    """Whether texts in this JSON value can be stored and sent: no NUL, no lone surrogates."""
    if isinstance(value, str):
        return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)
    if isinstance(value, dict):
        return all(storable(key) and storable(item) for key, item in value.items())
    if isinstance(value, list):
        return all(storable(item) for item in value)
    return True
