"""Values and their JSON form."""

from __future__ import annotations

import json
import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.values import PERSON, Share, Value, from_json, normal, to_json

shares = st.tuples(st.fractions(0, 1), st.fractions(0, 1)).map(lambda ends: Share(min(ends), max(ends)))
single = st.none() | st.booleans() | st.integers() | st.fractions() | st.floats(allow_nan=False) | st.text() | shares
values: st.SearchStrategy[Any] = st.recursive(
    single, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12
)


def same(one: Any, other: Any) -> bool:
    """Equal, and of the same types everywhere (1, 1.0, True and Fraction(1) are four values)."""
    if type(one) is not type(other):
        return False
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    return bool(one == other)


@given(values)
def test_a_value_comes_back_from_its_json_exactly_as_it_was(value: Value):
    text = json.dumps(to_json(value), allow_nan=False)
    assert same(from_json(json.loads(text)), value)


def test_the_json_form_is_the_documented_one():
    value: Value = {"a": [1, Fraction(1, 3), 0.5, "x", None, True], "b": Share(Fraction(0), Fraction(1, 2))}
    assert to_json(value) == {
        "d": {"a": [1, {"q": "1/3"}, {"f": "0.5"}, "x", None, True], "b": {"s": ["0", "1/2"]}},
    }


def test_floats_that_json_has_not_are_kept():
    back = from_json(to_json([math.inf, -math.inf, math.nan]))
    assert isinstance(back, list)
    assert back[:2] == [math.inf, -math.inf]
    assert back[2] != back[2]


@pytest.mark.parametrize(
    "data",
    [
        1.5,
        {},
        {"q": "1", "f": "2"},
        {"q": "one"},
        {"q": "1/0"},
        {"q": None},
        {"f": "x"},
        {"f": []},
        {"s": ["1"]},
        {"s": ["1", "0"]},
        {"s": 1},
        {"d": [1]},
        {"z": 1},
        [{"q": "?"}],
    ],
)
def test_what_is_no_stored_value_is_refused_in_one_sentence(data: Any):
    with pytest.raises(ValueError, match=r"^Not a stored value: "):
        from_json(data)


def test_a_whole_fraction_is_an_integer():
    assert same(normal(Fraction(6, 3)), 2)
    assert same(normal(Fraction(1, 2)), Fraction(1, 2))
    assert same(normal(7), 7)


def test_a_share_lies_between_nothing_and_all():
    assert not PERSON.decided
    assert Share(Fraction(1, 2), Fraction(1, 2)).decided
    for lo, hi in [(-1, 0), (0, 2), (1, 0)]:
        with pytest.raises(ValueError, match="A share lies in"):
            Share(Fraction(lo), Fraction(hi))
