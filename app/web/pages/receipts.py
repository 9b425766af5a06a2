"""Receipts: keeping one as a text, and checking one's code."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import PlainTextResponse, Response

from app.domain.errors import InvalidInput
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.services.sitting import receipts, submissions
from app.services.sitting.submissions import Receipt
from app.web.forms import Typed
from app.web.members import Sitting
from app.web.paths import PublicId
from app.web.templating import html_page, when
from app.web.visitors import SignedIn
from app.web.wording import gettext as _
from app.web.wording import told

router = Routes()


@router.get("/attempts/{attempt_id}/receipt.txt")
def receipt_text(request: Request, tx: Reading, visitor: Sitting, attempt_id: PublicId) -> Response:
    """The receipt as a text file, to be kept on one's own device."""
    found = submissions.receipt(tx, visitor.person.id, attempt_id)
    home = request.app.state.settings.public_url or str(request.base_url).rstrip("/")
    headers = {
        "Content-Disposition": f'attachment; filename="receipt-{found.code[:16]}.txt"',
        "Cache-Control": "no-store",
    }
    return PlainTextResponse(_in_words(found, f"{home}/receipts"), headers=headers)


def _in_words(receipt: Receipt, where: str) -> str:
    lines = [
        _("Receipt"),
        "",
        f"{_('Handed in')}: {receipt.at:%Y-%m-%dT%H:%M:%SZ} ({when(receipt.at)})",
        f"{_('By')}: {receipt.person}",
        f"{_('Quiz')}: {receipt.quiz_title}, {_('attempt %(n)s') % {'n': receipt.number}}",
        f"{_('Filled in')}: {_('%(n)s of %(of)s fields') % {'n': receipt.answered, 'of': receipt.fields}}",
        *(
            line
            for item in receipt.items
            for line in (
                *([f"  {item.heading}"] if item.heading else []),
                f"  {item.position}. {item.title}: {_('%(n)s of %(of)s') % {'n': item.answered, 'of': item.total}}",
            )
        ),
        "",
        f"{_('Code')}: {receipt.short}",
        f"{_('In full:')} {receipt.code}",
        "",
        _("The code can be checked here: %(where)s") % {"where": where},
    ]
    return "\n".join(lines) + "\n"


@router.get("/receipts")
def check_page(request: Request, tx: Reading, visitor: SignedIn, code: Annotated[str, Query()] = "") -> Response:
    """Whether a hand-in with this code exists, and whether what is stored today still gives it."""
    typed, found, status = Typed({"code": code[: receipts.LONGEST_CODE]}), None, 200
    if code.strip():
        try:
            found = receipts.check(tx, visitor.person, code)
        except InvalidInput as error:
            typed, status = Typed(typed.values, error.place, told(str(error))), 422
    return html_page(request, "receipts/check.html", status=status, visitor=visitor, typed=typed, found=found)
