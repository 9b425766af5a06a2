"""Fields in which formulas are typed: what pages show, what they take, and how lines are read."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.domain.language import parse_formula, to_latex
from app.domain.symbols import Symbol, symbol, with_sizes
from app.services.sitting.reading import read_as
from app.web import fields
from app.web.formulas import EXAMPLES, Usable, meaning, usable
from tests.web.conftest import House
from tests.web.test_fields import Field
from tests.web.test_results import graded
from tests.web.variant import WIDGETS, widget

NUMBERS = {name: Symbol() for name in ("a", "b", "c", "d", "w", "x", "w1", "lambda")}
VECTORS = with_sizes(
    {
        "i": symbol("index(N)"),
        **dict.fromkeys(("u", "v", "w"), symbol("vector(d)")),
        "x": symbol("vector(N)"),
        **dict.fromkeys(("A", "B"), symbol("matrix(m, m)")),
    }
)


@pytest.mark.parametrize(("ways", "latex"), EXAMPLES, ids=[ways[0] for ways, _ in EXAMPLES])
def test_what_the_page_tells_about_typing_formulas_is_true(ways: tuple[str, ...], latex: str) -> None:
    symbols = VECTORS if latex.startswith(("w^", "A", "u", r"\sum")) else NUMBERS
    if latex.startswith("w^"):
        symbols = symbols | {"x": symbol("vector(d)")}
    assert {to_latex(parse_formula(typed, symbols), symbols) for typed in (*ways, latex)} == {
        to_latex(parse_formula(latex, symbols), symbols)
    }


def test_the_names_to_use_are_the_declared_ones_and_their_sizes() -> None:
    assert usable(WIDGETS["formula"]) == [
        Usable("w", "w", "vector of d", typed=False),
        Usable("lam", r"\lambda", "positive number", typed=True),
        Usable("next", "x_{t+1}", "number", typed=True),
        Usable("a", "a", "number", typed=False),
        Usable("b", "b", "number", typed=False),
        Usable("d", "d", "whole number from 1", typed=False),
    ]
    assert [one.latex for one in usable(WIDGETS["program"])] == [r"\texttt{v}", r"\texttt{N}"]
    assert usable(widget("expression")) == []


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("matrix(m, 3)", "matrix, m × 3"),
        ("vectors(N, d)", "N vectors of d"),
        ("index(N)", "index from 1 to N"),
        ("function", "function"),
        ("unit", "number between 0 and 1"),
        ("real", "number"),
    ],
)
def test_a_name_says_what_it_is(declared: str, words: str) -> None:
    assert meaning(symbol(declared)) == words


def test_a_page_shows_boxes_names_and_what_stands_before(small_house: House) -> None:
    small_house.sign_in()
    page = small_house.client.get(f"{small_house.start()}/questions/1").text
    for name in ("formula", "derivation", "program"):
        assert re.search(rf'<textarea id="input-{name}" name="f\.{name}"', page)
    assert 'name="f.formulas.1.1"' in page
    assert 'name="f.column.2.0"' in page
    assert 'aria-label="Entry 3"' in page
    assert '<formulas-answer class="answer" id="field-column"' in page
    assert r'id="lead-formula" data-tex="\frac{\partial L}{\partial w} ="' in page
    assert 'data-insert="lam" data-latex="\\lambda" title="lam: positive number"' in page
    assert page.count("How to type formulas") == 1
    visual = re.findall(r"data-visual-switch[^>]*", page)
    assert len(visual) == 4
    assert all(one.endswith("hidden") for one in visual)


@pytest.mark.parametrize(
    ("name", "value", "cells"),
    [
        ("formulas", None, [["", ""], ["", ""]]),
        ("formulas", [["max(a, b)", "a"]], [["max(a, b)", "a"], ["", ""]]),
        ("formulas", "[[max(a, b), a], [b, 1]]", [["max(a, b)", "a"], ["b", "1"]]),
        ("formulas", "max(a, b), a\nb, 1", [["max(a, b)", "a"], ["b", "1"]]),
        ("column", ["a", "b", "max(a, b)"], [["a"], ["b"], ["max(a, b)"]]),
        ("column", "[a; b; 1]", [["a"], ["b"], ["1"]]),
        ("column", "a, b", [["a"], ["b"], [""]]),
        ("column", [["a"], ["b"]], [["a"], ["b"], [""]]),
        ("column", "]]a[[", [["]]a[["], [""], [""]]),
    ],
)
def test_whatever_is_stored_fits_the_cells_of_formulas(name: str, value: Any, cells: list[list[str]]) -> None:
    assert fields.cells(Field(WIDGETS[name], value)) == cells


def test_lines_that_a_program_sent_are_lines_in_the_box() -> None:
    assert fields.line(Field(WIDGETS["derivation"], ["a + b", "b + a"])) == "a + b\nb + a"
    assert fields.line(Field(WIDGETS["formula"], "a + b")) == "a + b"


def test_every_line_of_a_derivation_is_read_by_itself() -> None:
    found = read_as(WIDGETS["derivation"], "a + b\n\na + * b\n2 (")
    assert found.state == "cannot be read"
    assert [line.state for line in found.lines] == ["read", "blank", "cannot be read", "cannot be read"]
    third = found.lines[2]
    assert (third.start, third.end) == (4, 5)
    assert not third.says.startswith("Line")
    assert found.says.startswith("Line 3")
    assert read_as(WIDGETS["formula"], "a + b").lines == ()


def test_of_a_very_long_derivation_only_the_beginning_is_read_while_it_is_typed() -> None:
    found = read_as(WIDGETS["derivation"], "\n".join(["a + " * 200 + "b"] * 60))
    assert found.state == "cannot be read"
    assert 0 < sum(line.state != "not shown" for line in found.lines) < 20


def test_lines_that_are_not_shown_while_they_are_typed_are_said_to_be_graded_all_the_same() -> None:
    short = ["a + " * 40 + "b"] * 50
    found = read_as(WIDGETS["derivation"], "\n".join([*short[:39], "", *short[40:49], "", "b + a"]))
    states = [line.state for line in found.lines]
    assert len(states) == 51
    first = states.index("not shown")
    assert set(states[:first]) <= {"read", "blank"}
    assert set(states[first:]) == {"not shown", "blank"}
    told = [line.says for line in found.lines if line.says]
    assert told == [found.lines[first].says]
    assert "not shown" in told[0]
    assert "graded" in told[0]


def test_a_table_is_no_longer_than_any_other_answer() -> None:
    assert read_as(WIDGETS["vector"], ["1" * 1000] * 30).says == "This answer is longer than 20000 characters."


def test_a_reading_tells_its_lines_to_scripts_and_programs(small_house: House) -> None:
    asked = {"widget": fields.lean_widget(WIDGETS["derivation"]), "raw": "a + b\nc"}
    told = small_house.client.post("/reading", json=asked).json()
    assert [line["state"] for line in told["lines"]] == ["read", "cannot be read"]
    same = small_house.client.post("/api/v1/readings", json={"widget": WIDGETS["derivation"], "raw": "a + b"}).json()
    assert [line["state"] for line in same["lines"]] == ["read"]


def test_a_result_shows_formulas_as_they_were_read(small_house: House) -> None:
    small_house.sign_in()
    attempt = small_house.start()
    given = {"formula": "lam a", "derivation": "a + b\n(", "column": ["a", "", "b"], "program": "u = v\nu*2"}
    changes = [{"item": 1, "field": name, "revision": 1, "value": value} for name, value in given.items()]
    small_house.save(attempt, small_house.token(attempt), *changes)
    page = small_house.client.get(f"{attempt}/questions/1").text
    assert ">\na + b\n(</textarea>" in page
    small_house.post(f"{attempt}/hand-in")
    page = graded(small_house, attempt)
    assert r'data-tex="\lambda' in page
    assert r'data-tex="\frac{\partial L}{\partial w} ="' in page
    lines = page[page.index('<ol class="given-lines">') :]
    assert lines.count("<li>", 0, lines.index("</ol>")) == 2
    assert '<span class="raw">(</span>' in lines
    assert '<span class="raw">u = v\nu*2</span>' in page
    assert "None" not in re.sub(r"<[^>]+>|None of", "", page[page.index('class="results"') :])
