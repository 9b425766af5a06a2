"""What is wrong with a rubric is said all at once, each at its place."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.validation import problems_of
from graders.text import TextOptions

GOOD: dict[str, Any] = {
    "key": "It is steep.",
    "concepts": {"steep": ["steep"]},
    "roles": {"curve": ["curve"]},
    "claims": {"says": {"earn": ["steep"]}},
}


def told(**changes: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as error:
        TextOptions.model_validate(GOOD | changes)
    return {one.path: one.says for one in problems_of(error.value, "essay")}


def test_every_pattern_that_cannot_be_read_is_told_at_its_place():
    claims = {"says": {"earn": ["steep", "flat"], "near": ["[steep"]}, "denies": {"deny": ["line::steep"]}}
    assert told(claims=claims, nocredit=["{steep}"]) == {
        "essay.claims.says.earn.1": "In the pattern `flat`, there is no concept `flat`.",
        "essay.claims.says.near.0": "The pattern `[steep` ends too early.",
        "essay.claims.denies.deny.0": "In the pattern `line::steep`, there is no role `line`.",
        "essay.nocredit.0": "In the pattern `{steep}`, there is no concept `{`.",
    }


def test_concepts_and_roles_have_words_and_names_of_their_own():
    assert told(concepts={"steep": ["steep"], "empty": [], "dots": ["..."]}, roles={"steep": ["hill"]}) == {
        "essay.concepts.empty": "The concept `empty` has no words.",
        "essay.concepts.dots": "The words “...” of the concept `dots` say nothing.",
        "essay.roles.steep": "`steep` is a concept and a role.",
    }


def test_a_count_names_claims_and_is_none_itself():
    counts = {"says": {"of": ["says"], "need": 1}, "two": {"of": ["says", "more"], "need": 2}}
    assert told(counts=counts) == {
        "essay.counts.says": "`says` is a claim and a count.",
        "essay.counts.two.of.1": "The count `two` names `more`, which is no claim.",
    }


def test_what_a_new_field_begins_with_is_in_order():
    (example,) = TextOptions.model_json_schema()["examples"]
    assert TextOptions.model_validate(example).sample == "The gradient vanishes."
