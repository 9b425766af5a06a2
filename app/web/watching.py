"""Every request gets a number, a line in the log, and a place in the measurements."""

from __future__ import annotations

import logging
import re
import time
from secrets import token_hex

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.services.operating.log_lines import REQUEST
from app.services.operating.measures import Measures

log = logging.getLogger("gradus.requests")

NUMBER = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Asked for all the time, and of no interest as long as they are answered.
QUIET = (
    "/static/{tree}/{name:path}",
    "/favicon.ico",
    "/healthz",
    "/readyz",
    "/metrics",
    "/api/v1/health",
    "/attempts/{attempt_id}/events",
    "/attempts/{attempt_id}/here",
    "/attempts/{attempt_id}/state",
)
NO_ROUTE = "(no route)"


def route_of(scope: Scope) -> str:
    """The route that answers a request, as a template: nothing of the address itself, which may hold a secret."""
    context = scope.get("fastapi", {}).get("effective_route_context")
    found = getattr(context, "path_format", None) or getattr(scope.get("route"), "path_format", None)
    return str(found) if found else NO_ROUTE


class Watched:
    """Numbers, logs and measures requests. A number that a trusted proxy has given is kept."""

    def __init__(self, app: ASGIApp, *, measures: Measures) -> None:
        self._app = app
        self._measures = measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        number = _given(scope) or token_hex(8)
        began = time.perf_counter()
        status = 500

        async def send_with_number(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = number
            await send(message)

        marked = REQUEST.set(number)
        try:
            await self._app(scope, receive, send_with_number)
        finally:
            self._tell(scope, status, time.perf_counter() - began)
            REQUEST.reset(marked)

    def _tell(self, scope: Scope, status: int, seconds: float) -> None:
        method, route, ms = scope["method"], route_of(scope), round(1000 * seconds, 1)
        person = scope.get("state", {}).get("person_id")
        self._measures.request(method, route, status, seconds)
        level = logging.DEBUG if route in QUIET and status < 400 else logging.INFO
        who = f", person {person}" if person is not None else ""
        told = {"method": method, "route": route, "status": status, "ms": ms, "person": person}
        log.log(level, "%s %s %s, %s ms%s", method, route, status, ms, who, extra=told)


def _given(scope: Scope) -> str:
    if not scope.get("trusted_proxy"):
        return ""
    told = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-request-id"]
    return told[-1] if told and NUMBER.fullmatch(told[-1]) else ""
