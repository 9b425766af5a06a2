"""All routes for people."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from starlette.responses import PlainTextResponse, Response

from app.web.members import Anyone
from app.web.pages import attempts, quizzes, results, saves, session
from app.web.visitors import from_our_pages

router = APIRouter(include_in_schema=False, dependencies=[Depends(from_our_pages)])
for noun in (session, quizzes, attempts, saves, results):
    router.include_router(noun.router)


@router.api_route("/healthz", methods=["GET", "HEAD"], dependencies=[Anyone])
def healthz() -> Response:
    """For whoever watches over the process."""
    return PlainTextResponse("ok\n")


@router.api_route("/static/{tree}/{name:path}", methods=["GET", "HEAD"], dependencies=[Anyone])
async def static(request: Request, tree: str, name: str) -> Response:
    """A script, style or font; from memory, so it need not leave the event loop."""
    served: Response = request.app.state.assets.serve(request, tree, name)
    return served


@router.api_route("/favicon.ico", methods=["GET", "HEAD"], dependencies=[Anyone])
async def favicon(request: Request) -> Response:
    """Browsers ask for it whatever the page says."""
    assets = request.app.state.assets
    served: Response = assets.serve(request, assets.hash, "favicon.svg")
    return served
