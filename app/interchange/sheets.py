"""Tables for spreadsheet programs: CSV and XLSX. No text in a cell is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import IO, TypeAlias


@dataclass(frozen=True, slots=True)
class Exact:
    """A number as the fraction it is. In CSV with a fraction slash: Excel would take 1/2 for a day in January."""

    number: Fraction

    def __str__(self) -> str:
        return str(self.number)

    @property
    def undated(self) -> str:
        """The same so that no spreadsheet program reads a date."""
        return str(self.number).replace("/", FRACTION_SLASH)


FRACTION_SLASH = "\u2044"
CellValue: TypeAlias = str | int | Fraction | Exact | datetime | None
MARKS = "=+-@\t\r"
"""What makes a spreadsheet program compute a cell."""
BOM = "\ufeff"
PLACES = 6
IN_MEMORY = 4 << 20
AT_ONCE = 64 << 10
LONGEST_CELL = 32_767
WIDEST = 40


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name. Times are local to whoever reads it: their zone stands in `header`."""

    name: str
    header: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]


def csv_lines(sheet: Sheet) -> Iterator[bytes]:
    """The table as CSV in UTF-8; it begins with a byte order mark, or Excel would take it for another encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow(map(harmless, sheet.header))
    for row in sheet.rows:
        writer.writerow(map(_csv_cell, row))
        if out.tell() > AT_ONCE:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def harmless(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet program would compute it."""
    return f"'{text}" if text[:1] and text[0] in MARKS else text


def decimal(number: Fraction) -> str:
    """A number with as many decimals as it needs, at most six."""
    return f"{float(number):.{PLACES}f}".rstrip("0").rstrip(".")


def _csv_cell(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, Exact):
        return harmless(value.undated)
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return decimal(Fraction(value))


def xlsx_file(sheet: Sheet) -> IO[bytes]:
    """The table as an XLSX workbook, in a file that is gone when it is closed. Numbers are numbers."""
    import xlsxwriter

    file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  (the caller closes it)
    # constant_memory writes row by row; strings that look like formulas or links stay strings.
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_date_format": "yyyy-mm-dd hh:mm",
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(file, options) as book:
        page = book.add_worksheet(_sheet_name(sheet.name))
        page.freeze_panes(1, 1)
        for column, width in enumerate(_widths(sheet)):
            page.set_column(column, column, width)
        bold = book.add_format({"bold": True})
        for column, title in enumerate(sheet.header):
            page.write_string(0, column, title[:LONGEST_CELL], bold)
        for line, row in enumerate(sheet.rows, 1):
            for column, value in enumerate(row):
                if isinstance(value, (str, Exact)):
                    page.write_string(line, column, str(value)[:LONGEST_CELL])
                elif isinstance(value, datetime):
                    page.write_datetime(line, column, value)
                elif value is not None:
                    page.write_number(line, column, float(value))
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.header) - 1)
    file.seek(0)
    return file


def file_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file piece by piece; it is closed at the end."""
    with file:
        while piece := file.read(AT_ONCE):
            yield piece


def _sheet_name(name: str) -> str:
    # Excel refuses some characters, apostrophes at the ends, and more than 31 letters.
    kept = "".join(letter for letter in name if letter not in "[]:*?/\\" and letter.isprintable())[:31].strip("' ")
    return kept if kept and kept.casefold() != "history" else "Results"


def _widths(sheet: Sheet) -> Iterable[int]:
    for column, title in enumerate(sheet.header):
        texts: Sequence[str] = [row[column] for row in sheet.rows[:200] if isinstance(row[column], str)]  # type: ignore[misc]
        yield min(WIDEST, max(8, len(title) + 3, *(len(text) + 1 for text in texts), 0))
