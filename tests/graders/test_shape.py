"""Shapes of tensors."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.answers import Read
from app.domain.graders import Answer
from app.domain.language import parse_author
from app.domain.symbols import Symbol
from graders.evaluation.formulas import value_of_tree
from graders.shape import Shape, ShapeOptions

SHAPE = Shape()


def options(answer, **written):
    return ShapeOptions.model_validate({"answer": "x"} | written).model_copy(update={"answer": answer})


@pytest.mark.parametrize("raw", ["64, 64, 96", "64 64 96", "64×64×96", "64x64x96", "64*64*96", ["64", "64", "96"]])
def test_a_shape_is_read_however_it_is_written(raw, seen):
    facts = seen(SHAPE, options([64, 64, 96]), raw)
    assert facts["value"] == [64, 64, 96]
    assert facts["right"] is True


@pytest.mark.parametrize(
    ("raw", "order", "right", "permuted", "spatial", "depth"),
    [
        ("64, 64, 96", "given", True, False, True, True),
        ("96, 64, 64", "given", False, True, False, False),
        ("96, 64, 64", "any", True, True, True, True),
        ("64, 64, 3", "any", False, False, True, False),
        ("3, 64, 64", "any", False, False, True, False),
        ("62, 62, 96", "given", False, False, False, True),
        ("96, 62, 62", "any", False, False, False, True),
        ("64, 64", "any", False, False, False, False),
        ("64.75, 64.75, 96", "given", False, False, False, True),
    ],
)
def test_space_and_depth_are_told_apart(raw, order, right, permuted, spatial, depth, seen):
    facts = seen(SHAPE, options([64, 64, 96], order=order), raw)
    assert [facts[name] for name in ("right", "permuted", "spatial", "depth")] == [
        right,
        permuted,
        spatial,
        depth,
    ]


@given(st.lists(st.integers(1, 3), min_size=1, max_size=4), st.lists(st.integers(1, 3), min_size=1, max_size=4))
def test_in_any_order_the_best_order_counts(reference, sizes):
    answer = Answer(Read(None), sizes)
    free = SHAPE.observe(options(reference, order="any"), answer)
    fixed = SHAPE.observe(options(reference), answer)
    assert free["right"] is (sorted(reference) == sorted(sizes))
    assert fixed["right"] is (reference == sizes)
    assert free["permuted"] is fixed["permuted"] is (free["right"] and not fixed["right"])
    most = 0
    if len(reference) == len(sizes):
        most = max(sum(a == b for a, b in zip(o, reference, strict=True)) for o in permutations(sizes))
    assert free["cells"].count(True) == most


def test_the_axis_called_channels_is_the_depth(seen):
    facts = seen(SHAPE, options([96, 64, 32], axes=["C", "H", "W"]), "3, 64, 32")
    assert (facts["spatial"], facts["depth"]) == (True, False)
    named = seen(SHAPE, options([64, 96], axes=["rows", "columns"]), "64, 3")
    assert (named["spatial"], named["depth"]) == (True, False)


def test_an_axis_left_blank_is_blank(seen):
    facts = seen(SHAPE, options([64, 64, 96], size="given"), ["64", "64", ""])
    assert facts["cells"] == [True, True, None]
    assert facts["right"] is facts["depth"] is None


def test_many_axes_are_compared_as_given(seen):
    many = [1, 2, 3, 4, 5, 6, 7]
    assert seen(SHAPE, options(many, order="any"), "1, 2, 3, 4, 5, 6, 7")["right"] is True
    assert seen(SHAPE, options(many, order="any"), "7, 6, 5, 4, 3, 2, 1")["right"] is False


def test_a_calculated_size_is_one_size(seen):
    assert seen(SHAPE, options([64]), "(256-4)/4+1")["right"] is True
    assert seen(SHAPE, options([8]), "2*4")["value"] == [8]
    assert seen(SHAPE, options([64, 64]), "(60+4)*64")["value"] == [4096]


def test_the_number_of_axes_is_given_away_only_where_it_is_given():
    assert SHAPE.widget(options([64, 64, 96])).shape is None
    widget = SHAPE.widget(options([64, 64, 96], size="given", axes=["H", "W", "C"]))
    assert (widget.shape, widget.columns) == ((3,), ("H", "W", "C"))
    assert SHAPE.widget(options([64, 64, 96], axes=["H", "W", "C"], order="any")).columns == ()


def test_typical_wrong_answers():
    assert set(SHAPE.wrong(options([64, 64, 96]))) == {"longer", "first", "last", "reversed"}
    assert set(SHAPE.wrong(options([64, 64, 96], order="any"))) == {"longer", "first", "last"}
    assert SHAPE.wrong(options([])) == {"longer": ["1"]}


def test_a_world_without_a_shape_calls_nothing_right(seen):
    assert seen(SHAPE, options(None), "64")["right"] is False


def test_a_single_axis_is_space_and_depth_at_once(seen):
    facts = seen(SHAPE, options([64]), "64, 3")
    assert (facts["spatial"], facts["depth"]) == (False, False)
    facts = seen(SHAPE, options([64], axes=["H", "W", "C"]), "64")
    assert (facts["spatial"], facts["depth"]) == (True, True)


def formulas(*texts):
    return [value_of_tree(parse_author(text)) for text in texts]


SYMBOLS = {"N": Symbol(domain="natural"), "y": Symbol(), "x": Symbol(kind="vector", sizes=("N",))}


@pytest.mark.parametrize("raw", ["N x 2N", "(N, 2N)", "N×2N", "N by 2*N", "[N, N + N]", "N 2N", ["N", "2N"]])
def test_sizes_may_be_formulas(raw, seen):
    facts = seen(SHAPE, options(formulas("N", "2*N")).model_copy(update={"symbols": SYMBOLS}), raw)
    assert facts["right"] is True


@pytest.mark.parametrize("raw", ["2N x N", "N x N", "2N", "2N x 2N", "4, 8"])
def test_other_sizes_are_wrong(raw, seen):
    facts = seen(SHAPE, options(formulas("N", "2*N")).model_copy(update={"symbols": SYMBOLS}), raw)
    assert facts["right"] is False
    assert facts["permuted"] is (raw == "2N x N")


def test_only_sizes_may_be_named(seen):
    widget = SHAPE.widget(options(formulas("N", "2*N")).model_copy(update={"symbols": SYMBOLS}))
    assert set(widget.symbols) == {"N"}
    assert not SHAPE.widget(options([64, 96]).model_copy(update={"symbols": SYMBOLS})).symbols
