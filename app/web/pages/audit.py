"""The audit: what was done in a course, for its instructors; and everywhere, for administrators."""

from __future__ import annotations

from datetime import UTC, tzinfo
from typing import Annotated, Any

from fastapi import Query, Request
from starlette.responses import Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.accounts.sessions import Visitor
from app.services.courses.local_times import zone_of
from app.services.operating import audit
from app.services.operating.transactions import Transaction
from app.web.audited import actions, details_of, kinds, things
from app.web.members import Administrator, Instructor
from app.web.templating import html_page
from app.web.visitors import SignedIn
from app.web.wording import told

router = Routes()
Kind = Annotated[str, Query(max_length=20)]
Who = Annotated[str, Query(max_length=1000)]
Before = Annotated[int | None, Query(ge=1, le=2**62)]


@router.get("/audit")
def everywhere(
    request: Request, tx: Reading, visitor: Administrator, kind: Kind = "", who: Who = "", before: Before = None
) -> Response:
    """What was done in this installation, the newest first."""
    return _page(request, tx, visitor, "/audit", None, UTC, kind, who, before, here="/people")


@router.get("/courses/{course_id}/audit")
def of_course(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    kind: Kind = "",
    who: Who = "",
    before: Before = None,
) -> Response:
    """What was done in a course, the newest first."""
    course = (membership.course_id, membership.course)
    root, zone = f"/courses/{membership.course}/audit", zone_of(membership.time_zone)
    more = {"membership": membership, "here": "/courses"}
    return _page(request, tx, visitor, root, course, zone, kind, who, before, **more)


def _page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    root: str,
    course: tuple[int, str] | None,
    zone: tzinfo,
    kind: str,
    who: str,
    before: int | None,
    **more: Any,
) -> Response:
    notice, page = None, audit.Page((), None)
    try:
        page = audit.done_in_course(tx, course, kind=kind, who=who, before=before)
    except InvalidInput as error:
        notice = ("wrong", told(str(error)))
    offered = audit.KINDS if course is None else audit.OF_COURSES
    return html_page(
        request,
        "audit/list.html",
        status=200 if notice is None else 422,
        visitor=visitor,
        root=root,
        notice=notice,
        page=page,
        kind=kind,
        who=who,
        before=before,
        zone=zone,
        kinds=[(one, name) for one, name in kinds().items() if one in offered],
        actions=actions(),
        things=things(),
        details_of=details_of,
        **({"membership": None} | more),
    )
