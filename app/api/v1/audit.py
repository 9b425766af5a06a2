"""The audit of a course: what was done there, by whom and when."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from app.api.callers import CourseCaller, in_course
from app.api.cursors import Cursor, Limit, link_next, read_cursor, write_cursor
from app.api.problems import PROTECTED
from app.api.schemas import Line, Moment, Told
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.operating import audit

router = Routes(prefix="/courses/{course_id}/audit", tags=["results"], responses=PROTECTED)


class AuditLineTold(Told):
    """One thing that somebody did; by nobody (an empty `login`) where it was the clock or a command.

    `what` says to what kind of thing (attempt, quiz, regrade, person …), `id` to which. `quiz`: that it belongs to.
    """

    number: int
    at: Moment
    name: str
    login: str
    action: str
    what: str
    id: str
    quiz: str
    about: str
    details: dict[str, Any]


class AuditTold(Told):
    """A page of the audit, the newest first."""

    items: list[AuditLineTold]
    next: str | None


@router.get("", operation_id="listAudit")
def list_audit(
    request: Request,
    response: Response,
    caller: Annotated[CourseCaller, in_course("instructor", "results:read")],
    tx: Reading,
    kind: Annotated[audit.Kind | None, Query(description="Only actions of this kind.")] = None,
    who: Annotated[
        Line, Query(max_length=audit.LONGEST_WHO, description="Only of people with this in their name or login.")
    ] = "",
    limit: Limit = 100,
    cursor: Cursor = None,
) -> AuditTold:
    """List what was done in a course."""
    key = read_cursor(cursor, int)
    page = audit.done_in_course(
        tx,
        (caller.course_id, caller.membership.course),
        kind=kind or "",
        who=who,
        before=None if key is None else int(key[0]),
        limit=limit,
    )
    following = None if page.older is None else write_cursor((page.older,))
    link_next(request, response, following)
    return AuditTold(items=[AuditLineTold.model_validate(one) for one in page.lines], next=following)
