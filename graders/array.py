"""Vectors and matrices, judged cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal, TypeAlias

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import Value
from app.domain.widgets import Widget
from graders.cells import Line, elsewhere, fact, filled, marks, negated, number, typed
from graders.equality.arrays import Marks, Written, columns_of, rows_of, same_shape, summary
from graders.equality.numbers import AUTO, Tolerance, same_number
from graders.evaluation.errors import EvaluationError
from graders.reference import WithReference
from graders.tolerance import ToleranceOption
from graders.writing import written

Rows: TypeAlias = list[list[Value]]


class ArrayOptions(WithReference):
    """What vectors and matrices share."""

    tolerance: ToleranceOption = AUTO
    size: Literal["given", "free"] = Field(
        "given",
        description="`given`: the page shows the cells to fill; `free`: the size is part of the answer.",
    )


class VectorOptions(ArrayOptions):
    """The options of a vector."""

    any_order: bool = Field(False, description="Whether the entries count in any order.")


class MatrixOptions(ArrayOptions):
    """The options of a matrix."""


class Vector:
    """Judges a list of numbers; all entries are wrong where the length is."""

    name: ClassVar[str] = "vector"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = VectorOptions

    def widget(self, options: VectorOptions) -> Widget:
        """A row of cells, or one line where the length is not given away."""
        shape = (len(as_vector(options.reference)),) if options.size == "given" else None
        return Widget(kind="vector", shape=shape)

    def check(self, options: VectorOptions, answer: Answer) -> Invalid | None:
        """Every readable list of numbers can be judged."""
        return None

    def observe(self, options: VectorOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is a list of numbers and None."""
        given, reference = as_vector(answer.value), as_vector(options.reference)
        written_as = typed(answer.read.cells)
        found = _vector_marks(options, given, reference, written_as)
        right = summary(found)

        def also(other: list[Value]) -> bool:
            return right is False and summary(marks(given, other, options.tolerance, written_as)) is True

        return {
            "right": right,
            "shape": len(given) == len(reference),
            "cells": fact(found),
            "filled": filled(given),
            "sign": also([negated(cell) for cell in reference]),
            "reversed": also(reference[::-1]),
            "permuted": right is False and all(in_any_order(given, reference, options.tolerance, written_as)),
        }

    def facts(self, options: VectorOptions) -> Mapping[str, FactType]:
        """right: every entry is given and right. shape: the length is right. cells: per entry right, wrong or
        blank.

        filled: how many entries are given. sign: all right but for the sign. reversed: right backwards.
        permuted: the right entries in another order.
        """
        truths = ("right", "shape", "sign", "reversed", "permuted")
        return {**dict.fromkeys(truths, "truth"), "cells": "list", "filled": "value"}

    def key(self, options: VectorOptions) -> Raw:
        """The reference."""
        return written(as_vector(options.reference))

    def wrong(self, options: VectorOptions) -> Mapping[str, Raw]:
        """A wrong first entry, the opposite sign, backwards, one entry more; those that are wrong here."""
        reference = as_vector(options.reference)
        answers: dict[str, list[Value]] = {
            "first": [elsewhere(reference[0]), *reference[1:]] if reference else [0],
            "sign": [negated(cell) for cell in reference],
            "reversed": reference[::-1],
            "longer": [*reference, 0],
        }
        return {
            name: written(cells)
            for name, cells in answers.items()
            if summary(_vector_marks(options, cells, reference)) is False
        }


class Matrix:
    """Judges rows of numbers; all cells are wrong where the size is. One number is a matrix of one cell."""

    name: ClassVar[str] = "matrix"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = MatrixOptions

    def widget(self, options: MatrixOptions) -> Widget:
        """A grid of cells, or a text box where the size is not given away."""
        rows = as_rows(options.reference)
        shape = (len(rows), len(rows[0]) if rows else 0) if options.size == "given" else None
        return Widget(kind="matrix", shape=shape)

    def check(self, options: MatrixOptions, answer: Answer) -> Invalid | None:
        """Every readable list of numbers can be judged."""
        return None

    def observe(self, options: MatrixOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is a list of rows of numbers and None."""
        given, reference = as_rows(answer.value), as_rows(options.reference)
        written_as = typed(answer.read.cells)
        found = grid_marks(given, reference, options.tolerance, written_as)
        right = summary(found)

        def also(other: Rows) -> bool:
            return right is False and summary(grid_marks(given, other, options.tolerance, written_as)) is True

        return {
            "right": right,
            "shape": same_shape([*given], [*reference]),
            "cells": fact(found),
            "rows": [*rows_of(found)],
            "columns": [*columns_of(found)],
            "filled": filled([*given]),
            "sign": also([[negated(cell) for cell in row] for row in reference]),
            "transposed": also(transposed(reference)),
        }

    def facts(self, options: MatrixOptions) -> Mapping[str, FactType]:
        """right: every cell is right. shape: the size is right. cells: per cell right, wrong or blank.

        rows, columns: per row or column. Of several cells, one that is wrong makes the whole wrong, else one
        that is blank makes it blank. filled: how many cells are given. sign: all right but for the sign.
        transposed: right with rows and columns exchanged.
        """
        truths = ("right", "shape", "sign", "transposed")
        lists = ("cells", "rows", "columns")
        return {**dict.fromkeys(truths, "truth"), **dict.fromkeys(lists, "list"), "filled": "value"}

    def key(self, options: MatrixOptions) -> Raw:
        """The reference."""
        return [written(row) for row in as_rows(options.reference)]

    def wrong(self, options: MatrixOptions) -> Mapping[str, Raw]:
        """A wrong first cell, the opposite sign, the transpose, one row more; those that are wrong here."""
        reference = as_rows(options.reference)
        if not reference or not reference[0]:
            return {}
        first = [[elsewhere(reference[0][0]), *reference[0][1:]], *reference[1:]]
        answers: dict[str, Rows] = {
            "first": first,
            "sign": [[negated(cell) for cell in row] for row in reference],
            "transposed": transposed(reference),
            "longer": [*reference, [0 for _ in reference[0]]],
        }
        return {
            name: written([*rows])
            for name, rows in answers.items()
            if summary(grid_marks(rows, reference, options.tolerance)) is False
        }


def as_vector(value: Value) -> list[Value]:
    """The entries of a vector; a single row or column, or a single number, is one too."""
    if not isinstance(value, list):
        return [] if value is None else [value]
    if len(value) == 1 and isinstance(value[0], list):
        return value[0]
    return [cell[0] if isinstance(cell, list) and len(cell) == 1 else cell for cell in value]


def as_rows(value: Value) -> Rows:
    """The rows of a matrix; a vector is one row, a single number is one cell.

    Raises:
        EvaluationError: the rows are not equally long (readable answers are).
    """
    cells: list[Value] = value if isinstance(value, list) else [value]
    if not any(isinstance(row, list) for row in cells):
        return [cells]
    rows: Rows = [row if isinstance(row, list) else [row] for row in cells]
    if len({len(row) for row in rows}) > 1:
        raise EvaluationError("The rows of this matrix are not equally long.")
    return rows


def transposed(rows: Rows) -> Rows:
    """Rows and columns exchanged."""
    return [list(column) for column in zip(*rows, strict=True)]


def grid_marks(given: Rows, reference: Rows, tolerance: Tolerance, written_as: Written = None) -> Marks:
    """One mark for every cell of the reference; see `marks`."""
    return marks([*given], [*reference], tolerance, written_as)


def _vector_marks(
    options: VectorOptions, given: list[Value], reference: list[Value], written_as: Written = None
) -> Marks:
    if options.any_order:
        return in_any_order(given, reference, options.tolerance, written_as)
    return marks(given, reference, options.tolerance, written_as)


def in_any_order(given: list[Value], reference: list[Value], tolerance: Tolerance, written_as: Written = None) -> Line:
    """Marks in the order given: every entry of the reference is used once, and as many as possible."""
    if len(given) != len(reference):
        return [False] * len(reference) or [False]
    forms = written_as if isinstance(written_as, list) else [None] * len(given)
    wanted = sorted(known for known in map(number, reference) if known is not None)
    found: Line = [None if cell is None else False for cell in given]
    # The numbers that count for an entry lie around it, so in ascending order the first match is never a
    # mistake.
    entries = [(number(cell), place) for place, cell in enumerate(given)]
    next_wanted = 0
    for entry, place in sorted((entry, place) for entry, place in entries if entry is not None):
        while next_wanted < len(wanted):
            same = same_number(entry, wanted[next_wanted], tolerance, forms[place])
            if not same and wanted[next_wanted] >= entry:
                break
            next_wanted += 1
            if same:
                found[place] = True
                break
    return found
