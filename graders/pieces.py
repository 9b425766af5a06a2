"""Pieces of a formula as it is written: terms of its sums, factors of its products, and some of each taken together."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from itertools import combinations, islice

from app.domain.language import Node, to_source, walk
from app.domain.language.tree import Binary, Call, Number, Unary, children

MOST = 150
"""Pieces of one formula that are looked at."""
MOST_TERMS = 12
"""Terms of one formula that are told apart."""
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


def terms(formula: Node) -> list[Node]:
    """What is added up in a formula: the terms of a sum, also of one below Σ or times a factor, each with both.

    One term where there are more than anybody can read.
    """
    found = _added_up(formula)
    return found if len(found) <= MOST_TERMS else [formula]


def _added_up(node: Node) -> list[Node]:
    match node:
        case Unary(op="-", operand=inner):
            return [_negative(one) for one in _added_up(inner)]
        case Binary(op="+" | "-"):
            return [one for term in _terms(node) for one in _added_up(term)] if len(_terms(node)) > 1 else [node]
        case Binary(op="*" | "/" as op, left=left, right=right):
            if len(found := _added_up(left)) > 1:
                return [Binary(op, one, right) for one in found]
            if op == "*" and len(found := _added_up(right)) > 1:
                return [Binary(op, left, one) for one in found]
        case Call(function="Sum", args=(inner, *bounds)):
            return [Call("Sum", (one, *bounds)) for one in _added_up(inner)]
    return [node]


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
    """The formula with its terms and factors in one order and its numbers calculated, so that a line that only
    rearranges another, or multiplies it by one, is the same.
    """
    if not isinstance(formula, Binary | Unary | Number):
        return to_source(formula)
    terms = _summands(formula, Fraction(1))
    constant = sum((number for number, text in terms if not text), Fraction(0))
    found = sorted(_term(number, text) for number, text in terms if text and number)
    if constant or not found:
        found.append(str(constant))
    return found[0] if len(found) == 1 else f"({'+'.join(found)})"


def _term(number: Fraction, text: str) -> str:
    if abs(number) == 1:
        return text if number > 0 else f"-{text}"
    return f"{number}*{text}"


def _summands(formula: Node, scale: Fraction) -> list[tuple[Fraction, str]]:
    """The number in front of every term, and its other factors in one order; numbers go into brackets, names do not."""
    if _is_sum(formula):
        return [one for term in _terms(formula) for one in _summands(term, scale)]
    rest: list[Node] = []
    for factor in _factors(formula):
        number = _number_of(factor)
        if number is None:
            rest.append(factor)
        else:
            scale *= number
    if len(rest) == 1 and _is_sum(rest[0]):
        return _summands(rest[0], scale)
    return [(scale, "*".join(sorted(map(_arranged_factor, rest))))]


def _number_of(factor: Node) -> Fraction | None:
    """The value of a factor that is a number or the reciprocal of one."""
    if factor is _MINUS:
        return Fraction(-1)
    if isinstance(factor, Number):
        return Fraction(factor.value)
    if isinstance(factor, Binary) and factor.op == "/" and factor.left is _ONE and isinstance(factor.right, Number):
        return 1 / Fraction(factor.right.value) if factor.right.value else None
    return None


def _arranged_factor(factor: Node) -> str:
    if isinstance(factor, Binary) and factor.op == "/" and factor.left is _ONE:
        return f"1/{arranged(factor.right)}"
    if isinstance(factor, Binary) and not (_is_sum(factor) or _is_product(factor)):
        return f"({arranged(factor.left)}{factor.op}{arranged(factor.right)})"
    return arranged(factor) if isinstance(factor, Binary) else to_source(factor)
