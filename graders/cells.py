"""Cells of an answer against cells of a reference: True is right, False wrong, None blank."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

from app.domain.answers import Tree
from app.domain.language.tree import Node
from app.domain.values import Value
from graders.equality.arrays import Marks, Written, same_cells, same_shape
from graders.equality.numbers import Tolerance, precision

Line: TypeAlias = list[Marks]


def number(value: Value) -> int | Fraction | float | None:
    """The value if it is a number, or a list around a single number; else None."""
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, (int, Fraction, float)) else None


def tree(cell: Tree) -> Node | None:
    """The cell if it was typed as a number."""
    return None if cell is None or isinstance(cell, (str, int, list)) else cell


def typed(cells: Tree) -> Written:
    """How every cell was written, for tolerances that look at digits."""
    if isinstance(cells, list):
        return [typed(cell) for cell in cells]
    node = tree(cells)
    return None if node is None else precision(node)


def marks(given: Value, reference: Value, tolerance: Tolerance, written: Written = None) -> Marks:
    """One mark for every cell of the reference. All are wrong where the size is wrong.

    A cell whose reference is not known (a blank that was carried forward) is blank.
    """
    if not same_shape(given, reference):
        return all_wrong(reference)
    return _unknown_is_blank(same_cells(given, reference, tolerance, written), reference)


def all_wrong(reference: Value) -> Marks:
    """False in the shape of the reference; an empty one has one mark, lest it pass for all right."""
    if isinstance(reference, list):
        return [all_wrong(cell) for cell in reference] or [False]
    return False


def _unknown_is_blank(found: Marks, reference: Value) -> Marks:
    if isinstance(found, list) and isinstance(reference, list):
        return [_unknown_is_blank(mark, cell) for mark, cell in zip(found, reference, strict=True)]
    return None if reference is None else found


def words(given: Value, reference: Value) -> bool | None:
    """The mark of one word. A reference of no text wants the cell left blank."""
    if reference == "":
        return not given
    if not given or reference is None:
        return None
    return str(given).strip().casefold() == str(reference).strip().casefold()


def word_marks(given: Value, reference: Value) -> Marks:
    """One mark for every cell of a reference made of words."""
    if isinstance(given, list) and isinstance(reference, list):
        if len(given) != len(reference):
            return all_wrong(reference)
        return [word_marks(one, other) for one, other in zip(given, reference, strict=True)]
    return words(given, reference)


def fact(found: Marks) -> Value:
    """Marks as a fact."""
    return [fact(mark) for mark in found] if isinstance(found, list) else found


def filled(value: Value) -> int:
    """How many cells hold something."""
    if isinstance(value, list):
        return sum(filled(item) for item in value)
    return int(value is not None and value != "")


def negated(value: Value) -> Value:
    """The number with the opposite sign; what is no number stays as it is."""
    return -value if isinstance(value, (int, Fraction, float)) else value


def elsewhere(value: Value) -> Value:
    """A number that no sensible tolerance takes for this one."""
    if not isinstance(value, (int, Fraction, float)):
        return value
    return 2 * value + 1 if value >= 0 else 2 * value - 1
