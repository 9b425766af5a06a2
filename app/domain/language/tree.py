"""The syntax tree that both grammars build: small frozen nodes, each knowing its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final, TypeAlias

from app.domain.language.records import record

Span: TypeAlias = tuple[int, int]
"""Start (inclusive) and end (exclusive) in the text, in characters."""


@record(frozen=True, slots=True)
class Number:
    """A number as written; decimals are exact rationals. `text` keeps the spelling (`0.50`)."""

    value: Fraction
    text: str
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Text:
    """A string literal (author grammar only)."""

    value: str
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Constant:
    """True, False or None (author grammar only)."""

    value: bool | None
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Name:
    """A variable or symbol; which one it is, the evaluator's environment says."""

    id: str
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Unary:
    """`op` is one of `-`, `+`, `not`."""

    op: str
    operand: Node
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Binary:
    """`op` is one of `+ - * / // % ** @`; `*` scales or multiplies cell by cell, `@` is the product of matrices."""

    op: str
    left: Node
    right: Node
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Compare:
    """A chain `first op item op item …`; ops are `== != < <= > >= in`, `not in`."""

    first: Node
    rest: tuple[tuple[str, Node], ...]
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Logic:
    """`op` is `and` or `or`, over two or more operands."""

    op: str
    operands: tuple[Node, ...]
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Choice:
    """`then if condition else otherwise`."""

    condition: Node
    then: Node
    otherwise: Node
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Call:
    """A function called by name; there are no other callables."""

    function: str
    args: tuple[Node, ...]
    kwargs: tuple[tuple[str, Node], ...] = ()
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Index:
    """`target[index]`."""

    target: Node
    index: Node
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Slice:
    """`start:stop:step` inside brackets, each optional."""

    start: Node | None
    stop: Node | None
    step: Node | None
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Attribute:
    """`field.fact`: always a name before the dot, never a value."""

    target: str
    name: str
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Sequence:
    """A list; a tuple in the text is the same thing."""

    items: tuple[Node, ...]
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Record:
    """A dictionary with literal text keys."""

    items: tuple[tuple[str, Node], ...]
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Generator:
    """`for targets in source if conditions`."""

    targets: tuple[str, ...]
    source: Node
    conditions: tuple[Node, ...] = ()
    span: Span = (0, 0)


@record(frozen=True, slots=True)
class Comprehension:
    """`[element for … in …]`; a generator expression is the same thing."""

    element: Node
    generators: tuple[Generator, ...]
    span: Span = (0, 0)


Node: TypeAlias = (
    Number
    | Text
    | Constant
    | Name
    | Unary
    | Binary
    | Compare
    | Logic
    | Choice
    | Call
    | Index
    | Slice
    | Attribute
    | Sequence
    | Record
    | Comprehension
)


def children(node: Node) -> Iterator[Node]:
    """The direct parts of a node, in the order of the text (comprehension sources before the element)."""
    match node:
        case Unary(operand=operand):
            yield operand
        case Binary(left=left, right=right):
            yield from (left, right)
        case Compare(first=first, rest=rest):
            yield first
            yield from (item for _, item in rest)
        case Logic(operands=operands):
            yield from operands
        case Choice(condition=condition, then=then, otherwise=otherwise):
            yield from (condition, then, otherwise)
        case Call(args=args, kwargs=kwargs):
            yield from args
            yield from (item for _, item in kwargs)
        case Index(target=target, index=index):
            yield from (target, index)
        case Slice(start=start, stop=stop, step=step):
            yield from (item for item in (start, stop, step) if item is not None)
        case Sequence(items=items):
            yield from items
        case Record(items=pairs):
            yield from (item for _, item in pairs)
        case Comprehension(element=element, generators=generators):
            for generator in generators:
                yield generator.source
                yield from generator.conditions
            yield element
        case _:
            return


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it, in the order of the text."""
    return iter(_below(node))


def distinct(*nodes: Node) -> Iterator[Node]:
    """The same, but what stands in several places as one object comes once only."""
    return iter(_below(*nodes, seen=set()))


def _below(*nodes: Node, seen: set[int] | None = None) -> list[Node]:
    found: list[Node] = []
    waiting = [*reversed(nodes)]
    while waiting:
        current = waiting.pop()
        if seen is not None:
            if id(current) in seen:
                continue
            seen.add(id(current))
        found.append(current)
        kind = type(current)
        if kind is Name or kind is Number:
            continue
        if isinstance(current, Binary):
            waiting.append(current.right)
            waiting.append(current.left)
        elif isinstance(current, Call) and not current.kwargs:
            waiting += current.args[::-1]
        else:
            waiting += [*children(current)][::-1]
    return found


def size(node: Node) -> int:
    """How many nodes `walk` goes through; what stands in several places as one object is counted through once."""
    known: dict[int, int] = {}

    def count(part: Node) -> int:
        kind = type(part)
        if kind is Name or kind is Number:
            return 1
        found = known.get(id(part))
        if found is None:
            if isinstance(part, Binary):
                found = 1 + count(part.left) + count(part.right)
            else:
                found = 1 + sum(map(count, children(part)))
            known[id(part)] = found
        return found

    try:
        return count(node)
    except RecursionError:
        return len(_below(node))


BINDERS: Final = frozenset(["Sum", "Prod"])
"""Calls `Sum(body, i, lower, upper)` whose second argument is an index of their own."""


def free_names(node: Node) -> frozenset[str]:
    """The names read from outside (comprehension variables and the indices of sums are the node's own; `x.fact`
    reads no name).
    """
    found: set[str] = set()
    for part in distinct(node):
        if isinstance(part, Name):
            found.add(part.id)
        elif isinstance(part, Comprehension) or (isinstance(part, Call) and part.function in BINDERS):
            return _free_names_beside_bound(node)
    return frozenset(found)


def _free_names_beside_bound(node: Node) -> frozenset[str]:
    found: set[str] = set()
    waiting: list[tuple[Node, frozenset[str]]] = [(node, frozenset())]
    while waiting:
        current, bound = waiting.pop()
        match current:
            case Name(id=name):
                if name not in bound:
                    found.add(name)
            case Call(function=function, args=(body, Name(id=index), *ends)) if function in BINDERS:
                waiting.append((body, bound | {index}))
                waiting.extend((end, bound) for end in ends)
            case Comprehension(element=element, generators=generators):
                inner = bound
                for generator in generators:
                    waiting.append((generator.source, inner))
                    inner |= frozenset(generator.targets)
                    waiting.extend((condition, inner) for condition in generator.conditions)
                waiting.append((element, inner))
            case _:
                waiting.extend((child, bound) for child in children(current))
    return frozenset(found)


def map_tree(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with `change` applied to every node, the parts before the whole.

    What stands in several places as one object is changed once, and stays one object.
    """
    made: dict[int, Node] = {}

    def below(inner: Node) -> Node:
        found = made.get(id(inner))
        if found is None:
            found = made[id(inner)] = change(_with_parts(inner, below))
        return found

    return below(node)


def _with_parts(node: Node, below: Callable[[Node], Node]) -> Node:
    def maybe(inner: Node | None) -> Node | None:
        return None if inner is None else below(inner)

    match node:
        case Name() | Number():
            return node
        case Unary(operand=operand):
            return Unary(node.op, below(operand), node.span)
        case Binary(left=left, right=right):
            return Binary(node.op, below(left), below(right), node.span)
        case Compare(first=first, rest=rest):
            return replace(node, first=below(first), rest=tuple((op, below(item)) for op, item in rest))
        case Logic(operands=operands):
            return replace(node, operands=tuple(below(item) for item in operands))
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return replace(node, condition=below(condition), then=below(then), otherwise=below(otherwise))
        case Call(args=args, kwargs=kwargs):
            named = tuple((key, below(item)) for key, item in kwargs)
            return Call(node.function, tuple(below(item) for item in args), named, node.span)
        case Index(target=target, index=index):
            return replace(node, target=below(target), index=below(index))
        case Slice(start=start, stop=stop, step=step):
            return replace(node, start=maybe(start), stop=maybe(stop), step=maybe(step))
        case Sequence(items=items):
            return replace(node, items=tuple(below(item) for item in items))
        case Record(items=pairs):
            return replace(node, items=tuple((key, below(item)) for key, item in pairs))
        case Comprehension(element=element, generators=generators):
            changed = tuple(
                replace(one, source=below(one.source), conditions=tuple(map(below, one.conditions)))
                for one in generators
            )
            return replace(node, element=below(element), generators=changed)
        case _:
            return node
