"""A table of numbers, or of words to choose from, with labelled rows and columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import Value
from app.domain.widgets import Widget
from graders.array import Rows, as_rows, grid_marks
from graders.cells import elsewhere, fact, filled, typed, word_marks, words
from graders.equality.arrays import Marks, Written, columns_of, rows_of, summary
from graders.equality.numbers import AUTO
from graders.reference import WithReference
from graders.select import Words, labels, word
from graders.tolerance import ToleranceOption
from graders.writing import written


class TableOptions(WithReference):
    """The options of a table. The labels of rows and columns are expressions, `words` are as they stand."""

    rows: Cell = Field(description="The labels of the rows.")
    columns: Cell = Field(description="The labels of the columns.")
    words: Words = Field((), description="The words to choose from in every cell; a table of numbers if missing.")
    tolerance: ToleranceOption = AUTO


class Table:
    """Judges a table cell by cell. A cell whose reference is the empty word is right when left blank."""

    name: ClassVar[str] = "table"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = TableOptions

    def widget(self, options: TableOptions) -> Widget:
        """A labelled grid to fill."""
        return Widget(kind="table", rows=labels(options.rows), columns=labels(options.columns), words=options.words)

    def check(self, options: TableOptions, answer: Answer) -> Invalid | None:
        """Every readable table can be judged."""
        return None

    def observe(self, options: TableOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is a list of rows of numbers (or words) and None."""
        given = as_rows(answer.value)
        found = _marks(options, given, as_rows(options.reference), typed(answer.read.cells))
        return {
            "value": [[cell or "" for cell in row] if options.words else row for row in given],
            "right": summary(found),
            "cells": fact(found),
            "rows": [*rows_of(found)],
            "columns": [*columns_of(found)],
            "filled": filled(answer.value),
        }

    def facts(self, options: TableOptions) -> Mapping[str, FactType]:
        """value: the cells ("" for a word left blank). right: every cell is right. cells: per cell right,
        wrong or blank.

        rows, columns: per row or column; one wrong cell makes it wrong, else a blank one makes it blank.
        filled: how many cells are given.
        """
        lists = ("value", "cells", "rows", "columns")
        return {**dict.fromkeys(lists, "list"), "right": "truth", "filled": "value"}

    def key(self, options: TableOptions) -> Raw:
        """The reference."""
        return [_row(options, row) for row in as_rows(options.reference)]

    def wrong(self, options: TableOptions) -> Mapping[str, Raw]:
        """The key with the first, and with the last, cell wrong."""
        reference = as_rows(options.reference)
        answers: dict[str, Raw] = {}
        for name, place in (("first", 0), ("last", -1)):
            rows = [list(row) for row in reference]
            rows[place][place] = _other(options, rows[place][place])
            if summary(_marks(options, rows, reference)) is False:
                answers[name] = [_row(options, row) for row in rows]
        return answers


def _marks(options: TableOptions, given: Rows, reference: Rows, written_as: Written = None) -> Marks:
    if options.words:
        return word_marks([*given], [*reference])
    return grid_marks(given, reference, options.tolerance, written_as)


def _row(options: TableOptions, row: list[Value]) -> Raw:
    return [word(cell) for cell in row] if options.words else written(row)


def _other(options: TableOptions, cell: Value) -> Value:
    if not options.words:
        return elsewhere(cell)
    return next((choice for choice in options.words if words(choice, cell) is False), cell)
