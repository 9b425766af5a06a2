"""Between a field's stored raw answer and the plain inputs of a page, in both directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from starlette.datastructures import FormData

from app.web.drawing_fields import drawing_from_form, drawing_text
from app.web.graph_fields import graph_text
from app.web.sketch_fields import sketch_from_form, sketch_text

MOST = 50
# What a script must send back so that an answer can be read; what is only shown stays away.
READ = ("kind", "shape", "several", "words", "rows", "columns", "symbols", "relation", "inputs", "asks", "frame")

Widget = Mapping[str, Any]


class Field(Protocol):
    """What pages know about a field (`services.attempts.FieldView`)."""

    @property
    def id(self) -> str: ...
    @property
    def widget(self) -> Widget: ...
    @property
    def value(self) -> Any: ...


def lean_widget(widget: Widget) -> dict[str, Any]:
    """The widget without the statements it shows: what a script needs to know."""
    return {key: widget[key] for key in READ if key in widget}


def line(field: Field) -> str:
    """The raw answer as one text."""
    if field.widget["kind"] == "graph":
        return graph_text(field.value)
    if field.widget["kind"] == "sketch":
        return sketch_text(field.widget, field.value)
    if field.widget["kind"] == "drawing":
        return drawing_text(field.value)
    if field.widget["kind"] in ("derivation", "program") and isinstance(field.value, list):
        return "\n".join(_text(one) for one in field.value)
    return _text(field.value)


def reads(word: str, widget: Widget) -> str:
    """A word of a list or table as it reads in the language shown; any other text as it stands."""
    texts: Mapping[str, str] = dict(zip(widget.get("words") or (), widget.get("words_text") or (), strict=False))
    return texts.get(word, word)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        nested = any(isinstance(item, list) for item in value)
        return ("; " if nested else ", ").join(_text(item) for item in value)
    return str(value)


def cells(field: Field, spare: int = 0) -> list[list[str]]:
    """The inputs of a vector (one row), matrix, table or array of formulas (a vector of these is a column);
    `spare` more rows and columns where the size is free.
    """
    widget = field.widget
    if widget["kind"] == "expression":
        rows = _formula_rows(field.value, column=len(widget["shape"]) == 1)
    else:
        rows = _rows(field.value, one_row=widget["kind"] == "vector")
    height, width = _size(widget, rows)
    if widget["kind"] != "table" and widget.get("shape") is None:
        height += spare if widget["kind"] == "matrix" else 0
        width += spare
    return [[rows[r][c] if r < len(rows) and c < len(rows[r]) else "" for c in range(width)] for r in range(height)]


def _size(widget: Widget, rows: list[list[str]]) -> tuple[int, int]:
    if widget["kind"] == "table":
        return len(widget["rows"]), len(widget["columns"])
    shape = widget.get("shape")
    width = max((len(row) for row in rows), default=0)
    if widget["kind"] == "vector":
        return 1, shape[0] if shape else max(1, width)
    if shape:
        return shape[0], shape[1] if len(shape) > 1 else 1
    # One cell to start with: a larger offer would hint at the size.
    return max(1, len(rows)), max(1, width)


def _rows(value: Any, *, one_row: bool) -> list[list[str]]:
    if value is None:
        return []
    if isinstance(value, str):
        # A program may have answered in text; the page then shows it in cells.
        lines = [value] if one_row else value.replace("\n", ";").split(";")
        return [[piece.strip() for piece in text.split(",")] for text in lines]
    if not isinstance(value, list):
        return [[_text(value)]]
    if not any(isinstance(item, list) for item in value):
        return [[_text(item) for item in value]]
    rows = [[_text(cell) for cell in row] if isinstance(row, list) else [_text(row)] for row in value]
    return [[cell for row in rows for cell in row]] if one_row else rows


def _formula_rows(value: Any, *, column: bool) -> list[list[str]]:
    if isinstance(value, str):
        # Commas between cells, not those of max(a, b).
        lines = [_split(line, ",") for line in _split(value.replace("\n", ";"), ";")]
        rows = [[_bare(cell) for cell in line] for line in lines]
        # [[a, b], [c, d]] is one line whose cells are rows.
        if len(rows) == 1 and all(cell.startswith("[") for cell in lines[0]) and len(lines[0]) > 1:
            rows = [_split(cell, ",") for cell in rows[0]]
    else:
        rows = _rows(value, one_row=False)
    return [[cell] for row in rows for cell in row] if column else rows


def _split(text: str, separator: str) -> list[str]:
    """The pieces between separators that stand in no brackets of their own."""
    pieces, depth, text = [""], 0, _bare(text)
    for letter in text:
        depth += (letter in "([{") - (letter in ")]}")
        if letter == separator and depth == 0:
            pieces.append("")
        else:
            pieces[-1] += letter
    return [piece.strip() for piece in pieces]


def _bare(text: str) -> str:
    """Without the square brackets that stand around all of it."""
    text, depth = text.strip(), 0
    for place, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if depth == 0:
            return text[1:-1].strip() if place == len(text) - 1 and text.startswith("[") else text
    return text


def given_lines(field: Any) -> list[tuple[str, Any]]:
    """The lines of a derivation that hold something: as typed, and how each was read."""
    pairs = zip(line(field).split("\n"), field.reading.lines, strict=False)
    return [(text, one) for text, one in pairs if one.state != "blank"]


def listed(field: Field) -> list[str]:
    """One word for each row or statement."""
    value = field.value
    words = [_text(item) for item in value] if isinstance(value, list) else _text(value).split(",")
    length = len(field.widget.get("rows") or field.widget.get("options") or ())
    return [words[i].strip() if i < len(words) else "" for i in range(length)]


def chosen(field: Field) -> frozenset[str]:
    """The chosen positions, as text, or "none"."""
    return frozenset(_text(field.value).replace(";", ",").replace(" ", ",").split(",")) - {""}


def sequence(field: Field) -> list[str]:
    """The pieces of an order, as given: positions, or "none"."""
    return [piece for piece in _text(field.value).replace(";", ",").replace(" ", ",").split(",") if piece]


def raw_from_form(widget: Widget, field: str, form: FormData) -> Any:
    """The raw answer that the plain inputs of a form hold (pages without scripts post it)."""
    name, kind = f"f.{field}", widget["kind"]
    if kind in ("choice", "order"):
        picked = [item for item in form.getlist(name) if isinstance(item, str) and item]
        return ",".join(picked)
    if kind in ("number", "text") or (kind == "select" and not widget.get("rows")):
        return _one(form, name)
    if kind in ("derivation", "program", "graph"):
        return _one(form, name).replace("\r\n", "\n")
    if kind == "sketch":
        return sketch_from_form(widget, name, form)
    if kind == "drawing":
        return drawing_from_form(name, form)
    if kind == "expression":
        # A formula is one line, however its box was filled.
        shape = widget.get("shape")
        if not shape:
            return " ".join(_one(form, name).splitlines())
        rows = [_posted_row(form, f"{name}.{i}", 1 if len(shape) == 1 else shape[1]) for i in range(shape[0])]
        return [row[0] for row in rows] if len(shape) == 1 else rows
    if kind in ("truth", "select"):
        length = len(widget.get("rows") or widget.get("options") or ())
        return [_one(form, f"{name}.{i}") for i in range(length)]
    if kind == "vector":
        shape = widget.get("shape")
        return _posted_row(form, name, shape[0]) if shape else _trimmed([_posted_row(form, name, 0)])[0]
    rows = _posted_rows(form, name, widget)
    return _trimmed(rows) if kind == "matrix" and widget.get("shape") is None else rows


def _one(form: FormData, name: str) -> str:
    value = form.get(name)
    return value if isinstance(value, str) else ""


def _posted_row(form: FormData, name: str, width: int) -> list[str]:
    if not width:
        width = next((i for i in range(MOST) if f"{name}.{i}" not in form), MOST)
    return [_one(form, f"{name}.{i}") for i in range(width)]


def _posted_rows(form: FormData, name: str, widget: Widget) -> list[list[str]]:
    if widget["kind"] == "table":
        height, width = len(widget["rows"]), len(widget["columns"])
    else:
        height, width = widget.get("shape") or (0, 0)
    if not height:
        height = next((i for i in range(MOST) if f"{name}.{i}.0" not in form), MOST)
    return [_posted_row(form, f"{name}.{i}", width) for i in range(height)]


def _trimmed(rows: list[list[str]]) -> list[list[str]]:
    """Without blank rows and columns at the end: a cell that was merely offered is no part of the size."""
    while len(rows) > 1 and not any(cell.strip() for cell in rows[-1]):
        rows.pop()
    while rows and len(rows[0]) > 1 and not any(row[-1].strip() for row in rows):
        rows = [row[:-1] for row in rows]
    return rows or [[]]


def same_answer(one: Any, other: Any) -> bool:
    """Whether two raw answers are the same to a person: nothing and blanks are alike."""
    return bool(_normal(one) == _normal(other))


def _normal(value: Any) -> Any:
    if isinstance(value, Sequence) and not isinstance(value, str):
        items = [_normal(item) for item in value]
        return items if any(items) else ""
    return "" if value is None else str(value)
