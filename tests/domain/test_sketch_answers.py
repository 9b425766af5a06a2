"""Sketches as raw answers: tables, texts, and what is no sketch."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.answers import Invalid, Read, read
from app.domain.language import parse_number
from app.domain.sketch_answers import exact
from app.domain.sketch_frames import SketchFrame
from app.domain.widgets import Widget

SIDES = {"x": {"low": 0, "high": 7}, "y": {"low": -1, "high": 2}}
LINES = Widget.model_validate({"kind": "sketch", "frame": SIDES | {"draw": "lines", "names": ["linear", "logistic"]}})
ONE = Widget.model_validate({"kind": "sketch", "frame": SIDES | {"draw": "lines", "names": ["trend"]}})
STARTS = {"starts": [[0, 0], [3, 1]]}
ARROWS = Widget.model_validate(
    {"kind": "sketch", "frame": SIDES | STARTS | {"draw": "arrows", "names": ["f_a", "f_p"]}}
)


def places(found: Read | Invalid) -> Any:
    """The numbers of every stroke."""
    assert isinstance(found, Read), found
    strokes: Any = found.cells
    return [stroke and [tuple(exact(cell) for cell in pair) for pair in stroke] for stroke in strokes]


@pytest.mark.parametrize(
    "raw",
    [
        [[["0", "1"], ["2", "3/2"]], []],
        [[["0", "1"], ["", ""], ["2", "1.5"], ["", ""]], None],
        [[[0, 1], [2, 1.5]], ""],
        ["(0, 1) (2, 1.5)", None],
        [["(0, 1)", "(2, 1.5)"], []],
        "linear: (0, 1) (2, 3/2)",
        "Linear: (0; 1) -> [2, 1.5]\n",
        "(0, 1), (2, 1.5)",
        "linear: (0, 1) (2, 1.5); logistic:",
    ],
)
def test_one_sketch_can_be_written_in_many_ways(raw: Any) -> None:
    found = read(LINES, raw)
    assert places(found) == [[(0, 1), (2, Fraction(3, 2))], None]
    assert isinstance(found, Read)
    assert found.words == "linear: (0, 1), (2, 1.5)"


def test_one_line_needs_no_list_of_lines() -> None:
    assert places(read(ONE, [["0", "1"], ["2", "3"]])) == [[(0, 1), (2, 3)]]
    assert places(read(ONE, [[["0", "1"], ["2", "3"]]])) == [[(0, 1), (2, 3)]]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ([["2", "-1"], ["0", "0"]], [[(2, -1)], [(0, 0)]]),
        ([[["2", "-1"]], []], [[(2, -1)], None]),
        ([[["1", "1"], ["3", "0"]], []], [[(1, 1), (3, 0)], None]),
        ("f_p: none", [None, [(0, 0)]]),
        ("none", [[(0, 0)], [(0, 0)]]),
        ("f_a: (1, 1) → (3, 0)\nf_p: no arrow", [[(1, 1), (3, 0)], [(0, 0)]]),
    ],
)
def test_arrows_are_vectors_or_two_ends_or_none(raw: Any, wanted: Any) -> None:
    assert places(read(ARROWS, raw)) == wanted


@pytest.mark.parametrize("raw", [None, "", " \n", [], [[], []], [[["", " "]], None], [None, ""]])
def test_nothing_drawn_is_blank(raw: Any) -> None:
    found = read(LINES, raw)
    assert isinstance(found, Read)
    assert found.blank


@pytest.mark.parametrize(
    ("raw", "says", "cell"),
    [
        ([[["0", "1"], ["2", ""]]], "linear, point 2, y is missing.", (0, 1, 1)),
        ([[], [["", "3"]]], "logistic, point 1, x is missing.", (1, 0, 0)),
        ([[["0", "1 +"]]], "linear, point 1, y: A number or name is missing", (0, 0, 1)),
        ([[["0", "x"]]], "linear, point 1, y: ", (0, 0, 1)),
        ([[["0", "sqrt(2)"]]], "“sqrt(2)” is no coordinate; write a number such as 1.5 or 3/2.", (0, 0, 1)),
        ([[["1/0", "1"]]], "“1/0” is no coordinate", (0, 0, 0)),
        ([[["1e300", "1"]]], "lies too far away", (0, 0, 0)),
        ([[["1" * 50, "1"]]], "at most 40 characters", (0, 0, 0)),
        ([[["1", "2", "3"]]], "a point has two coordinates", (0, 0, 0)),
        ([[["1", "2"]] * 61], "has 61 points; at most 60", (0, 0, 0)),
        ([[], [], []], "can be drawn here, not 3", ()),
        ("lin: (1, 2)", "“lin” is none of “linear”, “logistic”.", ()),
        ("linear: (1, 2)\nlinear: (2, 3)", "“linear” is drawn twice.", ()),
        ("linear: (1, 2, 3)", "“(1, 2, 3)” is no point", ()),
        ("linear: up and away", "write points such as (1, 2)", ()),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(raw: Any, says: str, cell: tuple[int, ...]) -> None:
    found = read(LINES, raw)
    assert isinstance(found, Invalid)
    assert says in found.says
    assert found.cell == cell


def test_a_decimal_comma_is_asked_back_unless_the_quiz_knows_it() -> None:
    assert isinstance(read(LINES, [[["1,5", "0"]]]), Invalid)
    assert places(read(LINES, [[["1,5", "0"]]], ",")) == [[(Fraction(3, 2), 0)], None]


def test_without_a_sheet_nothing_can_be_drawn() -> None:
    found = read(Widget(kind="sketch"), "linear: (0, 0)")
    assert isinstance(found, Invalid)
    assert found.says == "There is nothing to draw on here."


@pytest.mark.parametrize("text", ["2*3", "sqrt(4)", "2^3", "50%*2"])
def test_a_coordinate_is_no_calculation(text: str) -> None:
    assert exact(parse_number(text)) is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"names": []}, "at least 1 item"),
        ({"x": {"low": 2, "high": 1}}, "from a smaller to a larger"),
        ({"x": {"low": 0, "high": float("nan")}}, "finite number"),
        ({"draw": "arrows"}, "a place where it starts"),
        ({"points": [[0, 1]], "labels": ["a", "b"]}, "a label to every point"),
        ({"points": [[0, 1]] * 121}, "at most 120"),
    ],
)
def test_a_sheet_is_bounded(more: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError, match=says):
        SketchFrame.model_validate(SIDES | {"draw": "lines", "names": ["a"]} | more)
