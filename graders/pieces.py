"""Pieces of a formula as it is written: terms of its sums, factors of its products, and some of each taken together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import combinations, islice

from app.domain.language import Node, to_source, walk
from app.domain.language.tree import Binary, Number, Unary, children

MOST = 150
"""Pieces of one formula that are looked at."""
TOGETHER = 7
"""Terms or factors of which every choice is looked at."""
_ONE = Number(Fraction(1), "1")
_MINUS = Unary("-", _ONE)


def pieces(formula: Node) -> Iterator[Node]:
    """Every formula that a reader can point at in this one, the whole first."""
    yield from islice(_found(formula), MOST)


def _found(formula: Node) -> Iterator[Node]:
    inside: set[int] = set()  # of a longer sum or product, which has been taken apart as a whole
    for node in walk(formula):
        if not isinstance(node, (Unary, Binary)):
            yield node
            continue
        if id(node) in inside:
            continue
        sum_or_product = _terms(node) if _is_sum(node) else _factors(node) if _is_product(node) else []
        if len(sum_or_product) < 2:
            yield node
            continue
        inside |= {id(one) for one in _chain(node, _is_sum if _is_sum(node) else _is_product)}
        yield from _choices(sum_or_product, "+" if _is_sum(node) else "*")
        if _is_sum(node):  # what is subtracted keeps its minus, which stands in no node of its own
            for term in sum_or_product:
                factors = _factors(term)
                if factors[0] is _MINUS and len(factors) > 2:
                    yield from _choices(factors, "*")


def _choices(parts: Sequence[Node], joined: str) -> Iterator[Node]:
    """All of them together, then some, then each."""
    yield _joined(parts, joined)
    if len(parts) <= TOGETHER:
        for count in range(len(parts) - 1, 1, -1):
            for some in combinations(parts, count):
                yield _joined(some, joined)
    yield from parts


def _joined(parts: Sequence[Node], op: str) -> Node:
    return reduce(lambda left, right: Binary(op, left, right), parts)


def _is_sum(node: Node) -> bool:
    return isinstance(node, Binary) and node.op in ("+", "-")


def _is_product(node: Node) -> bool:
    return (isinstance(node, Binary) and node.op in ("*", "/")) or (isinstance(node, Unary) and node.op == "-")


def _chain(node: Node, alike: Callable[[Node], bool]) -> Iterator[Node]:
    """A sum and the sums that are its terms, or a product and those that are its factors."""
    yield node
    for part in children(node):
        if alike(part):
            yield from _chain(part, alike)


def _terms(node: Node) -> list[Node]:
    if isinstance(node, Binary) and _is_sum(node):
        right = _terms(node.right)
        return [*_terms(node.left), *(right if node.op == "+" else map(_negative, right))]
    return [node]


def _negative(node: Node) -> Node:
    return Unary("-", node)


def _factors(node: Node) -> list[Node]:
    """Factors; of what is divided by the reciprocal, of a minus −1."""
    if isinstance(node, Unary) and node.op == "-":
        return [_MINUS, *_factors(node.operand)]
    if isinstance(node, Binary) and node.op in ("*", "/"):
        right = _factors(node.right)
        return [*_factors(node.left), *(right if node.op == "*" else map(_reciprocal, right))]
    return [node]


def _reciprocal(node: Node) -> Node:
    return node if node is _MINUS else Binary("/", _ONE, node)


def arranged(formula: Node) -> str:
    """The formula with its terms and factors in one order, so that a line that only rearranges another is the same."""
    if _is_sum(formula) or _is_product(formula):
        return _arranged(formula, 1)
    if isinstance(formula, Binary):
        return f"({arranged(formula.left)}{formula.op}{arranged(formula.right)})"
    return to_source(formula)


def _arranged(formula: Node, sign: int) -> str:
    if _is_sum(formula):
        return "(" + "+".join(sorted(_arranged(term, sign) for term in _terms(formula))) + ")"
    factors = _factors(formula)
    minus = sum(factor is _MINUS for factor in factors)
    rest = [factor for factor in factors if factor is not _MINUS]
    sign *= (-1) ** minus
    sums = [factor for factor in rest if _is_sum(factor)]
    if len(rest) == 1 and sums:
        return _arranged(rest[0], sign)  # a minus in front of a sum goes to its terms
    return ("-" if sign < 0 else "") + "*".join(sorted(map(_arranged_factor, rest)))


def _arranged_factor(factor: Node) -> str:
    if isinstance(factor, Binary) and factor.op == "/" and factor.left is _ONE:
        return f"1/{arranged(factor.right)}"
    return arranged(factor)
