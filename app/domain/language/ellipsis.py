"""Lists with an ellipsis (`[1, 2, …, N]`, `[0, w_1, 0, w_2, …, 0, w_N]`), as formulas without."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from app.domain.language.kinds import Kind
from app.domain.language.tree import (
    Binary,
    Call,
    Constant,
    Name,
    Node,
    Number,
    Sequence,
    Unary,
    children,
    free_names,
    map_tree,
)

ASK: Final = "It is not clear how this list goes on; write one more entry, or the list as one formula."
_LINEAR: Final = frozenset(["+", "-", "*", "/"])
_LARGEST: Final = 100
"""Bases and powers of entries that are calculated to see how a list goes on."""


class Gap(Constant):
    """The dots in a list; never part of a finished tree."""

    def __init__(self, span: tuple[int, int]) -> None:
        super().__init__(None, span)


def continued(items: list[Node], kind: Callable[[Node], Kind]) -> Node | str:
    """What a list with one ellipsis is, or a sentence that asks.

    The entries before the dots are blocks as long as the part behind them; what changes from block to block is
    counted on in equal steps, and must arrive at the last block.
    """
    dots = [place for place, item in enumerate(items) if isinstance(item, Gap)]
    before, after = items[: dots[0]], items[dots[0] + 1 :]
    if len(dots) > 1 or not before or not after:
        return ASK
    if len(after) > 1 and (whole := _one_by_one(before, after, kind)) is not None:
        return whole
    if len(before) % len(after):
        return ASK
    period = len(after)
    blocks = [before[start : start + period] for start in range(0, len(before), period)]
    columns: list[Node] = []
    counts: list[Linear] = []
    for place in range(period):
        shown = [block[place] for block in blocks]
        found = _Pattern(kind, counts).follow(shown, after[place])
        if found is None:
            return ASK
        columns.append(found)
    if not counts or any(count != counts[0] for count in counts):
        return ASK
    if period == 1:
        return columns[0]
    total: Node | None = None
    for place, column in enumerate(columns):
        if isinstance(column, Number) and column.value == 0:
            continue
        unit = Sequence(tuple(_number(Fraction(int(k == place))) for k in range(period)))
        array = column if kind(column).array else Binary("*", column, Call("ones", (counts[0].tree(),)))
        term = Call("kron", (array, unit))
        total = term if total is None else Binary("+", total, term)
    return total or Call("zeros", (Binary("*", _number(Fraction(period)), counts[0].tree()),))


def _one_by_one(before: list[Node], after: list[Node], kind: Callable[[Node], Kind]) -> Node | None:
    """A list whose last entries are shown as well, `[1, 2, …, N - 1, N]`; None where they do not go on in its steps."""
    found: Node | None = None
    counts: list[Linear] = []
    for entry in after:
        pattern = _Pattern(kind, [])
        found = pattern.follow(before, entry)
        if found is None or len(pattern.counts) != 1:
            return None
        counts += pattern.counts
    steps = (later.plus(earlier, Fraction(-1)) for earlier, later in itertools.pairwise(counts))
    return found if counts[-1].names and all(step == Linear(Fraction(1)) for step in steps) else None


@dataclass(frozen=True, slots=True)
class Linear:
    """A number plus multiples of names."""

    constant: Fraction
    names: tuple[tuple[str, Fraction], ...] = ()

    def plus(self, other: Linear, times: Fraction) -> Linear:
        summed = dict(self.names)
        for name, factor in other.names:
            summed[name] = summed.get(name, Fraction(0)) + times * factor
        kept = tuple(sorted((name, factor) for name, factor in summed.items() if factor))
        return Linear(self.constant + times * other.constant, kept)

    def times(self, factor: Fraction) -> Linear:
        return Linear(Fraction(0)).plus(self, factor)

    def tree(self) -> Node:
        """The same as a formula."""
        node: Node | None = None
        for name, factor in self.names:
            term: Node = Name(name) if abs(factor) == 1 else Binary("*", _number(abs(factor)), Name(name))
            if node is None:
                node = Unary("-", term) if factor < 0 else term
            else:
                node = Binary("-" if factor < 0 else "+", node, term)
        if node is None:
            return _number(self.constant)
        if not self.constant:
            return node
        return Binary("-" if self.constant < 0 else "+", node, _number(abs(self.constant)))


def linear(node: Node) -> Linear | None:
    """A part as a number plus multiples of names, None if it is more than that."""
    match node:
        case Number(value=value):
            return Linear(value)
        case Name(id=name):
            return Linear(Fraction(0), ((name, Fraction(1)),))
        case Unary(op=op, operand=operand) if op in "+-":
            inner = linear(operand)
            return inner and inner.times(Fraction(-1 if op == "-" else 1))
        case Binary(op=op, left=left, right=right) if op in _LINEAR:
            one, other = linear(left), linear(right)
            if one is None or other is None:
                return None
            if op in "+-":
                return one.plus(other, Fraction(1 if op == "+" else -1))
            if op == "*" and not one.names:
                return other.times(one.constant)
            if not other.names and (op == "*" or other.constant):
                return one.times(other.constant if op == "*" else 1 / other.constant)
    return None


class _Pattern:
    """Compares the blocks of a list leaf by leaf."""

    def __init__(self, kind: Callable[[Node], Kind], counts: list[Linear]) -> None:
        self.kind = kind
        self.counts = counts

    def follow(self, shown: list[Node], last: Node) -> Node | None:
        """One array for a place of the blocks, cell by cell; None where they do not go on alike."""
        if all(_same(one, last) for one in shown):
            return last
        counted = self._counted(shown, last)
        if counted is not None:
            return counted
        if isinstance(last, Binary) and last.op == "*":  # v_1 stands for 1 v_1
            shown = [one if isinstance(one, Binary) else Binary("*", _number(Fraction(1)), one) for one in shown]
        first = shown[0]
        if any(type(one) is not type(last) for one in shown):
            return None
        match last:
            case Call(function="entry", args=(array, place)):
                places = [one.args[1] for one in shown if isinstance(one, Call) and len(one.args) == 2]
                alike = all(
                    isinstance(one, Call) and one.function == "entry" and _same(one.args[0], array) for one in shown
                )
                if not alike or len(places) != len(shown):
                    return None
                return self._all_entries(array, places, place)
            case Binary(op=op) | Unary(op=op):
                if any(getattr(one, "op", "") != op for one in shown):
                    return None
            case Call(function=function, args=args):
                alike = all(
                    isinstance(one, Call) and one.function == function and len(one.args) == len(args) for one in shown
                )
                if not alike or function in ("Sum", "Prod"):
                    return None
            case _:
                return None
        return self._rebuilt(first, shown, last)

    def _rebuilt(self, first: Node, shown: list[Node], last: Node) -> Node | None:
        parts: list[Node] = []
        inner = [list(children(one)) for one in shown]
        for place, part in enumerate(children(last)):
            found = self.follow([one[place] for one in inner], part)
            if found is None:
                return None
            parts.append(found)
        match last:
            case Binary():
                if last.op == "*" and isinstance(parts[0], Number) and parts[0].value == 1:
                    return parts[1]
                return replace(last, left=parts[0], right=parts[1])
            case Unary():
                return replace(last, operand=parts[0])
            case Call():
                return replace(last, args=tuple(parts))
        return None

    def _counted(self, shown: list[Node], last: Node) -> Node | None:
        """Numbers in equal steps up to the last one."""
        found = self._progression(shown, last)
        if found is None:
            return self._lawful(shown, last)
        first, step, count = found
        self.counts.append(count)
        if first.names:
            steps = Call("arange", (_number(Fraction(1)), _plus_one(count)))
            counted: Node = steps if abs(step) == 1 else Binary("*", _number(abs(step)), steps)
            return Binary("-" if step < 0 else "+", first.plus(Linear(-step), Fraction(1)).tree(), counted)
        start = first.constant
        if step == 1:
            return Call("arange", (Linear(start).tree(), _plus_one(count.plus(Linear(start - 1), Fraction(1)))))
        steps = Call("arange", (_number(Fraction(1)), _plus_one(count)))
        node: Node = Binary("*", _number(abs(step)), steps)
        if step < 0:
            node = Unary("-", node) if step != -1 else Unary("-", steps)
        rest = start - step
        if rest:
            node = Binary("+" if rest > 0 else "-", node, _number(abs(rest)))
        return node

    def _lawful(self, shown: list[Node], last: Node) -> Node | None:
        """Numbers that follow the rule which the last one states: `1, 4, …, N^2`."""
        names = free_names(last)
        if len(shown) < 2 or len(names) != 1:
            return None
        (name,) = names
        for place, one in enumerate(shown, 1):
            value = _value(one, "", 0)
            if value is None or value != _value(last, name, place):
                return None
        count = Linear(Fraction(0), ((name, Fraction(1)),))
        self.counts.append(count)
        steps = Call("arange", (_number(Fraction(1)), _plus_one(count)))
        return map_tree(last, lambda part: steps if isinstance(part, Name) else part)

    def _progression(self, shown: list[Node], last: Node) -> tuple[Linear, Fraction, Linear] | None:
        """First value, step and number of blocks; `N, N - 1, …, 1` goes down."""
        values = [one for one in map(linear, shown) if one is not None]
        end = linear(last)
        if end is None or len(values) < len(shown) or (values[0].names and len(values) == 1):
            return None
        first = values[0]
        steps = {later.plus(earlier, Fraction(-1)) for earlier, later in itertools.pairwise(values)} or {
            Linear(Fraction(1))
        }
        by = steps.pop()
        if steps or by.names or not by.constant:
            return None
        step = by.constant
        count = end.plus(first, Fraction(-1)).plus(Linear(step), Fraction(1)).times(1 / step)
        whole = all(factor.denominator == 1 for _, factor in count.names) and count.constant.denominator == 1
        down = bool(first.names) and not any(factor > 0 for _, factor in count.names)
        return None if not whole or down else (first, step, count)

    def _all_entries(self, array: Node, places: list[Node], last: Node) -> Node | None:
        """Entries one after another are the whole vector if they begin with the first and end with the last."""
        found = self._progression(places, last)
        if found is None or found[0] != Linear(Fraction(1)) or found[1] != 1:
            return None
        count, size = found[2], self.kind(array).rows
        if self.kind(array).form == "row":
            size = self.kind(array).columns
        if _text(count.tree()) != size:
            return None
        self.counts.append(count)
        return array


def _value(node: Node, name: str, place: int) -> Fraction | None:
    """The number that a part is with a whole number in place of a name, None if it is none or too large."""
    match node:
        case Number(value=value):
            return value
        case Name(id=found) if found == name:
            return Fraction(place)
        case Unary(op=op, operand=operand) if op in "+-":
            inner = _value(operand, name, place)
            return inner if inner is None or op == "+" else -inner
        case Binary(op=op, left=left, right=right) if op in _LINEAR or op == "**":
            one, other = _value(left, name, place), _value(right, name, place)
            if one is None or other is None or (op == "/" and not other):
                return None
            if op != "**":
                return {"+": one + other, "-": one - other, "*": one * other, "/": one / (other or 1)}[op]
            small = other.denominator == 1 and 0 <= other <= _LARGEST and abs(one.numerator) <= _LARGEST
            return one ** int(other) if small and one.denominator <= _LARGEST else None
    return None


def _plus_one(linear: Linear) -> Node:
    """One more, as numpy's `arange` wants its end; never folded into the number, so that the end stays visible."""
    return Binary("+", linear.tree(), _number(Fraction(1)))


def _text(node: Node) -> str:
    match node:
        case Name(id=name):
            return name
        case Number(value=value):
            return str(value)
    return ""


def _number(value: Fraction) -> Node:
    if value.denominator == 1:
        return Number(value, str(value))
    top, bottom = Fraction(value.numerator), Fraction(value.denominator)
    return Binary("/", Number(top, str(top)), Number(bottom, str(bottom)))


def _same(one: Node, other: Node) -> bool:
    """Whether two parts are written alike."""
    if type(one) is not type(other):
        return False
    match one, other:
        case Number(value=a), Number(value=b):
            return a == b
        case Name(id=a), Name(id=b):
            return a == b
        case (Binary(op=a), Binary(op=b)) | (Unary(op=a), Unary(op=b)) if a != b:
            return False
        case Call(function=a), Call(function=b) if a != b:
            return False
    ours, theirs = list(children(one)), list(children(other))
    if not ours:
        return one == other
    return len(ours) == len(theirs) and all(_same(a, b) for a, b in zip(ours, theirs, strict=True))
