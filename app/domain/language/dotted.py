"""Sums and products with dots, `x_1 + … + x_N` and `D_t · D_{t-1} · … · D_2`, as sums and products over an index."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Final

from app.domain.language.ellipsis import Gap, Linear, linear
from app.domain.language.errors import LanguageError
from app.domain.language.notation import Notation
from app.domain.language.tree import Binary, Call, Name, Node, Unary, children, free_names, walk

_INDICES: Final = ("k", "l", "m", "p", "q", "r")
_CHAINS: Final = {"+": "Sum", "*": "Prod"}
LONE_DOTS: Final = "Dots can stand in a sum, a product or a list only, as in x_1 + … + x_N."
_HOW: Final = {
    "+": "It is not clear how this sum goes on; write sum_{k=1}^{…} with the term of step k.",
    "*": "It is not clear how this product goes on; write prod_{k=1}^{…} with the factor of step k.",
}


class Dotted(Notation):
    """Reads dots between signs; what stands before and behind them says what is counted."""

    dotted = False
    """Whether dots were read between signs."""

    def atom(self) -> Node:
        token, before = self.token, self.before()
        if token.text == "…" and before is not None:
            self.advance()
            self.dotted = True
            return Gap((token.start, token.end))
        return super().atom()

    def starts_factor(self) -> bool:
        if self.token.text != "…":
            return super().starts_factor()
        before = self.before()  # an entry, as in `D_2 D_3 … D_t`; `1 … N` is a range
        if before is None:
            return False
        following = self.ahead()
        factor = following.text in ("(", "∂") or following.kind in ("name", "symbol")
        return "_" in before.text or before.text == "}" or (before.text == ")" and factor)

    def product(self) -> Node:
        return self._filled(super().product(), "*")

    def sum(self) -> Node:
        node = self._filled(super().sum(), "+")
        if self.dotted and not isinstance(node, Gap):
            for part in walk(node):
                if isinstance(part, Gap):
                    raise LanguageError(LONE_DOTS, self.text, *part.span)
        return node

    def _filled(self, node: Node, op: str) -> Node:
        """A chain of one operator with its dots replaced by a sum or product over an index."""
        if not isinstance(node, Binary) or (node.op != op and (op, node.op) != ("*", "/")):
            return node
        parts = _chain(node, op)
        places = [place for place, part in enumerate(parts) if isinstance(part, Gap)]
        if not places:
            return node
        place = places[0]
        if any(isinstance(one, Gap) for part in parts if not isinstance(part, Gap) for one in walk(part)):
            raise LanguageError(_HOW[op], self.text, *node.span)
        if len(places) > 1 or not 0 < place < len(parts) - 1:
            raise LanguageError(_HOW[op], self.text, *node.span)
        parts[place + 1] = self._as_entry(parts[place - 1], parts[place + 1])
        taken = [name for part in parts for name in free_names(part)]
        declared = [name for name in self.scope.base.indices if name not in self.scope.bound]
        index = next((name for name in (*declared, *_INDICES) if name not in taken), "")
        for shown in (2, 1):
            if place < shown or not index:
                continue
            before = parts[place - shown : place]
            found = counted(before, parts[place + 1], index)
            if found is None and shown > 1 and _alike(before, parts[place + 1], []):
                break  # `x_1 + x_3 + … + x_N`
            if found is not None:
                body, lower, upper = found
                run: Node = Call(_CHAINS[op], (body, Name(index, node.span), lower, upper), (), node.span)
                rest = [*parts[: place - shown], run, *parts[place + 2 :]]
                total = rest[0]
                for part in rest[1:]:
                    total = Binary(op, total, part, node.span)
                return total
        raise LanguageError(_HOW[op], self.text, *node.span)

    def _as_entry(self, first: Node, last: Node) -> Node:
        """In `s_1 s_2 … s_k` the last entry, also where s_k is a symbol of its own."""
        vector = first.args[0] if isinstance(first, Call) and first.function == "entry" else None
        if isinstance(vector, Name) and isinstance(last, Name) and last.id.startswith(f"{vector.id}_"):
            below = last.id[len(vector.id) + 1 :]
            if self.scope.indices(below, 1):
                return Call("entry", (vector, Name(below, last.span)), (), last.span)
        return last


def counted(shown: list[Node], last: Node, index: str) -> tuple[Node, Node, Node] | None:
    """Term, first and last value of the index of a run from `shown` (one or two terms) to `last`; None if unclear.

    All that changes between the terms is counted on, or down, in steps of one.
    """
    leaves: list[tuple[Linear, Linear, Linear | None]] = []
    if not _alike(shown, last, leaves) or not leaves:
        return None
    first, end, second = leaves[0]
    step = _step(first, end, second)
    if not step:
        return None
    low, high = (first, end) if step > 0 else (end, first)
    for one, other, next_one in leaves[1:]:
        if _minus(other, one) != _minus(end, first) or (next_one is not None and _step(one, other, next_one) != step):
            return None
    here = Linear(Fraction(0), ((index, Fraction(1)),))
    shifts = iter([(one if step > 0 else other) for one, other, _ in leaves])
    body = _rebuilt(shown[0], last, lambda: here.plus(_minus(next(shifts), low), Fraction(1)).tree())
    return body, low.tree(), high.tree()


def _step(first: Linear, end: Linear, second: Linear | None) -> int:
    """1 or −1, 0 where it is unclear."""
    if second is not None:
        step = _minus(second, first)
        return int(step.constant) if not step.names and abs(step.constant) == 1 else 0
    way = _minus(end, first)
    signs = {factor > 0 for _, factor in way.names} or {way.constant > 0}
    return 0 if len(signs) > 1 else 1 if True in signs else -1


def _minus(one: Linear, other: Linear) -> Linear:
    return one.plus(other, Fraction(-1))


def _alike(shown: list[Node], last: Node, leaves: list[tuple[Linear, Linear, Linear | None]]) -> bool:
    """Whether terms are built alike; collects the numbers in which they differ."""
    first = shown[0]
    ends = [linear(one) for one in (*shown, last)]
    if all(end is not None for end in ends):
        start, *others = [end for end in ends if end is not None]
        if any(other != start for other in others):
            leaves.append((start, others[-1], others[0] if len(others) > 1 else None))
        return True
    if any(type(one) is not type(last) for one in shown):
        return False
    match last:
        case Binary(op=op) | Unary(op=op):
            same = all(getattr(one, "op", "") == op for one in shown)
        case Call(function=function):
            same = function not in ("Sum", "Prod") and all(getattr(one, "function", "") == function for one in shown)
        case _:
            return all(one == replace(last, span=one.span) for one in shown)
    below = [[*children(one)] for one in (*shown, last)]
    if not same or any(len(parts) != len(below[0]) for parts in below) or not [*children(first)]:
        return False
    return all(_alike(list(group[:-1]), group[-1], leaves) for group in zip(*below, strict=True))


def _rebuilt(first: Node, last: Node, leaf: Callable[[], Node]) -> Node:
    """The first term with every number that changes replaced, in the order in which they were collected."""
    one, other = linear(first), linear(last)
    if one is not None and other is not None:
        return first if one == other else leaf()
    match first, last:
        case Binary(), Binary():
            left = _rebuilt(first.left, last.left, leaf)
            return replace(first, left=left, right=_rebuilt(first.right, last.right, leaf))
        case Unary(), Unary():
            return replace(first, operand=_rebuilt(first.operand, last.operand, leaf))
        case Call(), Call():
            pairs = zip(first.args, last.args, strict=True)
            return replace(first, args=tuple(_rebuilt(one, other, leaf) for one, other in pairs))
    return first


def _chain(node: Node, op: str) -> list[Node]:
    """What stands between the operators of one kind, from left to right; a quotient is one factor of a product."""
    parts: list[tuple[str, Node]] = []
    while isinstance(node, Binary) and (node.op == op or (op, node.op) == ("*", "/")):
        parts.append((node.op, node.right))
        node = node.left
    found = [node]
    for sign, part in reversed(parts):
        if sign == "/":
            found[-1] = Binary("/", found[-1], part, (found[-1].span[0], part.span[1]))
        else:
            found.append(part)
    return found
