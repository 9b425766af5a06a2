"""Brackets beside entries that may not exist: `w_{j/2} 1[j even]` is 0 for an odd j, although w_{1/2} means nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from app.domain.language.tree import Binary, Call, Choice, Logic, Name, Node, Number, distinct, free_names, map_tree
from app.domain.symbols import Symbol
from graders.evaluation.calculus import ONE, ZERO, times

_NUMBERS = frozenset(["scalar", "index"])


def with_strong_brackets(node: Node, symbols: Mapping[str, Symbol]) -> Node:
    """The formula with every such product as `… if condition else 0`, as people mean it; all others as they are."""
    if not any(map(_is_calculated, distinct(node))):
        return node

    def change(part: Node) -> Node:
        if not isinstance(part, Binary) or part.op != "*":
            return part
        conditions: list[Node] = []
        rest: Node = ONE
        for factor in _factors(part):
            if isinstance(factor, Call) and factor.function == "indicator" and _is_number(factor.args[0], symbols):
                conditions.append(factor.args[0])
            else:
                rest = times(rest, factor)
        if not conditions or not any(map(_is_calculated, distinct(rest))):
            return part
        condition = conditions[0] if len(conditions) == 1 else Logic("and", tuple(conditions))
        return Choice(condition, rest, ZERO)

    return map_tree(node, change)


def _factors(node: Node) -> Iterator[Node]:
    if isinstance(node, Binary) and node.op == "*":
        yield from _factors(node.left)
        yield from _factors(node.right)
    else:
        yield node


def _is_calculated(node: Node) -> bool:
    """Whether a node is an entry at a place that is calculated, and so may be none."""
    if not isinstance(node, Call) or node.function != "entry":
        return False
    return any(not isinstance(place, Name | Number) for place in node.args[1:])


def _is_number(condition: Node, symbols: Mapping[str, Symbol]) -> bool:
    """Whether a condition is on single numbers: it holds or does not for the whole product."""
    arrays = any(isinstance(part, Call) and part.function == "arange" for part in distinct(condition))
    return not arrays and all(name not in symbols or symbols[name].kind in _NUMBERS for name in free_names(condition))
