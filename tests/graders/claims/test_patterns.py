"""The pattern language: what fits, what is refused, and in which words."""

from __future__ import annotations

import re

import pytest

from graders.claims.judging import judge
from graders.claims.patterns import PatternError, concepts_of, parse_pattern
from graders.claims.rubric import TextRubric

IDEAS = frozenset({"a", "b", "c"})
ROLES = frozenset({"one", "two"})


def decided(pattern: str, text: str) -> str:
    rubric = TextRubric.model_validate(
        {
            "concepts": {"a": ["apple"], "b": ["banana"], "c": ["cherry"]},
            "roles": {"one": ["alice"], "two": ["bob"]},
            "claims": {"it": {"earn": [pattern]}},
        }
    )
    return judge(text, rubric).decisions["it"]


@pytest.mark.parametrize(
    ("pattern", "fits", "fails"),
    [
        ("a b", "the banana is by the apple", "the apple. the banana"),
        ("a b", "an apple is like a banana", "an apple is red but a banana is not"),
        ("[a b]", "an apple and a banana", "an apple lies far away on some other table than a banana"),
        ("a + b", "an apple. And there is a banana.", "there is an apple"),
        ("a | b", "there is a banana", "there is a cherry"),
        ("a (b | c)", "the apple is a cherry", "the apple is red"),
        ("a > b", "first an apple, then a banana", "first a banana, then an apple"),
        ("a > b > c", "an apple, then a banana, then a cherry", "an apple, then a cherry, then a banana"),
        ("not a", "there is no apple", "there is an apple"),
        ("any a", "there is no apple", "there is a cherry"),
        ("not a b", "the banana is not an apple", "the banana is an apple"),
        ("one::a", "alice has an apple", "bob has an apple"),
        ("one::[a b]", "alice has an apple and a banana", "bob has an apple and a banana"),
        ("one::a + two::b", "alice has an apple, while bob has a banana", "bob has an apple, while alice has a banana"),
        ("one::(not a)", "alice has no apple", "alice has an apple"),
        ("NO", "No, the apple is red", "The apple is red"),
        ("YES a", "Yes, the apple is red", "the apple is red"),
        ("(a | b) (b | c)", "an apple is a cherry", "an apple is red"),
    ],
)
def test_a_pattern_fits_what_it_says(pattern: str, fits: str, fails: str) -> None:
    assert decided(pattern, fits) == "made"
    assert decided(pattern, fails) == "not made"


def test_two_ideas_of_a_pattern_need_words_of_their_own() -> None:
    rubric = TextRubric.model_validate(
        {"concepts": {"a": ["apple"], "b": ["apple", "pear"]}, "claims": {"it": {"earn": ["a b"]}}}
    )
    assert judge("an apple", rubric).decisions["it"] == "not made"
    assert judge("an apple is a pear", rubric).decisions["it"] == "made"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "A pattern is empty."),
        ("d", "there is no concept `d`"),
        ("three::a", "there is no role `three`"),
        ("(a b", "ends too early"),
        ("[a b)", "a bracket is not closed"),
        ("a )", "`)` is out of place"),
        ("a >", "something is missing"),
        ("| a", "something is missing"),
        ("(a + b) c", "`+` cannot stand in brackets"),
        ("not", "ends too early"),
        ("a " * 61, "has more than 60 pieces"),
        ("(a|b) " * 8, "has too many alternatives"),
        ("a %", "there is no concept `%`"),
    ],
)
def test_what_cannot_be_read_is_said(text: str, says: str) -> None:
    with pytest.raises(PatternError, match=re.escape(says)):
        parse_pattern(text, IDEAS, ROLES)


def test_a_pattern_names_its_concepts() -> None:
    assert [*concepts_of(parse_pattern("a > (b | not c) + one::a", IDEAS, ROLES))] == ["a", "b", "c", "a"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"claims": {"it": {"earn": ["z"]}}}, "there is no concept `z`"),
        ({"concepts": {"a": []}}, "The concept `a` has no words."),
        ({"concepts": {"a": ["~"]}}, "say nothing"),
        ({"roles": {"a": ["x"]}}, "`a` is a concept and a role"),
        ({"counts": {"n": {"of": ["other"], "need": 1}}}, "names `other`, which is no claim"),
        ({"counts": {"it": {"of": ["it"], "need": 1}}}, "`it` is a claim and a count"),
        ({"claims": {}}, "at least 1 item"),
    ],
)
def test_a_rubric_that_cannot_be_used_is_refused(changes: dict[str, object], says: str) -> None:
    rubric = {"concepts": {"a": ["apple"]}, "claims": {"it": {"earn": ["a"]}}} | changes
    with pytest.raises(ValueError, match=re.escape(says)):
        TextRubric.model_validate(rubric)
