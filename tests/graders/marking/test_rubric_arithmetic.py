"""Random rubrics against a second, much smaller implementation on plain pairs of fractions."""

from __future__ import annotations

import copy
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.marking.credit import credit
from graders.marking.observing import observe
from graders.marking.variants import world_of
from tests.graders.marking.questions import compiled, rubric, sit_part

pytestmark = pytest.mark.unwatched  # in bulk what other tests have shown line by line

Pair = tuple[Fraction, Fraction]

TRUTHS: dict[str, Pair | None] = {
    "True": (Fraction(1), Fraction(1)),
    "False": (Fraction(0), Fraction(0)),
    "1/3": (Fraction(1, 3), Fraction(1, 3)),
    "3/4": (Fraction(3, 4), Fraction(3, 4)),
    "None": None,
    "person": (Fraction(0), Fraction(1)),
    "person and 1/2": (Fraction(0), Fraction(1, 2)),
    "person or 1/2": (Fraction(1, 2), Fraction(1)),
    "x.right": (Fraction(1), Fraction(1)),
    "x.sign": (Fraction(0), Fraction(0)),
    "y.right": None,
}
FIELDS = {"x": {"grader": "number", "answer": "1"}, "y": {"grader": "number", "answer": "1"}}
POINTS = st.sampled_from(["-2", "-1/2", "0", "1/3", "1/2", "1", "2", "3"])
WHEN = st.sampled_from(sorted(TRUTHS))


def reference(node: Any) -> Pair:
    """What a node earns, written as plainly as possible."""
    if isinstance(node, list):
        node = {"sum_of": node}
    if "when" in node:
        truth = TRUTHS[node["when"]] or (Fraction(0), Fraction(0))
        ends = sorted(Fraction(node["points"]) * end for end in truth)
        lo, hi = ends[0], ends[1]
    else:
        inner = [reference(child) for child in node.get("best_of") or node["sum_of"]]
        join = max if "best_of" in node else sum
        lo, hi = join(one[0] for one in inner), join(one[1] for one in inner)
    if "unless" in node:
        a, b = TRUTHS[node["unless"]] or (Fraction(0), Fraction(0))
        products = [end * kept for end in (lo, hi) for kept in (1 - a, 1 - b)]
        lo, hi = min(products), max(products)
    for name, bound in (("at_most", min), ("at_least", max)):
        if name in node:
            lo, hi = bound(lo, Fraction(node[name])), bound(hi, Fraction(node[name]))
    return lo, hi


def clipped(criteria: list[Any], points: str) -> Pair:
    lo, hi = (sum(reference(node)[end] for node in criteria) for end in (0, 1))
    return min(max(lo, Fraction(0)), Fraction(points)), min(max(hi, Fraction(0)), Fraction(points))


@st.composite
def bounds(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if draw(st.booleans()):
        found["unless"] = draw(WHEN)
    low, high = sorted([draw(POINTS), draw(POINTS)], key=Fraction)
    if draw(st.integers(0, 3)) == 0:
        found["at_most"] = high
    if draw(st.integers(0, 3)) == 0:
        found["at_least"] = low
    return found


leaves = st.builds(lambda p, w, more: {"id": "?", "points": p, "when": w, **more}, POINTS, WHEN, bounds())
trees = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3)
        | st.builds(
            lambda kind, nodes, more: {kind: nodes, **more},
            st.sampled_from(["best_of", "sum_of"]),
            st.lists(inner, min_size=1, max_size=3),
            bounds(),
        )
    ),
    max_leaves=8,
)
rubrics = st.lists(trees, min_size=1, max_size=3)


def each_leaf(node: Any) -> list[dict[str, Any]]:
    """The leaves below, the same objects."""
    if isinstance(node, list):
        return [one for child in node for one in each_leaf(child)]
    return [node] if "when" in node else each_leaf(node.get("best_of") or node["sum_of"])


def named(criteria: list[Any]) -> list[Any]:
    """A copy in which every leaf has an id of its own."""
    ready = copy.deepcopy(criteria)
    for place, one in enumerate(each_leaf(ready)):
        one["id"] = f"c{place}"
    return ready


def earn(criteria: list[Any], points: str = "2", **decisions: Fraction) -> Pair:
    data = rubric(*criteria, points=points, fields=FIELDS)
    by_part = {f"a.{name}": decided for name, decided in decisions.items()}
    span = sit_part(data, {"x": "1"}, decisions=by_part).span
    return span.lo, span.hi


@given(rubrics, POINTS.filter(lambda text: not text.startswith("-")))
def test_credit_is_what_a_tiny_reference_computes_exactly(criteria: list[Any], points: str):
    assert earn(named(criteria), points) == clipped(criteria, points)


@given(rubrics)
def test_credit_never_leaves_the_part_and_its_ends_are_in_order(criteria: list[Any]):
    lo, hi = earn(named(criteria))
    assert 0 <= lo <= hi <= 2


@given(rubrics, st.lists(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1)]), min_size=30, max_size=30))
def test_once_a_person_has_decided_the_points_are_decided_and_lie_within_what_was_promised(
    criteria: list[Any], shares: list[Fraction]
):
    ready = named(criteria)

    def without_doubt(node: Any) -> None:
        if isinstance(node, list):
            for child in node:
                without_doubt(child)
            return
        node.pop("unless", None)
        without_doubt(node.get("best_of") or node.get("sum_of") or [])

    without_doubt(ready)
    lo, hi = earn(ready)
    decisions: dict[str, Fraction] = {}
    for one, share in zip(each_leaf(ready), shares, strict=False):
        truth = TRUTHS[one["when"]]
        if truth is not None and truth[0] != truth[1]:
            decisions[one["id"]] = Fraction(one["points"]) * (truth[0] + share * (truth[1] - truth[0]))
    decided_lo, decided_hi = earn(ready, **decisions)
    assert decided_lo == decided_hi
    assert lo <= decided_lo <= hi


BETTER = {"False": "1/3", "None": "1/3", "1/3": "3/4", "3/4": "True", "person": "True", "x.sign": "x.right"}


@given(rubrics, st.integers(0, 7))
def test_a_better_fact_never_earns_less(criteria: list[Any], place: int):
    ready = named(criteria)
    for one in each_leaf(ready):
        one["points"] = one["points"].removeprefix("-")
    one = each_leaf(ready)[place % len(each_leaf(ready))]
    before = earn(ready)
    one["when"] = BETTER.get(one["when"], one["when"])
    after = earn(ready)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@given(rubrics)
def test_leaves_are_reported_once_and_in_order(criteria: list[Any]):
    ready = named(criteria)
    made = compiled(rubric(*ready, points="2", fields=FIELDS))
    here = world_of(made, {})
    (found,) = credit(made, here, observe(made, here, {})).parts
    assert [leaf.criterion.id for leaf in found.leaves] == [one["id"] for one in each_leaf(ready)]
