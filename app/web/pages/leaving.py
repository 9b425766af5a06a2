"""Leaving a question for good, where one goes through a quiz forward only."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from app.routing.routes import Routes
from app.routing.transactions import Writing
from app.services.sitting import going_forward
from app.web.members import Sitting
from app.web.pages.attempts import AttemptHere, attempt_page_of
from app.web.paths import Position, PublicId
from app.web.visitors import OwnForm

router = Routes(prefix="/attempts/{attempt_id}/questions/{position}/leave")


@router.get("")
def leave_page(request: Request, visitor: Sitting, attempt: AttemptHere, position: Position) -> Response:
    """The question whether to leave a question, which cannot be taken back."""
    if attempt.state != "open" or attempt.reached != position or position >= len(attempt.items):
        return RedirectResponse(f"/attempts/{attempt.id}", 303)
    return attempt_page_of(request, visitor, attempt, "leave", item=attempt.items[position - 1])


@router.post("")
def leave(tx: Writing, visitor: Sitting, attempt_id: PublicId, position: Position, _form: OwnForm) -> Response:
    """Leave a question; a second time changes nothing."""
    now_open = going_forward.leave(tx, visitor.person.id, attempt_id, position)
    return RedirectResponse(f"/attempts/{attempt_id}/questions/{now_open}", 303)
