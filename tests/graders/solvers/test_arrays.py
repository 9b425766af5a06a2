"""Values become arrays of exact numbers and come back unchanged."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values import PERSON
from graders.solvers import BlankError, SolverError, as_array, as_value
from graders.solvers.arrays import shape_text
from graders.solvers.exact import exponential, logarithm, quotient, root

NUMBERS = st.integers() | st.fractions().filter(lambda q: q.denominator > 1) | st.floats(-1e9, 1e9)


def filled(shape: list[int]) -> Any:
    cells: Any = NUMBERS
    for size in reversed(shape):
        cells = st.lists(cells, min_size=size, max_size=size)
    return cells


@given(st.lists(st.integers(0, 3), max_size=4).flatmap(filled))
def test_an_array_comes_back_as_the_same_value(value: Any) -> None:
    array = as_array(value)
    assert array.dtype == object
    assert as_value(array) == value
    assert str(as_value(array)) == str(value)


def test_a_bare_number_has_no_dimensions_and_truth_counts_as_one() -> None:
    assert as_array(5).shape == ()
    assert as_array([True, False]).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ([[1, 2], [3]], "x must be rectangular"),
        ([1, [2]], "x must be rectangular"),
        (["a"], "x must hold numbers only, not 'a'"),
        ([{"a": 1}], "x must hold numbers only, not a dict"),
        (PERSON, "x must hold numbers only, not a Share"),
        (float("inf"), "x must hold numbers only, not inf"),
        (float("nan"), "x must hold numbers only, not nan"),
        ([[[[[[[[[1]]]]]]]]], "x is nested more than 8 levels deep"),
    ],
)
def test_what_is_no_array_is_refused_in_one_sentence(value: Any, says: str) -> None:
    with pytest.raises(SolverError, match=says) as caught:
        as_array(value, "x")
    assert str(caught.value).endswith(".")


def test_a_blank_cell_is_blank_not_wrong() -> None:
    with pytest.raises(BlankError, match="x has a blank cell"):
        as_array([1, None], "x")


def test_nothing_of_numpy_and_no_whole_fraction_leaves() -> None:
    mixed = {
        "a": np.array([np.float64(1.5), Fraction(4, 2)], dtype=object),
        "b": (np.int64(1), np.bool_(True)),
    }
    found = as_value(mixed)
    assert found == {"a": [1.5, 2], "b": [1, True]}
    assert [type(cell) for cell in found["a"]] == [float, int]  # type: ignore[index,union-attr]
    assert [type(cell) for cell in found["b"]] == [int, bool]  # type: ignore[index,union-attr]
    assert as_value([None, "text", PERSON]) == [None, "text", PERSON]
    with pytest.raises(SolverError, match="A object is not a value"):
        as_value(object())


@pytest.mark.parametrize(
    ("shape", "words"), [((), "a single number"), ((3,), "3 values"), ((3, 4), "3×4"), ((2, 3, 4), "2×3×4")]
)
def test_shapes_are_written_as_people_write_them(shape: tuple[int, ...], words: str) -> None:
    assert shape_text(shape) == words


def test_arithmetic_is_exact_while_it_can_be() -> None:
    assert quotient(4, 2) == 2
    assert type(quotient(4, 2)) is int
    assert quotient(1, 3) == Fraction(1, 3)
    assert quotient(1, 0.5) == 2.0
    assert root(Fraction(9, 4)) == Fraction(3, 2)
    assert root(2) == pytest.approx(1.41421356)
    assert root(4.0) == 2.0
    assert (exponential(0), logarithm(1)) == (1, 0)


@pytest.mark.parametrize(
    ("operation", "says"),
    [
        (lambda: quotient(1, 0), "division by zero"),
        (lambda: root(-1), "square root of a negative number"),
        (lambda: logarithm(0), "positive numbers only"),
        (lambda: exponential(1000), "too large for a floating-point number"),
        (lambda: exponential(10**400), "too large for an irrational function"),
    ],
)
def test_what_has_no_result_is_refused_in_words(operation: Any, says: str) -> None:
    with pytest.raises(SolverError, match=says):
        operation()
