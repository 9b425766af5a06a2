"""A computational graph in an order in which every node comes after its inputs."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias, cast

from app.domain.answers import Tree
from app.domain.graph_operators import OPERATORS, SAME
from app.domain.language import Node as Formula
from app.domain.values import Value

Source: TypeAlias = str | int | float | Value
"""A node or given input by name, an entry `w[1]`, or a number."""

_ENTRY = re.compile(r"(?P<name>.+)\[(?P<index>\d+)\]")


@dataclass(frozen=True, slots=True)
class Vertex:
    """One node. `value` and `gradients` are what was written at it and at its edges, None where nothing was."""

    name: str
    operator: str
    inputs: tuple[Source, ...]
    value: Value = None
    gradients: tuple[Value, ...] = ()
    hidden: bool = False
    forms: tuple[Tree, tuple[Tree, ...]] = field(default=(None, ()), compare=False)
    """Value and gradients as typed, for tolerances that look at digits."""


@dataclass(frozen=True)
class Graph:
    """Nodes in order. `row_names` are the nodes' names as written, names for what another node computes included."""

    vertices: tuple[Vertex, ...]
    aliases: Mapping[str, Source] = field(default_factory=dict)

    @cached_property
    def by_name(self) -> dict[str, Vertex]:
        return {vertex.name: vertex for vertex in self.vertices}

    @cached_property
    def consumers(self) -> dict[str, list[tuple[Vertex, int]]]:
        """Which nodes a node or input goes into, and as which of their inputs."""
        found: dict[str, list[tuple[Vertex, int]]] = {}
        for vertex in self.vertices:
            for place, source in enumerate(vertex.inputs):
                if isinstance(source, str):
                    found.setdefault(source, []).append((vertex, place))
        return found

    @cached_property
    def sinks(self) -> list[Vertex]:
        """The nodes that nothing consumes."""
        return [vertex for vertex in self.vertices if vertex.name not in self.consumers]

    def named(self, name: str) -> Vertex | None:
        """The node of that name, or what is known under it."""
        found: Source = name
        for _ in range(len(self.aliases) + 1):
            if not isinstance(found, str) or found not in self.aliases:
                break
            found = self.aliases[found]
        return self.by_name.get(found) if isinstance(found, str) else None

    def ends(self, names: Sequence[str], count: int) -> list[Vertex]:
        """The outputs: those of these names, else the last `count` nodes that nothing consumes."""
        found = [vertex for name in names if (vertex := self.named(name)) is not None]
        return found if len(found) == count else self.sinks[-count:]

    def below(self, ends: Sequence[Vertex]) -> set[str]:
        """The names of everything that reaches these nodes, the nodes themselves included."""
        reached: set[str] = set()
        pending: list[str] = [vertex.name for vertex in ends]
        while pending:
            name = pending.pop()
            if name in reached:
                continue
            reached.add(name)
            vertex = self.by_name.get(name)
            if vertex is not None:
                pending += [source for source in vertex.inputs if isinstance(source, str)]
        return reached

    def above(self, names: set[str]) -> set[str]:
        """The names of everything that these reach, they themselves included."""
        reached = set(names)
        for vertex in self.vertices:
            if any(isinstance(source, str) and {source, stem_of(source)} & reached for source in vertex.inputs):
                reached.add(vertex.name)
        return reached


def entry_of(name: str) -> tuple[str, int] | None:
    """`w[2]` as w and 2 (counted from 1); None for other names."""
    match = _ENTRY.fullmatch(name)
    return (match["name"], int(match["index"])) if match else None


def stem_of(name: str) -> str:
    """The given input that a name means as a whole or in part."""
    entry = entry_of(name)
    return name if entry is None else entry[0]


def graph_of(rows: Sequence[Tree], value_of: Callable[[Formula], Value]) -> Graph:
    """The graph of rows as they were read: sorted, and names for what another node computes resolved.

    Args:
        rows: [name, operator, inputs, value, gradients] as `app.domain.graph_answers` makes them, without circles.
        value_of: the value of a tree.
    """
    vertices: dict[str, Vertex] = {}
    aliases: dict[str, Source] = {}
    for row in rows:
        name, operator, inputs, value, gradients = cast("tuple[str, str, list[Tree], Tree, list[Tree]]", row)
        sources = tuple(source if isinstance(source, str) else _evaluated(source, value_of) for source in inputs)
        if operator == SAME:
            aliases[name] = sources[0]
            continue
        slopes = tuple(_evaluated(one, value_of) for one in gradients)
        hidden = "#" in name or (not name.isidentifier() and name.strip("'").isascii() and not name[:1].isalpha())
        vertices[name] = Vertex(
            name, operator, sources, _evaluated(value, value_of), slopes, hidden, (value, tuple(gradients))
        )
    return Graph(_sorted(vertices, aliases), aliases)


def _evaluated(cell: Tree, value_of: Callable[[Formula], Value]) -> Value:
    if isinstance(cell, list):
        return [_evaluated(one, value_of) for one in cell]
    return cell if cell is None or isinstance(cell, (str, int)) else value_of(cell)


def _sorted(vertices: Mapping[str, Vertex], aliases: Mapping[str, Source]) -> tuple[Vertex, ...]:
    resolved = {
        name: replace(vertex, inputs=tuple(_resolved(source, aliases) for source in vertex.inputs))
        for name, vertex in vertices.items()
    }
    order: dict[str, Vertex] = {}
    for start in resolved:
        pending = [start]
        while pending:
            name = pending[-1]
            waiting = [
                source
                for source in resolved[name].inputs
                if isinstance(source, str) and source in resolved and source not in order
            ]
            if waiting:
                pending += waiting
                continue
            order.setdefault(name, resolved[name])
            pending.pop()
    return tuple(order.values())


def _resolved(source: Source, aliases: Mapping[str, Source]) -> Source:
    for _ in range(len(aliases)):
        if not isinstance(source, str) or source not in aliases:
            return source
        source = aliases[source]
    return source


def is_ordered(operator: str) -> bool:
    """Whether the inputs of a node cannot be exchanged; nothing is known of layers of the question's own."""
    known = OPERATORS.get(operator)
    return known is not None and known.ordered
