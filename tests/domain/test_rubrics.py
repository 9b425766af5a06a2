"""The shape of rubrics."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from app.domain.rubrics import Criterion, leaves

LEAF = {"id": "a", "points": 1, "when": "x.right"}


def leaf(name: str) -> dict[str, Any]:
    return {**LEAF, "id": name}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({}, "exactly one of `when`, `best_of` and `sum_of`"),
        ({**LEAF, "sum_of": [LEAF]}, "exactly one of"),
        ({"sum_of": [LEAF], "best_of": [LEAF]}, "exactly one of"),
        ({"points": 1, "when": "True"}, "also needs an `id` and `points`"),
        ({"id": "a", "when": "True"}, "also needs an `id` and `points`"),
        ({"points": 1, "best_of": [LEAF]}, "bound it by `at_most`"),
        ({**LEAF, "at_most": 0, "at_least": 1}, "`at_least` is above `at_most`"),
        ({"best_of": []}, "list at least one criterion"),
        ({"sum_of": []}, "list at least one criterion"),
        ([], "list at least one criterion"),
        ({**LEAF, "id": "two words"}, "pattern"),
        ({**LEAF, "colour": "red"}, "Extra inputs"),
    ],
)
def test_a_criterion_of_no_clear_kind_is_refused(data: Any, says: str):
    with pytest.raises(ValidationError, match=says):
        Criterion.model_validate(data)


def test_a_list_means_the_sum_of_its_criteria():
    assert Criterion.model_validate([LEAF]) == Criterion.model_validate({"sum_of": [LEAF]})


def test_leaves_come_in_the_order_of_the_rubric():
    tree = Criterion.model_validate([leaf("a"), {"best_of": [leaf("b"), [leaf("c"), leaf("d")]]}, leaf("e")])
    assert [one.id for one in leaves((tree,))] == ["a", "b", "c", "d", "e"]
    assert Criterion.model_validate(LEAF).nodes == ()
    assert Criterion.model_validate({**LEAF, "at_most": 1, "at_least": 0}).nodes == ()
