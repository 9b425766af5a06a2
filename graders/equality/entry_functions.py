"""Functions of vectors and matrices whose entries are formulas."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import product

from app.domain.language.tree import Binary, Call, Choice, Node
from graders.equality.substitution import number
from graders.evaluation.calculus import ONE, TWO, ZERO, is_number, minus, over, plus, times

Entries = list[list[Node]]
"""Rows of formulas."""

LONGEST = 4
"""Rows or columns of an array that is written out."""


class NotWrittenOut(Exception):
    """The formula holds something that is not written out, or is too long for it."""


def alone(node: Node) -> Entries:
    """A number as an array of one entry."""
    return [[node]]


def same(node: Node) -> Node:
    """What is left as it is."""
    return node


def only(entries: Entries) -> Node:
    """The entry of an array that is a number."""
    if len(entries) != 1 or len(entries[0]) != 1:
        raise NotWrittenOut
    return entries[0][0]


def each(change: Callable[[Node], Node], entries: Entries) -> Entries:
    """A function of every entry."""
    return [[change(one) for one in row] for row in entries]


def pairwise(combine: Callable[[Node, Node], Node], one: Entries, other: Entries) -> Entries:
    """A function of two arrays entry by entry; a number is taken with every entry."""
    one, other = _spread(one, other), _spread(other, one)
    if (len(one), len(one[0])) != (len(other), len(other[0])):
        raise NotWrittenOut
    return [[combine(*both) for both in zip(*rows, strict=True)] for rows in zip(one, other, strict=True)]


def _spread(one: Entries, other: Entries) -> Entries:
    return each(lambda _: one[0][0], other) if len(one) == len(one[0]) == 1 else one


def chosen(condition: Entries, then: Entries, otherwise: Entries) -> Entries:
    """Entry by entry one of two arrays."""
    largest = max((condition, then, otherwise), key=lambda one: len(one) * len(one[0]))
    conditions, ones, others = (_spread(one, largest) for one in (condition, then, otherwise))
    if len({(len(one), len(one[0])) for one in (conditions, ones, others)}) > 1:
        raise NotWrittenOut
    return [
        [Choice(*three) for three in zip(*rows, strict=True)] for rows in zip(conditions, ones, others, strict=True)
    ]


def _power(base: Node, exponent: Node) -> Node:
    return Binary("**", base, exponent)


OPERATIONS: dict[str, Callable[[Node, Node], Node]] = {
    "+": plus,
    "-": lambda one, other: plus(one, minus(other)),
    "*": times,
    "/": over,
    "**": _power,
}
"""By the operator, entry by entry."""


def _total(nodes: Sequence[Node]) -> Node:
    found = nodes[0]
    for node in nodes[1:]:
        found = plus(found, node)
    return found


def _flat(entries: Entries) -> list[Node]:
    return [one for row in entries for one in row]


def entries_as_vector(one: Entries, other: Entries) -> Entries:
    """The second array in the shape of the first, where both are rows or columns of as many entries."""
    if 1 in (len(one), len(one[0])) and 1 in (len(other), len(other[0])) and len(_flat(one)) == len(_flat(other)):
        return other if len(one) == len(other) else transposed(other)
    return other


def zero_spread(one: Entries, other: Entries) -> tuple[Entries, Entries]:
    """The number 0 stands for any array of zeros."""
    if len(_flat(one)) == 1 and is_number(one[0][0], 0):
        one = each(lambda _: ZERO, other)
    if len(_flat(other)) == 1 and is_number(other[0][0], 0):
        other = each(lambda _: ZERO, one)
    return one, other


def as_row(entries: Entries, turn: bool) -> Entries:
    """A row of a list; a list in it is a column so far."""
    return transposed(entries) if turn else entries


def stacked(rows: Sequence[Entries]) -> Entries:
    """Numbers as a column, rows as a matrix."""
    if not rows or any(len(row) != 1 or len(row[0]) != len(rows[0][0]) for row in rows):
        raise NotWrittenOut
    return [row[0] for row in rows]


def transposed(entries: Entries) -> Entries:
    """Rows as columns."""
    return [list(column) for column in zip(*entries, strict=True)]


def matrix_product(one: Entries, other: Entries) -> Entries:
    """The product of matrices; a number scales."""
    if 1 in (len(one) * len(one[0]), len(other) * len(other[0])):
        return pairwise(times, one, other)
    if len(one[0]) != len(other):
        raise NotWrittenOut
    return [[_total([*map(times, row, column)]) for column in zip(*other, strict=True)] for row in one]


def _as_list(entries: Entries) -> list[Node]:
    if 1 not in (len(entries), len(entries[0])):
        raise NotWrittenOut
    return _flat(entries)


def _dot(one: Entries, other: Entries) -> Entries:
    if 1 in (len(one), len(one[0])) and 1 in (len(other), len(other[0])):
        left, right = _flat(one), _flat(other)
        if len(left) != len(right):
            raise NotWrittenOut
        return alone(_total([*map(times, left, right)]))
    return matrix_product(one, other)


def _norm(entries: Entries, order: Entries | None = None) -> Entries:
    flat = _flat(entries)
    if order is None:
        return alone(Call("sqrt", (_total([_power(one, TWO) for one in flat]),)))
    p = only(order)
    powers = [_power(Call("abs", (one,)), p) for one in _as_list(entries)]
    return alone(_power(_total(powers), over(ONE, p)))


def _square(entries: Entries, most: int = LONGEST) -> int:
    if len(entries) != len(entries[0]) or len(entries) > most:
        raise NotWrittenOut
    return len(entries)


def _determinant(entries: Entries) -> Node:
    if _square(entries, 2) == 1:
        return entries[0][0]
    (a, b), (c, d) = entries
    return plus(times(a, d), minus(times(b, c)))


def _inverse(entries: Entries) -> Entries:
    whole = _determinant(entries)
    if len(entries) == 1:
        return alone(over(ONE, whole))
    (a, b), (c, d) = entries
    return [[over(d, whole), over(minus(b), whole)], [over(minus(c), whole), over(a, whole)]]


def _diagonal(entries: Entries) -> Entries:
    if 1 not in (len(entries), len(entries[0])):
        return [[entries[place][place]] for place in range(min(len(entries), len(entries[0])))]
    flat = _flat(entries)
    return [[one if row == column else ZERO for column in range(len(flat))] for row, one in enumerate(flat)]


def filled(function: str, sizes: Sequence[int]) -> Entries:
    """The identity, ones or zeros."""
    rows, columns = sizes[0], sizes[-1] if len(sizes) > 1 or function == "eye" else 1
    if not (0 < rows <= LONGEST and 0 < columns <= LONGEST):
        raise NotWrittenOut
    value = ZERO if function == "zeros" else ONE
    return [[value if function != "eye" or row == column else ZERO for column in range(columns)] for row in range(rows)]


def along(function: str, entries: Entries, axis: int) -> Entries:
    """The sums or means of the columns (0) or rows (1)."""
    lines = entries if axis == 1 else transposed(entries)
    found = [[_total(line)] for line in lines]
    if function == "mean":
        found = [[over(one, number(Fraction(len(lines[0]))))] for [one] in found]
    return found if axis == 1 else transposed(found)


def _extreme(function: str) -> Callable[[Entries], Entries]:
    def largest(entries: Entries) -> Entries:
        flat = _flat(entries)
        return alone(flat[0] if len(flat) == 1 else Call(function, tuple(flat)))

    return largest


def _softmax(entries: Entries) -> Entries:
    _as_list(entries)
    powers = each(lambda one: Call("exp", (one,)), entries)
    whole = _total(_flat(powers))
    return each(lambda one: over(one, whole), powers)


def _running(entries: Entries) -> Entries:
    if len(entries) == 1 < len(entries[0]):
        return transposed(_running(transposed(entries)))
    return [[_total(column[: row + 1]) for column in zip(*entries, strict=True)] for row in range(len(entries))]


def _reversed(entries: Entries) -> Entries:
    return [row[::-1] for row in entries] if len(entries) == 1 else entries[::-1]


def _kron(one: Entries, other: Entries) -> Entries:
    return [[times(a, b) for a, b in product(row, line)] for row in one for line in other]


OF_ARRAYS: Mapping[str, tuple[tuple[int, ...], Callable[..., Entries]]] = {
    "transpose": ((1,), transposed),
    "dot": ((2,), _dot),
    "outer": ((2,), lambda one, other: [[times(a, b) for b in _as_list(other)] for a in _as_list(one)]),
    "norm": ((1, 2), _norm),
    "sum": ((1,), lambda entries: alone(_total(_flat(entries)))),
    "mean": ((1,), lambda entries: alone(over(_total(_flat(entries)), number(Fraction(len(_flat(entries))))))),
    "trace": ((1,), lambda entries: alone(_total([entries[place][place] for place in range(_square(entries))]))),
    "det": ((1,), lambda entries: alone(_determinant(entries))),
    "inv": ((1,), _inverse),
    "diag": ((1,), _diagonal),
    "max": ((1,), _extreme("max")),
    "min": ((1,), _extreme("min")),
    "softmax": ((1,), _softmax),
    "cumsum": ((1,), _running),
    "reverse": ((1,), _reversed),
    "kron": ((2,), _kron),
}
"""How many arguments each takes, and what it makes of them."""
