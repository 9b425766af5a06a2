"""What an open page of an attempt hears by itself: how it stands, as a stream of events, or when it asks."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response, StreamingResponse

from app.domain.errors import NotFound, Unavailable
from app.routing.routes import Routes
from app.services.sitting.news import News
from app.services.sitting.stamps import stamp
from app.web.hub import Hub, Stream
from app.web.pages.saves import attempt_token
from app.web.paths import PublicId

router = Routes(prefix="/attempts/{attempt_id}", dependencies=[Depends(attempt_token)])

COMMENT_EVERY = 8.0
LASTS = 60.0
# Whoever is there answers (`here`). A timer of the page's own might rest while it is in the background.
ASK = ": there?\n\n"
MOST_ASKING = 10
PATIENCE = 10.0


@router.get("/events")
async def events(request: Request, attempt_id: PublicId, after: bool = False) -> Response:
    """How the attempt stands, now and whenever that changes. It ends with the attempt, and now and then to be renewed.

    `after`: for who looks at the receipt, in case that the attempt is reopened; then it ends with that. It needs no
    thread and no transaction; the token is enough, so it outlives the session.
    """
    hub: Hub = request.app.state.hub
    stream = hub.open(attempt_id)
    if stream is None:
        raise HTTPException(429, "Too many pages of this attempt are listening.", {"Retry-After": "5"})
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    told = _events(hub, stream, request.app.state.secret, after=after)
    return StreamingResponse(told, media_type="text/event-stream", headers=headers)


@router.get("/state")
async def state(request: Request, attempt_id: PublicId) -> Response:
    """How the attempt stands now, for pages that cannot have a stream."""
    hub: Hub = request.app.state.hub
    stream = hub.open(attempt_id, MOST_ASKING, brief=True)
    if stream is None:
        raise HTTPException(429, "Too many pages of this attempt are asking.", {"Retry-After": "5"})
    try:
        found = await stream.next(PATIENCE)
    finally:
        hub.leave(stream)
    if found is not None:
        return JSONResponse(_told(found, request.app.state.secret), headers={"Cache-Control": "no-store"})
    if stream.closed:
        raise NotFound("There is no such attempt.")
    raise Unavailable("The server is busy; this page asks again by itself.")


@router.post("/here")
async def here(request: Request, attempt_id: PublicId) -> Response:
    """The page of an attempt is there, and has nothing else to say."""
    request.app.state.hub.heard(attempt_id)
    return Response(status_code=204)


async def _events(hub: Hub, stream: Stream, secret: bytes, *, after: bool = False) -> AsyncIterator[str]:
    # Not all at the same moment where all began together.
    until = asyncio.get_running_loop().time() + LASTS * random.uniform(0.8, 1.2)  # noqa: S311
    try:
        yield ": hello\n\n"
        while not stream.closed and (left := until - asyncio.get_running_loop().time()) > 0:
            # Who was asked just now may answer another process: not again at once.
            quiet_in = 0.0 if after else hub.attendance.quiet_in(stream.attempt)
            found = await stream.next(min(COMMENT_EVERY, left, quiet_in or COMMENT_EVERY))
            if found is None:
                asks = not after and not hub.attendance.quiet_in(stream.attempt)
                yield ASK if asks else ": still here\n\n"
                continue
            yield f"event: state\ndata: {json.dumps(_told(found, secret), ensure_ascii=False)}\n\n"
            if (found.state == "handed in") != after:
                return
    finally:
        hub.leave(stream)


def _told(news: News, secret: bytes) -> dict[str, Any]:
    return {
        "state": news.state,
        "seconds_left": news.seconds_left,
        "now": news.now.isoformat(),
        "stamp": stamp(secret, news.attempt_id, news.now),
        "messages": [{"id": one.id, "at": one.at.isoformat(), "text": one.text} for one in news.messages],
        "another_page": news.another_page,
    }
