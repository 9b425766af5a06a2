"""What the scripts of an exam page ask for: saving, and how an answer is read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Depends, Query, Request
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from app.domain.access import declares
from app.domain.errors import InvalidInput, NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.accounts.sessions import save_token_opens
from app.services.sitting import attempts
from app.services.sitting.reading import read_as
from app.services.sitting.saving import FLAG, KEPT, Kept, SavedField, read_change
from app.services.sitting.stamps import stamp
from app.web.members import Anyone
from app.web.paths import PublicId
from app.web.posted import posted_json
from app.web.seen import watched
from app.web.wording import told

router = Routes()
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


@router.post("/attempts/{attempt_id}/saves", dependencies=[Depends(attempt_token), Depends(watched)])
async def save(request: Request, attempt_id: PublicId, data: Posted) -> Response:
    """Save changed fields. Too late to count: 202, and kept."""
    secret = request.app.state.secret
    request.app.state.hub.heard(attempt_id)
    saved = await request.app.state.saving.save(read_change(attempt_id, data, secret))
    now = stamp(secret, attempt_id, saved.received_at)
    if isinstance(saved, Kept):
        says = told(KEPT)
        kept = {"kept": True, "received_at": saved.received_at.isoformat(), "duplicate": saved.duplicate}
        return JSONResponse(kept | {"says": says, "stamp": now}, 202)
    answer = {"received_at": saved.received_at.isoformat(), "duplicate": saved.duplicate, "stamp": now}
    fields = [_field(one) for one in saved.fields]
    elsewhere = [_field(one) for one in saved.elsewhere]
    return JSONResponse(answer | {"fields": fields, "elsewhere": elsewhere})


def _field(field: SavedField) -> dict[str, Any]:
    return {
        "item": field.item,
        "field": field.field,
        "state": "left" if field.left else "conflict" if field.conflict else "stale" if field.stale else "saved",
        "revision": field.revision,
        "value": field.value,
    }


@router.get("/attempts/{attempt_id}/answers", dependencies=[Depends(attempt_token)])
def answers(request: Request, tx: Reading, attempt_id: PublicId, item: Annotated[int, Query(ge=1)]) -> Response:
    """What is stored of one question and how all stand, for a page that has been told of another one."""
    view = attempts.view(tx, request.state.person_id, attempt_id)
    fields: list[dict[str, Any]] = []
    for one in view.items:
        if one.position == item:
            shown = [field for part in one.parts for field in part.fields]
            fields = [{"field": field.id, "revision": field.revision, "value": field.value} for field in shown]
            fields.append({"field": FLAG, "revision": one.flag_revision, "value": one.flagged})
    standing = [
        {
            "item": one.position,
            "status": one.status,
            "answered": one.fields_answered,
            "of": one.fields_total,
            "flagged": one.flagged,
        }
        for one in view.items
    ]
    now = stamp(request.app.state.secret, attempt_id, view.now)
    return JSONResponse({"stamp": now, "state": view.state, "fields": fields, "questions": standing})


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
