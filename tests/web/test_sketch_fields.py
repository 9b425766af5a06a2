"""Sketches between stored answers, plain inputs, text and pictures."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree

import pytest
from starlette.datastructures import FormData

from app.domain.answers import read
from app.domain.widgets import Widget
from app.web.sketch_drawing import sketch_picture, ticks
from app.web.sketch_fields import sketch_from_form, sketch_rows, sketch_text
from tests.web.variant import WIDGETS

LINES, ARROWS = WIDGETS["sketch"], WIDGETS["arrows"]
DRAWN = [[["0", "0.5"], ["6", "3/2"]], []]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("value", "rows"),
    [
        (None, [[], []]),
        (DRAWN, [[["0", "0.5"], ["6", "3/2"]], []]),
        ("linear: (0, 0.5) (6; 1)", [[["0", "0.5"], ["6", "1"]], []]),
        ("(0, 0.5)\n(6, 1)", [[["0", "0.5"]], [["6", "1"]]]),
        ([["0", "1"], "(2, 3)"], [[["0", "1"]], [["2", "3"]]]),
        ([[[1, None]], 5], [[["1", ""]], []]),
        ("other: (1, 2)", [[], []]),
    ],
)
def test_whatever_is_stored_fits_the_table(value: Any, rows: Any) -> None:
    found = sketch_rows(LINES, value)
    assert [[row for row in stroke if any(row)] for stroke in found] == rows
    assert all(len(stroke) >= 2 for stroke in found)
    assert [len(stroke) for stroke in sketch_rows(LINES, value, 6)] == [len(stroke) + 6 for stroke in rows]


def test_the_text_of_a_sketch_is_read_the_same() -> None:
    text = sketch_text(LINES, DRAWN)
    assert text == "linear: (0, 0.5) (6, 3/2)"
    known = Widget.model_validate({name: one for name, one in LINES.items() if one is not None})
    assert getattr(read(known, text), "words", "") == getattr(read(known, DRAWN), "words", None)
    assert sketch_text(LINES, "as typed") == "as typed"
    assert sketch_text(LINES, None) == ""


def test_a_form_holds_the_rows_that_were_filled() -> None:
    form = FormData(
        {
            f"f.s.0.{row}.{side}": text
            for row, pair in enumerate((("0", "1"), ("", ""), ("2", "3"), ("", "")))
            for side, text in enumerate(pair)
        }
    )
    assert sketch_from_form(LINES, "f.s", form) == [[["0", "1"], ["", ""], ["2", "3"]], []]


def picture(widget: Any, value: Any = None) -> ElementTree.Element:
    return ElementTree.fromstring(
        str(sketch_picture(widget, value)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ')
    )


def test_the_picture_shows_what_is_given_and_what_was_drawn() -> None:
    empty, drawn = picture(LINES), picture(LINES, DRAWN)
    assert len(empty.findall(f".//{SVG}circle[@class='point']")) == 2
    assert empty.findall(f".//{SVG}g[@class='stroke stroke-0']") == []
    assert len(drawn.findall(f".//{SVG}g[@class='stroke stroke-0']/{SVG}circle")) == 2
    assert drawn.get("role") == "img"
    assert str(drawn.get("aria-label")) == "Drawing. Given points: (1, 0), (2, 1). linear: (0, 0.5), (6, 1.5)"


def test_what_cannot_be_read_is_not_drawn_and_names_are_escaped() -> None:
    assert picture(LINES, [[["0", "x"]]]).findall(f".//{SVG}g[@class='stroke stroke-0']") == []
    frame = ARROWS["frame"] | {"names": ["<b>&"], "labels": ['<i>_"', "b"], "starts": [[0, 0]]}
    svg = str(sketch_picture(ARROWS | {"frame": frame}, [["1", "1"]]))
    assert "<b>" not in svg
    assert "<i>" not in svg


@pytest.mark.parametrize(
    ("value", "ends"),
    [([["2", "0"], []], 2.0), ([[["5", "5"], ["7", "5"]], []], 2.0), ([["0", "0"], []], None)],
)
def test_an_arrow_starts_at_its_point_however_it_was_given(value: Any, ends: float | None) -> None:
    found = picture(ARROWS, value)
    given = [float(str(one.get("cx"))) for one in found.findall(f".//{SVG}circle[@class='point']")]
    unit = (given[1] - given[0]) / 3
    stroke = found.find(f".//{SVG}g[@class='stroke stroke-0']")
    assert stroke is not None
    path = stroke.find(f"{SVG}path")
    if ends is None:
        assert path is None
        assert stroke.find(f"{SVG}circle[@class='nowhere']") is not None
        return
    assert path is not None
    start, tip = (float(piece.split()[0]) for piece in str(path.get("d"))[1:].split(" L"))
    assert (start, tip) == (pytest.approx(given[0]), pytest.approx(given[0] + ends * unit, abs=0.2))


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0, 7, ["0", "2", "4", "6"]),
        (-0.5, 1.5, ["−0.5", "0", "0.5", "1.0", "1.5"]),
        (-3000, 3000, ["−3000", "−2000", "−1000", "0", "1000", "2000", "3000"]),
        (0.001, 0.004, ["0.0010", "0.0015", "0.0020", "0.0025", "0.0030", "0.0035", "0.0040"]),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, labels: list[str]) -> None:
    assert [label for _, label in ticks(low, high)] == labels


def test_a_widget_without_a_sheet_has_no_picture() -> None:
    assert sketch_picture({"kind": "sketch"}) == ""
