"""The gradebook as a table for spreadsheet programs."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from app.interchange.sheets import CellValue, Exact, Sheet
from app.services.results.gradebook import Cell, Gradebook, Row


def gradebook_sheet(book: Gradebook, title: str) -> Sheet:
    """One row per student: points, percentage and state of every quiz, then the total, also as an exact fraction."""
    header = ["Name", "Login"]
    for column in book.columns:
        header += [f"{column.title} (max {column.max})", f"{column.title}: percent", f"{column.title}: state"]
    header += ["Total (percent)", "Possible total (percent)", "Total (exact)", "Adjusted (percentage points)"]
    if book.rules.letters is not None:
        header.append("Grade")
    return Sheet(title, tuple(header), tuple(tuple(_row(book, row)) for row in book.rows))


def _row(book: Gradebook, row: Row) -> Iterator[CellValue]:
    yield from (row.name, row.login)
    for cell, line in zip(row.cells, row.lines, strict=True):
        yield cell.points
        yield _percent(cell)
        yield f"{cell.state}, dropped" if line.fate == "dropped" else cell.state
    total = row.grade
    yield None if total.low is None else 100 * total.low
    yield None if total.high is None else 100 * total.high
    yield None if total.low is None else Exact(total.low)
    yield 100 * total.adjusted
    if book.rules.letters is not None:
        yield " to ".join(row.letters)


def _percent(cell: Cell) -> Fraction | None:
    return None if cell.points is None or not cell.max else 100 * cell.points / cell.max
