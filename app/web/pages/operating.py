"""For whoever watches over an installation: is it alive, is it ready, and its measurements."""

from __future__ import annotations

import hmac
from ipaddress import ip_address

from fastapi import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from app.domain.errors import NotAllowed
from app.routing.routes import Routes
from app.services.operating.measures import exposition_of
from app.web.members import Anyone

router = Routes()
NOT_KEPT = {"Cache-Control": "no-store"}
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


@router.api_route("/healthz", methods=["GET", "HEAD"], dependencies=[Anyone])
def healthz() -> Response:
    """The process is alive and answers; nothing else is asked."""
    return PlainTextResponse("ok\n", headers=NOT_KEPT)


@router.api_route("/readyz", methods=["GET", "HEAD"], dependencies=[Anyone])
def readyz(request: Request) -> Response:
    """Everything that serving people well needs, by name; 503 when something is missing."""
    checks = request.app.state.readiness.look()
    status = 200 if all(check.well for check in checks) else 503
    if "json" in request.headers.get("accept", ""):
        told = {check.name: {"ok": check.well, "says": check.says} for check in checks}
        return JSONResponse({"ready": status == 200, "checks": told}, status, headers=NOT_KEPT)
    lines = "".join(f"{check.name}: {'ok' if check.well else 'NOT OK'}, {check.says}\n" for check in checks)
    return PlainTextResponse(lines, status, headers=NOT_KEPT)


@router.get("/metrics", dependencies=[Anyone])
def metrics(request: Request) -> Response:
    """Measurements for Prometheus."""
    _may_measure(request)
    state = request.app.state
    settings = state.settings
    text = exposition_of(state.measures, state.transactions, settings.grace_seconds, settings.var_path)
    return Response(text, media_type=PROMETHEUS, headers=NOT_KEPT)


def _may_measure(request: Request) -> None:
    """Let those pass who have the token; where there is none, programs on this machine.

    Raises:
        NotAllowed: for all others.
    """
    expected: str = request.app.state.settings.metrics_token
    if expected:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        if hmac.compare_digest(given.encode(), expected.encode()):
            return
        raise NotAllowed("The measurements need the token of GRADUS_METRICS_TOKEN.")
    # What came through a proxy on this machine came from elsewhere.
    if "x-forwarded-for" not in request.headers and "forwarded" not in request.headers and _is_here(request):
        return
    raise NotAllowed("The measurements are for programs on this machine; others need GRADUS_METRICS_TOKEN.")


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
