"""The results of a quiz as a table for spreadsheet programs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from zoneinfo import ZoneInfo

from app.interchange.sheets import CellValue, Exact, Sheet, csv_lines, file_pieces, xlsx_file
from app.services.results.outcomes import UNTOLD, Column, QuizOutcomes, StudentOutcome

__all__ = ["as_csv", "as_xlsx", "file_name", "results_sheet", "zone_of"]

MEDIA = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC where this machine does not know it."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        return ZoneInfo("UTC")


def results_sheet(found: QuizOutcomes, time_zone: str) -> Sheet:
    """One row per student; points as decimals, the total also as the exact fraction it is."""
    zone = zone_of(time_zone)
    header = ["Name", "Login", "State", "Attempt", f"Started ({zone.key})", f"Handed in ({zone.key})"]
    header += ["Points", "Possible points", "Maximum", "Points (exact)"]
    if found.deducts:
        header += ["Points before deductions", "Deductions"]
    if found.adjusted:
        header += ["Adjustment", "Points with adjustment"]
    for column in found.columns:
        header.append(_title(column))
        if column.pool:
            header.append(f"Question {column.number}: drawn")
    return Sheet(found.title, tuple(header), tuple(tuple(_row(row, found, zone)) for row in found.rows))


def _title(column: Column) -> str:
    most = f" (max {_exact(column.max)})" if column.max is not None else ""
    return f"Question {column.number}: {column.title}{most}"


def _row(row: StudentOutcome, found: QuizOutcomes, zone: ZoneInfo) -> Iterator[CellValue]:
    attempt = row.attempt
    yield from (row.name, row.login, row.state)
    yield attempt.number if attempt is not None else None
    yield _local(attempt.started_at if attempt is not None else None, zone)
    yield _local(row.handed_in_at, zone)
    yield from (row.points, row.upto, row.max)
    yield Exact(row.points) if row.points is not None else None
    if found.deducts:
        yield row.points if row.earned is None else row.earned
        yield _deductions(row)
    if found.adjusted:
        yield None if row.mark is None else "excused" if row.mark.excused else row.mark.adjusted
        yield row.counts
    for index, column in enumerate(found.columns):
        cell = row.cells[index] if index < len(row.cells) else None
        graded = cell is not None and cell.state not in UNTOLD
        yield cell.points if cell is not None and graded else None
        if column.pool:
            yield cell.title if cell is not None else None


def _deductions(row: StudentOutcome) -> str | None:
    """Why points are missing, attempt by attempt where several count."""
    counting = [one for one in row.attempts if one.number in row.counting and one.left.deductions]
    several = len(row.counting) > 1
    return "; ".join(f"attempt {one.number}: {one.left.says}" if several else one.left.says for one in counting) or None


def _local(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return None if moment is None else moment.astimezone(zone).replace(microsecond=0, tzinfo=None)


def _exact(number: Fraction) -> str:
    return str(number)


def as_csv(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as CSV, piece by piece."""
    return csv_lines(sheet)


def as_xlsx(sheet: Sheet) -> Iterator[bytes]:
    """The sheet as an XLSX workbook, piece by piece."""
    return file_pieces(xlsx_file(sheet))


def file_name(course: str, quiz: str, day: datetime, ending: str, what: str = "results") -> str:
    """What the file is called: letters, digits and hyphens only, so that every system takes it."""
    plain = unicodedata.normalize("NFKD", f"{course} {quiz}").encode("ascii", "ignore").decode()
    words = re.sub(r"[^A-Za-z0-9]+", "-", plain).strip("-")[:100].strip("-") or "quiz"
    return f"{words}-{what}-{day:%Y-%m-%d}.{ending}"
