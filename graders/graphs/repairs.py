"""What one change would mend: two operands exchanged, or a node put in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from app.domain.graph_operators import OPERATORS
from graders.graphs.model import Graph, Source, Vertex, is_ordered

Test = Callable[[Graph, str], bool]
"""Whether a graph computes the reference at that node."""

MOST_NODES = 24
NEW = "new node"


def exchanged(graph: Graph, end: str, right: Test) -> bool:
    """Whether the graph is right once the operands of one −, / or the like are exchanged."""
    return any(
        right(_with(graph, replace(vertex, inputs=vertex.inputs[::-1])), end)
        for vertex in graph.vertices
        if is_ordered(vertex.operator) and len(vertex.inputs) == 2
    )


def one_node_short(graph: Graph, end: str, operators: Collection[str], idle: Collection[str], right: Test) -> bool:
    """Whether the graph is right once a node is put in.

    Args:
        graph: the graph as drawn.
        end: the name of its output.
        operators: the operators that a node might have.
        idle: inputs and nodes that do not reach the output: what a node of two inputs would bring in.
        right: whether a graph computes the reference at a node.
    """
    if len(graph.vertices) > MOST_NODES:
        return False
    return any(right(changed, at) for changed, at in _mended(graph, end, operators, idle))


def _mended(graph: Graph, end: str, operators: Collection[str], idle: Collection[str]) -> Iterator[tuple[Graph, str]]:
    single = [name for name in operators if name in OPERATORS and OPERATORS[name].takes(1) and name != "="]
    double = [name for name in operators if name in OPERATORS and OPERATORS[name].takes(2)]
    sources: list[str] = [end, *(name for name in graph.consumers)]
    for source in dict.fromkeys(sources):
        nodes = [Vertex(NEW, operator, (source,)) for operator in single]
        for operator in double:
            for other in idle:
                if other == source:
                    continue
                nodes.append(Vertex(NEW, operator, (source, other)))
                if is_ordered(operator):
                    nodes.append(Vertex(NEW, operator, (other, source)))
        edges = graph.consumers.get(source, [])
        for node in nodes:
            if source == end:
                yield Graph((*graph.vertices, node)), NEW
            if edges and (source != end):
                yield _between(graph, node, source, None), end
            if len(edges) > 1:
                for vertex, place in edges:
                    yield _between(graph, node, source, (vertex.name, place)), end


def _between(graph: Graph, node: Vertex, source: str, edge: tuple[str, int] | None) -> Graph:
    """The graph with a node after a source: on one edge, or on all."""

    def moved(vertex: Vertex) -> Vertex:
        inputs: tuple[Source, ...] = tuple(
            NEW if one == source and isinstance(one, str) and edge in (None, (vertex.name, place)) else one
            for place, one in enumerate(vertex.inputs)
        )
        return replace(vertex, inputs=inputs)

    vertices = [moved(vertex) for vertex in graph.vertices]
    needed = {one for one in node.inputs if isinstance(one, str)}
    first = next((place for place, vertex in enumerate(vertices) if NEW in vertex.inputs), len(vertices))
    last = max((place + 1 for place, vertex in enumerate(vertices) if vertex.name in needed), default=0)
    if last > first:
        # What the new node brings in depends on what comes after it.
        return Graph(())
    return Graph((*vertices[:first], node, *vertices[first:]))


def _with(graph: Graph, vertex: Vertex) -> Graph:
    return Graph(tuple(vertex if one.name == vertex.name else one for one in graph.vertices))
