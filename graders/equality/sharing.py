"""Makes one object of what two formulas have in common, so that it is compiled and calculated once."""

from __future__ import annotations

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from graders.equality.substitution import with_parts


def shared(*trees: Node) -> tuple[Node, ...]:
    """The same trees, in which equal parts are one object, wherever they stand and in whichever tree.

    Places in the text and spellings of numbers are those of the first such part.
    """
    known: dict[tuple[object, ...], Node] = {}
    made: dict[int, Node] = {}

    def share(node: Node) -> Node:
        found = made.get(id(node))
        if found is None:
            found = made[id(node)] = _one_of(node)
        return found

    def _one_of(node: Node) -> Node:
        key: tuple[object, ...]
        kind = type(node)
        if kind is Name:
            key = (kind, node.id)  # type: ignore[union-attr]
        elif isinstance(node, Number):
            key = (kind, node.value.numerator, node.value.denominator)
        elif isinstance(node, Binary):
            left, right = share(node.left), share(node.right)
            if left is not node.left or right is not node.right:
                node = Binary(node.op, left, right, node.span)
            key = (kind, node.op, id(left), id(right))
        elif isinstance(node, Unary):
            operand = share(node.operand)
            if operand is not node.operand:
                node = Unary(node.op, operand, node.span)
            key = (kind, node.op, id(operand))
        elif isinstance(node, Call) and not node.kwargs:
            args = tuple(map(share, node.args))
            if any(new is not old for new, old in zip(args, node.args, strict=True)):
                node = Call(node.function, args, (), node.span)
            key = (kind, node.function, *map(id, args))
        else:
            return with_parts(node, share)
        return known.setdefault(key, node)

    return tuple(map(share, trees))
