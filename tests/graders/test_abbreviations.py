"""Abbreviations are written out to the end, every one once, and never without bounds."""

from __future__ import annotations

import pytest

from app.domain.language import parse_author, to_source
from app.domain.language.tree import walk
from app.domain.symbols import symbol
from app.domain.values import symbolic
from graders.abbreviations import expanded, writable
from graders.evaluation.errors import EvaluationError


def names(**written: str) -> dict[str, object]:
    return {name: symbolic(parse_author(text)) for name, text in written.items()}


def test_abbreviations_within_abbreviations_are_written_out() -> None:
    found = expanded(parse_author("s + t"), names(s="x**2", t="s*y"))
    assert to_source(found) == "x**2 + x**2 * y"


def test_every_occurrence_is_the_same_object() -> None:
    found = expanded(parse_author("s*t + s"), names(s="x + y", t="exp(s)"))
    sums = [node for node in walk(found) if to_source(node) == "x + y"]
    assert len(sums) == 3
    assert len({id(node) for node in sums[::2]}) == 1


def test_a_formula_without_abbreviations_stays_the_object_it_is() -> None:
    node = parse_author("x + 1")
    assert expanded(node, names(s="y")) is node
    assert expanded(node, None) is node


def test_what_would_become_too_long_is_refused_before_it_is_built() -> None:
    ten = "+".join(["{}"] * 40)
    long = names(a=ten.replace("{}", "x"), b=ten.replace("{}", "a"), c=ten.replace("{}", "b"), d=ten.replace("{}", "c"))
    with pytest.raises(EvaluationError, match="too long"):
        expanded(parse_author("d*d"), long)


def test_the_index_of_a_sum_is_no_abbreviation() -> None:
    with pytest.raises(EvaluationError, match="index of a sum"):
        expanded(parse_author("Sum(i*x, i, 1, 3) + i"), names(i="y"))


def test_abbreviations_are_numbers_unless_they_are_declared() -> None:
    found = writable({"x": symbol("vector(d)"), "s": symbol("positive")}, ["s", "t"])
    assert (found["s"].domain, found["t"].kind, found["x"].kind) == ("positive", "scalar", "vector")
