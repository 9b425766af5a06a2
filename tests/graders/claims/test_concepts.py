"""Concepts are found in the words that people use."""

from __future__ import annotations

import pytest

from graders.claims.concepts import Lexicon
from graders.claims.tokens import MOST_TOKENS, tokens_of


def found(forms: list[str], text: str) -> list[str]:
    lexicon = Lexicon({"idea": forms})
    tokens = tokens_of(text, lexicon.vocabulary)
    return [text[tokens[one.first].start : tokens[one.last].end] for one in lexicon.mentions(tokens)]


@pytest.mark.parametrize(
    ("form", "text", "words"),
    [
        ("second derivative", "the Second Derivatives matter", ["Second Derivatives"]),
        ("second derivative", "the second, derivative", []),
        ("number of parameters", "the number of the parameters", ["number of the parameters"]),
        ("number .. parameters", "the number of all its many parameters", ["number of all its many parameters"]),
        ("number .. parameters", "the number of all the good many other parameters", []),
        ("one/1 gradient", "1 gradient or one gradient", ["1 gradient", "one gradient"]),
        ("1/one gradient", "1 gradient or one gradient", ["1 gradient", "one gradient"]),
        ("1/alpha", "1/α, alpha", ["1/α"]),
        ("(1/4)^", "(1/4)^t", ["(1/4)^"]),
        ("big/large gradient", "a large gradient, a big gradient", ["large gradient", "big gradient"]),
        ("approxim*", "approximately approximated", ["approximately", "approximated"]),
        ("memory*", "memoryless", []),
        ("different number", "diff. # of nodes", ["diff. #"]),
        ("=map", "a map, mapping, maps", ["map"]),
        ("=map/chart", "maps and charts", ["charts"]),
        ("non-linear", "nonlinear, non-linear, non linear", ["nonlinear", "non-linear", "non linear"]),
        ("1/4", "at most 1/4 per step", ["1/4"]),
        ("o(n^2)", "it costs O(n^2) steps", ["O(n^2)"]),
        ("f(1-f)", "the factor f(1-f)", ["f(1-f)"]),
        ("gamma", "γ and \\gamma", ["γ", "gamma"]),
        ("learning rate", "the lr and the learning rates", ["lr", "learning rates"]),
        ("does not", "it doesn't, it dont, it does not", ["doesn't", "does not"]),
        ("generalisation", "generalization generalize", ["generalization", "generalize"]),
        ("hyperparameter", "hyperparamter hyper-parameter", ["hyperparamter"]),
        ("hyper-parameter", "hyperparameter hyper parameter", ["hyperparameter", "hyper parameter"]),
        ("transposed", "trasposed transpossed transformed", ["trasposed", "transpossed"]),
        ("exploding", "exploding exploring explodng", ["exploding", "explodng"]),
        ("overfitting", "underfitting overfiting", ["overfiting"]),
        ("maximise", "minimise maximize", ["maximize"]),
        ("mean", "meen main", []),
    ],
)
def test_a_form_is_found(form: str, text: str, words: list[str]) -> None:
    assert found([form], text) == words


def test_of_one_idea_at_one_place_the_longest_counts() -> None:
    assert found(["newton", "quasi newton"], "quasi-Newton and Newton") == ["quasi-Newton", "Newton"]


def test_a_not_in_a_gap_keeps_its_meaning_and_a_not_of_the_form_is_its_own() -> None:
    lexicon = Lexicon({"used": ["filter .. used"], "unused": ["filter .. not .. used"]})
    tokens = tokens_of("the filter is not ever used", lexicon.vocabulary)
    skipped = {one.concept: (one.skipped, [*one.own]) for one in lexicon.mentions(tokens)}
    assert skipped == {"used": ((3,), [1, 2]), "unused": ((), [1, 2, 3, 4, 5])}


def test_a_very_long_text_is_read_up_to_a_bound() -> None:
    lexicon = Lexicon({"idea": ["word"]})
    assert len(tokens_of("word " * 5_000, lexicon.vocabulary)) == MOST_TOKENS
