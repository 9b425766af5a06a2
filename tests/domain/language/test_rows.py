from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.language import LanguageError, Node, parse_cell, parse_row, parse_rows
from tests.domain.language.test_student import shown


def plain(cells: list[Node | None]) -> list[str | None]:
    return [None if cell is None else shown(cell) for cell in cells]


ROWS = [
    ("13, 5, 0", ["13", "5", "0"]),
    ("1 5 5", ["1", "5", "5"]),
    ("1;2;3", ["1", "2", "3"]),
    ("1,5", ["1", "5"]),
    ("1/2, -3", ["(1/2)", "(-3)"]),
    ("(64,64,96)", ["64", "64", "96"]),
    ("[[1, 2]]", ["1", "2"]),
    ("= {1 2}", ["1", "2"]),
    ("64x64x96", ["64", "64", "96"]),
    ("64 × 64 X 96", ["64", "64", "96"]),
    ("1,,3", ["1", None, "3"]),
    (",1", [None, "1"]),
    ("1, 2,", ["1", "2", None]),
    ("(5,)", ["5"]),
    ("5", ["5"]),
    ("", []),
    ("  ", []),
    ("()", []),
    ("1 -1", ["1", "(-1)"]),
    ("-1 −2 - 3, 4", ["", ""]),
    ("1 - 1, 2", ["(1-1)", "2"]),
    ("1-1 2", ["(1-1)", "2"]),
    ("2 + 3", ["(2+3)"]),
    ("1 / 2 3", ["(1/2)", "3"]),
    ("2*3 4", ["(2*3)", "4"]),
    ("50% 20%", ["(50/100)", "(20/100)"]),
    ("½ ¼", ["(1/2)", "(1/4)"]),
    ("2² 3", ["(2**2)", "3"]),
    ("sqrt 2 3", ["sqrt[2]", "3"]),
    ("√2 √3", ["sqrt[2]", "sqrt[3]"]),
    ("|-1| |2 - 3|", ["abs[(-1)]", "abs[(2-3)]"]),
    ("max(1,2), 3", ["max[1,2]", "3"]),
    ("(1 + 2) (3)", ["(1+2)", "3"]),
    ("(1+2)*(3)", ["((1+2)*3)"]),
    ("1\n2\t3", ["1", "2", "3"]),
    ("1, 000", ["1", "000"]),
    ("(64,128,256)", ["64", "128", "256"]),
    ("64, 128, 256", ["64", "128", "256"]),
    ("0,125", ["0", "125"]),
]


@pytest.mark.parametrize(("text", "cells"), [case for case in ROWS if case[1] != ["", ""]])
def test_a_row_is_read_with_whatever_separates_its_numbers(text: str, cells: list[str | None]) -> None:
    assert plain(parse_row(text)) == cells


@pytest.mark.parametrize(
    ("text", "decimal", "cells"),
    [
        ("1,5", ",", ["1.5"]),
        ("1,5; 2,5", ",", ["1.5", "2.5"]),
        ("1,5 2,5", ",", ["1.5", "2.5"]),
        ("1,5, 2,5", ",", ["1.5", "2.5"]),
        ("13, 5, 0", ",", ["13", "5", "0"]),
        ("1.5, 2,5", "ask", None),
        ("1,5; 2.5", "ask", ["1.5", "2.5"]),
        ("13, 5, 0", "ask", ["13", "5", "0"]),
    ],
)
def test_the_decimal_sign_decides_what_a_comma_is(text: str, decimal: str, cells: list[str] | None) -> None:
    if cells is None:
        with pytest.raises(LanguageError):
            parse_row(text, decimal)  # type: ignore[arg-type]
    else:
        assert plain(parse_row(text, decimal)) == cells  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "decimal", "says", "place"),
    [
        ("1 - 1", ".", 'Is "1 - 1" one calculation or two numbers? Write 1-1 or 1, -1.', (0, 5)),
        ("2, (1 - 1", ".", 'The bracket "(" is never closed.', (3, 4)),
        ("1, 2)", ".", '")" closes nothing.', (4, 5)),
        ("1,000", ".", 'Is "1,000" one number or several? Write 1000 or 1, 000.', (0, 5)),
        (
            "64,128,256",
            ".",
            'Is "64,128,256" one number or several? Write 64128256 or 64, 128, 256.',
            (0, 10),
        ),
        ("1,5", "ask", 'Is "1,5" one number or two? Write 1.5 or 1; 5.', (0, 3)),
        ("2; 1,5", ".", 'Is "1,5" one and a half? Write 1.5.', (3, 6)),
        ("64x64xa", ".", 'Write the number only, without "xa".', (5, 7)),
        ("64x64x 5 MB", ".", 'Write the number only, without "MB".', (9, 11)),
        ("1, a", ".", '"a" is not a number. Write a number, such as 0.25 or 1/4.', (3, 4)),
        ("1 2, 3", ".", 'Between "1" and "2" a sign is missing; write + or *, or one number.', (2, 3)),
        ("1 2 -", ".", 'A number or name is missing at the end, after "-".', (5, 5)),
    ],
)
def test_an_unclear_row_is_asked_back_at_its_place(text: str, decimal: str, says: str, place: tuple[int, int]) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_row(text, decimal)  # type: ignore[arg-type]
    error = caught.value
    assert (error.says, error.text, (error.start, error.end)) == (says, text, place)


def test_a_declared_symbol_x_separates_nothing() -> None:
    assert plain(parse_row("2x 3", names=["x"])) == ["(2*x)", "3"]
    assert plain(parse_row("2 x x", names=["x"])) == ["2", "x", "x"]


MATRICES = [
    ("[[1,2],[3,4]]", [["1", "2"], ["3", "4"]]),
    ("{{1, 2}; {3, 4}}", [["1", "2"], ["3", "4"]]),
    ("[[1 2][3 4]]", [["1", "2"], ["3", "4"]]),
    ("[[1, 2],\n [3, 4]]", [["1", "2"], ["3", "4"]]),
    ("[1,2],[3,4]", [["1", "2"], ["3", "4"]]),
    ("[1,2]\n[3,4]", [["1", "2"], ["3", "4"]]),
    ("(1,2),(3,4)", [["1", "2"], ["3", "4"]]),
    ("(1/2),(1/3)", [["(1/2)", "(1/3)"]]),
    ("1 2\n3 4", [["1", "2"], ["3", "4"]]),
    ("1 2\r\n\r\n3 4\n", [["1", "2"], ["3", "4"]]),
    ("1, 2;\n3, 4;", [["1", "2"], ["3", "4"]]),
    ("1 2; 3 4", [["1", "2"], ["3", "4"]]),
    ("[1 2; 3 4]", [["1", "2"], ["3", "4"]]),
    ("= 1, 2; 3, 4;", [["1", "2"], ["3", "4"]]),
    ("[[1],[2]]", [["1"], ["2"]]),
    ("[[3]]", [["3"]]),
    ("3", [["3"]]),
    ("1 2 3", [["1", "2", "3"]]),
    ("[1, 2, 3]", [["1", "2", "3"]]),
    ("((1, 2))", [["1", "2"]]),
    ("[[1,,2],[3,4,5]]", [["1", None, "2"], ["3", "4", "5"]]),
    ("[[1,2],[3]]", [["1", "2"], ["3"]]),
    ("1;;2", [["1"], [], ["2"]]),
    ("(1+2)*(3)\n(4)", [["((1+2)*3)"], ["4"]]),
    ("", []),
    ("[]", []),
]


@pytest.mark.parametrize(("text", "rows"), MATRICES)
def test_a_matrix_is_read_by_lines_semicolons_or_brackets(text: str, rows: list[list[str | None]]) -> None:
    assert [plain(row) for row in parse_rows(text)] == rows


def test_a_matrix_with_decimal_commas() -> None:
    assert [plain(row) for row in parse_rows("1,5 2; 3 4", ",")] == [["1.5", "2"], ["3", "4"]]
    assert [plain(row) for row in parse_rows("[[1,5; 2],[3; 4]]", ",")] == [["1.5", "2"], ["3", "4"]]


@pytest.mark.parametrize("text", ["[[1,2]", "[1,2]]", "[1,2)", "[[1,2],3]", "1 a", "[[1,2],[3,(4]]]"])
def test_a_broken_matrix_is_refused(text: str) -> None:
    with pytest.raises(LanguageError):
        parse_rows(text)


def test_a_blank_cell_is_none_and_any_other_is_a_number() -> None:
    assert parse_cell(" ") is None
    cell = parse_cell("1,5", ",")
    assert cell is not None
    assert shown(cell) == "1.5"
    symbol = parse_cell("2x", names=["x"])
    assert symbol is not None
    with pytest.raises(LanguageError):
        parse_cell("1 2")


numbers = st.one_of(st.integers(-99, 99).map(str), st.sampled_from(["1/2", "0.25", "sqrt(2)", "2^3", "50%"]))


@given(
    st.lists(numbers, min_size=1),
    st.sampled_from([", ", ";", "; ", "  "]),
    st.sampled_from(["{}", "({})", "[ {} ]"]),
)
def test_every_separator_gives_the_same_row(cells: list[str], separator: str, around: str) -> None:
    expected = [parse_cell(cell) for cell in cells]
    found = parse_row(around.format(separator.join(cells)))
    assert [cell and shown(cell) for cell in found] == [cell and shown(cell) for cell in expected]
