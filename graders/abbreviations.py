"""Abbreviations: names that an answer may mention, and what stands in their place when it is judged."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

from app.domain.language import Node
from app.domain.language.tree import free_names, walk
from app.domain.symbols import Symbol
from graders.evaluation.calculus import substitute
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import MOST_NODES, tree_of

DEEPEST = 4
"""Abbreviations within abbreviations."""


def writable(symbols: Mapping[str, Symbol], names: Any) -> dict[str, Symbol]:
    """The names that an answer may mention: declared symbols, and abbreviations, which are numbers unless declared."""
    return {name: Symbol() for name in names or ()} | dict(symbols)


def expanded(tree: Any, names: Any) -> Node:
    """The tree with abbreviations written out, also those that abbreviations mention.

    Every occurrence is the same object, so that whoever evaluates the tree may do it once.

    Raises:
        EvaluationError: written out, the tree is too long, or an abbreviation is the index of a sum.
    """
    values: dict[str, Node] = {name: tree_of(value) for name, value in dict(names or {}).items()}
    node = _written_out(tree, values, {}, 0)
    if node is not tree and sum(1 for _ in islice(walk(node), MOST_NODES + 1)) > MOST_NODES:
        raise EvaluationError("Written out, this formula is too long.")
    return node


def _written_out(node: Node, values: Mapping[str, Node], known: dict[tuple[str, int], Node], depth: int) -> Node:
    mentioned = values.keys() & free_names(node) if depth < DEEPEST else ()
    for name in mentioned:
        if (name, depth) not in known:
            known[name, depth] = _written_out(values[name], values, known, depth + 1)
    return substitute(node, {name: known[name, depth] for name in mentioned}) if mentioned else node
