"""Reading what is typed while it is typed: “Read as …”, or why it cannot be read. Needs no grader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.answers import Decimal, Invalid, read
from app.domain.formula_answers import MOST_LINES
from app.domain.widgets import Widget

State = Literal["blank", "read", "cannot be read"]
LineState = Literal["blank", "read", "cannot be read", "not shown"]
MOST_SHOWN = 8_000
"""So many characters of a derivation are read line by line while it is typed; more would keep others waiting."""
NOT_SHOWN = "From here on lines are not shown as they are read, since there are so many; all of them are graded."


@dataclass(frozen=True, slots=True)
class LineReading:
    """How one line of a derivation was read, or why it was not, and where in the line.

    The lines of a very long one are not shown; the first of those says so.
    """

    state: LineState
    latex: str = ""
    says: str = ""
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class FieldReading:
    """How one answer was read: its `latex` or `words`; or why it was not, and where (characters, cell).

    `lines` are those of a derivation, blank ones included, each by itself.
    """

    state: State
    latex: str = ""
    words: str = ""
    says: str = ""
    start: int | None = None
    end: int | None = None
    cell: tuple[int, ...] = ()
    lines: tuple[LineReading, ...] = ()


BLANK = FieldReading("blank")


def read_as(widget: Mapping[str, Any], raw: Any, decimal: Decimal = ".") -> FieldReading:
    """Read one raw answer for a widget as stored in a variant."""
    if raw is None or raw == "" or raw == []:
        return BLANK
    known = Widget.model_validate({name: value for name, value in widget.items() if value is not None})
    found = read(known, raw, decimal)
    lines = _lines(known, raw, decimal) if known.kind == "derivation" else ()
    if isinstance(found, Invalid):
        return FieldReading("cannot be read", "", "", found.says, found.start, found.end, found.cell, lines)
    if found.blank:
        return BLANK
    return FieldReading("read", found.latex, found.words, lines=lines)


def _lines(widget: Widget, raw: Any, decimal: Decimal) -> tuple[LineReading, ...]:
    texts = raw.split("\n") if isinstance(raw, str) else raw if isinstance(raw, list) else [raw]
    found: list[LineReading] = []
    left, hidden = MOST_SHOWN, 0
    for place, text in enumerate(texts):
        left -= len(text) if isinstance(text, str) else 1
        if left < 0 or place >= MOST_LINES:
            left = -1
            found.append(LineReading("not shown", says="" if hidden else NOT_SHOWN) if text else LineReading("blank"))
            hidden += bool(text)
            continue
        one = read(widget, text, decimal)
        if isinstance(one, Invalid):
            # It stands beside its line, which needs no number there.
            found.append(LineReading("cannot be read", "", one.says.removeprefix("Line 1: "), one.start, one.end))
        else:
            found.append(LineReading("blank") if one.blank else LineReading("read", one.latex))
    return tuple(found)
