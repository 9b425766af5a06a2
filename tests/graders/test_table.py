"""Tables of numbers and of words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.answers import Invalid
from graders.table import Table, TableOptions

TABLE = Table()


def options(answer, words=(), **written):
    made = TableOptions(answer="…", rows="…", columns="…", words=words, **written)
    return made.model_copy(update={"answer": answer, "rows": ["a", "b"], "columns": ["x", "y"]})


NUMBERS = options([[1, Fraction(1, 3)], [0, -4]])
WORDS = options([["low", "high"], ["high", ""]], words=("low", "high"))


@pytest.mark.parametrize(
    ("raw", "cells", "rows", "columns", "right", "filled"),
    [
        ([["1", "1/3"], ["0", "-4"]], [[True, True], [True, True]], [True, True], [True, True], True, 4),
        ([["1", "0.333"], ["0", "4"]], [[True, True], [True, False]], [True, False], [True, False], False, 4),
        ([["1", ""], ["0", "-4"]], [[True, None], [True, True]], [None, True], [True, None], None, 3),
        ([["1"]], [[True, None], [None, None]], [None, None], [None, None], None, 1),
    ],
)
def test_numbers_are_judged_cell_by_cell(raw, cells, rows, columns, right, filled, seen):
    facts = seen(TABLE, NUMBERS, raw)
    assert facts["cells"] == cells
    assert (facts["rows"], facts["columns"]) == (rows, columns)
    assert facts["right"] is right
    assert facts["filled"] == filled


def test_words_are_judged_cell_by_cell_and_a_blank_can_be_right(seen):
    facts = seen(TABLE, WORDS, [["low", "High"], ["high", ""]])
    assert facts["value"] == [["low", "high"], ["high", ""]]
    assert facts["right"] is True
    facts = seen(TABLE, WORDS, [["low", ""], ["low", "low"]])
    assert facts["cells"] == [[True, None], [False, False]]
    assert facts["rows"] == [None, False]


def test_a_number_is_no_word(asked):
    found = asked(TABLE, WORDS, [["3"]])
    assert isinstance(found, Invalid)
    assert found.says == "Row 1, column 1: “3” is not one of “low”, “high”."


def test_the_tolerance_holds_in_every_cell(seen):
    table = options([[1000, 1], [1, 1]], tolerance="1%")
    assert seen(TABLE, table, [["1009", "1"], ["1", "1.02"]])["cells"] == [[True, True], [True, False]]


def test_the_widget_carries_the_labels():
    widget = TABLE.widget(WORDS)
    assert (widget.rows, widget.columns, widget.words) == (("a", "b"), ("x", "y"), ("low", "high"))
    single = NUMBERS.model_copy(update={"rows": "a", "columns": None})
    assert (TABLE.widget(single).rows, TABLE.widget(single).columns) == (("a",), ())


def test_typical_wrong_answers_change_one_cell():
    assert TABLE.key(NUMBERS) == [["1", "1/3"], ["0", "-4"]]
    assert TABLE.wrong(NUMBERS) == {"first": [["3", "1/3"], ["0", "-4"]], "last": [["1", "1/3"], ["0", "-9"]]}
    assert TABLE.key(WORDS) == [["low", "high"], ["high", ""]]
    assert TABLE.wrong(WORDS) == {
        "first": [["high", "high"], ["high", ""]],
        "last": [["low", "high"], ["high", "low"]],
    }
    assert TABLE.wrong(options([["low"]], words=("low",))) == {}


def test_a_world_with_another_size_calls_nothing_right(seen):
    assert seen(TABLE, options([[1, 2, 3]]), [["1", "2"]])["right"] is False
    assert seen(TABLE, options([["low", "low", "low"]], words=("low",)), [["low"]])["right"] is False
