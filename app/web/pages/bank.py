"""The question bank: finding questions, looking at one, its versions and what differs between them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from app.domain.errors import Conflict, InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.bank import bank_questions, bank_search, bank_transfer
from app.services.bank.bank_questions import QuestionPage
from app.web.members import Author
from app.web.paths import QuestionId, VersionNumber
from app.web.templating import html_page
from app.web.visitors import OwnForm, storable
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/bank")

Word = Annotated[str, Query(max_length=200)]
SEEDS = (0, 1, 2)
LARGEST_SEED = 2**53


@router.get("")
def bank_page(
    request: Request,
    tx: Reading,
    visitor: Author,
    text: Word = "",
    tag: Word = "",
    exam: Word = "",
    grader: Word = "",
    retired: Word = "",
    page: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
) -> Response:
    """The questions that match; everything is in the address, so it can be kept and sent."""
    text, tag, exam, grader = _storable(text, tag, exam, grader)
    query = bank_search.Query(text, tag, exam, grader, retired == "yes", page)
    return html_page(
        request,
        "bank/list.html",
        visitor=visitor,
        query=query,
        found=bank_search.search(tx, query),
        choices=bank_search.choices(tx),
        drafts=bank_search.drafts(tx),
        at=partial(_address, query),
    )


def _storable(*texts: str) -> Iterator[str]:
    if not storable(list(texts)):
        raise InvalidInput("The search holds a character that no text may hold.", "text")
    return (text.strip() for text in texts)


def _address(query: bank_search.Query, **changes: Any) -> str:
    """The address of the same search with something changed; a new filter begins on the first page."""
    asked: dict[str, Any] = {"text": query.text, "tag": query.tag, "exam": query.exam, "grader": query.grader}
    asked |= {"retired": "yes" if query.retired else "", "page": ""} | changes
    kept = {name: value for name, value in asked.items() if value and not (name == "page" and value == 1)}
    return f"/bank?{urlencode(kept)}" if kept else "/bank"


@router.get("/{question}")
@takes_long
def question_page(
    request: Request,
    tx: Reading,
    visitor: Author,
    question: QuestionId,
    seed: Annotated[list[str] | None, Query(max_length=10)] = None,
    language: Word = "en",
) -> Response:
    """The newest version: three variants side by side, its rubric, its history, and where it is asked."""
    return _question(request, tx, visitor, question, None, seed, language)


@router.get("/{question}/versions/{number}")
@takes_long
def version_page(
    request: Request,
    tx: Reading,
    visitor: Author,
    question: QuestionId,
    number: VersionNumber,
    seed: Annotated[list[str] | None, Query(max_length=10)] = None,
    language: Word = "en",
) -> Response:
    """An older version, in the same way."""
    return _question(request, tx, visitor, question, number, seed, language)


def _question(
    request: Request,
    tx: Reading,
    visitor: Author,
    question: str,
    number: int | None,
    typed: list[str] | None,
    language: str,
) -> Response:
    seeds, complaint = _seeds(typed)
    sandbox = request.app.state.sandbox
    found = bank_questions.question_page(
        tx, sandbox, visitor.person, question, number=number, seeds=seeds, language=language
    )
    return _shown(request, visitor, found, typed_seeds=(typed or [])[:2], seed_complaint=complaint)


def _shown(request: Request, visitor: Author, found: QuestionPage, *, status: int = 200, **context: Any) -> Response:
    context = {"typed_seeds": [], "seed_complaint": "", "copy": {}, "complaints": {}} | context
    return html_page(request, "bank/question.html", status=status, visitor=visitor, found=found, **context)


def _seeds(typed: list[str] | None) -> tuple[tuple[int, ...], str]:
    """The printed paper and two others; and a sentence where something else was typed than a number."""
    chosen = [SEEDS[0]]
    complaint = ""
    for place, usual in enumerate(SEEDS[1:]):
        text = typed[place].strip() if typed and place < len(typed) else str(usual)
        if text.isascii() and text.isdigit() and int(text[:20]) <= LARGEST_SEED:
            chosen.append(int(text[:20]))
        else:
            chosen.append(usual)
            complaint = _("A seed is a whole number from 0.")
    return tuple(chosen), complaint


@router.get("/{question}/changes")
def changes_page(
    request: Request,
    tx: Reading,
    visitor: Author,
    question: QuestionId,
    old: Annotated[int | None, Query(alias="from", ge=1, le=2**31 - 1)] = None,
    new: Annotated[int | None, Query(alias="to", ge=1, le=2**31 - 1)] = None,
) -> Response:
    """What differs between two versions, line by line."""
    found = bank_questions.changes_page(tx, question, old, new)
    return html_page(request, "bank/changes.html", visitor=visitor, found=found)


@router.get("/{question}/export")
def export(
    tx: Reading,
    _visitor: Author,
    question: QuestionId,
    version: Annotated[int | None, Query(ge=1, le=2**31 - 1)] = None,
) -> Response:
    """The folder of a version as a zip file."""
    found = bank_transfer.export_zip(tx, question, version)
    headers = {"Content-Disposition": f'attachment; filename="{found.name}"', "Cache-Control": "no-store"}
    return Response(found.content, media_type="application/zip", headers=headers)


@router.post("/{question}/duplicate")
@takes_long
def duplicate(
    request: Request, reading: Reading, writing: Writing, visitor: Author, question: QuestionId, form: OwnForm
) -> Response:
    """A draft of the same question under another id."""
    name, title = (str(form.get(field, "")).strip() for field in ("name", "title"))
    try:
        folder = bank_questions.copied(reading, question, name, title)
        bank_questions.begin_draft(writing, name, folder, visitor.person, title)
    except (InvalidInput, Conflict) as error:
        place = error.place if isinstance(error, InvalidInput) else "name"
        found = bank_questions.question_page(reading, request.app.state.sandbox, visitor.person, question)
        complaints = {place: told(str(error))}
        return _shown(request, visitor, found, status=422, copy={"name": name, "title": title}, complaints=complaints)
    return RedirectResponse(f"/bank/{name}/edit", 303)


@router.post("/{question}/retire")
def retire(writing: Writing, visitor: Author, question: QuestionId, _form: OwnForm) -> Response:
    """Out of use: lists and pools leave it out, quizzes that ask it go on."""
    bank_questions.retire(writing, question, visitor.person, True)
    return RedirectResponse(f"/bank/{question}", 303)


@router.post("/{question}/unretire")
def unretire(writing: Writing, visitor: Author, question: QuestionId, _form: OwnForm) -> Response:
    """Back into use."""
    bank_questions.retire(writing, question, visitor.person, False)
    return RedirectResponse(f"/bank/{question}", 303)
