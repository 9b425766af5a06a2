"""Drawings in plain inputs: pages with their places and boxes to take them out, a description, and two ticks."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData

from app.domain.drawing_answers import drawing_of

LAST = 10_000


def drawing_text(value: Any) -> str:
    """What was written about a drawing."""
    return drawing_of(value)[1]


def drawing_parts(value: Any) -> tuple[list[str], str, str]:
    """Pages, description and consent of a raw answer; a tick alone, which is no answer yet, is kept as well."""
    if isinstance(value, list) and len(value) == 3 and value[0] == [] and not value[1]:
        return [], "", str(value[2] or "")
    return drawing_of(value)


def drawing_from_form(name: str, form: FormData) -> Any:
    """The raw answer that plain inputs hold: pages in the order of their places, without those taken out."""
    pages = [one for one in form.getlist(f"{name}.page") if isinstance(one, str)]
    places = [_place(one) for one in form.getlist(f"{name}.place")]
    removed = {one for one in form.getlist(f"{name}.remove") if isinstance(one, str)}
    placed = [(places[i] if i < len(places) else i + 1, i, page) for i, page in enumerate(pages)]
    kept = [page for _, _, page in sorted(placed) if page not in removed]
    text = form.get(f"{name}.text")
    description = text.replace("\r\n", "\n") if isinstance(text, str) else ""
    consent = ("named" if f"{name}.named" in form else "shown") if f"{name}.shown" in form else ""
    return [kept, description, consent] if description or consent else kept


def _place(typed: Any) -> int:
    text = typed.strip() if isinstance(typed, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else LAST
