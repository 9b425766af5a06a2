"""Reading drawings: which pages an answer is made of, what they show in words, and who may see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal, TypeAlias, cast, get_args

Consent: TypeAlias = Literal["", "shown", "named"]
"""May it be shown to the course: not at all, without the name, with the name."""

PAGE = re.compile(r"[0-9a-f]{64}")
MOST_PAGES = 20
LONGEST_DESCRIPTION = 4_000


class DrawingError(Exception):
    """Why this is no drawing: one sentence."""

    def __init__(self, says: str) -> None:
        super().__init__(says)
        self.says = says
        self.start: int | None = None
        self.end: int | None = None
        self.place: tuple[int, ...] = ()


def read_drawing(raw: object) -> tuple[list[Any] | None, str, str]:
    """A drawing as `[pages, description, consent]` (None if nothing was given), no formula, and words about it.

    It is sent as a list of pages, or as a list of three: pages, description, consent. A page is the SHA-256 of its
    PNG, in hexadecimal, as uploading it answered. A tick alone, without a drawing, is no answer.

    Raises:
        DrawingError: it is anything else.
    """
    pages, description, consent = _pieces(raw)
    for number, page in enumerate(pages, 1):
        if not PAGE.fullmatch(page):
            raise DrawingError(f"Entry {number} is no page: a drawing is a list of the pages that were uploaded.")
        if page in pages[: number - 1]:
            raise DrawingError(f"Page {number} is there twice.")
    if len(pages) > MOST_PAGES:
        raise DrawingError(f"A drawing has at most {MOST_PAGES} pages, not {len(pages)}.")
    if len(description) > LONGEST_DESCRIPTION:
        raise DrawingError(f"The description has at most {LONGEST_DESCRIPTION} characters.")
    if consent not in get_args(Consent):
        raise DrawingError("Whether a drawing may be shown is told by “shown”, “named” or nothing.")
    if not pages and not description.strip():
        return None, "", ""
    count = "1 page" if len(pages) == 1 else f"{len(pages)} pages"
    words = " and ".join(piece for piece in (count if pages else "", "a description" if description else "") if piece)
    return [pages, description, consent], "", words


def drawing_of(raw: object) -> tuple[list[str], str, Consent]:
    """Pages, description and consent of a stored answer; nothing where it is no drawing."""
    try:
        found, _, _ = read_drawing(raw)
    except DrawingError:
        found = None
    if found is None:
        return [], "", ""
    pages, description, consent = found
    return cast("list[str]", pages), cast(str, description), cast(Consent, consent)


def pages_named(raw: object) -> Iterator[str]:
    """Everything in a raw answer that looks like a page, whatever else is in it."""
    if isinstance(raw, str):
        yield from (piece for piece in re.split(r"[\s,;]+", raw) if PAGE.fullmatch(piece))
    elif isinstance(raw, list):
        for one in raw:
            yield from pages_named(one)


def _pieces(raw: object) -> tuple[list[str], str, str]:
    if raw is None or isinstance(raw, str):
        return [piece for piece in re.split(r"[\s,;]+", raw or "") if piece], "", ""
    if not isinstance(raw, list):
        raise DrawingError("A drawing is a list of the pages that were uploaded.")
    if raw and isinstance(raw[0], list):
        first, rest = raw[0], raw[1:]
        if len(rest) > 2 or any(one is not None and not isinstance(one, str) for one in rest):
            raise DrawingError("A drawing is sent as pages, a description, and whether it may be shown.")
        description, consent = ([one or "" for one in rest] + ["", ""])[:2]
    else:
        first, description, consent = raw, "", ""
    if any(one is not None and not isinstance(one, str) for one in first):
        raise DrawingError("A drawing is a list of the pages that were uploaded.")
    return [one for one in first if one], description, consent
