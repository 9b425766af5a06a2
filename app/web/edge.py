"""What surrounds every request: limits, security headers, and a calm answer when something breaks."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.web.watching import route_of

log = logging.getLogger(__name__)

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: browsers would then send `Origin: null`, which the check of origins refuses.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
ONE_YEAR = "max-age=31536000"


class SecurityHeaders:
    """Adds the headers above to every answer."""

    def __init__(self, app: ASGIApp, *, tls: bool) -> None:
        self._app = app
        self._headers = HEADERS | ({"Strict-Transport-Security": ONE_YEAR} if tls else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


class CalmFailure:
    """Turns what nobody foresaw into a page of `sorry(request)`; the stack trace goes to the log."""

    def __init__(self, app: ASGIApp, *, sorry: Callable[[Request], Response]) -> None:
        self._app = app
        self._sorry = sorry

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except ClientDisconnect:
            log.info("%s %s was broken off", scope["method"], route_of(scope))  # nobody is left to be answered
        except Exception:
            if scope["type"] != "http" or started:
                raise
            # Not the address itself: a link for a new password is one.
            log.exception("%s %s failed", scope["method"], route_of(scope))
            await self._sorry(Request(scope))(scope, receive, send)


class BodyLimit:
    """Refuses bodies that are too large, before or while they arrive. `larger` are paths that take more than others.

    `patterns` are such paths with changing pieces.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int,
        larger: Mapping[str, int] | None = None,
        patterns: Sequence[tuple[re.Pattern[str], int]] = (),
    ) -> None:
        self._app = app
        self._most = most
        self._larger = larger or {}
        self._patterns = patterns

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._most_for(scope["path"])
        length = dict(scope["headers"]).get(b"content-length", b"0")
        announced = int(length) if length.isdigit() and len(length) < 20 else most + 1
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            if announced > most:
                raise HTTPException(413)
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)

    def _most_for(self, path: str) -> int:
        for pattern, most in self._patterns:
            if pattern.fullmatch(path):
                return most
        return self._larger.get(path, self._most)
