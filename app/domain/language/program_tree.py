"""Small programs as trees: assignments, loops, cases, a result; and their normal spelling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeAlias

from app.domain.language.source import to_source
from app.domain.language.tree import Call, Index, Name, Node, Span


@dataclass(frozen=True, slots=True)
class Assign:
    """`target = value`, or with an `op` such as `+`, `target += value`."""

    target: Name | Index
    op: str
    value: Node
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Append:
    """`name.append(value)`."""

    name: str
    value: Node
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Return:
    """`return value`, or a last line that is only a value."""

    value: Node
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Loop:
    """`for targets in source:` and its body."""

    targets: tuple[str, ...]
    source: Node
    body: tuple[Statement, ...]
    span: Span = (0, 0)


@dataclass(frozen=True, slots=True)
class Branch:
    """`if condition:` and its body, and what is done otherwise (an `elif` is a branch there)."""

    condition: Node
    body: tuple[Statement, ...]
    otherwise: tuple[Statement, ...] = ()
    span: Span = (0, 0)


Statement: TypeAlias = Assign | Append | Return | Loop | Branch


@dataclass(frozen=True, slots=True)
class Program:
    """Lines to be carried out; `result` is the name whose value counts where nothing is returned."""

    statements: tuple[Statement, ...]
    result: str = ""


def statements_of(body: tuple[Statement, ...]) -> Iterator[Statement]:
    """All statements, in the order of the text."""
    for statement in body:
        yield statement
        if isinstance(statement, Loop):
            yield from statements_of(statement.body)
        elif isinstance(statement, Branch):
            yield from statements_of(statement.body)
            yield from statements_of(statement.otherwise)


def nodes_of(statement: Statement) -> tuple[Node, ...]:
    """The expressions of one statement, those of its body excepted."""
    match statement:
        case Assign(target=target, value=value):
            return (target.target, target.index, value) if isinstance(target, Index) else (value,)
        case Append(value=value) | Return(value=value):
            return (value,)
        case Loop(source=source):
            return (source,)
        case Branch(condition=condition):
            return (condition,)


def program_source(program: Program) -> str:
    """The program in its normal spelling, one statement a line."""
    return "\n".join(_lines(program.statements, ""))


def _lines(body: tuple[Statement, ...], indent: str) -> Iterator[str]:
    if not body:
        yield f"{indent}pass"
    for statement in body:
        match statement:
            case Assign(target=target, op=op, value=value):
                yield f"{indent}{to_source(target)} {op}= {to_source(value)}"
            case Append(name=name, value=value):
                yield f"{indent}{name}.append({to_source(value)})"
            case Return(value=value):
                yield f"{indent}return {to_source(value)}"
            case Loop(targets=targets, source=source, body=inner):
                yield f"{indent}for {', '.join(targets)} in {to_source(source)}:"
                yield from _lines(inner, indent + "    ")
            case Branch(condition=condition, body=inner, otherwise=otherwise):
                yield f"{indent}if {to_source(condition)}:"
                yield from _lines(inner, indent + "    ")
                if otherwise:
                    yield f"{indent}else:"
                    yield from _lines(otherwise, indent + "    ")


def appended(node: Node) -> Append | None:
    """The statement that a call `append(name, value)` is."""
    match node:
        case Call(function="append", args=(Name(id=name), value), kwargs=(), span=span):
            return Append(name, value, span)
        case _:
            return None
