"""Reading what is typed while it is typed: “Read as …”, or why it cannot be read. Needs no grader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.domain.answers import Decimal, Invalid, read
from app.domain.widgets import Widget


@dataclass(frozen=True, slots=True)
class FieldReading:
    """How one answer was read: its `latex` or `words`; or why it was not, and where (characters, cell)."""

    state: Literal["blank", "read", "cannot be read"]
    latex: str = ""
    words: str = ""
    says: str = ""
    start: int | None = None
    end: int | None = None
    cell: tuple[int, ...] = ()


BLANK = FieldReading("blank")


def read_as(widget: Mapping[str, Any], raw: Any, decimal: Decimal = ".") -> FieldReading:
    """Read one raw answer for a widget as stored in a variant."""
    if raw is None or raw == "" or raw == []:
        return BLANK
    known = Widget.model_validate({name: value for name, value in widget.items() if value is not None})
    found = read(known, raw, decimal)
    if isinstance(found, Invalid):
        return FieldReading("cannot be read", "", "", found.says, found.start, found.end, found.cell)
    if found.blank:
        return BLANK
    return FieldReading("read", found.latex, found.words)
