"""Makes one object of what two formulas have in common, so that it is compiled and calculated once."""

from __future__ import annotations

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from graders.equality.substitution import with_parts


def shared(*trees: Node) -> tuple[Node, ...]:
    """The same trees, in which equal parts are one object, wherever they stand and in whichever tree.

    Places in the text and spellings of numbers are those of the first such part.
    """
    known: dict[object, Node] = {}
    made: dict[int, Node] = {}

    def share(node: Node) -> Node:
        kind = type(node)
        if kind is Name:
            return known.setdefault(node.id, node)  # type: ignore[union-attr]
        if kind is Number:
            return known.setdefault(node.value.as_integer_ratio(), node)  # type: ignore[union-attr]
        found = made.get(id(node))
        if found is None:
            found = made[id(node)] = _one_of(node)
        return found

    # Keys: of names a text, of numbers two integers, of all else an operator or a function first.
    def _one_of(node: Node) -> Node:
        if isinstance(node, Binary):
            left, right = node.left, node.right
            left = known.setdefault(left.id, left) if type(left) is Name else share(left)
            right = known.setdefault(right.id, right) if type(right) is Name else share(right)
            if left is not node.left or right is not node.right:
                node = Binary(node.op, left, right, node.span)
            return known.setdefault((node.op, id(left), id(right)), node)
        if isinstance(node, Unary):
            operand = share(node.operand)
            if operand is not node.operand:
                node = Unary(node.op, operand, node.span)
            return known.setdefault((node.op, id(operand)), node)
        if isinstance(node, Call) and not node.kwargs:
            args = tuple(map(share, node.args))
            ids = tuple(map(id, args))
            if ids != tuple(map(id, node.args)):
                node = Call(node.function, args, (), node.span)
            return known.setdefault((node.function, ids), node)
        return with_parts(node, share)

    return tuple(map(share, trees))
