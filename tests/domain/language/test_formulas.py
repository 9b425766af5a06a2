"""The table of what students type (`formulas.txt`), and what must hold for every row of it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest

from app.domain.language import LanguageError, parse_author, parse_formula, parse_steps, to_latex, to_source, walk
from app.domain.symbols import Symbol, symbol

TABLE = Path(__file__).with_name("formulas.txt")


class Row(NamedTuple):
    typed: str
    meant: str
    symbols: dict[str, Symbol]
    relation: bool


def declared(line: str) -> dict[str, Symbol]:
    found = {}
    for one in line.split(";"):
        name, _, about = one.partition(":")
        domain, _, write = about.strip().partition(" as ")
        found[name.strip()] = symbol({"domain": domain, "write": write} if write else domain)
    return found


def table() -> list[Row]:
    rows: list[Row] = []
    symbols: dict[str, Symbol] = {}
    relation = False
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("@"):
            word, _, rest = line.partition(" ")
            symbols, relation = declared(rest), word == "@relation"
        elif line and not line.startswith("#"):
            typed, _, meant = line.partition("  =>  ")
            rows.append(Row(typed, meant, symbols, relation))
    return rows


ROWS = table()


def reading(row: Row) -> tuple[str, tuple[int, int]]:
    try:
        return to_source(parse_formula(row.typed, row.symbols, relation=row.relation)), (0, 0)
    except LanguageError as error:
        return f"? {error.says}", (error.start, error.end)


READ = [row for row in ROWS if not row.meant.startswith("? ")]
ASKED = [row for row in ROWS if re.search(r"two ways|several things", row.meant)]
NOT_IN_LATEX = {
    "2e-3 x": "a power of ten is shown as a product",
    "argmax_w w^T x": "products of matrices are associative",
    "max_y y z": "a sign may be drawn out of a product",
    "max with respect to w: w^T x": "products of matrices are associative",
    "[y; z]": "a column of brackets is a vector",
    "x./w": "a fraction line is asked back",
    "v^T tanh(W[s_{i-1};h_j])": "a column of brackets is a vector",
    "v^T tanh(W [s_{i-1}; h_j])": "a column of brackets is a vector",
}


def test_the_table_is_large_enough() -> None:
    assert len(ROWS) > 600
    assert len(READ) > 500


@pytest.mark.parametrize("row", ROWS, ids=[row.typed for row in ROWS])
def test_what_is_typed_is_read_as_the_table_says(row: Row) -> None:
    found, place = reading(row)
    assert found == row.meant
    assert 0 <= place[0] <= place[1] <= len(row.typed) + 1


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("row", READ, ids=[row.typed for row in READ])
def test_every_reading_can_be_written_in_the_question_language(row: Row) -> None:
    assert to_source(parse_author(row.meant)) == row.meant


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("row", READ, ids=[row.typed for row in READ])
def test_every_part_of_a_reading_lies_within_the_text(row: Row) -> None:
    for node in walk(parse_formula(row.typed, row.symbols, relation=row.relation)):
        assert 0 <= node.span[0] <= node.span[1] <= len(row.typed)


@pytest.mark.unwatched  # in bulk what other tests have shown line by line
@pytest.mark.parametrize("row", READ, ids=[row.typed for row in READ])
def test_how_a_formula_was_read_can_be_pasted_back(row: Row) -> None:
    if row.typed in NOT_IN_LATEX:
        return
    latex = to_latex(parse_formula(row.typed, row.symbols, relation=row.relation), row.symbols)
    assert to_source(parse_formula(latex, row.symbols, relation=row.relation)) == row.meant


@pytest.mark.parametrize("row", ASKED, ids=[row.typed for row in ASKED])
def test_both_ways_that_a_question_offers_mean_something_else(row: Row) -> None:
    ways = re.search(r"Write (.+) or (.+)\.$", row.meant)
    if ways is None or "1/(" in row.meant or "/(λ" in row.meant:
        return
    first, second = (to_source(parse_formula(way, row.symbols)) for way in ways.groups())
    assert first != second


def test_a_comma_is_a_decimal_sign_where_the_quiz_says_so() -> None:
    symbols = {"x": symbol("real")}
    assert to_source(parse_formula("0,5x + max(1; x)", symbols, decimal=",")) == "0.5 * x + max(1, x)"
    assert to_source(parse_formula("[0,5; x]", symbols, decimal=",")) == "[[0.5], [x]]"


def test_two_numbers_side_by_side_never_become_one_with_a_decimal_comma() -> None:
    for decimal in (".", ",", "ask"):
        assert to_source(parse_formula("[1 2]", {}, decimal=decimal)) == "[1, 2]"
        assert to_source(parse_formula("[1 2; 3 4]", {}, decimal=decimal)) == "[[1, 2], [3, 4]]"
    assert to_source(parse_formula("[1,5 -2,5]", {}, decimal=",")) == "[1.5, -2.5]"


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("log(8,2)", "Write ln(8,2) or log(8)/log(2)."),
        ("log(x + 8,2)", "Write ln(x + 8,2) or log(x + 8)/log(2)."),
        ("norm(v*2,1)", "Write norm((v*2,1)) or norm(v*2; 1)."),
        ("max(1,2)", "as in max(1; 2)."),
        ("[1,2]", 'Is "1,2" one number or two? Write 1,2 or [1, 2].'),
        ("{1,2}", 'Is "1,2" one number or two? Write 1,2 or {1, 2}.'),
        ("(1,2)", 'Is "1,2" one number or two? Write 1,2 or (1, 2).'),
        ("(-4,2)", 'Is "-4,2" one number or two? Write -4,2 or (-4, 2).'),
        ("x = (-4,2)", 'Is "-4,2" one number or two? Write -4,2 or (-4, 2).'),
        ("[x 2]", "Write a comma and a space between the entries, as in [1, 2] or [1, 2; 3, 4]."),
    ],
)
def test_whether_a_comma_is_a_decimal_sign_or_separates_is_asked_where_both_are_possible(typed: str, says: str) -> None:
    symbols = {"x": symbol("real"), "v": symbol("vector(3)")}
    with pytest.raises(LanguageError) as caught:
        parse_formula(typed, symbols, decimal=",")
    assert caught.value.says.endswith(says)
    ways = re.search(r"Write (\S.*) or (\S.*)\.$", says)
    if ways is not None and "space" not in says:
        first, second = (to_source(parse_formula(way, symbols, decimal=",")) for way in ways.groups())
        assert first != second


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("log(0,25)", "log(0.25)"),
        ("ln(8,2)", "log(8.2)"),
        ("log2(8,5)", "log2(8.5)"),
        ("exp(1,5)", "exp(1.5)"),
        ("2(1,5)", "2 * 1.5"),
        ("x^{1,5}", "x**1.5"),
        ("x^2,5", "x**2.5"),
        ("log(8, 2)", "log(8) / log(2)"),
        ("max(1,5; 2)", "max(1.5, 2)"),
        ("[1,5, 2]", "[1.5, 2]"),
    ],
)
def test_a_decimal_comma_is_read_where_it_can_be_nothing_else(typed: str, meant: str) -> None:
    assert to_source(parse_formula(typed, {"x": symbol("real")}, decimal=",")) == meant


def test_a_mistake_in_latex_is_shown_where_it_was_typed() -> None:
    with pytest.raises(LanguageError) as caught:
        parse_formula(r"\frac{1}{2} + \lambda q", {"lambda": symbol("real")})
    error = caught.value
    assert error.says.startswith('"q" is not known here.')
    assert error.text[error.start : error.end] == "q"


@pytest.mark.parametrize("typed", ['x = "os"', "x = 'os'", 'x + "a', "“os”", "'os", 'x = 3 "', "«x»", "`x`"])
def test_a_quotation_mark_is_refused_where_it_stands(typed: str) -> None:
    with pytest.raises(LanguageError) as caught:
        parse_formula(typed, {"x": symbol("real")})
    error = caught.value
    place = next(place for place, sign in enumerate(typed) if sign in "\"'“«`")
    assert error.says == f"The quotation mark {typed[place]} cannot be used here."
    assert (error.start, error.end) == (place, place + 1)


def test_the_steps_of_a_chain_are_read_one_by_one() -> None:
    symbols = {"x": symbol("real"), "y": symbol("real")}

    def steps(line: str) -> list[str]:
        return [to_source(node) for node in parse_steps(line, symbols)]

    assert steps("L(x) = (x + y)^2 = x^2 + 2xy + y^2") == ["(x + y)**2", "x**2 + 2 * x * y + y**2"]
    assert steps("= x + y") == ["x + y"]
    assert steps("x + y = y + x") == ["x + y", "y + x"]
    assert [to_source(node) for node in parse_steps("x + y = 1", symbols, relation=True)] == ["x + y == 1"]
