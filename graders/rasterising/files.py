"""Any file that comes: told by its first bytes, never by its name, and turned into pages or refused in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graders.rasterising.limits import LARGEST_FILE, Refused

if TYPE_CHECKING:
    from graders.rasterising.pages import Page

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8\xff"
PDF = b"%PDF-"

ASKED = "Please send a PNG or JPEG picture or a PDF."
HEIC = (b"heic", b"heix", b"heif", b"mif1", b"msf1", b"avif")
AT_LENGTH = 4096


def pages_of(content: bytes) -> list[Page]:
    """The pages of a PNG, a JPEG or a PDF, decoded and drawn anew.

    Raises:
        Refused: it is none of these, is damaged or protected, or is too large; in one sentence.
    """
    if not content:
        raise Refused("This file is empty.")
    if len(content) > LARGEST_FILE:
        raise Refused(f"This file is larger than {LARGEST_FILE >> 20} MB.")
    # The libraries are loaded by the child that first meets a file, not by every one.
    if content.startswith(PNG):
        from graders.rasterising.pictures import page_of_picture

        return [page_of_picture(content, "PNG")]
    if content.startswith(JPEG):
        from graders.rasterising.pictures import page_of_picture

        return [page_of_picture(content, "JPEG")]
    if content.startswith(PDF):
        from graders.rasterising.documents import pages_of_document

        return pages_of_document(content)
    raise Refused(_why_not(content))


def _why_not(content: bytes) -> str:
    # Whichever way its letters are written: of UTF-16, nothing but zeros stands between those of a mark-up.
    start = content[:AT_LENGTH].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if b"<svg" in start:
        return f"This is an SVG drawing, which may hold programs, so it is not taken. {ASKED}"
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<script")):
        return f"This is a web page or an XML file, not a picture. {ASKED}"
    if content.startswith(b"PK\x03\x04"):
        return f"This is a ZIP archive or an office document. {ASKED}"
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        return f"This is a HEIC or AVIF picture, which is not read here. {ASKED}"
    if content.startswith((b"GIF8", b"RIFF", b"BM", b"II*\x00", b"MM\x00*")):
        return f"Pictures of this kind (GIF, WebP, BMP, TIFF) are not taken. {ASKED}"
    return f"This is neither a PNG or JPEG picture nor a PDF, whatever its name says. {ASKED}"
