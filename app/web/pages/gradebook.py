"""The gradebook of a course: everybody's for its staff, a student's own, and files of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.routing.turns import takes_long
from app.services.courses.local_times import zone_of
from app.services.courses.membership import Membership
from app.services.marking.held_back import held_back_in_course
from app.services.operating.transactions import Transaction
from app.services.results import adjustments, gradebook, gradebook_sheets, outcome_sheets
from app.services.results.gradebook import Gradebook, Row
from app.web.members import Member, Staff
from app.web.paths import PersonId
from app.web.templating import html_page
from app.web.visitors import SignedIn

router = Routes(prefix="/courses/{course_id}")
SHOWN = ("all", "missing", "unfinished", "waiting", "requests")


@router.get("/gradebook")
def table_page(
    request: Request,
    tx: Reading,
    visitor: SignedIn,
    membership: Staff,
    show: Annotated[str, Query(max_length=20)] = "all",
) -> Response:
    """Students by quizzes, with totals, and what still stands in the way."""
    book = _book(tx, membership)
    chosen = show if show in SHOWN else "all"
    return html_page(
        request,
        "gradebook/table.html",
        visitor=visitor,
        here="/courses",
        membership=membership,
        book=book,
        rows=[row for row in book.rows if _is_shown(row, chosen)],
        show=chosen,
        concerned={name: sum(_is_shown(row, name) for row in book.rows) for name in SHOWN},
    )


def _book(tx: Transaction, membership: Membership) -> Gradebook:
    return gradebook.gradebook(tx, membership.course_id, held=held_back_in_course(tx, membership))


def _is_shown(row: Row, show: str) -> bool:
    if show == "missing":
        return row.missing > 0
    if show == "unfinished":
        return row.unfinished
    if show == "waiting":
        return row.waiting > 0
    return row.requests > 0 if show == "requests" else True


@router.get("/gradebook.csv")
@takes_long
def gradebook_csv(tx: Reading, membership: Staff) -> Response:
    """The table for every program that reads CSV."""
    sheet = gradebook_sheets.gradebook_sheet(_book(tx, membership), membership.title)
    return _download(outcome_sheets.as_csv(sheet), membership.title, tx.now(), "csv")


@router.get("/gradebook.xlsx")
@takes_long
def gradebook_xlsx(tx: Reading, membership: Staff) -> Response:
    """The table as a workbook."""
    sheet = gradebook_sheets.gradebook_sheet(_book(tx, membership), membership.title)
    return _download(outcome_sheets.as_xlsx(sheet), membership.title, tx.now(), "xlsx")


def _download(pieces: Iterator[bytes], course: str, now: datetime, ending: str) -> Response:
    name = outcome_sheets.file_name(course, "", now, ending, "gradebook")
    headers = {
        "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(pieces, media_type=outcome_sheets.MEDIA[ending], headers=headers)


@router.get("/gradebook/students/{person_id}")
def student_page(request: Request, tx: Reading, visitor: SignedIn, membership: Staff, person_id: PersonId) -> Response:
    """One student's total, and how it came."""
    held = held_back_in_course(tx, membership)
    book = gradebook.student_gradebook(tx, membership.course_id, person_id, held)
    return _one(request, tx, visitor, membership, book, person_id, own=False)


@router.get("/marks")
def own_page(request: Request, tx: Reading, visitor: SignedIn, membership: Member) -> Response:
    """A student's own marks of the course, as far as they are released; staff get the gradebook."""
    if membership.standing != "student":
        return RedirectResponse(f"/courses/{membership.course}/gradebook", 303)
    book = gradebook.own_gradebook(tx, membership)
    return _one(request, tx, visitor, membership, book, visitor.person.id, own=True)


def _one(
    request: Request,
    tx: Transaction,
    visitor: SignedIn,
    membership: Membership,
    book: Gradebook,
    person_id: int,
    *,
    own: bool,
) -> Response:
    (row,) = book.rows
    adjusted = adjustments.adjustments(tx, membership.course_id, person_id, withdrawn=not own)
    withheld = {column.id for column, cell in zip(book.columns, row.cells, strict=True) if cell.state == "withheld"}
    return html_page(
        request,
        "gradebook/own.html" if own else "gradebook/student.html",
        visitor=visitor,
        here="/" if own else "/courses",
        membership=membership,
        zone=zone_of(membership.time_zone),
        book=book,
        row=row,
        adjusted=[one for one in adjusted if one.quiz not in withheld],
    )
