"""The reference of a graph: a formula taken apart, or a graph; and graphs written as students type them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

from app.domain.graph_operators import OPERATORS, find_operator
from app.domain.language import Node, free_names, to_source
from app.domain.language.tree import Name
from app.domain.values import Symbolic, Value
from graders.evaluation.errors import EvaluationError
from graders.evaluation.formulas import tree_of
from graders.graphs.annotations import reference_annotations
from graders.graphs.decomposition import graph_of_formulas
from graders.graphs.facts import Drawn, Reference
from graders.graphs.model import Graph, Source, Vertex, is_ordered, stem_of


def reference_of(options: Any, drawn: Graph | None) -> Reference:
    """What an answer is compared with, the formulas of `steps` and `shared` among its nodes.

    Args:
        options: those of the grader, with values.
        drawn: the reference where it was given as a graph.

    Raises:
        EvaluationError: a formula that no graph computes.
    """
    names = options.output if isinstance(options.output, list) else [options.output] if options.output else []
    ends = tuple(one.source if isinstance(one, Symbolic) else str(one) for one in names)
    steps: Mapping[str, Value] = options.steps or {}
    shared = options.shared if isinstance(options.shared, list) else [options.shared] if options.shared else []
    wanted = {**steps, **{f"shared {place}": one for place, one in enumerate(shared)}}
    trees = {name: tree_of(value) for name, value in wanted.items()}
    known = {to_source(tree): name for name, tree in trees.items() if not name.startswith("shared ")}
    if drawn is not None:
        graph, outputs = drawn, tuple(one.name for one in drawn.ends(ends, len(ends) or 1))
    else:
        answer = options.reference
        outputs_of = [tree_of(one) for one in (answer if isinstance(answer, list) else [answer])]
        graph, outputs = _with_ends(outputs_of, options.operators, known, ends)
    plain = graph
    nodes: dict[str, str] = {}
    for name, tree in trees.items():
        graph, nodes[name] = _with(graph, tree, name)
    return Reference(plain, graph, outputs, nodes)


def _with_ends(
    trees: Sequence[Node], palette: Collection[str], known: Mapping[str, str], ends: Sequence[str]
) -> tuple[Graph, tuple[str, ...]]:
    taken = {*known.values(), *(name for tree in trees for name in free_names(tree))}
    usual = next(name for name in ("y", "L", "out", "result", "end") if name not in taken)
    names = [*ends[: len(trees)], *(f"{usual}{place + 1}" for place in range(len(ends), len(trees)))]
    if len(trees) == 1 and not ends:
        names = [usual]
    for place, tree in enumerate(trees):
        # The output may be one of the steps; else no step may have its name.
        if names[place] in known.values() and known.get(to_source(tree)) != names[place]:
            names[place] += "_out"
    graph = graph_of_formulas(trees, palette, known, names)
    return graph, tuple(names)


def _with(graph: Graph, tree: Node, name: str) -> tuple[Graph, str]:
    """The graph, and beside it a formula: its nodes lead nowhere, so the outputs stay what they are."""
    if isinstance(tree, Name):
        return graph, tree.id
    mark = f"{name}: "
    extra = graph_of_formulas([tree], (), {}, [f"{mark}end"])
    own = {vertex.name for vertex in extra.vertices}

    def moved(source: Source) -> Source:
        return f"{mark}{source}" if isinstance(source, str) and source in own and source != f"{mark}end" else source

    vertices = [
        replace(vertex, name=str(moved(vertex.name)), inputs=tuple(moved(source) for source in vertex.inputs))
        for vertex in extra.vertices
    ]
    return Graph((*graph.vertices, *vertices), graph.aliases), f"{mark}end"


def edges_hold(drawn: Drawn, edges: Sequence[Value]) -> list[Value]:
    """For every wanted edge, whether there is one: between inputs, operators, and nodes that compute a formula."""
    found: list[Value] = []
    for pair in edges:
        if not isinstance(pair, list) or len(pair) != 2:
            raise EvaluationError("An edge is a pair, such as [x, '+'].")
        starts, ends = (_meant(drawn, one) for one in pair)
        hits = (
            source in starts
            for vertex in drawn.graph.vertices
            if vertex.name in ends and vertex.name in drawn.reaching
            for source in vertex.inputs
            if isinstance(source, str)
        )
        found.append(any(hits))
    return found


def _meant(drawn: Drawn, one: Value) -> set[str]:
    if isinstance(one, Symbolic) and isinstance(one.node, Name):
        return {one.node.id}
    if isinstance(one, str):
        operator = find_operator(one, ()) or one
        return {vertex.name for vertex in drawn.graph.vertices if vertex.operator == operator}
    graph, name = _with(drawn.reference.graph, tree_of(one), "edge")
    beside = replace(drawn, reference=replace(drawn.reference, graph=graph, nodes={"edge": name}))
    return set(beside.nodes_of("edge"))


def wrong_graphs(graph: Graph, palette: Sequence[str]) -> Iterator[tuple[str, Graph]]:
    """Graphs that are nearly the reference: a node less, two operands exchanged, another operator."""
    vertices = graph.vertices
    if len(vertices) > 1:
        last = vertices[-1]
        yield "node_less", Graph((*vertices[:-2], replace(vertices[-2], name=last.name)))
    for place in reversed(range(len(vertices))):
        vertex = vertices[place]
        if is_ordered(vertex.operator):
            changed = replace(vertex, inputs=vertex.inputs[::-1])
            yield "order", Graph((*vertices[:place], changed, *vertices[place + 1 :]))
            break
    last = vertices[-1]
    for other in [*palette, "+", "exp"]:
        known = OPERATORS.get(other)
        if other != last.operator and known is not None and known.takes(len(last.inputs)) and other != "=":
            yield "operator", Graph((*vertices[:-1], replace(last, operator=other)))
            return


def text_of(
    graph: Graph, options: Any, inputs: Sequence[str], given: Mapping[str, Value] | None, by: Sequence[str]
) -> list[Any]:
    """A graph as rows of a table, with the values and local gradients that are asked for."""
    rows: list[Any] = []
    values, slopes = reference_annotations(graph, given) if given is not None and options.ask else ({}, {})
    end = graph.sinks[-1:] if graph.vertices else []
    counting = graph.above(set(by)) & {stem_of(name) for name in graph.below(end)}
    for vertex in graph.vertices:
        texts = [_source_text(source) for source in vertex.inputs]
        row: list[Any] = [vertex.name, vertex.operator, ", ".join(texts)]
        if options.ask:
            row.append(_number_text(values.get(vertex.name)) if "value" in options.ask else "")
        if "gradient" in options.ask:
            row.append([_slope_text(vertex, place, slopes, counting) for place in range(len(vertex.inputs))])
        rows.append(row)
    return rows


def _slope_text(vertex: Vertex, place: int, slopes: Mapping[tuple[str, int], Value], counting: Collection[str]) -> str:
    source = vertex.inputs[place]
    if not isinstance(source, str) or stem_of(source) not in counting or vertex.name not in counting:
        return ""
    return _number_text(slopes.get((vertex.name, place)))


def _source_text(source: Source) -> str:
    if isinstance(source, Fraction):
        return str(source)
    return repr(source) if isinstance(source, float) else str(source)


def _number_text(value: Value) -> str:
    if isinstance(value, list):
        return "[" + ", ".join(_number_text(one) for one in value) + "]"
    if value is None:
        return ""
    return repr(value) if isinstance(value, float) else str(value)
