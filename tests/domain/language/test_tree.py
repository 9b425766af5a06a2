from __future__ import annotations

import pytest
from hypothesis import given

from app.domain.language import free_names, parse_author, to_source, walk
from app.domain.language.tree import Binary, Name, Node, Number, Slice, Unary, distinct, map_tree, size
from tests.domain.language.trees import author_trees


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("a + mean(b)", "a b"),
        ("[x + a for x in z if x > b]", "a b z"),
        ("[x for x in x]", "x"),
        ("[x for r in z for x in r if r]", "z"),
        ("[y for y in [x for x in z]] + x", "x z"),
        ("mu.right and t", "t"),
        ("z[i:j, k] if c else {'a': d}", "c d i j k z"),
        ("not f(g, key=h) < -1", "g h"),
    ],
)
def test_free_names_are_those_read_from_outside(text: str, names: str) -> None:
    assert sorted(free_names(parse_author(text))) == names.split()


@given(author_trees)
def test_a_tree_mapped_by_nothing_stays(tree: Node) -> None:
    assert map_tree(tree, lambda node: node) == tree


@given(author_trees)
def test_mapping_reaches_every_node_that_walking_reaches(tree: Node) -> None:
    seen: list[Node] = []

    def note(node: Node) -> Node:
        seen.append(node)
        return node

    map_tree(tree, note)
    assert len(seen) == len(list(walk(tree)))


def test_names_can_be_replaced_everywhere() -> None:
    tree = parse_author("[a + x for x in f(a, k=a[a:])] if not a == a else {'a': a}")
    renamed = map_tree(tree, lambda node: Name("b") if node == Name("a", getattr(node, "span", (0, 0))) else node)
    assert to_source(renamed) == "[b + x for x in f(b, k=b[b:])] if not b == b else {'a': b}"


def test_a_slice_stands_only_in_brackets() -> None:
    with pytest.raises(TypeError, match="Slice cannot stand alone"):
        to_source(Slice(None, None, None))


def test_calculated_numbers_are_written_by_value() -> None:
    node = parse_author("1/3")
    value = map_tree(node, lambda part: Number(part.value, "") if isinstance(part, Number) else part)
    assert to_source(value) == "(1) / (3)"


@given(author_trees)
def test_a_tree_is_as_large_as_walking_finds(tree: Node) -> None:
    assert size(tree) == len([*walk(tree)])


def test_what_stands_in_many_places_is_counted_in_each_but_gone_through_once() -> None:
    tree: Node = Name("x")
    for _ in range(200):
        tree = Binary("+", tree, tree)
    assert size(tree) == 2**201 - 1
    assert len([*distinct(tree)]) == 201
    assert free_names(tree) == {"x"}
    doubled = map_tree(tree, lambda node: Name("y") if isinstance(node, Name) else node)
    assert (size(doubled), len([*distinct(doubled)])) == (2**201 - 1, 201)


def test_a_chain_too_long_for_recursion_is_counted() -> None:
    tree: Node = Name("x")
    for _ in range(3000):
        tree = Unary("-", tree)
    assert size(tree) == 3001
