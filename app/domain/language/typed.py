"""Trees in the spelling that students type: what the grammar of mathematics reads back as the same tree."""

from __future__ import annotations

from app.domain.language.kinds import Declarations, kind_of
from app.domain.language.source import to_source
from app.domain.language.tree import Binary, Call, Node, map_tree


def to_typed(node: Node, symbols: Declarations) -> str:
    """The text of a formula. Powers and products entry by entry are calls: `x*y` could be two things in mathematics."""

    def spelled(part: Node) -> Node:
        match part:
            case Binary(op="**", left=left, right=right) if kind_of(left, symbols).array:
                return Call("power", (left, right), (), part.span)
            case Binary(op="*", left=left, right=right):
                if kind_of(left, symbols).array and kind_of(right, symbols).array:
                    return Call("multiply", (left, right), (), part.span)
        return part

    return to_source(map_tree(node, spelled))
