"""Reading raw answers: every kind of widget, good, blank and bad."""

from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import BLANK, LONGEST_TEXT, MOST_CELLS, Invalid, Read, raw_from, read
from app.domain.language import to_source
from app.domain.sketch_frames import Side, SketchFrame
from app.domain.symbols import symbol
from app.domain.widgets import Kind, Widget

SYMBOLS = {"x": symbol("real"), "y": symbol("positive"), "v": symbol("vector(N)")}
STATEMENTS = ("one", "two", "three")
WIDGETS: dict[str, Widget] = {
    "number": Widget(kind="number"),
    "vector": Widget(kind="vector", shape=(3,)),
    "matrix": Widget(kind="matrix"),
    "choice": Widget(kind="choice", options_text=STATEMENTS),
    "single": Widget(kind="choice", options_text=STATEMENTS, several=False),
    "order": Widget(kind="order", options_text=STATEMENTS),
    "truth": Widget(kind="truth", options_text=STATEMENTS),
    "select": Widget(kind="select", words=("low", "High")),
    "select rows": Widget(kind="select", words=("low", "High"), rows=("a", "b")),
    "table": Widget(kind="table", rows=("a", "b"), columns=("u", "v")),
    "word table": Widget(kind="table", rows=("a", "b"), columns=("u", "v"), words=("low", "High")),
    "text": Widget(kind="text"),
    "expression": Widget(kind="expression", symbols=SYMBOLS),
    "equation": Widget(kind="expression", symbols=SYMBOLS, relation=True),
    "derivation": Widget(kind="derivation", symbols=SYMBOLS),
    "graph": Widget(kind="graph", inputs=("w", "x"), words=("+", "*"), asks=("value",)),
    "sketch": Widget(
        kind="sketch",
        frame=SketchFrame(draw="lines", names=("a", "b"), x=Side(low=0, high=1), y=Side(low=0, high=1)),
    ),
    "program": Widget(kind="program", symbols=SYMBOLS),
    "drawing": Widget(kind="drawing", gallery=True),
}


def plain(cells: Any) -> Any:
    """Cells with the trees written out."""
    if isinstance(cells, list):
        return [plain(cell) for cell in cells]
    return cells if cells is None or isinstance(cells, (str, int)) else to_source(cells)


def test_every_kind_of_widget_is_tested_here():
    assert {widget.kind for widget in WIDGETS.values()} == set(get_args(Kind))


@pytest.mark.parametrize(
    ("name", "raw", "cells"),
    [
        ("number", "1/3", "1 / 3"),
        ("number", 7, "7"),
        ("number", 0.5, "0.5"),
        ("number", [["7"]], "7"),
        ("vector", "1, 2, 3", ["1", "2", "3"]),
        ("vector", ["1", "", 3], ["1", None, "3"]),
        ("vector", [["1", "2"]], ["1", "2"]),
        ("matrix", [["1", "2"], ["3", ""]], [["1", "2"], ["3", None]]),
        ("matrix", ["1", "2"], [["1", "2"]]),
        ("matrix", "1 2\n3 4", [["1", "2"], ["3", "4"]]),
        ("choice", "1,3", [1, 3]),
        ("choice", "3; 1 1", [1, 3]),
        ("choice", ["2", 1], [1, 2]),
        ("choice", 2, [2]),
        ("choice", "None", []),
        ("order", "3,1", [3, 1]),
        ("order", ["2", "", 3], [2, 3]),
        ("order", "none", []),
        ("single", "2", [2]),
        ("single", "none", []),
        ("truth", ["true", "F", ""], ["true", "false", None]),
        ("truth", [True, False, True], ["true", "false", "true"]),
        ("truth", "t,,f", ["true", None, "false"]),
        ("truth", ["true"], ["true", None, None]),
        ("select", " HIGH ", "High"),
        ("select", ["low"], "low"),
        ("select rows", ["low", "high"], ["low", "High"]),
        ("select rows", "low", ["low", None]),
        ("table", [["1", "2"], ["3"]], [["1", "2"], ["3", None]]),
        ("table", [["", "2"]], [[None, "2"], [None, None]]),
        ("word table", [["low", ""], ["", "high"]], [["low", None], [None, "High"]]),
        ("text", "It overfits.", "It overfits."),
        ("expression", "2x y", "2 * x * y"),
        ("expression", 3, "3"),
        ("expression", [["x", "1"], ["0", ""]], "[[x, 1], [0, None]]"),
        ("expression", ["x", "y"], "[x, y]"),
        ("expression", [["x"]], "x"),
        ("expression", r"\frac{x}{y}", "x / y"),
        ("equation", "x = 2y", "x == 2 * y"),
        ("derivation", "L = (x + y)^2\n= x^2 + 2xy + y^2\n\n", ["(x + y)**2", "x**2 + 2 * x * y + y**2"]),
        ("derivation", ["x + y = y + x", "2"], ["x + y", "y + x", "2"]),
    ],
)
def test_a_good_answer_is_read(name: str, raw: object, cells: Any):
    found = read(WIDGETS[name], raw)
    assert isinstance(found, Read), found
    assert plain(found.cells) == cells
    assert not found.blank


@pytest.mark.parametrize("name", list(WIDGETS))
@pytest.mark.parametrize("raw", [None, "", "  "])
def test_nothing_typed_is_blank_everywhere(name: str, raw: object):
    found = read(WIDGETS[name], raw)
    assert isinstance(found, Read), found
    assert found.blank


@pytest.mark.parametrize(
    ("name", "raw"),
    [
        ("vector", ["", None]),
        ("vector", []),
        ("matrix", []),
        ("choice", []),
        ("truth", []),
        ("order", []),
        ("order", ["", None]),
        ("table", []),
        ("vector", [[]]),
        ("matrix", [[], []]),
        ("matrix", [["", ""], ["", None]]),
        ("choice", ", ;"),
        ("choice", [None, ""]),
        ("truth", ["", ""]),
        ("select rows", ["", None]),
        ("table", [["", ""], []]),
        ("word table", [["", ""]]),
        ("number", [""]),
        ("number", [None]),
        ("text", [None]),
    ],
)
def test_blank_cells_alone_are_a_blank_answer(name: str, raw: object):
    found = read(WIDGETS[name], raw)
    assert isinstance(found, Read), found
    assert found.blank


@pytest.mark.parametrize(
    ("name", "raw", "says", "cell", "place"),
    [
        ("expression", "2x +", 'A number or name is missing at the end, after "+".', (), (4, 4)),
        ("expression", "x = y = ", 'A number or name is missing at the end, after "=".', (), None),
        ("expression", [["x", "q"]], 'Entry 2: "q" is not known here. You can use: x, y, v, N.', (1,), (0, 1)),
        (
            "expression",
            [["x"], ["+"]],
            'Row 2, column 1: A number or name is missing at the end, after "+".',
            (1, 0),
            None,
        ),
        ("derivation", "x\n= 2y\n= 3q", 'Line 3: "q" is not known here. You can use: x, y, v, N.', (2,), (3, 4)),
        ("derivation", ["x", ["y"]], "A derivation is sent as a list of lines.", (), None),
        ("derivation", "x\n" * 41, "Line 41: This derivation has more than 40 lines.", (40,), None),
    ],
)
def test_a_formula_that_cannot_be_read_is_named_with_its_place(
    name: str, raw: object, says: str, cell: tuple[int, ...], place: tuple[int, int] | None
):
    found = read(WIDGETS[name], raw)
    assert isinstance(found, Invalid), found
    assert found.says == says
    assert found.cell == cell
    if place is not None:
        assert (found.start, found.end) == place


@pytest.mark.parametrize("name", ["choice", "single"])
def test_none_of_them_is_an_answer_and_zero_is_one(name: str):
    none = read(WIDGETS[name], "none")
    zero = read(WIDGETS["number"], "0")
    assert isinstance(none, Read)
    assert isinstance(zero, Read)
    assert not none.blank
    assert not zero.blank
    assert none.words == "none of them"


@pytest.mark.parametrize(
    ("name", "raw", "says"),
    [
        ("number", "five", ""),
        ("number", ["1", "2"], "One value is asked for here, not a list."),
        ("number", [], "One value is asked for here, not a list."),
        pytest.param("number", 10**5000, "This number has too many digits.", id="huge number"),
        ("vector", ["1", "x y ("], "Entry 2: "),
        ("vector", ["1", ["2", "3"]], "Entry 2: one value is asked for here, not a list."),
        ("vector", "1, ?", ""),
        ("matrix", [["1"], "2"], "Row 2 is no list of cells."),
        ("matrix", [["1", "2"], ["3"]], "Row 2 has 1 cells, row 1 has 2; all rows are equally long."),
        ("matrix", [["1", "2"], ["3", "*"]], "Row 2, column 2: "),
        ("matrix", [[["1"]]], "Row 1, column 1: one value is asked for here, not a list."),
        ("choice", "4", "“4” is not one of the options 1 to 3."),
        ("choice", "0", "“0” is not one of the options 1 to 3."),
        ("choice", "²", "“²” is not one of the options"),
        ("choice", "12345", "“12345” is not one of"),
        ("choice", "true", "“true” is not one of"),
        ("order", "1,4", "“4” is not one of the blocks 1 to 3."),
        ("order", "none,2", "“none” is not one of the blocks"),
        ("order", "2,1,2", "Block 2 stands in two places; every block can be used once."),
        ("single", "1,2", "Choose one option only."),
        ("truth", ["maybe"], "Entry 1: “maybe” is not one of “true”, “false”."),
        ("truth", ["true"] * 4, "3 entries are asked for here, not 4."),
        ("truth", [["true"]], "Entry 1: one word is asked for here, not a list."),
        ("select", "medium", "“medium” is not one of “low”, “High”."),
        ("select", ["low", "low"], "One value is asked for here, not a list."),
        ("select rows", ["low", "x"], "Entry 2: “x” is not one of"),
        ("table", "1, 2", "A table is sent as a list of rows."),
        ("table", [[], [], []], "This table has 2 rows, not 3."),
        ("table", [["1", "2", "3"]], "Row 1 has at most 2 cells."),
        ("table", ["1"], "Row 1 has at most 2 cells."),
        ("table", [["1", "+"]], "Row 1, column 2: "),
        ("word table", [["low", "x"]], "Row 1, column 2: “x” is not one of"),
        ("text", ["a", "b"], "One value is asked for here, not a list."),
        pytest.param("text", "a" * (LONGEST_TEXT + 1), "This answer is longer than", id="long text"),
        ("text", {"a": 1}, "An answer is text, a number or a list of these."),
        ("vector", ["1"] * (MOST_CELLS + 1), "This answer has more than"),
        ("matrix", [[[["1"]]]], "This answer is nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(name: str, raw: object, says: str):
    found = read(WIDGETS[name], raw)
    assert isinstance(found, Invalid), found
    assert found.says.startswith(says)
    assert found.says.endswith(".")
    assert "\n" not in found.says


def test_an_unreadable_cell_is_named_with_its_place_in_the_text():
    found = read(WIDGETS["matrix"], [["1", "2"], ["3", "4 +"]])
    assert isinstance(found, Invalid)
    assert found.cell == (1, 1)
    assert found.start is not None
    number = read(WIDGETS["number"], "3 + ?")
    assert isinstance(number, Invalid)
    assert (number.start, number.end) == (4, 5)


def test_an_answer_is_shown_as_it_was_read():
    found = read(WIDGETS["matrix"], [["1/2", ""]])
    assert isinstance(found, Read)
    assert found.latex == r"\begin{pmatrix} \frac{1}{2} & \square \end{pmatrix}"
    assert read(WIDGETS["truth"], ["t", ""]) == Read(["true", None, None], words="true, –, –")
    assert read(WIDGETS["choice"], "3,1") == Read([1, 3], words="1, 3")
    assert read(WIDGETS["order"], "3,1") == Read([3, 1], words="3, 1")
    assert read(WIDGETS["number"], " ") is BLANK


def test_a_decimal_comma_is_read_where_it_is_agreed():
    found = read(WIDGETS["number"], "0,5", ",")
    assert isinstance(found, Read)
    assert plain(found.cells) == plain(getattr(read(WIDGETS["number"], "0.5"), "cells", None))


def test_json_numbers_and_truth_values_are_what_a_student_would_type():
    assert raw_from([True, False, 1, 0.5, None, "x"]) == ["true", "false", "1", "0.5", None, "x"]
    with pytest.raises(ValueError, match="An answer is text, a number or a list of these"):
        raw_from({"a": 1})


pieces = st.text(max_size=12) | st.sampled_from(["1", "1/2", "none", "true", "low", "1,2", "x²", "[1]", "1e9", "²"])
json_data: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | pieces,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=10,
)


@given(st.sampled_from(sorted(WIDGETS)), json_data, st.sampled_from([".", ",", "ask"]))
def test_whatever_arrives_is_read_or_refused_never_an_exception(name: str, raw: object, decimal: Any):
    found = read(WIDGETS[name], raw, decimal)
    if isinstance(found, Invalid):
        assert found.says
    else:
        assert isinstance(found.blank, bool)


@given(st.sampled_from(sorted(WIDGETS)), st.lists(pieces | st.lists(pieces, max_size=3), max_size=3))
def test_a_read_answer_has_the_shape_of_its_widget(name: str, raw: object):
    widget, found = WIDGETS[name], read(WIDGETS[name], raw)
    if isinstance(found, Invalid) or found.blank:
        return
    if widget.rows:
        assert isinstance(found.cells, list)
        assert len(found.cells) == len(widget.rows)
    if widget.kind == "matrix":
        assert isinstance(found.cells, list)
        assert len({len(row) for row in found.cells if isinstance(row, list)}) == 1


def test_a_vector_may_be_sent_as_a_row_or_as_a_column():
    widget = Widget(kind="vector", shape=(3,))
    plain = read(widget, ["13", "5", "0"])
    assert read(widget, [["13", "5", "0"]]) == plain
    assert read(widget, [["13"], ["5"], ["0"]]) == plain
    assert isinstance(read(widget, [["13"], ["5", "0"]]), Invalid)
