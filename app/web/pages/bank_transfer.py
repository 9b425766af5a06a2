"""Questions from a zip file: look at what it holds, then decide what becomes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from fastapi import Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from app.domain.errors import InvalidInput
from app.interchange.archives import LARGEST_ARCHIVE
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.routing.turns import takes_long
from app.services.bank import bank_transfer
from app.services.bank.bank_transfer import Choice, Inspection
from app.services.operating.put_aside import get_back, put_aside, throw_away
from app.web.members import Author
from app.web.paths import PublicId
from app.web.templating import html_page
from app.web.uploads import TakesFile, file_of
from app.web.visitors import OwnForm
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes(prefix="/bank/import")

ADDRESS = "/bank/import"
LARGEST_BODY = LARGEST_ARCHIVE + 100_000


@router.get("")
def import_page(request: Request, visitor: Author) -> Response:
    """The form that takes a zip file."""
    return _page(request, "import", visitor)


@router.post("", dependencies=[TakesFile])
@takes_long
def look(request: Request, reading: Reading, visitor: Author, form: OwnForm) -> Response:
    """What a zip file holds: nothing is stored in the bank yet."""
    content = file_of(form, "file")
    if not content:
        return _page(request, "import", visitor, status=422, complaint=_("Choose a zip file first."))
    try:
        inspection = bank_transfer.inspect_zip(reading, request.app.state.sandbox, content)
    except InvalidInput as error:
        return _page(request, "import", visitor, status=422, complaint=told(str(error)))
    token = put_aside(_aside(request), visitor.person.id, content)
    return _found(request, visitor, inspection, token)


@router.post("/{token}")
@takes_long
def take(
    request: Request, reading: Reading, writing: Writing, visitor: Author, token: PublicId, form: OwnForm
) -> Response:
    """Let become of each question what was chosen. It is looked at again: the bank may have changed."""
    data = get_back(_aside(request), visitor.person.id, token)
    inspection = bank_transfer.inspect_zip(reading, request.app.state.sandbox, data)
    choices = _choices(form, inspection)
    note = str(form.get("note", "")).strip()
    try:
        done = bank_transfer.import_zip(writing, inspection, choices, visitor.person, note)
    except InvalidInput as error:
        return _found(
            request, visitor, inspection, token, status=422, choices=choices, note=note, complaint=told(str(error))
        )
    throw_away(_aside(request), visitor.person.id, token)
    if len(done.versions) == 1 and not done.drafts:
        return RedirectResponse(f"/bank/{done.versions[0][0]}", 303)
    return _page(request, "imported", visitor, done=done)


def _choices(form: FormData, inspection: Inspection) -> dict[int, Choice]:
    found: dict[int, Choice] = {}
    for place in range(len(inspection.findings)):
        chosen = form.get(f"choice-{place}", "leave")
        found[place] = cast(Choice, chosen) if chosen in ("version", "draft") else "leave"
    return found


def _found(
    request: Request,
    visitor: Author,
    inspection: Inspection,
    token: str,
    *,
    choices: dict[int, Choice] | None = None,
    **context: Any,
) -> Response:
    chosen = bank_transfer.default_choices(inspection.findings) | (choices or {})
    return _page(request, "found", visitor, inspection=inspection, token=token, choices=chosen, **context)


def _page(request: Request, name: str, visitor: Author, *, status: int = 200, **context: Any) -> Response:
    context = {"complaint": "", "note": ""} | context
    return html_page(request, f"bank/{name}.html", status=status, visitor=visitor, **context)


def _aside(request: Request) -> Path:
    folder: Path = request.app.state.settings.var_path
    return folder / "imports"
