"""Compares arrays cell by cell, and sums up rows and columns. True is right, False wrong, None blank."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from app.domain.values import Value
from graders.equality.numbers import AUTO, Precision, Tolerance, same_number

Marks: TypeAlias = None | bool | list["Marks"]
"""The outcome of every cell, nested like the reference."""

Written: TypeAlias = None | Precision | Sequence["Written"]
"""How every cell was typed, nested like the student's array."""


def same_cells(student: Value, reference: Value, tolerance: Tolerance = AUTO, written: Written = None) -> Marks:
    """The outcome of every cell of the reference; cells that the student's array does not have are blank.

    A single cell instead of a list, or a list instead of a cell, is wrong. Cells beyond the reference show in
    `same_shape` only.
    """
    if isinstance(reference, list):
        if student is None:
            return [same_cells(None, item, tolerance) for item in reference]
        if not isinstance(student, list):
            return _wrong(reference)
        forms = written if isinstance(written, Sequence) else []
        return [
            same_cells(
                student[place] if place < len(student) else None,
                item,
                tolerance,
                forms[place] if place < len(forms) else None,
            )
            for place, item in enumerate(reference)
        ]
    if student is None:
        return None
    if isinstance(reference, str) or isinstance(student, (str, list)):
        return student == reference
    return same_number(student, reference, tolerance, written if isinstance(written, Precision) else None)


def _wrong(reference: Value) -> Marks:
    return [_wrong(item) for item in reference] if isinstance(reference, list) else False


def same_shape(student: Value, reference: Value) -> bool:
    """Whether both have the same nesting and lengths, whatever is in the cells."""
    if isinstance(student, list) and isinstance(reference, list):
        return len(student) == len(reference) and all(map(same_shape, student, reference))
    return not isinstance(student, list) and not isinstance(reference, list)


def summary(marks: Marks) -> bool | None:
    """One mark for many: wrong if one is wrong, else blank if one is blank, else right."""
    if not isinstance(marks, list):
        return marks
    found = [summary(mark) for mark in marks]
    if False in found:
        return False
    return None if None in found else True


def rows_of(marks: Marks) -> list[bool | None]:
    """One mark for every row (of a vector: for every cell)."""
    return [summary(mark) for mark in marks] if isinstance(marks, list) else [marks]


def columns_of(marks: Marks) -> list[bool | None]:
    """One mark for every column of a matrix (of a vector: for every cell); short rows end where they end."""
    if not isinstance(marks, list):
        return [marks]
    rows = [mark if isinstance(mark, list) else [mark] for mark in marks]
    if not any(isinstance(mark, list) for mark in marks):
        return rows_of(marks)
    width = max(len(row) for row in rows)
    return [summary([row[place] for row in rows if place < len(row)]) for place in range(width)]
