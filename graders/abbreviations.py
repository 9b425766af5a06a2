"""Abbreviations: names that an answer may mention, and what stands in their place when it is judged."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from app.domain.language import Node
from app.domain.language.tree import free_names, size
from app.domain.symbols import Symbol
from app.domain.values import Value
from graders.evaluation.calculus import substitute
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import MOST_NODES, tree_of

DEEPEST = 4
"""Abbreviations within abbreviations."""
MOST_PREPARED = 64
"""Sets of abbreviations kept by one process."""


def writable(symbols: Mapping[str, Symbol], names: Any) -> dict[str, Symbol]:
    """The names that an answer may mention: declared symbols, and abbreviations, which are numbers unless declared."""
    return {name: Symbol() for name in names or ()} | dict(symbols)


def expanded(tree: Any, names: Any) -> Node:
    """The tree with abbreviations written out, also those that abbreviations mention.

    Every occurrence is the same object, so that whoever evaluates the tree may do it once.

    Raises:
        EvaluationError: written out, the tree is too long, or an abbreviation is the index of a sum.
    """
    node = _abbreviations(dict(names or {})).written_out(tree, 0)
    if node is not tree and size(node) > MOST_NODES:
        raise EvaluationError("Written out, this formula is too long.")
    return node


class _Abbreviations:
    """What abbreviations stand for, and themselves written out at every depth."""

    def __init__(self, names: Mapping[str, Value]) -> None:
        self.names = names
        self._trees: dict[str, Node] = {name: tree_of(value) for name, value in names.items()}
        self._known: dict[tuple[str, int], Node] = {}

    def written_out(self, node: Node, depth: int) -> Node:
        mentioned = self._trees.keys() & free_names(node) if depth < DEEPEST and self._trees else ()
        for name in mentioned:
            if (name, depth) not in self._known:
                self._known[name, depth] = self.written_out(self._trees[name], depth + 1)
        return substitute(node, {name: self._known[name, depth] for name in mentioned}) if mentioned else node


_prepared: OrderedDict[tuple[tuple[str, int], ...], _Abbreviations] = OrderedDict()
"""By name and identity of what they stand for; the values are kept, so that an identity stays theirs."""


def _abbreviations(names: Mapping[str, Value]) -> _Abbreviations:
    """The same ones are asked for with every answer, and with every mistake that leaves them alone."""
    key = tuple((name, id(value)) for name, value in names.items())
    found = _prepared.pop(key, None) or _Abbreviations(names)
    _prepared[key] = found
    if len(_prepared) > MOST_PREPARED:
        _prepared.popitem(last=False)
    return found
