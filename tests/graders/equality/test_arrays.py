"""Arrays are judged cell by cell; blank cells are just blank."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.values import Value
from graders.equality import EXACT, Precision, columns_of, rows_of, same_cells, same_shape, summary
from graders.equality.arrays import Marks

KEY: Value = [[1, 2], [3, 4]]


@pytest.mark.parametrize(
    ("student", "marks"),
    [
        ([[1, 2], [3, 4]], [[True, True], [True, True]]),
        ([[1, 9], [None, 4]], [[True, False], [None, True]]),
        ([[1], [3, 4, 5]], [[True, None], [True, True]]),
        ([[1, 2]], [[True, True], [None, None]]),
        (None, [[None, None], [None, None]]),
        ([[1, [2]], [3, "4"]], [[True, False], [True, False]]),
        ([1, [3, 4]], [[False, False], [True, True]]),
        (1, [[False, False], [False, False]]),
    ],
)
def test_a_blank_cell_is_blank_not_wrong(student: Value, marks: Marks) -> None:
    assert same_cells(student, KEY) == marks


def test_a_single_cell_is_an_array_of_no_dimension() -> None:
    assert same_cells(3, 3) is True
    assert same_cells(None, 3) is None
    assert same_cells([3], 3) is False
    assert same_cells("low", "low") is True
    assert same_cells(["low", "high"], ["low", "low"]) == [True, False]
    assert same_cells(0, "low") is False


def test_every_cell_is_judged_by_how_it_was_typed() -> None:
    third = Fraction(1, 3)
    student: Value = [Fraction(333, 1000), Fraction(333, 1000)]
    assert same_cells(student, [third, third], written=[Precision(3, -3), None]) == [True, False]
    assert same_cells(student, [third, third], written=[Precision(3, -3)]) == [True, False]
    assert same_cells(student, [third, third], EXACT, [Precision(3, -3)] * 2) == [False, False]


@pytest.mark.parametrize(
    ("student", "same"),
    [
        ([[1, None], ["x", 4]], True),
        ([[1, 2], [3]], False),
        ([[1, 2]], False),
        ([1, 2], False),
        (None, False),
    ],
)
def test_the_shape_does_not_depend_on_what_is_in_the_cells(student: Value, same: bool) -> None:
    assert same_shape(student, KEY) is same
    assert same_shape(3, None) is True


def test_rows_and_columns_are_wrong_before_they_are_blank() -> None:
    marks: Marks = [[True, False, None], [True, True, True], [True, None, True]]
    assert rows_of(marks) == [False, True, None]
    assert columns_of(marks) == [True, False, None]
    assert summary(marks) is False
    assert summary([True, None]) is None
    assert summary([]) is True


def test_a_vector_has_a_mark_for_every_cell_both_ways() -> None:
    assert rows_of([True, None]) == [True, None]
    assert columns_of([True, None]) == [True, None]
    assert rows_of(True) == columns_of(True) == [True]


def test_short_rows_end_where_they_end() -> None:
    assert columns_of([[True], [False, True], True]) == [False, True]
