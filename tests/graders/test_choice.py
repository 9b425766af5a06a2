"""Choices against a plain set oracle, over every pattern of truths and ticks."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from app.domain.answers import Invalid
from app.domain.graders import Shown
from graders.choice import Choice, ChoiceOptions
from graders.evaluation.errors import EvaluationError

CHOICE = Choice()
IDS = ["a", "b", "c", "d"]


def pool(truths, ids=IDS):
    return [
        Shown(name, {"en": f"Statement {name}", "de": f"Satz {name}"}, truth)
        for name, truth in zip(ids, truths, strict=True)
    ]


def options(truths, shown=None, mode="several"):
    return ChoiceOptions(pool="claims", mode=mode).model_copy(update={"pool": pool(truths), "shown": shown})


@pytest.mark.parametrize("truths", list(product([False, True], repeat=4)))
def test_every_set_of_ticks_is_judged_as_sets_are(truths, seen):
    true = {name for name, truth in zip(IDS, truths, strict=True) if truth}
    for ticks in product([False, True], repeat=4):
        ticked = {name for name, tick in zip(IDS, ticks, strict=True) if tick}
        raw = ",".join(str(i) for i, tick in enumerate(ticks, 1) if tick) or "none"
        facts = seen(CHOICE, options(truths), raw)
        assert facts["value"] == sorted(ticked)
        assert facts["right"] == (ticked == true)
        assert facts["complement"] == (ticked == set(IDS) - true)
        assert facts["none"] == (not ticked)
        assert facts["ticked"] == len(ticked)
        assert facts["right_ticks"] == len(ticked & true)
        assert facts["wrong_ticks"] == len(ticked - true)
        assert facts["missed"] == len(true - ticked)
        assert facts["options"] == [(name in ticked) == (name in true) for name in IDS]
        for name in IDS:
            assert facts[f"is_{name}"] == ((name in ticked) == (name in true))
            assert facts[f"picked_{name}"] == (name in ticked)
        if true:
            assert facts["net"] == max(0, Fraction(len(ticked & true) - len(ticked - true), len(true)))
        else:
            assert facts["net"] == facts["balanced"] == (1 if not ticked else 0)


def test_each_wrong_tick_costs_its_share_of_the_false_statements(seen):
    def points(ticked):
        shown = [Shown(name, name, name in "dhi") for name in "abcdefghijkl"]
        opts = ChoiceOptions(pool="p").model_copy(update={"pool": shown})
        raw = ",".join(str("abcdefghijkl".index(name) + 1) for name in ticked) or "none"
        return 3 * seen(CHOICE, opts, raw)["balanced"]

    assert points("dhi") == 3
    assert points("ij") == Fraction(2, 3)
    assert points("") == 0
    assert points("abcdefghijkl") == 0
    assert points("dhij") == Fraction(8, 3)


def test_a_list_of_true_statements_only_has_no_wrong_tick(seen):
    facts = seen(CHOICE, options([True] * 4), "1,2")
    assert facts["net"] == facts["balanced"] == Fraction(1, 2)


def test_positions_are_those_of_the_order_shown(seen):
    opts = options([True, False, True, False], shown=["d", "c", "a"])
    facts = seen(CHOICE, opts, "2,3")
    assert facts["right"] is True
    assert facts["value"] == ["c", "a"]
    assert facts["is_b"] is None
    assert facts["picked_b"] is None
    assert CHOICE.key(opts) == "2,3"
    assert CHOICE.widget(opts).options_text == ("Statement d", "Statement c", "Statement a")


def test_none_is_an_answer_and_an_untouched_field_is_not(asked):
    opts = options([False] * 4)
    assert not asked(CHOICE, opts, "none").read.blank
    assert asked(CHOICE, opts, "").read.blank
    assert CHOICE.key(opts) == "none"


def test_a_single_choice_takes_one_statement_only(asked, seen):
    opts = options([False, True, False, False], mode="single")
    assert isinstance(asked(CHOICE, opts, "1,2"), Invalid)
    assert seen(CHOICE, opts, "2")["right"] is True
    assert CHOICE.wrong(opts) == {"none": "none", "pick_a": "1", "pick_c": "3", "pick_d": "4"}


def test_typical_wrong_answers_of_several_are_named():
    wrong = CHOICE.wrong(options([False, True, True, False]))
    assert wrong == {
        "none": "none",
        "complement": "1,4",
        "everything": "1,2,3,4",
        "flip_a": "1,2,3",
        "flip_b": "3",
        "flip_c": "2",
        "flip_d": "2,3,4",
    }


@pytest.mark.parametrize(
    ("shown", "says"),
    [
        (["a", "z"], "`shown` names “z”, which is no statement of the pool."),
        (["a", "a"], "`shown` names “a” twice."),
        ([1], "`shown` names “1”, which is no statement of the pool."),
        ("z", "`shown` names “z”, which is no statement of the pool."),
    ],
)
def test_a_shown_list_that_is_none_says_so(shown, says):
    with pytest.raises(EvaluationError, match=says):
        CHOICE.widget(options([True] * 4, shown=shown))


def test_a_choice_has_no_answer_of_its_own():
    with pytest.raises(ValueError, match="leave out `answer` and `key`"):
        ChoiceOptions(pool="claims", answer="1")


@pytest.mark.parametrize(
    ("raw", "numbered"),
    [
        ("c", "1"),
        ("c, a", "1,3"),
        ("c;a", "1,3"),
        (["a", "c"], "3,1"),
        (["a", 1], "3,1"),
        ("b, c", "b,1"),  # b is not shown, and the answer is refused with its name
        ("1, 3", "1, 3"),
        ("b", "b"),
        ("none", "none"),
        ([["a"]], [["a"]]),
        (None, None),
    ],
)
def test_ids_of_statements_shown_become_their_numbers(raw, numbered):
    assert CHOICE.numbered(options([True] * 4, shown=["c", "d", "a"]), raw) == numbered


def test_none_alone_is_no_id():
    named = ChoiceOptions(pool="p").model_copy(update={"pool": pool([True, False], ["none", "some"])})
    assert CHOICE.numbered(named, "none") == "none"
    assert CHOICE.numbered(named, ["none", "some"]) == "1,2"
