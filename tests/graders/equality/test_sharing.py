"""What two formulas have in common becomes one object, and nothing else changes."""

from __future__ import annotations

import pytest
from hypothesis import given

from app.domain.language import Node, parse_author, to_source
from app.domain.language.tree import distinct, walk
from graders.equality.sharing import shared
from graders.equality.substitution import same_tree
from tests.domain.language.trees import author_trees

SAME = ["exp(x + y)*(x + y)", "-(a*b) - a*b", "max(x + 1, x + 1)", "a if x + y > 0 else x + y", "[x + y, x + y]"]


@pytest.mark.parametrize("text", SAME)
def test_equal_parts_are_one_object(text: str) -> None:
    (one, other) = shared(parse_author(text), parse_author(f"2*({text})"))
    sums = [part for tree in (one, other) for part in walk(tree) if to_source(part) in ("x + y", "a * b", "x + 1")]
    assert len(sums) == 4
    assert len({id(part) for part in sums}) == 1


def test_the_spelling_of_a_number_does_not_matter_but_its_value_does() -> None:
    first, second, third = shared(*map(parse_author, ("0.50", "0.5", "0.51")))
    assert first is second is not third


@given(author_trees)
def test_the_tree_means_what_it_meant(tree: Node) -> None:
    (found,) = shared(tree)
    assert to_source(found) == to_source(tree) or same_tree(found, tree)
    assert len([*distinct(found)]) <= len([*walk(tree)])
