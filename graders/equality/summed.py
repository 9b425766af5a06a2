"""Sums over the same range, compared term by term: `∑ t·1[t < 5000]` and `∑ t`, where no sum that is tried is so long.

With the same terms they are the same. Where the terms at some t differ, the sums differ where t is their last index, or
where it is t − 1: between the two their difference changes by that of these terms. So the last index has to be free,
and may occur neither in a term nor in a factor, unless both sums have the same one, which never vanishes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary, free_names, walk
from graders.equality.sampling import WHOLE
from graders.equality.substitution import BINDERS, number, same_tree, substitute
from graders.evaluation.calculus import is_number, minus, over, times

Same = Callable[[Node, Node, Mapping[str, str]], str]
"""The verdict on two formulas with these symbols."""

_ONE = number(Fraction(1))


@dataclass(frozen=True, slots=True)
class Summed:
    """A factor times a sum: its term, its index, and how far that goes."""

    factor: Node
    term: Node
    index: str
    first: Node
    last: Node


def term_by_term(reference: Node, answer: Node, variables: Mapping[str, str], same: Same) -> str:
    """The verdict on two formulas of sums by their terms; undecided where these do not tell."""
    one, other = [*_sums(reference)], [*_sums(answer)]
    if not one or not other or None in (*one, *other):
        return "undecided"
    sums = [summed for summed in (*one, *other) if summed is not None]
    begin = sums[0]
    if not all(same_tree(begin.first, each.first) and same_tree(begin.last, each.last) for each in sums):
        return "undecided"
    met = free_names(reference) | free_names(answer)
    index = begin.index
    if index in met or not isinstance(begin.first, Number):
        return "undecided"
    ends = [_apart(each.factor, free_names(begin.last)) for each in sums]
    if all(same_tree(ends[0][0], end) for end, _ in ends) and _vanishes_nowhere(ends[0][0]):
        sums = [replace(each, factor=rest) for each, (_, rest) in zip(sums, ends, strict=True)]
    sides = [_total(side, index, begin.first) for side in (sums[: len(one)], sums[len(one) :])]
    found = same(sides[0], sides[1], {**variables, index: "natural"})
    if found == "different" and not _is_free(begin.last, variables, free_names(sides[0]) | free_names(sides[1])):
        return "undecided"
    return found


def _sums(node: Node, factor: Node = _ONE) -> Iterator[Summed | None]:
    """The sums that a formula adds up, each with its factor; None for anything else."""
    match node:
        case Call(function="Sum", args=(term, Name(id=index), first, last)):
            yield Summed(factor, term, index, first, last)
        case Unary(op="-" | "+" as op, operand=operand):
            yield from _sums(operand, minus(factor) if op == "-" else factor)
        case Binary(op="+" | "-" as op, left=left, right=right):
            yield from _sums(left, factor)
            yield from _sums(right, minus(factor) if op == "-" else factor)
        case Binary(op="*", left=left, right=right) if not _has_sum(left):
            yield from _sums(right, times(factor, left))
        case Binary(op="*" | "/" as op, left=left, right=right) if not _has_sum(right):
            yield from _sums(left, (times if op == "*" else over)(factor, right))
        case _:
            yield None


def _has_sum(node: Node) -> bool:
    return any(isinstance(part, Call) and part.function in BINDERS for part in walk(node))


def _apart(factor: Node, names: Collection[str]) -> tuple[Node, Node]:
    """A product as that of what mentions certain names, and of what does not."""
    if free_names(factor).isdisjoint(names):
        return _ONE, factor
    match factor:
        case Unary(op="-", operand=operand):
            with_names, rest = _apart(operand, names)
            return with_names, minus(rest)
        case Binary(op="*" | "/" as op, left=left, right=right):
            made = times if op == "*" else over
            (one, two), (other, another) = _apart(left, names), _apart(right, names)
            return made(one, other), made(two, another)
        case _:
            return factor, _ONE


def _total(sums: Collection[Summed], index: str, first: Number) -> Node:
    """The terms of these sums together, as a formula of an index that begins with 1."""
    total: Node | None = None
    for each in sums:
        place: Node = Name(index)
        if first.value != 1:
            place = Binary("+", place, number(first.value - 1))
        term = substitute(each.term, {each.index: place})
        term = term if is_number(each.factor, 1) else Binary("*", each.factor, term)
        total = term if total is None else Binary("+", total, term)
    assert total is not None
    return total


def _vanishes_nowhere(factor: Node) -> bool:
    """Whether a factor is made of numbers and names alone, by products, quotients and powers."""
    match factor:
        case Number(value=value):
            return value != 0
        case Name():
            return True
        case Unary(op="-", operand=operand):
            return _vanishes_nowhere(operand)
        case Binary(op="*" | "/", left=left, right=right):
            return _vanishes_nowhere(left) and _vanishes_nowhere(right)
        case Binary(op="**", left=left, right=Number()):
            return _vanishes_nowhere(left)
        case _:
            return False


def _is_free(last: Node, variables: Mapping[str, str], in_terms: Collection[str]) -> bool:
    """Whether the last index may be any whole number from somewhere on, whatever the terms are."""
    match last:
        case Name(id=name) | Binary(op="+" | "-", left=Name(id=name), right=Number()):
            return variables.get(name) in WHOLE and name not in in_terms
        case _:
            return False
