"""Vectors and matrices against plain comparisons of integers."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import Read
from app.domain.graders import Answer
from graders.array import Matrix, MatrixOptions, Vector, VectorOptions, in_any_order
from graders.equality.numbers import Tolerance, same_number
from graders.evaluation.errors import EvaluationError

VECTOR, MATRIX = Vector(), Matrix()
SMALL = st.integers(-2, 2)


def vector(answer, **written):
    return VectorOptions.model_validate({"answer": "x"} | written).model_copy(update={"answer": answer})


def matrix(answer, **written):
    return MatrixOptions.model_validate({"answer": "x"} | written).model_copy(update={"answer": answer})


def mark(cells):
    return False if False in cells else None if None in cells else True


cells_of = st.lists(st.one_of(st.none(), SMALL), min_size=1, max_size=4).filter(lambda c: set(c) != {None})


@given(st.lists(SMALL, min_size=1, max_size=4), cells_of)
def test_a_vector_is_judged_entry_by_entry(reference, cells):
    facts = VECTOR.observe(vector(reference), Answer(Read(None), cells))
    same_length = len(reference) == len(cells)
    expected = [False] * len(reference)
    if same_length:
        expected = [None if c is None else c == r for c, r in zip(cells, reference, strict=True)]
    right = mark(expected)
    assert facts["cells"] == expected
    assert facts["right"] is right
    assert facts["shape"] is same_length
    assert facts["filled"] == len([c for c in cells if c is not None])
    assert facts["sign"] is (right is False and cells == [-r for r in reference])
    assert facts["reversed"] is (right is False and cells == reference[::-1])
    assert facts["permuted"] is (right is False and None not in cells and sorted(cells) == sorted(reference))


@given(st.lists(SMALL, min_size=1, max_size=4), st.lists(SMALL, min_size=1, max_size=4))
def test_in_any_order_a_vector_is_right_when_it_is_so_in_some_order(reference, cells):
    facts = VECTOR.observe(vector(reference, any_order=True), Answer(Read(None), cells))
    assert facts["right"] is any(list(order) == reference for order in permutations(cells))


@given(
    st.lists(st.integers(0, 12), min_size=1, max_size=4),
    st.lists(st.one_of(st.none(), st.integers(0, 12)), min_size=1, max_size=4),
)
def test_in_any_order_as_many_entries_as_possible_are_right(reference, cells):
    tolerance = Tolerance("absolute", Fraction(1))
    found = in_any_order(cells, reference, tolerance)
    if len(cells) != len(reference):
        assert found == [False] * len(reference)
        return
    most = max(
        sum(c is not None and same_number(c, r, tolerance) for c, r in zip(cells, order, strict=True))
        for order in permutations(reference)
    )
    assert found.count(True) == most
    assert [c is None for c in found] == [c is None for c in cells]


rows_of = st.integers(1, 3).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.none(), SMALL), min_size=width, max_size=width), min_size=1, max_size=3
    )
)
full_rows = st.integers(1, 3).flatmap(
    lambda width: st.lists(st.lists(SMALL, min_size=width, max_size=width), min_size=1, max_size=3)
)


@given(full_rows, rows_of)
def test_a_matrix_is_judged_cell_by_cell(reference, rows):
    facts = MATRIX.observe(matrix(reference), Answer(Read(None), rows))
    same_size = [len(r) for r in reference] == [len(r) for r in rows]
    expected = [[False] * len(row) for row in reference]
    if same_size:
        expected = [
            [None if c is None else c == r for c, r in zip(one, other, strict=True)]
            for one, other in zip(rows, reference, strict=True)
        ]
    right = mark([cell for row in expected for cell in row])
    assert facts["cells"] == expected
    assert facts["right"] is right
    assert facts["shape"] is same_size
    assert facts["rows"] == [mark(row) for row in expected]
    assert facts["columns"] == [mark(column) for column in zip(*expected, strict=True)]
    assert facts["filled"] == sum(cell is not None for row in rows for cell in row)
    assert facts["transposed"] is (right is False and rows == [list(column) for column in zip(*reference, strict=True)])
    assert facts["sign"] is (right is False and rows == [[-cell for cell in row] for row in reference])


def test_a_blank_cell_is_blank_not_wrong(seen):
    facts = seen(MATRIX, matrix([[1, 2], [3, 4]]), [["1", ""], ["3", "4"]])
    assert facts["cells"] == [[True, None], [True, True]]
    assert facts["rows"] == [None, True]
    assert facts["columns"] == [True, None]
    assert facts["right"] is None
    assert facts["filled"] == 3


def test_zeros_are_an_answer(seen, asked):
    options = vector([0, 0])
    assert not asked(VECTOR, options, "0, 0").read.blank
    assert seen(VECTOR, options, "0, 0")["right"] is True


@pytest.mark.parametrize("raw", ["3", [["3"]], ["3"], "[[3]]"])
@pytest.mark.parametrize("reference", [3, [3], [[3]]])
def test_one_number_and_a_matrix_of_one_cell_are_the_same(raw, reference, seen):
    facts = seen(MATRIX, matrix(reference, size="free"), raw)
    assert facts["right"] is facts["shape"] is True
    assert facts["cells"] == [[True]]


def test_a_vector_is_a_matrix_of_one_row(seen):
    assert seen(MATRIX, matrix([1, 2, 3]), ["1", "2", "3"])["right"] is True
    assert seen(MATRIX, matrix([[1, 2, 3]]), "1, 2, 3")["right"] is True


@pytest.mark.parametrize("reference", [[1, 2], [[1, 2]], [[1], [2]]])
def test_a_single_row_or_column_is_a_vector(reference, seen):
    assert seen(VECTOR, vector(reference), "1, 2")["right"] is True


def test_the_size_is_given_away_only_where_it_is_given():
    assert VECTOR.widget(vector([1, 2, 3])).shape == (3,)
    assert VECTOR.widget(vector([1, 2, 3], size="free")).shape is None
    assert MATRIX.widget(matrix([[1, 2, 3]])).shape == (1, 3)
    assert MATRIX.widget(matrix([[1, 2, 3]], size="free")).shape is None


def test_another_size_than_the_reference_is_wrong_and_no_cell_counts(seen):
    facts = seen(MATRIX, matrix([[2, 0], [0, 2]], size="free"), "2, 0")
    assert (facts["right"], facts["shape"]) == (False, False)
    assert facts["cells"] == [[False, False], [False, False]]


def test_the_digits_typed_count_in_every_cell(seen):
    assert seen(VECTOR, vector([Fraction(1, 3), 2]), "0.333, 2")["cells"] == [True, True]
    assert seen(VECTOR, vector([Fraction(1, 3), 2]), "0.33, 2")["cells"] == [False, True]
    assert seen(VECTOR, vector([2, Fraction(1, 3)], any_order=True), "0.333, 2")["right"] is True
    assert seen(VECTOR, vector([2, Fraction(1, 3)], any_order=True), "0.33, 2")["right"] is False
    assert seen(MATRIX, matrix([[Fraction(1, 3)]], tolerance="1%"), "0.33")["right"] is True


@pytest.mark.parametrize(
    ("grader", "options"),
    [(VECTOR, vector([1, None])), (MATRIX, matrix([[1, None]]))],
    ids=["vector", "matrix"],
)
def test_a_cell_without_a_known_reference_is_blank(grader, options):
    facts = grader.observe(options, Answer(Read(None), [1, 2] if grader is VECTOR else [[1, 2]]))
    assert facts["right"] is None


@pytest.mark.parametrize("reference", [None, "word", ["a", "b"], []])
def test_a_world_without_numbers_calls_no_vector_right(reference, seen):
    assert seen(VECTOR, vector(reference), "1, 2")["right"] in (False, None)
    assert all(isinstance(raw, list) for raw in VECTOR.wrong(vector(reference)).values())


@pytest.mark.parametrize("reference", [None, "word", [["a", "b"]], [], [[]]])
def test_a_world_without_numbers_calls_no_matrix_right(reference, seen):
    assert seen(MATRIX, matrix(reference), "1, 2")["right"] in (False, None)
    MATRIX.wrong(matrix(reference))


def test_a_reference_with_ragged_rows_is_refused():
    with pytest.raises(EvaluationError, match="The rows of this matrix are not equally long"):
        MATRIX.widget(matrix([[1, 2], [3]]))


def test_typical_wrong_answers_are_those_that_are_wrong_here():
    assert VECTOR.wrong(vector([1, 2])) == {
        "first": ["3", "2"],
        "sign": ["-1", "-2"],
        "reversed": ["2", "1"],
        "longer": ["1", "2", "0"],
    }
    assert "reversed" not in VECTOR.wrong(vector([1, 2], any_order=True))
    assert MATRIX.wrong(matrix([[1, 2]])) == {
        "first": [["3", "2"]],
        "sign": [["-1", "-2"]],
        "transposed": [["1"], ["2"]],
        "longer": [["1", "2"], ["0", "0"]],
    }
    assert set(MATRIX.wrong(matrix([[0]]))) == {"first", "longer"}
