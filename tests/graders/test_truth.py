"""True/false lists, over every pattern of truths and claims."""

from __future__ import annotations

from fractions import Fraction
from itertools import product

import pytest

from app.domain.answers import Invalid
from app.domain.graders import Shown
from graders.truth import Truth, TruthOptions

TRUTH = Truth()


def options(truths, shown=None):
    pool = [Shown(name, name.upper(), truth) for name, truth in zip("abc", truths, strict=True)]
    return TruthOptions(pool="claims").model_copy(update={"pool": pool, "shown": shown})


@pytest.mark.parametrize("truths", list(product([False, True], repeat=3)))
def test_every_list_of_claims_is_judged_one_by_one(truths, seen):
    for claims in product([True, False, None], repeat=3):
        if claims == (None, None, None):
            continue
        facts = seen(TRUTH, options(truths), [{True: "true", False: "F", None: ""}[claim] for claim in claims])
        hits = sum(claim is truth for claim, truth in zip(claims, truths, strict=True))
        errors = sum(claim is (not truth) for claim, truth in zip(claims, truths, strict=True))
        assert facts["value"] == list(claims)
        assert facts["right"] is (False if errors else True if hits == 3 else None)
        assert (facts["hits"], facts["errors"], facts["filled"]) == (hits, errors, hits + errors)
        assert facts["net"] == Fraction(max(0, hits - errors), 3)
        assert facts["complement"] == (errors == 3)
        for name, cell, claim, truth in zip("abc", facts["cells"], claims, truths, strict=True):
            assert cell is facts[f"is_{name}"]
            assert cell is (None if claim is None else claim == truth)


def test_a_statement_that_is_not_shown_is_blank(seen):
    facts = seen(TRUTH, options([True, False, True], shown=["c"]), "true")
    assert facts["right"] is True
    assert facts["is_a"] is None


def test_a_list_left_blank_is_blank(asked):
    assert asked(TRUTH, options([True, False, True]), ["", "", ""]).read.blank


def test_another_word_cannot_be_read(asked):
    found = asked(TRUTH, options([True, False, True]), ["true", "maybe"])
    assert isinstance(found, Invalid)
    assert found.says == "Entry 2: “maybe” is not one of “true”, “false”."


def test_typical_wrong_answers_are_those_that_differ_from_the_key():
    wrong = TRUTH.wrong(options([True, True, True]))
    assert list(wrong) == ["complement", "all_false", "flip_a", "flip_b", "flip_c"]
