"""Sketches in plain inputs: a table of coordinates for every line or arrow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData

MOST = 60
LEAST = 2
"""A line has at least two points; so many rows stand ready."""

_PAIR = re.compile(r"[(\[]([^()\[\]]*)[)\]]")


def sketch_rows(widget: Mapping[str, Any], value: Any, spare: int = 0) -> list[list[list[str]]]:
    """The cells [x, y] of every stroke, with `spare` more rows for every line than are used."""
    frame = widget["frame"]
    strokes = _strokes(frame, value)
    if frame["draw"] == "arrows":
        return [(rows or [["", ""]])[:2] for rows in strokes]
    return [rows + [["", ""]] * max(LEAST - len(rows), spare) for rows in strokes]


def sketch_text(widget: Mapping[str, Any], value: Any) -> str:
    """The raw answer as text, one stroke a line; what is text stays as it was typed."""
    if not isinstance(value, list):
        return "" if value is None else str(value)
    told = []
    for name, rows in zip(widget["frame"]["names"], _strokes(widget["frame"], value), strict=True):
        pairs = [f"({x.strip()}, {y.strip()})" for x, y in rows if x.strip() or y.strip()]
        if pairs:
            told.append(f"{name}: {' '.join(pairs)}")
    return "\n".join(told)


def sketch_from_form(widget: Mapping[str, Any], name: str, form: FormData) -> list[list[list[str]]]:
    """The strokes that the inputs `name.<stroke>.<row>.<0 or 1>` of a form hold."""
    return [_posted(form, f"{name}.{number}") for number in range(len(widget["frame"]["names"]))]


def _posted(form: FormData, name: str) -> list[list[str]]:
    height = next((row for row in range(MOST + 1) if f"{name}.{row}.0" not in form), MOST + 1)
    rows = [[_one(form, f"{name}.{row}.{side}") for side in (0, 1)] for row in range(height)]
    while rows and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    return rows


def _one(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _strokes(frame: Mapping[str, Any], value: Any) -> list[list[list[str]]]:
    """What is stored, whoever wrote it, as cells; what does not fit the table is left out of it."""
    names = frame["names"]
    if isinstance(value, str):
        value = _from_text(names, value)
    items = list(value) if isinstance(value, list) else []
    if len(names) == 1 and items and isinstance(items[0], list) and not any(isinstance(one, list) for one in items[0]):
        items = [items]
    return [_rows(items[number] if number < len(items) else None) for number in range(len(names))]


def _from_text(names: list[str], text: str) -> list[Any]:
    lines: list[Any] = [None] * len(names)
    known = {name.casefold(): number for number, name in enumerate(names)}
    for place, line in enumerate(one for one in text.splitlines() if one.strip()):
        name, colon, rest = line.partition(":")
        number = known.get(name.strip().casefold(), len(names)) if colon else place
        if number < len(names):
            lines[number] = rest if colon else line
    return lines


def _rows(item: Any) -> list[list[str]]:
    if item is None or item == []:
        return []
    if isinstance(item, str):
        pairs = [found[1] for found in _PAIR.finditer(item)]
        return [_row(re.split(";" if ";" in pair else ",", pair)) for pair in pairs[:MOST]]
    if not isinstance(item, list):
        return []
    if not any(isinstance(one, list) for one in item):
        item = [item]
    return [_row(one if isinstance(one, list) else [one]) for one in item[:MOST]]


def _row(cells: list[Any]) -> list[str]:
    texts = ["" if cell is None or isinstance(cell, list) else str(cell).strip() for cell in cells]
    return [*texts, "", ""][:2]
