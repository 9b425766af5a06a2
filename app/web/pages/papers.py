"""Papers: choosing how many, making their variants, and the sheets that are printed."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput, NotAllowed
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.quizzes import papers, quiz_building
from app.services.quizzes.papers import For
from app.web.members import Instructor
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn
from app.web.wording import gettext as _
from app.web.wording import language_now, told

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}/papers")
Whose = Annotated[For, Query()]
Number = Annotated[int, Query(ge=0, le=papers.MOST_PAPERS)]


@router.get("")
def papers_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    whose: Annotated[str, Query(max_length=20)] = "",
    count: Annotated[str, Query(max_length=20)] = "",
) -> Response:
    """How many papers, for whom, and how far they are."""
    plan = quiz_building.quiz_plan(tx, membership.course_id, quiz_id)
    context: dict[str, Any] = {"whose": whose or "blank", "count": count or "30", "complaints": {}, "papers": None}
    status = 200
    if whose:
        try:
            # The address itself says what is asked for, so it can be kept and opened again.
            kind, number = _asked(whose, count)
            context["papers"] = papers.paper_plan(tx, membership.course_id, quiz_id, kind, number)
        except InvalidInput as error:
            context["complaints"], status = {error.place: told(str(error))}, 422
        except NotAllowed as error:
            context["complaints"], status = {"whose": told(str(error))}, 422
    return html_page(
        request,
        "papers/choose.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        plan=plan,
        most=papers.MOST_PAPERS,
        **context,
    )


@router.post("/prepare")
@takes_long
def prepare(
    request: Request,
    reading: Reading,
    writing: Writing,
    membership: Instructor,
    quiz_id: PublicId,
    form: OwnForm,
) -> Response:
    """Make some of the missing variants; the page goes on asking until none is missing."""
    kind, number = _asked(_text(form, "whose"), _text(form, "count"))
    sandbox = request.app.state.sandbox
    papers.prepare(reading, writing, sandbox, membership.course_id, quiz_id, kind, number)
    asked = urlencode({"whose": kind, "count": number})
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/papers?{asked}", 303)


@router.get("/sheets")
@takes_long
def sheets(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    whose: Whose = "blank",
    count: Number = 1,
    first: Number = 1,
    last: Number = papers.SHEET,
    key: Annotated[bool, Query()] = False,
) -> Response:
    """Papers to print, or their keys."""
    found = papers.papers(tx, membership.course_id, quiz_id, whose, count, first, last, language_now())
    return html_page(
        request,
        "papers/sheets.html",
        visitor=visitor,
        membership=membership,
        quiz_id=quiz_id,
        title=found[0],
        papers=found[1],
        key=key,
        spare=0,
        back=urlencode({"whose": whose, "count": count}),
    )


def _asked(whose: str, count: str) -> tuple[For, int]:
    kind: For = "roster" if whose == "roster" else "blank"
    if kind == "roster":
        return kind, 1
    if not (count.isascii() and count.isdigit() and len(count) < 6):
        raise InvalidInput(_("How many papers? A whole number."), "count")
    return kind, int(count)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""
