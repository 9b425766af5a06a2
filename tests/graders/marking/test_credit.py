"""Rubric semantics, rule by rule."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from app.domain.decisions import Verdict
from app.domain.values import PERSON, Share
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.marking.credit import Span, best, credit
from graders.marking.explaining import explain, why
from graders.marking.observing import observe
from graders.marking.variants import world_of
from tests.graders.marking.questions import Data, compiled, earned, leaf, number, part, question, rubric, sit, sit_part

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("when", "points"),
    [
        ("True", 6),
        ("False", 0),
        ("None", 0),
        ("1/3", 2),
        ("0.5", 3),
        ("person", (0, 6)),
        ("1/2 and person", (0, 3)),
        ("1/2 or person", (3, 6)),
        ("not person", (0, 6)),
        ("not 1/3", 4),
        ("2", 0),
        ("'text'", 0),
        ("[1]", 0),
        ("1/0 == 1", 0),
    ],
)
def test_a_leaf_earns_points_times_truth(when: str, points: Any):
    assert earned(rubric(leaf("c", 6, when)), {"x": "1"}) == points


@pytest.mark.parametrize(
    "when", ["x.right", "not x.right", "x.value < 5", "x.value == 0", "x.right or x.sign", "not (x.right and True)"]
)
@pytest.mark.parametrize("raw", ["", None, "five"])
def test_reading_a_blank_or_unreadable_field_earns_nothing(when: str, raw: object):
    found = sit_part(rubric(leaf("c", 6, when)), {"x": raw})
    assert found.span == Span()
    assert found.leaves[0].blank
    assert found.state == ("invalid" if raw == "five" else "graded")


def test_zero_is_an_answer():
    assert earned(rubric(leaf("c", 1, "x.value == 0")), {"x": "0"}) == 1
    assert earned(rubric(leaf("c", 1, "x.blank")), {"x": "0"}) == 0
    assert earned(rubric(leaf("c", 1, "x.blank")), {"x": ""}) == 1
    assert earned(rubric(leaf("c", 1, "x.blank")), {"x": "?"}) == 1


def test_an_unreadable_field_leaves_the_rest_graded_and_says_why():
    fields = {"x": number(), "y": number("2")}
    data = rubric(leaf("x", 1, "x.right"), leaf("y", 1, "y.right"), fields=fields)
    found = sit_part(data, {"x": "1 +", "y": "2"})
    assert (found.span.lo, found.state, list(found.unreadable)) == (1, "invalid", ["x"])
    waiting = rubric(leaf("x", 1, "x.right"), leaf("y", 1, "person"), fields=fields)
    assert sit_part(waiting, {"x": "1 +"}).state == "needs-person"


@pytest.mark.parametrize(
    ("criteria", "points"),
    [
        ([leaf("a", 1), leaf("b", 2)], 3),
        ([{"sum_of": [leaf("a", 1), leaf("b", 2, "False")]}], 1),
        ([[leaf("a", 1), [leaf("b", 2)]]], 3),
        ([{"best_of": [leaf("a", 1), leaf("b", 2), leaf("c", 3, "False")]}], 2),
        ([{"best_of": [leaf("a", -1), leaf("b", -2)]}], 0),
        ([leaf("z", 5), {"best_of": [leaf("a", -1), leaf("b", -2)]}], 4),
        ([{"best_of": [leaf("a", 2), leaf("b", 3, "person")]}], (2, 3)),
        ([{"best_of": [leaf("a", 3), leaf("b", 2, "person")]}], 3),
        ([leaf("z", 5), leaf("a", -2, "person")], (3, 5)),
        ([leaf("z", 5), leaf("a", -2, "1/2")], 4),
        ([leaf("a", 4, unless="False")], 4),
        ([leaf("a", 4, unless="True")], 0),
        ([leaf("a", 4, unless="None")], 4),
        ([leaf("a", 4, unless="1/0 == 1")], 4),
        ([leaf("a", 4, unless="1/4")], 3),
        ([leaf("a", 4, unless="person")], (0, 4)),
        ([leaf("a", 4, "person", unless="1/2 and person")], (0, 4)),
        ([leaf("z", 5), leaf("a", -4, unless="person")], (1, 5)),
        ([{"sum_of": [leaf("a", 4), leaf("b", 2)], "unless": "True"}, leaf("c", 1)], 1),
        ([{"sum_of": [leaf("a", 4), leaf("b", 2)], "at_most": 5}], 5),
        ([{"sum_of": [leaf("a", 4), leaf("b", -6)], "at_least": -1}, leaf("c", 3)], 2),
        ([{"sum_of": [leaf("a", 4, "person"), leaf("b", 2)], "at_most": 2}], 2),
        ([{"sum_of": [leaf("a", 4, "person")], "at_least": 1, "at_most": 3}], (1, 3)),
        ([leaf("a", 4, at_most=3)], 3),
        ([{"sum_of": [leaf("a", 4)], "unless": "True", "at_least": 1}], 1),
        ([leaf("a", 100)], 10),
        ([leaf("a", -100)], 0),
        ([leaf("a", 100, "person")], (0, 10)),
        ([leaf("a", 10), leaf("b", 5, "person")], 10),
        ([leaf("a", -10), leaf("b", 5, "person")], 0),
    ],
)
def test_rubric_arithmetic(criteria: list[Any], points: Any):
    assert earned(rubric(*criteria), {"x": "1"}) == points


def test_doubt_that_cannot_change_the_part_needs_nobody():
    losing = rubric({"best_of": [leaf("a", 3), leaf("b", 2, "person")]})
    assert sit_part(losing, {}).state == "graded"
    clipped = rubric(leaf("a", 10), leaf("b", 1, "person"))
    assert sit_part(clipped, {}).state == "graded"
    winning = rubric({"best_of": [leaf("a", 2), leaf("b", 3, "person")]})
    assert sit_part(winning, {}).state == "needs-person"


def test_a_persons_decision_replaces_its_leaf_and_only_that():
    data = rubric(leaf("a", 3, "person"), leaf("b", 1, "x.right"))
    assert earned(data, {"x": "1"}) == (1, 4)
    for decided in (Fraction(0), Fraction(3), HALF):
        found = sit_part(data, {"x": "1"}, decisions={"a.a": decided})
        assert (found.span.lo, found.span.hi, found.state) == (decided + 1, decided + 1, "graded")
        assert [one.person for one in found.leaves] == [True, False]
    assert earned(data, {"x": "1"}, decisions={"other.a": HALF, "a.zz": HALF}) == (1, 4)


def test_a_decision_about_other_points_counts_in_the_same_share_and_says_so():
    data = rubric(leaf("a", Fraction(3, 2), "x.right"), leaf("b", HALF))
    given = {"a.a": Verdict(Fraction(1, 3), Fraction(1)), "a.b": Verdict(HALF, HALF)}
    found = sit_part(data, {"x": "1"}, decisions=given)
    assert [one.span.lo for one in found.leaves] == [HALF, HALF]
    assert [one.given for one in found.leaves] == [given["a.a"], None]
    # What the machine says about it goes on being known, by this very rubric.
    assert [one.machine.span.lo for one in found.leaves if one.machine] == [Fraction(3, 2), HALF]
    assert [sit_part(data, {"x": "1"}, decisions={"a.a": Fraction(9)}).leaves[0].span.lo] == [Fraction(3, 2)]


def test_a_part_that_was_moved_by_a_share_of_other_points_is_moved_by_the_same_share():
    data = rubric(leaf("a", 2, "x.right"), leaf("b", 2, "False"))
    found = sit_part(data, {"x": "1"}, decisions={"a.": Verdict(Fraction(-1), Fraction(2))})
    assert (found.adjustment, found.given) == (-found.part.points / 2, Verdict(Fraction(-1), Fraction(2)))


def test_a_decision_counts_within_its_group():
    data = rubric({"best_of": [leaf("a", 3, "person"), leaf("b", 2)], "at_most": HALF * 5}, leaf("off", -1, "False"))
    assert earned(data, {}, decisions={"a.a": Fraction(3)}) == Fraction(5, 2)
    assert earned(data, {}, decisions={"a.a": Fraction(0), "a.off": Fraction(-1)}) == 1


NESTED = [
    {"best_of": [leaf("right", 10, "x.right"), {"sum_of": [leaf("half", 5), leaf("slip", -2, "False")]}]},
    {"best_of": [leaf("right", 10, "x.right"), leaf("slip", -2, "False")]},
    {"sum_of": [leaf("half", 5), leaf("slip", -2, "False")], "unless": "not x.right", "at_least": 5},
]


@pytest.mark.parametrize("group", NESTED, ids=["beside points", "as an alternative", "in a group that does not count"])
@pytest.mark.parametrize("answer", ["1", "2"], ids=["right", "wrong"])
def test_a_deduction_from_a_part_that_was_accepted_counts_wherever_it_stands(group: Data, answer: str):
    # Ten points were given to everybody who answered so; two are taken off afterwards.
    found = sit_part(rubric(group), {"x": answer}, decisions={"a.": Fraction(10), "a.slip!": Fraction(-2)})
    assert (found.span.lo, found.state) == (8, "graded")
    slip = next(one for one in found.leaves if one.criterion.id == "slip")
    assert (slip.span.lo, slip.alternative, slip.beaten, slip.taken_away) == (-2, False, False, False)
    assert why(slip) == "Decided by a person."
    # Decided before the part was moved, it belongs to what the criteria came to.
    before = sit_part(rubric(group), {"x": answer}, decisions={"a.": Fraction(10), "a.slip": Fraction(-2)})
    assert before.span.lo == 10


def test_a_deduction_that_excludes_itself_takes_nothing_off_a_part_that_was_moved():
    data = rubric({"best_of": [leaf("a", 3), leaf("slip", -1, "False", unless="True")]})
    found = sit_part(data, {"x": "1"}, decisions={"a.": Fraction(2), "a.slip!": Fraction(-1)})
    assert (found.span.lo, [one.taken_away for one in found.leaves]) == (5, [False, True])


def test_a_deduction_may_be_offered_without_waiting_for_anybody():
    data = rubric(leaf("a", 3), leaf("unit", -1, "False"))
    assert sit_part(data, {}).state == "graded"
    assert earned(data, {}, decisions={"a.unit": Fraction(-1)}) == 2


def test_what_is_taken_away_is_marked_leaf_by_leaf():
    found = sit_part(rubric({"sum_of": [leaf("a"), leaf("b")], "unless": "True"}, leaf("c")), {})
    assert [(one.criterion.id, one.taken_away, one.span.lo) for one in found.leaves] == [
        ("a", True, 0),
        ("b", True, 0),
        ("c", False, 1),
    ]
    partly = sit_part(rubric(leaf("a", 2, unless="1/2")), {})
    assert not partly.leaves[0].taken_away


def test_leaves_know_their_level_in_the_tree():
    found = sit_part(rubric(leaf("a"), {"best_of": [leaf("b"), [leaf("c")]]}), {})
    assert [one.level for one in found.leaves] == [0, 1, 2]


def test_facts_of_a_part_are_shared_expressions():
    facts = {"close": "abs(x.value - 1) < 1/2", "both": "close and positive", "positive": "x.value > 0"}
    data = rubric(leaf("a", 1, "both"), leaf("b", 1, "both and n == 3"), facts=facts) | {"variables": {"n": 3}}
    assert earned(data, {"x": "1.2"}) == 2
    assert earned(data, {"x": "-1"}) == 0
    assert earned(data, {"x": ""}) == 0


def test_facts_and_mistakes_that_lead_in_a_circle_do_not_hold():
    assert earned(rubric(leaf("a", 1, "f"), leaf("b", 1), facts={"f": "g", "g": "f"}), {"x": "1"}) == 1
    mistakes = {name: {"when": f"mistake({other})", "says": "No."} for name, other in (("m", "n"), ("n", "m"))}
    assert earned(rubric(leaf("a", 1, "mistake(m)"), leaf("b", 1), mistakes=mistakes), {"x": "1"}) == 1


def test_an_unknown_field_or_mistake_does_not_hold():
    data = rubric(leaf("a", 1, "nowhere.right"), leaf("b", 1, "mistake(unheard)"), leaf("c", 1, "not mistake(unheard)"))
    assert earned(data, {"x": "1"}) == 1


def test_an_exclusion_counts_only_where_the_own_answers_do_not_excuse_it():
    first = part("first", fields={"fa": number("a")}, criteria=[leaf("fa", 1, "fa.right")])
    last = part("a", carry=["a"], fields={"y": number("b")}, criteria=[leaf("y", 1, "True", unless="y.value != b")])
    data = question(first, last, variables={"a": 3, "b": "2*a"})
    assert earned(data, {"fa": "5", "y": "10"}) == 1
    assert earned(data, {"fa": "5", "y": "6"}) == 1
    assert earned(data, {"fa": "5", "y": "7"}) == 0


def test_running_out_of_fuel_is_an_error_not_a_zero():
    costly = "sum([i for i in range(3000)])"
    for data in (
        rubric(leaf("a", 1, f"{costly} > 0")),
        rubric(leaf("a"), mistakes={"m": {"when": f"{costly} > 0", "says": "No."}}),
    ):
        made = compiled(data)
        here = world_of(made, {})
        seen = observe(made, here, {"x": "1"})
        here.fuel.left = 1000
        with pytest.raises(OutOfFuel):
            credit(made, here, seen)


def test_a_readable_answer_with_a_broken_reference_is_the_questions_fault():
    with pytest.raises(EvaluationError):
        sit(question(part(fields={"x": number("1/0")})), {"x": "1"})


def test_the_merit_of_a_credit_is_its_points_then_its_independence():
    data: Data = question(part(), part("b", fields={"y": number()}, criteria=[leaf("d", 1, "y.right")]))
    result = sit(data, {"x": "1", "y": "2"})
    assert (result.total, result.merit) == (Span(Fraction(1), Fraction(1)), (1, 1, 0))


def test_spans_add_bound_and_scale():
    one = Span(Fraction(-1), Fraction(2))
    assert one + one == Span(Fraction(-2), Fraction(4))
    assert one.within(Fraction(0), None) == Span(Fraction(0), Fraction(2))
    assert one.within(None, Fraction(1)) == Span(Fraction(-1), Fraction(1))
    assert one.times(PERSON) == one
    assert one.times(Share(HALF, HALF)) == Span(-HALF, Fraction(1))
    assert best([one, Span()]) == Span(Fraction(0), Fraction(2))
    assert not one.decided


def test_a_beaten_alternative_shows_no_points_and_says_why():
    ways = {"best_of": [leaf("full", 2, "v.value == 1"), leaf("half", 1, "v.value > 0"), leaf("none", 1, "False")]}
    data = question(part(points=2, criteria=[ways], fields={"v": number("1")}))
    full, half, none = sit_part(data, {"v": "1"}).leaves
    assert (full.span, full.alternative, full.beaten) == (Span(Fraction(2), Fraction(2)), False, False)
    assert (half.span, half.alternative, half.beaten) == (Span(), True, True)
    assert why(half) == "Met, but another way of earning points here counts more."
    assert (none.alternative, none.beaten, why(none)) == (True, False, "Not met.")


def test_what_nobody_has_looked_at_because_another_way_counts_more_is_not_called_met():
    ways = {"best_of": [leaf("full", 2, "v.value == 1"), leaf("alt", 1, "person"), leaf("half", 1, "v.value > 0")]}
    data = question(part(points=2, criteria=[ways], fields={"v": number("1")}))
    _, alt, half = sit_part(data, {"v": "1"}).leaves
    assert (alt.span, alt.beaten, why(alt)) == (Span(), True, "Not looked at: it could not change the points.")
    assert why(half) == "Met, but another way of earning points here counts more."
    # Where a person has, it is judged; and where it may still win, it waits.
    decided = sit_part(data, {"v": "1"}, decisions={"a.alt": Fraction(1)}).leaves[1]
    assert why(decided) == "Decided by a person."
    assert why(sit_part(data, {"v": "-1"}).leaves[1]) == "A person decides this."
    # What was judged of each is told beside what counts.
    criteria = explain(compiled(data), sit(data, {"v": "1"}))["parts"][0]["criteria"]
    assert [one.get("alone") for one in criteria] == [None, ["0", "1"], ["1", "1"]]


def test_who_answers_nothing_is_told_so_whatever_the_criterion_asks():
    data = question(part(points=2, criteria=[leaf("c", 2, "not v.blank and v.right")], fields={"v": number("1")}))
    (nothing,) = sit_part(data, {}).leaves
    assert (nothing.span, why(nothing)) == (Span(), "Not answered.")


def test_beside_the_way_that_counted_stands_the_one_that_was_asked_for():
    ways = {"best_of": [leaf("third", 1, "False"), leaf("full", 2, "v.value == 1"), leaf("half", 1, "v.value > 0")]}
    data = question(part(points=2, criteria=[ways], fields={"v": number("1")}))
    leaves = sit_part(data, {"v": "3"}).leaves
    assert [one.alternative for one in leaves] == [True, False, False]
    assert [why(one) for one in leaves] == ["Not met.", "Not met.", "Met; this counts instead."]
    assert [one.alternative for one in sit_part(data, {"v": "-3"}).leaves] == [False, False, True]


def test_a_criterion_over_what_cannot_be_read_says_so_and_not_that_nothing_was_answered():
    facts = {"good": "v.right and also", "also": "v.value > 0"}
    data = question(part(points=2, criteria=[leaf("c", 2, "good")], fields={"v": number("1")}, facts=facts))
    (unread,) = sit_part(data, {"v": "one"}).leaves
    (blank,) = sit_part(data, {}).leaves
    assert (why(unread), why(blank)) == ("Cannot be read.", "Not answered.")


def test_a_criterion_over_a_half_filled_answer_says_that_it_is_not_complete():
    fields = {"v": number("1"), "w": number("1")}
    data = question(part(points=2, criteria=[leaf("c", 2, "v.right and w.right")], fields=fields))
    (half,) = sit_part(data, {"v": "1"}).leaves
    assert why(half) == "Not complete."
