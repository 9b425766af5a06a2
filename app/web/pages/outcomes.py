"""Results and figures of a quiz, for the staff of its course."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.accounts.sessions import Visitor
from app.services.courses.membership import Membership
from app.services.marking import gallery, held_back
from app.services.operating.transactions import Transaction
from app.services.results import deductions, item_figures, outcome_sheets, outcomes
from app.services.results.outcomes import QuizOutcomes
from app.web.forms import Typed, typed
from app.web.members import Instructor, Staff
from app.web.pages.quiz_building import done_words
from app.web.pages.results import by_part
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.visitors import OwnForm, SignedIn

router = Routes(prefix="/courses/{course_id}/quizzes/{quiz_id}")

LONGEST_SEARCH = 200
Text = Annotated[str, Query(max_length=LONGEST_SEARCH)]


@router.get("/results")
def results_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    quiz_id: PublicId,
    q: Text = "",
    sort: Text = "name",
    order: Text = "asc",
    done: Text = "",
) -> Response:
    """Everybody's points, question by question."""
    found = _outcomes(tx, membership, quiz_id)
    descending = order == "desc"
    return html_page(
        request,
        "outcomes/results.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=outcome_sheets.zone_of(membership.time_zone),
        quiz=found,
        asks=gallery.asks(tx, membership.course_id, quiz_id),
        rows=outcomes.arranged(found.rows, q, sort, descending),
        search=q,
        sort=sort,
        descending=descending,
        sorted_by=_Sorting(q, sort, descending),
        notice=done_words(done),
    )


def _outcomes(tx: Transaction, membership: Membership, quiz_id: str) -> QuizOutcomes:
    held = held_back.held_back(tx, membership, quiz_id)
    return outcomes.outcomes(tx, membership.course_id, quiz_id, held)


class _Sorting:
    """The addresses behind the heads of the columns: the same search, and the other direction for the current one."""

    def __init__(self, search: str, sort: str, descending: bool) -> None:
        self._search, self._sort, self._descending = search, sort, descending

    def link(self, column: str) -> str:
        """Sort by that column; points and times begin with the largest."""
        first = "asc" if column in ("name", "state") else "desc"
        other = "asc" if self._descending else "desc"
        asked = {"sort": column, "order": other if column == self._sort else first}
        return "?" + urlencode(({"q": self._search} if self._search else {}) | asked)

    def aria(self, column: str) -> str:
        """What `aria-sort` says about that column."""
        if column != self._sort:
            return "none"
        return "descending" if self._descending else "ascending"


@router.get("/results.csv")
@takes_long
def results_csv(tx: Reading, membership: Staff, quiz_id: PublicId) -> Response:
    """The table for every program that reads CSV."""
    found = _outcomes(tx, membership, quiz_id)
    sheet = outcome_sheets.results_sheet(found, membership.time_zone)
    return _download(outcome_sheets.as_csv(sheet), membership.title, found, tx.now(), "csv")


@router.get("/results.xlsx")
@takes_long
def results_xlsx(tx: Reading, membership: Staff, quiz_id: PublicId) -> Response:
    """The table as a workbook."""
    found = _outcomes(tx, membership, quiz_id)
    sheet = outcome_sheets.results_sheet(found, membership.time_zone)
    return _download(outcome_sheets.as_xlsx(sheet), membership.title, found, tx.now(), "xlsx")


def _download(pieces: Iterator[bytes], course: str, found: QuizOutcomes, now: datetime, ending: str) -> Response:
    name = outcome_sheets.file_name(course, found.title, now, ending)
    headers = {
        "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces, media_type=outcome_sheets.MEDIA[ending], headers=headers)


@router.get("/results/{attempt_id}")
def attempt_page(
    request: Request, tx: Reading, visitor: SignedIn, membership: Staff, quiz_id: PublicId, attempt_id: PublicId
) -> Response:
    """One attempt as its student sees it, and everything that led to it."""
    return _attempt_page(request, tx, visitor, membership, quiz_id, attempt_id, Typed())


@router.post("/results/{attempt_id}/deductions")
def change_deductions(
    request: Request,
    reading: Reading,
    writing: Writing,
    visitor: SignedIn,
    membership: Instructor,
    quiz_id: PublicId,
    attempt_id: PublicId,
    form: OwnForm,
) -> Response:
    """Waive what is deducted from an attempt, or let it be deducted again."""
    fields = typed(form, "what", "reason")
    change = deductions.deduct_again if fields["what"] == "deduct" else deductions.waive
    try:
        change(writing, membership, quiz_id, attempt_id, fields["reason"])
    except InvalidInput as error:
        wrong = fields.wrong(error)
        return _attempt_page(request, reading, visitor, membership, quiz_id, attempt_id, wrong, status=422)
    return RedirectResponse(f"/courses/{membership.course}/quizzes/{quiz_id}/results/{attempt_id}#deductions", 303)


def _attempt_page(
    request: Request,
    tx: Transaction,
    visitor: Visitor,
    membership: Membership,
    quiz_id: str,
    attempt_id: str,
    fields: Typed,
    *,
    status: int = 200,
) -> Response:
    detail = outcomes.attempt_detail(tx, membership.course_id, quiz_id, attempt_id)
    second = held_back.open_to(tx, membership, quiz_id, attempt_id)
    if second:
        detail = outcomes.without_decisions(detail)
    return html_page(
        request,
        "outcomes/attempt.html",
        status=status,
        visitor=visitor,
        here="/courses",
        membership=membership,
        zone=outcome_sheets.zone_of(membership.time_zone),
        detail=detail,
        second=second,
        changes=by_part(detail.history),
        waived=detail.result is not None and deductions.is_waived(detail.result.deducted),
        typed=fields,
    )


@router.get("/figures")
def figures_page(request: Request, tx: Reading, visitor: SignedIn, membership: Staff, quiz_id: PublicId) -> Response:
    """How the points are spread, and what each question did."""
    return html_page(
        request,
        "outcomes/figures.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        figures=item_figures.quiz_figures(tx, membership.course_id, quiz_id),
        fewest=item_figures.FEWEST,
    )
