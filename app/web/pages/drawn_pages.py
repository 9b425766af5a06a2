"""Pages of drawings: uploading a file to an attempt, and looking at what became of it."""

from __future__ import annotations

import re
import tempfile
from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, RedirectResponse, Response

from app.domain.drawing_answers import drawing_of
from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading, Writing
from app.services.marking import gallery
from app.services.sitting import attempts, drawn_pages
from app.services.sitting.drawn_pages import LARGEST_FILE
from app.services.sitting.saving import TooLate
from app.web.fields import raw_from_form
from app.web.members import Sitting, Staff
from app.web.pages.attempts import Attempt, asked_item, save_form, show_question
from app.web.pages.saves import attempt_token
from app.web.paths import FieldId, Position, PublicId
from app.web.uploads import TakesFiles
from app.web.visitors import OwnForm
from app.web.wording import gettext as _
from app.web.wording import language_now, told

router = Routes()

# A form brings the other answers of its question along.
LARGEST_BODY = LARGEST_FILE + 4_000_000
ADDRESSES = re.compile(r"/attempts/[^/]{1,80}/(pages|questions/\d{1,4}/pages/[^/]{1,100})")
IN_MEMORY = 1 << 20
Sha256 = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]
Handle = Annotated[str, Path(pattern=r"^[A-Za-z0-9_-]{1,40}$")]
HEADERS = {
    "Cache-Control": "private, max-age=3600",
    "Content-Disposition": 'inline; filename="page.png"',
    "X-Content-Type-Options": "nosniff",
    # Even opened by itself a page is pixels and nothing else.
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; sandbox; frame-ancestors 'none'",
}


def page_answer(png: bytes) -> Response:
    """A page as a browser gets it."""
    return Response(png, media_type="image/png", headers=HEADERS)


@router.post("/attempts/{attempt_id}/pages", dependencies=[Depends(attempt_token)])
async def upload(
    request: Request,
    attempt_id: PublicId,
    item: Annotated[int, Query(ge=1, le=10_000)],
    field: Annotated[str, Query(min_length=1, max_length=100)],
) -> Response:
    """Take a file (the body itself) for a field. The attempt's token is enough, as for saving."""
    with tempfile.SpooledTemporaryFile(IN_MEMORY) as file:
        taken = 0
        async for piece in request.stream():
            taken += len(piece)
            if taken > LARGEST_FILE:
                raise InvalidInput(_("This file is larger than %(n)s MB.") % {"n": LARGEST_FILE >> 20}, "file")
            file.write(piece)
        file.seek(0)
        take = request.app.state.uploads.take
        pages = await run_in_threadpool(take, request.state.person_id, attempt_id, item, field, file)
    return JSONResponse(
        {"pages": [{"sha256": page.sha256, "width": page.width, "height": page.height} for page in pages]}
    )


@router.post("/attempts/{attempt_id}/questions/{position}/pages/{field}", dependencies=[TakesFiles])
async def upload_form(
    request: Request, visitor: Sitting, attempt: Attempt, position: Position, field: FieldId, form: OwnForm
) -> Response:
    """Take the file of a page without scripts: everything else on that page is saved, then the new pages are added."""
    item = asked_item(attempt, position)
    late: TooLate | None = None
    try:
        await save_form(request, attempt, item, form)
    except TooLate as error:
        late = error  # the drawing is kept, too, before that is said
    shown = next((one for part in item.parts for one in part.fields if one.id == field), None)
    file = form.get(f"f.{field}.file")
    complaint = ""
    if shown is None or not isinstance(file, UploadFile) or not file.filename:
        complaint = _("Choose a file first.")
    else:
        raw = raw_from_form(shown.widget, field, form)
        pages, description, consent = drawing_of(raw)
        if isinstance(raw, list) and len(raw) == 3:
            description, consent = raw[1], raw[2]  # a tick alone is no answer yet, and is kept with the page
        try:
            take = request.app.state.uploads.take
            made = await run_in_threadpool(take, visitor.person.id, attempt.id, position, field, file.file)
            fresh = [page.sha256 for page in made if page.sha256 not in pages]
            value: Any = [[*pages, *fresh], description, consent]
            await save_form(request, attempt, item, form, {field: value})
        except InvalidInput as error:
            complaint = told(str(error))
    if late is not None:
        raise late
    if complaint:
        with request.app.state.transactions.reading() as tx:
            now = attempts.view(tx, visitor.person.id, attempt.id, language_now())
        return show_question(request, visitor, now, position, complaints={field: complaint})
    return RedirectResponse(f"/attempts/{attempt.id}/questions/{position}#field-{field}", 303)


@router.get("/attempts/{attempt_id}/pages/{sha256}")
def own_page(tx: Reading, visitor: Sitting, attempt_id: PublicId, sha256: Sha256) -> Response:
    """A page, for the person who sits (or sat) the attempt."""
    return page_answer(drawn_pages.own_page(tx, visitor.person.id, attempt_id, sha256))


@router.get("/courses/{course_id}/quizzes/{quiz_id}/results/{attempt_id}/pages/{sha256}")
def page_for_staff(tx: Reading, membership: Staff, quiz_id: PublicId, attempt_id: PublicId, sha256: Sha256) -> Response:
    """A page, for the staff of the course."""
    return page_answer(drawn_pages.page_for_staff(tx, membership.course_id, quiz_id, attempt_id, sha256))


@router.post("/attempts/{attempt_id}/questions/{position}/showing/{field}")
def allow(
    tx: Writing, visitor: Sitting, attempt_id: PublicId, position: Position, field: FieldId, form: OwnForm
) -> Response:
    """Say, after handing in, whether a drawing may be shown to the course."""
    gallery.allow(tx, visitor.person.id, attempt_id, position, field, str(form.get("consent") or ""))
    return RedirectResponse(f"/attempts/{attempt_id}/result#item-{position}", 303)
