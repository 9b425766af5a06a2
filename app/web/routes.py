"""All routes for people."""

from __future__ import annotations

from fastapi import Depends, Request
from starlette.responses import Response

from app.routing.routes import Routes
from app.web.members import Anyone
from app.web.pages import (
    accommodations,
    account,
    adjustments,
    attempts,
    audit,
    bank,
    bank_transfer,
    course_quizzes,
    courses,
    desk,
    drafts,
    drawn_pages,
    gallery,
    grade_rules,
    gradebook,
    images,
    invigilation,
    invitations,
    languages,
    late_saves,
    leaving,
    marking_quality,
    news,
    operating,
    outcomes,
    own_papers,
    papers,
    passwords,
    people,
    practising,
    quiz_building,
    quizzes,
    receipts,
    regrades,
    requests,
    results,
    roster,
    roster_lists,
    saves,
    session,
    tokens,
    webhooks,
    welcome,
)
from app.web.visitors import from_our_pages

router = Routes(include_in_schema=False, dependencies=[Depends(from_our_pages)])
for noun in (
    drafts,  # before the bank, for the sake of /bank/new
    session,
    languages,
    courses,  # before those of one course, for the sake of /courses/new
    account,
    passwords,
    welcome,
    invitations,
    people,
    audit,
    roster,
    roster_lists,
    quizzes,
    attempts,
    leaving,
    practising,
    saves,
    news,
    drawn_pages,
    gallery,
    results,
    receipts,
    own_papers,
    requests,
    images,
    outcomes,
    invigilation,
    late_saves,
    desk,
    marking_quality,
    regrades,
    gradebook,
    grade_rules,
    adjustments,
    operating,
    tokens,
    webhooks,
    quiz_building,
    accommodations,
    papers,
    course_quizzes,
    bank_transfer,
    bank,  # after all others below /bank: its /bank/{question} would take their addresses
):
    router.include(noun.router)


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
