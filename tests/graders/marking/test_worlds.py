"""Worlds: a spreadsheet under layers."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.domain.expressions import formula
from app.domain.language import parse_author
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.fuel import Fuel
from graders.marking.variants import make_variant, world_of
from graders.marking.worlds import Fixed, Layer
from tests.graders.marking.questions import compiled, question, world


def setting(name: str = "layer", **cells: Any) -> Layer:
    """A layer: text is an expression, everything else a value."""
    return Layer(name, {cell: formula(one) if isinstance(one, str) else Fixed(one) for cell, one in cells.items()})


SHEET = question(
    variables={
        "n": {"printed": 3, "draw": "integer(10, 99)"},
        "k": 2,
        "size": "n - k + 1",
        "area": "size**2",
        "u": 1,
        "w": 5,
    }
)


def test_seed_0_has_the_printed_numbers_and_other_seeds_draw():
    assert (world(SHEET)["n"], world(SHEET)["area"]) == (3, 4)
    drawn = world(SHEET, 1)["n"]
    assert isinstance(drawn, int)
    assert 10 <= drawn <= 99
    assert world(SHEET, 1)["area"] == (drawn - 1) ** 2


def test_a_layer_changes_a_cell_and_everything_below():
    plain = world(SHEET)
    other = plain.under(setting(k=1))
    assert (other["size"], other["area"]) == (3, 9)
    assert plain["area"] == 4


def test_a_cell_named_in_its_own_formula_means_the_world_before():
    assert world(SHEET).under(setting(size="size + 1"))["area"] == 9


def test_two_cells_can_be_swapped():
    swapped = world(SHEET).under(setting(u="w", w="u"))
    assert (swapped["u"], swapped["w"]) == (5, 1)


def test_names_that_the_layer_does_not_set_mean_the_new_world():
    # `size` is computed anew from the new k; `k` itself is the old one inside the layer.
    changed = world(SHEET).under(setting(k="k + 1", area="10*size"))
    assert changed["area"] == 10
    # But both named in the same layer: area sees the old size.
    both = world(SHEET).under(setting(k="k + 1", size="n", area="10*size"))
    assert (both["size"], both["area"]) == (3, 20)


def test_reading_carried_answer_and_mistake_stack_up():
    stacked = (
        world(SHEET).under(setting("reading", k=1)).under(setting("own answers", size=7)).under(setting(size="size*2"))
    )
    assert (stacked["k"], stacked["size"], stacked["area"]) == (1, 14, 196)


def test_the_topmost_layer_decides_and_lower_ones_stay_below_it():
    low = world(SHEET).under(setting(k="k + 10", u="k"))
    top = low.under(setting(k="k*2"))
    assert (low["k"], low["u"]) == (12, 2)
    # `k` of the lower layer is what the upper one doubles; in the lower layer `k` means the world without it,
    # which still has the upper one.
    assert (top["k"], top["u"]) == (24, 4)


def test_the_same_layer_gives_the_same_world():
    plain, layer = world(SHEET), setting(k=1)
    assert plain.under(layer) is plain.under(layer)


def test_a_value_computed_once_costs_no_more_fuel():
    plain = world(SHEET)
    assert plain["area"] == 4
    left = plain.fuel.left
    assert plain["area"] == 4
    assert plain.fuel.left == left


@pytest.mark.parametrize(
    "variables", [{"a": "a + 1"}, {"a": "b", "b": "c", "c": "a"}, {"a": {"printed": 1, "draw": "a"}}]
)
def test_a_cell_that_depends_on_itself_is_named(variables: dict[str, Any]):
    made = compiled(question(variables=variables))
    if made.question.variables["a"].drawn:
        with pytest.raises(Exception, match="The cell `a` depends on itself"):
            make_variant(made, 1)
        return
    with pytest.raises(EvaluationError, match="The cell `a` depends on itself"):
        world_of(made, {})["a"]


def test_layers_that_lead_in_a_circle_are_named():
    circle = world(SHEET).under(setting(u="w")).under(setting(w="u"))
    with pytest.raises(EvaluationError, match="depends on itself"):
        circle["u"]


def test_a_failure_names_the_cell_and_is_remembered():
    broken = world(question(variables={"zero": 0, "bad": "1/zero", "worse": "bad + 1"}))
    for _ in range(2):
        with pytest.raises(EvaluationError, match=r"^worse: bad: .*(zero|0)"):
            broken["worse"]
    assert broken.under(setting(zero=2))["worse"] == Fraction(3, 2)


def test_a_cell_that_does_not_exist_is_named_and_constants_are_known():
    plain = world(SHEET)
    with pytest.raises(EvaluationError, match="There is no cell called `nothing`"):
        plain["nothing"]
    assert plain.evaluate(parse_author("pi > 3 and n == 3")) is True


def test_a_cell_hides_a_constant_of_its_name():
    assert world(question(variables={"pi": 3}))["pi"] == 3


def test_a_cell_cannot_ask_for_facts():
    with pytest.raises(EvaluationError, match=r"`x\.right` can be used in a rubric only"):
        world(SHEET).evaluate(parse_author("x.right"))


def test_fuel_runs_out_in_all_worlds_together():
    made = compiled(question(variables={"a": "sum([i for i in range(n)])", "n": 50}))
    once = world_of(made, {})
    assert once["a"] == 1225
    plain = world_of(made, {}, Fuel((once.fuel.steps - once.fuel.left) * 3 // 2))
    assert plain.under(setting(n=50)).fuel is plain.fuel
    assert plain.under(setting(n=50))["a"] == 1225
    other = plain.under(setting(n=50))
    with pytest.raises(OutOfFuel):
        other["a"]
    # Running out is not a property of the cell: with fuel it can be computed.
    plain.fuel.left = 1000
    assert plain["a"] == 1225


def test_a_very_long_chain_of_cells_is_a_sentence_not_a_crash():
    chain = {"v0": 1} | {f"v{i}": f"v{i - 1} + 1" for i in range(1, 1000)}
    made = compiled(question(variables=chain))
    with pytest.raises(EvaluationError, match="depends on too many others in a row"):
        world_of(made, {})["v999"]
    assert world_of(made, {})["v40"] == 41


def test_a_cell_that_no_layer_touches_is_computed_once_for_all_worlds():
    plain = world(question(variables={"a": 2, "b": "[a]", "c": "[b, k]", "k": 5, "d": "[k]"}))
    one = plain.under(setting("one", k=6))
    two = one.under(setting("two", d=7))
    assert plain["b"] is one["b"] is two["b"]
    assert one["c"] is two["c"]
    assert one["c"] == [[2], 6] != plain["c"]


def test_the_home_of_cells_is_the_simplest_world_with_the_same_values():
    plain = world(SHEET)
    low, top = setting("low", k=1), setting("top", u=9)
    both = plain.under(low).under(top)
    assert both.home(["n", "w"]) is plain
    assert both.home(["area"]) is plain.under(low)
    assert both.home(["u"]) is plain.under(top)
    assert both.home(["area", "u"]) is both


def test_the_home_of_what_a_layer_computes_from_a_cell_of_a_lower_one_keeps_both():
    both = world(SHEET).under(setting("low", k=1)).under(setting("top", u="k + w"))
    assert both.home(["u"]) is both
    assert both["u"] == 6


def test_an_own_answer_hides_what_its_cell_is_made_of():
    both = world(SHEET).under(setting("low", k=1)).under(setting("own answers", size=7))
    assert both["area"] == 49
