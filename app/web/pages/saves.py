"""What the scripts of an exam page ask for: saving, and how an answer is read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.domain.access import declares
from app.domain.errors import InvalidInput, NotAllowed
from app.services.reading import read_as
from app.services.saving import read_change
from app.services.sessions import save_token_opens
from app.web.members import Anyone
from app.web.paths import PublicId
from app.web.posted import posted_json
from app.web.wording import told

router = APIRouter()
Posted = Annotated[Any, Depends(posted_json)]


@declares("own attempt")
async def attempt_token(request: Request, attempt_id: PublicId) -> None:
    """The attempt's token is enough, so a save outlives the session it was typed in.

    Raises:
        NotAllowed: it is missing, or another attempt's.
    """
    token = request.headers.get("x-attempt-token", "")
    person = save_token_opens(request.app.state.secret, token, attempt_id)
    if person is None:
        raise NotAllowed("This page may not save. Reload it, sign in again if asked; what you typed is kept.")
    request.state.person_id = person  # for the log


@router.post("/attempts/{attempt_id}/saves", dependencies=[Depends(attempt_token)])
async def save(request: Request, attempt_id: PublicId, data: Posted) -> Response:
    """Save changed fields."""
    saved = await request.app.state.saving.save(read_change(attempt_id, data))
    fields = [
        {
            "item": field.item,
            "field": field.field,
            "state": "stale" if field.stale else "saved",
            "revision": field.revision,
            "value": field.value,
        }
        for field in saved.fields
    ]
    return JSONResponse({"received_at": saved.received_at.isoformat(), "duplicate": saved.duplicate, "fields": fields})


@router.post("/reading", dependencies=[Anyone])
def reading(data: Posted) -> Response:
    """How an answer is read. Needs no session: it stores nothing and says nothing about anybody."""
    asked = data if isinstance(data, dict) else {}
    try:
        found = read_as(asked.get("widget") or {}, asked.get("raw"))
    except (ValidationError, AttributeError):
        raise InvalidInput("There is no field of this kind.", "widget") from None
    lines = [asdict(line) | {"says": told(line.says)} for line in found.lines]
    return JSONResponse(asdict(found) | {"says": told(found.says), "words": told(found.words), "lines": lines})
