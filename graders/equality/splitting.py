"""Inequalities of max, min and |·| as several without: `max(x, y) ≤ 1` is `x ≤ 1 and y ≤ 1`."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.language.tree import Call, Node, Unary
from graders.equality.conditions import Atom, Condition, joined
from graders.equality.undoing import has_value

MOST_DEEP = 4


def split(condition: Condition, domains: Mapping[str, str], depth: int = 0) -> Condition:
    """A condition with the same solutions; the same object where there is nothing to split."""
    if isinstance(condition, bool) or depth == MOST_DEEP:
        return condition
    if isinstance(condition, Atom):
        found = _atoms(condition, domains)
        return condition if found is None else split(found, domains, depth + 1)
    parts = [split(part, domains, depth) for part in condition.parts]
    alike = all(one is other for one, other in zip(parts, condition.parts, strict=True))
    return condition if alike else joined(condition.op, parts)


def _atoms(atom: Atom, domains: Mapping[str, str]) -> Condition | None:
    if atom.op not in ("<", "<="):
        return None
    for side, is_left in ((atom.left, True), (atom.right, False)):
        found = _pieces(side)
        if found is not None and has_value(side, domains):
            pieces, largest = found
            other = atom.right if is_left else atom.left
            # The largest is below something where all are, and above where one is.
            op = "and" if largest == is_left else "or"
            pairs = [(piece, other) if is_left else (other, piece) for piece in pieces]
            return joined(op, [Atom(atom.op, *pair) for pair in pairs])
    return None


def _pieces(side: Node) -> tuple[tuple[Node, ...], bool] | None:
    """What a side is the largest (or else the smallest) of."""
    match side:
        case Call(function="max" | "min" as function, args=args) if len(args) > 1:
            return args, function == "max"
        case Call(function="abs", args=(inner,)):
            return (inner, Unary("-", inner)), True
        case _:
            return None
