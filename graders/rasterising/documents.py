"""PDF: its pages are rendered. Scripts, forms, attachments and links are no pixels, so nothing of them is left.

The library is built without a JavaScript engine and forms are never initialised: nothing in a document runs.
"""

from __future__ import annotations

import math

import pypdfium2
from pypdfium2 import raw

from graders.rasterising.limits import MOST_PAGES, PAGE_SIDE, Refused
from graders.rasterising.pages import Page, page_from
from graders.rasterising.passengers import program_in_document

LARGEST_SCALE = 4.0
"""Pixels per point, for documents of small pages: 288 dots per inch."""
LARGEST_PAGE = 20_000.0
"""Points of a side; PDF itself allows 14,400."""


def pages_of_document(content: bytes) -> list[Page]:
    """Every page of a document.

    Raises:
        Refused: it is protected, damaged, has no pages or more than `MOST_PAGES`, or holds a program.
    """
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise Refused("This PDF is protected by a password; save it without one and send it again.") from None
        raise Refused("This PDF is damaged or incomplete and cannot be opened.") from None
    try:
        count = len(document)
        if count < 1:
            raise Refused("This PDF has no pages.")
        if count > MOST_PAGES:
            raise Refused(f"This PDF has {count} pages; at most {MOST_PAGES} can be taken.")
        match program_in_document(content):
            case "script":
                raise Refused(
                    "This PDF holds a program (JavaScript). Print it into a new PDF, or take a picture of it."
                )
            case "launch":
                raise Refused(
                    "This PDF would start another program on the computer that opens it. "
                    "Print it into a new PDF, or take a picture of it."
                )
        return [_page(document, number) for number in range(count)]
    finally:
        document.close()


def _page(document: pypdfium2.PdfDocument, number: int) -> Page:
    try:
        page = document[number]
        width, height = page.get_size()
        if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
            raise Refused(f"Page {number + 1} of this PDF has no size.")
        if max(width, height) > LARGEST_PAGE:
            raise Refused(f"Page {number + 1} of this PDF is larger than any sheet of paper.")
        scale = min(LARGEST_SCALE, PAGE_SIDE / max(width, height))
        bitmap = page.render(scale=scale, may_draw_forms=False)
        made = page_from(bitmap.to_pil().convert("RGB"))
        bitmap.close()
        page.close()
        return made
    except pypdfium2.PdfiumError:
        raise Refused(f"Page {number + 1} of this PDF cannot be shown.") from None
