"""Diagonal matrices with dots, `[[1, 0, …, 0], [0, 2, …, 0], […], [0, 0, …, N]]`, as `diag(1, 2, …, N)`."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.domain.language.tokens import OPENERS, Token

_CLOSERS: Final = frozenset(OPENERS.values())
_DOTS: Final = "…"
_Cell = list[Token]


def with_diagonals(tokens: list[Token]) -> list[Token]:
    """The tokens with every such matrix as `diag(…)`; a matrix whose dots do not show a diagonal stays."""
    place = 0
    while place < len(tokens) - 1:
        if tokens[place].text == "[" and tokens[place + 1].text == "[":
            end = _closer(tokens, place)
            found = _diagonal(_rows(tokens[place + 1 : end])) if end else None
            if found is not None:
                opener, closer = tokens[place], tokens[end]
                first, others = found[0], found[1:]
                inner = [*first]
                for entry in others:
                    inner += [replace(entry[0], kind="op", text=",", end=entry[0].start, gap=False), *entry]
                name = replace(opener, kind="name", text="diag")
                bracket = replace(opener, text="(", start=opener.end, gap=False)
                tokens = [*tokens[:place], name, bracket, *inner, replace(closer, text=")"), *tokens[end + 1 :]]
        place += 1
    return tokens


def _closer(tokens: list[Token], place: int) -> int:
    depth = 0
    for end in range(place, len(tokens)):
        depth += (tokens[end].text in OPENERS) - (tokens[end].text in _CLOSERS)
        if not depth:
            return end
    return 0


def _rows(tokens: list[Token]) -> list[list[_Cell]]:
    """The cells of rows in brackets of their own; none where something else stands between them."""
    rows: list[list[_Cell]] = []
    depth = 0
    for token in tokens:
        depth -= token.text in _CLOSERS
        if depth == 0 and token.text == "[":
            rows.append([[]])
        elif depth == 0 and token.text not in ("]", ","):
            return []
        elif depth == 1 and token.text == ",":
            rows[-1].append([])
        elif depth:
            rows[-1][-1].append(token)
        depth += token.text in OPENERS
    return rows


def _diagonal(rows: list[list[_Cell]]) -> list[_Cell] | None:
    """The entries before the dots, the dots, and the last entry; None where there are others beside the diagonal."""
    if len(rows) < 3 or len({len(row) for row in (*rows[:-2], rows[-1])}) > 1:
        return None
    *before, between, last = rows
    dots = [token for cell in between for token in cell if token.text == _DOTS]
    if not dots or any(not _is_nothing(cell) for cell in between):
        return None
    width = len(last)
    found: list[_Cell] = []
    for number, row in enumerate([*before, last]):
        at = width - 1 if row is last else number
        if at >= width or _is_nothing(row[at]) or (row is not last and at >= width - 1):
            return None
        if any(not _is_nothing(cell) for place, cell in enumerate(row) if place != at):
            return None
        if row is last:
            found.append(dots[:1])
        found.append(row[at])
    return found


def _is_nothing(cell: _Cell) -> bool:
    """Whether a cell is empty, a zero, or dots."""
    return not cell or (len(cell) == 1 and cell[0].text in ("0", _DOTS))
