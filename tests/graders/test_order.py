"""What the grader of blocks in order states about an answer."""

from __future__ import annotations

from fractions import Fraction

import pytest

from app.domain.answers import Invalid
from app.domain.graders import Shown
from graders.evaluation.errors import EvaluationError
from graders.order import Order, OrderOptions

ORDER = Order()
POOL = [Shown(name, f"Block {name}", name < "x", "Because.") for name in ("a", "b", "b2", "c", "d", "e", "x", "y")]
AFTER = {"a": [], "b": ["a"], "c": ["a"], "d": ["b", "c"], "e": []}


def options(shown=("x", "d", "a", "c", "b", "y", "e"), **more):
    written = {"pool": "p", "after": AFTER, "one_of": [["b", "b2"]], "optional": ["e"]} | more
    made = OrderOptions.model_validate(written)
    return made.model_copy(update={"pool": POOL, "shown": list(shown)})


def said(seen, blocks, opts=None):
    opts = opts or options()
    raw = ",".join(str(opts.blocks.index(name) + 1) for name in blocks) or "none"
    return seen(ORDER, opts, raw)


@pytest.mark.parametrize("blocks", ["abcd", "acbd", "eabcd", "acebd", "acbde"])
def test_every_valid_order_is_right_with_optional_blocks_or_without(seen, blocks):
    facts = said(seen, blocks)
    assert facts["right"] is True
    assert facts["share"] == 1
    assert facts["prefix"] == facts["chosen"] == len(blocks)
    assert facts["placed"] == [True] * 4
    assert (facts["missing"], facts["moved"], facts["distractors"], facts["surplus"]) == (0, 0, 0, 0)
    assert facts["remarks"] == []


@pytest.mark.parametrize(
    ("blocks", "distance", "share", "prefix"),
    [
        ("bacd", 2, Fraction(1, 2), 0),
        ("abd", 1, Fraction(3, 4), 2),
        ("abcdx", 1, Fraction(3, 4), 4),
        ("axcbd", 1, Fraction(3, 4), 1),
        ("xy", 6, 0, 0),
        ("", 4, 0, 0),
        ("eabdc", 2, Fraction(3, 5), 3),
    ],
)
def test_the_share_falls_by_every_block_to_be_moved_put_in_or_taken_out(seen, blocks, distance, share, prefix):
    facts = said(seen, blocks)
    assert (facts["distance"], facts["share"], facts["prefix"]) == (distance, share, prefix)
    assert facts["right"] is False


def test_each_block_is_told_apart(seen):
    facts = said(seen, "bacx")
    assert [facts[f"kept_{name}"] for name in ("a", "b", "c", "d", "e", "x", "y")] == [
        *(True, True, True, False, False),
        *(True, False),
    ]
    assert [facts[f"placed_{name}"] for name in ("a", "b", "c", "d", "x")] == [True, False, True, False, False]
    assert [facts[f"is_{name}"] for name in ("a", "b", "d", "e", "x", "y")] == [True, True, False, None, False, True]
    assert facts["is_b2"] is None
    assert (facts["missing"], facts["moved"], facts["distractors"], facts["surplus"]) == (1, 1, 1, 0)
    assert facts["complete"] is False
    assert facts["remarks"] == [
        "Block 5, at place 1 of your answer, stands before something that it needs.",
        "Block 1, at place 4 of your answer, does not belong to the proof.",
        "At the end a step is missing.",
    ]


def test_what_comes_too_late_is_told_so(seen):
    facts = said(seen, "cbda")
    assert facts["remarks"] == ["Block 3, at place 4 of your answer, stands behind something that needs it."]
    assert facts["complete"] is True
    assert facts["right"] is False


def test_either_version_of_a_step_counts_but_not_both(seen):
    both = options(shown=("b2", "a", "b", "c", "d"))
    assert said(seen, ["a", "b2", "c", "d"], both)["right"] is True
    facts = said(seen, ["a", "b2", "b", "c", "d"], both)
    assert facts["distance"] == 1
    assert facts["surplus"] == 1
    assert facts["distractors"] == 0
    assert facts["kept_b"] == facts["kept_b2"] == facts["placed_b"] == facts["placed_b2"] is True
    other = options(shown=("b2", "a", "c", "d"))
    assert said(seen, ["a", "b2", "c", "d"], other)["placed_b"] is True
    assert ORDER.key(other) == "2,1,3,4"


def test_where_steps_are_missing_is_told_but_not_which(seen):
    assert said(seen, "ad")["remarks"] == ["2 steps are missing that block 2, at place 2 of your answer, needs."]
    assert said(seen, "acd")["remarks"] == ["A step is missing that block 2, at place 3 of your answer, needs."]
    assert said(seen, "")["remarks"] == ["At the end 4 steps are missing."]


def test_a_second_version_of_a_step_is_told_to_repeat_it(seen):
    facts = said(seen, ["a", "b2", "b", "c", "d"], options(shown=("b2", "a", "b", "c", "d")))
    assert facts["remarks"] == ["Block 1, at place 2 of your answer, repeats block 3."]


@pytest.mark.parametrize(
    ("blocks", "distance", "share"),
    [
        ("abcd", 0, 1),
        # Missing: what the step is worth. Wrong: what a block too many costs.
        ("acd", 2, Fraction(3, 5)),
        ("acbdx", Fraction(1, 2), Fraction(9, 10)),
        ("acbd" + "xy", 1, Fraction(4, 5)),
        # In a wrong place: taken out, and put in again for no more than that.
        ("bacd", Fraction(3, 4), Fraction(17, 20)),
        ("acdb", 1, Fraction(4, 5)),
        ("xy", 6, 0),
    ],
)
def test_edits_cost_what_the_author_says(seen, blocks, distance, share):
    priced = options(worth={"a": "1/4", "b": 2, "d": "7/4"}, extra="1/2")
    facts = said(seen, blocks, priced)
    assert (facts["distance"], facts["share"]) == (distance, share)


def test_whoever_uses_all_blocks_has_a_surplus(seen):
    facts = said(seen, "abcdexy")
    assert facts["surplus"] == 2
    assert facts["placed"] == [True] * 4


def test_no_block_is_an_answer_and_an_untouched_field_is_not(asked):
    assert not asked(ORDER, options(), "none").read.blank
    assert asked(ORDER, options(), "").read.blank


def test_a_block_used_twice_cannot_be_read(asked):
    found = asked(ORDER, options(), "3,1,3")
    assert isinstance(found, Invalid)
    assert found.says == "Block 3 stands in two places; every block can be used once."


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"after": {"a": ["d"], "d": ["a"]}, "optional": []}, "There is no valid order: `after` leads in a circle"),
        ({"one_of": [["b", "b2"], ["b2", "c"]]}, "`one_of` names `b2` twice"),
        ({"optional": ["x"]}, "`optional` names `x`, which is no step"),
        ({"after": {"e": []}, "one_of": []}, "At least one step must not be optional"),
        ({"after": {}, "optional": []}, "at least 1 item"),
        ({"worth": {"x": 1}}, "`worth` names `x`, which is no step"),
        ({"worth": {"b2": 1}}, "of versions, the first one is named"),
        ({"worth": {"a": 0}}, "`worth` of `a` has to be more than nothing"),
        ({"extra": 0}, "greater than 0"),
        ({"answer": "1"}, "leave out `answer` and `key`"),
    ],
)
def test_a_proof_that_is_none_is_refused_when_it_is_written(more, says):
    with pytest.raises(ValueError, match=says):
        options(**more)


@pytest.mark.parametrize(
    ("shown", "more", "says"),
    [
        (("a", "b", "c"), {}, "The step `d` is needed, but is not among the blocks shown."),
        (("a", "b", "c", "d"), {"after": {**AFTER, "q": []}}, "`q` is a step of the proof, but no statement"),
        (("a", "a"), {}, "`shown` names “a” twice."),
    ],
)
def test_blocks_that_make_no_proof_say_so(shown, more, says):
    with pytest.raises(EvaluationError, match=says):
        ORDER.widget(options(shown, **more))


def test_more_blocks_than_anybody_sorts_are_refused():
    pool = [Shown(f"s{number}", "", True) for number in range(61)]
    made = OrderOptions.model_validate({"pool": "p", "after": {"s0": []}}).model_copy(update={"pool": pool})
    with pytest.raises(EvaluationError, match="at most 60"):
        ORDER.widget(made)


def test_typical_wrong_answers_leave_out_exchange_and_add():
    wrong = ORDER.wrong(options())
    assert {"none", "backwards", "as shown", "without a", "a later", "with x"} <= set(wrong)
    # Optional, so leaving it out is no mistake.
    assert "without e" not in wrong


def test_blocks_may_be_named_by_their_ids():
    assert ORDER.numbered(options(), "a, b, c, d") == ORDER.numbered(options(), ["a", "b", "c", "d"]) == "3,5,4,2"
