"""Results as tables: what a spreadsheet program opens, and never computes."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime

import openpyxl

from app.services.results import outcome_sheets
from app.services.results.outcomes import QuizOutcomes
from app.storage import people
from tests.papers import look, sit
from tests.small_bank import Stage


def hostile(stage: Stage) -> QuizOutcomes:
    with stage.transactions.writing() as tx:
        for number, name in enumerate(("=HYPERLINK(1)", "@SUM(A1)")):
            row = people.person(tx, stage.students[number])
            assert row is not None
            row.name = name
    sit(stage, 0, "qa_x", "qb_x", "qb_y")
    return look(stage)


def test_csv_opens_in_a_spreadsheet_and_computes_nothing(stage: Stage) -> None:
    sheet = outcome_sheets.results_sheet(hostile(stage), "Europe/Berlin")
    data = b"".join(outcome_sheets.as_csv(sheet))
    assert data.startswith(b"\xef\xbb\xbf")
    header, first, second = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert first[:4] == ["'=HYPERLINK(1)", "student0", "graded", "1"]
    assert second[0] == "'@SUM(A1)"
    assert second[2:] == ["not started", *[""] * (len(header) - 3)]
    # 12:07 UTC on a November day.
    assert first[5] == "2026-11-20 13:07:00"
    assert header[5] == "Handed in (Europe/Berlin)"
    assert first[6:] == ["4.5", "4.5", "6", "9⁄2", "1.5", "3"]


def test_in_the_workbook_numbers_are_numbers_and_texts_are_texts(stage: Stage) -> None:
    sheet = outcome_sheets.results_sheet(hostile(stage), "no such zone")
    data = b"".join(outcome_sheets.as_xlsx(sheet))
    page = openpyxl.load_workbook(io.BytesIO(data)).active
    assert page is not None
    cells = [[cell.value for cell in line] for line in page.iter_rows()]
    assert cells[1][0] == "=HYPERLINK(1)"
    assert page["A2"].data_type == "s"
    assert (cells[1][6], cells[1][9], cells[1][10]) == (4.5, "9/2", 1.5)
    assert cells[1][5] == datetime(2026, 11, 20, 12, 7)  # noqa: DTZ001
    assert page.freeze_panes == "B2"


def test_the_names_of_files_are_plain() -> None:
    day = datetime(2026, 11, 20, tzinfo=UTC)
    name = outcome_sheets.file_name("Tiefes Lernen – Übung", "Quiz/1: „Faltung“", day, "csv")
    assert name == "Tiefes-Lernen-Ubung-Quiz-1-Faltung-results-2026-11-20.csv"
    assert outcome_sheets.file_name("深度", "学习", day, "xlsx") == "quiz-results-2026-11-20.xlsx"
