"""Blank is not wrong, undecided is not zero."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.values import PERSON, Share, Value
from graders.evaluation import EvaluationError
from graders.evaluation.truth import NO, YES, conjunction, disjunction, hull, negation, plain, truth

Values = Callable[..., Value]
Refusals = Callable[..., EvaluationError]
HALF = Share(Fraction(1, 2), Fraction(1, 2))
UPPER = Share(Fraction(1, 2), Fraction(1))


@pytest.mark.parametrize(
    "text",
    [
        "b",
        "-b",
        "b + 1",
        "b * z",
        "b == 1",
        "1 != b",
        "b in [1]",
        "1 in b",
        "1 < b < 3",
        "not b",
        "b and True",
        "True and b",
        "b or b",
        "1 if b else 0",
        "b[0]",
        "z[b]",
        "z[b:]",
        "sqrt(b)",
        "sum(b)",
        "len(b)",
        "share(b)",
        "max(1, b)",
        "mean(x=b)",
        "[x for x in b]",
        "sum(gappy)",
        "max(gappy)",
        "sorted(gappy)",
        "distinct(gappy)",
        "softmax(gappy)",
        "all([True, b])",
        "any([b, b])",
        "dot([1, b], [1, 1])",
    ],
)
def test_blank_goes_through(value: Values, text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("b or True", True),
        ("False and b", False),
        ("False or b", False),
        ("True or 1/0", True),
        ("False and 1/0", False),
        ("all([False, b])", False),
        ("any([True, b])", True),
        ("any([False, b])", False),
        ("gappy * 2", [2, None, 6]),
        ("gappy == [1, None, 3]", True),
        ("gappy == [1, 2, 3]", False),
        ("gappy != [1, 2, 3]", True),
        ("share([True, b])", Fraction(1, 2)),
        ("len(gappy)", 3),
        ("filled(gappy)", 2),
        ("filled(b)", 0),
        ("blank(b)", True),
        ("blank(gappy)", False),
        ("count([True, b, True])", 2),
        ("[x for x in gappy if x > 0]", [1, 3]),
        ("[x for x, y in [[1, 2], b]]", [1, None]),
        ("sqrt([4, b])", [2, None]),
        ("sum([[1, b], [2, 3]], 0)", [3, None]),
        ("round([1/4, b], 1)", [Fraction(3, 10), None]),
        ("(b if person else True)", PERSON),
    ],
)
def test_a_blank_cell_is_blank_not_wrong(value: Values, text: str, expected: Value) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("person and True", PERSON),
        ("person and False", False),
        ("person or True", True),
        ("not person", PERSON),
        ("person or 1/2", UPPER),
        ("1/2 and True", HALF),
        ("not 1/2", HALF),
        ("not 0", True),
        ("1 and True", True),
        ("1/2 if person else 1", UPPER),
        ("1 if True or person else 1/0", 1),
        ("share([person, True])", UPPER),
        ("max([share([person, True]), 3/4])", Share(Fraction(3, 4), Fraction(1))),
        ("min([person, 1/2])", Share(Fraction(0), Fraction(1, 2))),
        ("all([person, True])", PERSON),
        ("any([person, True])", True),
        ("person == True", PERSON),
        ("person != True", PERSON),
        ("[person, 1] == [1, 2]", False),
        ("(person or 1/2) == 1/4", False),
        ("person == 'x'", False),
        ("(person or 1/2) > 1/4", True),
        ("(person or 1/2) < 1/2", False),
        ("person >= 1/2", PERSON),
        ("1 in [person]", PERSON),
        ("share([1/2, 1/2]) == 1/2", True),
        ("0 < person < 2", PERSON),
        ("person < 2 < 1", False),
    ],
)
def test_what_a_person_must_decide_is_kept_as_an_interval(value: Values, text: str, expected: Value) -> None:
    found = value(text)
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("z and True", "A list is neither true nor false"),
        ("'x' and True", "A text is neither"),
        ("net or True", "A record is neither"),
        ("2 and True", "The number 2 is neither"),
        ("10**400 or True", "e400 is neither"),
        ("1 if 1/2 else 0", "only partly true"),
        ("'x' if person else 'y'", "neither true nor false"),
        ("[x for x in [1] if person]", "A person has yet to decide"),
        ("count([person])", "has yet to decide"),
        ("z[person]", "not an undecided share"),
    ],
)
def test_what_is_neither_true_nor_false_is_refused(refusal: Refusals, text: str, part: str) -> None:
    assert part in refusal(text).says


shares = st.builds(lambda ends: Share(*sorted(ends)), st.tuples(st.fractions(0, 1), st.fractions(0, 1)))
truths = st.one_of(st.none(), shares)


@settings(max_examples=40)
@given(truths, truths)
def test_de_morgan_holds_for_what_is_not_blank(one: Share | None, other: Share | None) -> None:
    if one is not None and other is not None:
        together = conjunction([one, other])
        assert negation(together) == disjunction([negation(one), negation(other)])


@settings(max_examples=40)
@given(truths)
def test_double_negation_is_nothing(one: Share | None) -> None:
    assert negation(negation(one)) == one


@settings(max_examples=40)
@given(shares, shares)
def test_the_hull_holds_both(one: Share, other: Share) -> None:
    around = hull(one, other)
    assert around is not None
    assert around.lo <= min(one.lo, other.lo)
    assert around.hi >= max(one.hi, other.hi)


def test_two_blanks_have_a_blank_hull() -> None:
    assert hull(None, None) is None


def test_a_plain_truth_is_a_boolean() -> None:
    assert plain(YES) is True
    assert plain(NO) is False
    assert plain(None) is None
    assert truth(0.25) == Share(Fraction(1, 4), Fraction(1, 4))
