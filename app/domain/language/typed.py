"""Trees in the spelling that students type: what the grammar of mathematics reads back as the same tree."""

from __future__ import annotations

from app.domain.language.kinds import Declarations, kind_of
from app.domain.language.source import to_source
from app.domain.language.tree import Binary, Call, Name, Node, Sequence, map_tree


def to_typed(node: Node, symbols: Declarations) -> str:
    """The text of a formula. Powers and products entry by entry are calls: `x*y` could be two things in mathematics.

    Entries are written with subscripts and sums with their bounds, which no tree of the author grammar shows.
    """

    def spelled(part: Node) -> Node:
        match part:
            case Call(function="entry", args=(Name(id=name), *places)):
                return Name(f"{name}_{{{', '.join(map(to_source, places))}}}", part.span)
            case Call(function="Sum" | "Prod" as function, args=(body, Name(id=index), lower, upper)):
                sign = f"{function.lower()}_{{{index}={to_source(lower)}}}^{{{to_source(upper)}}}"
                return Name(f"({sign} ({to_source(body)}))", part.span)
            case Call(function="through", args=(first, last)):
                return Name(f"{to_source(first)}, ..., {to_source(last)}", part.span)
            case Call(function="P", args=(Sequence(items=asked), *given)):
                known = [item for one in given if isinstance(one, Sequence) for item in one.items]
                bar = f" | {', '.join(map(to_source, known))}" if known else ""
                return Name(f"P({', '.join(map(to_source, asked))}{bar})", part.span)
            case Binary(op="**", left=left, right=right) if kind_of(left, symbols).array:
                return Call("power", (left, right), (), part.span)
            case Binary(op="*", left=left, right=right):
                if kind_of(left, symbols).array and kind_of(right, symbols).array:
                    return Call("multiply", (left, right), (), part.span)
        return part

    return to_source(map_tree(node, spelled))
