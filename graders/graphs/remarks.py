"""What a student is told of a graph: a point at which it computes something else, and what does not follow in it."""

from __future__ import annotations

from collections.abc import Iterator
from math import isfinite

from app.domain.graph_operators import OPERATORS
from graders.evaluation.display import number_text
from graders.graphs.annotations import Annotations
from graders.graphs.execution import Inputs, same
from graders.graphs.facts import Drawn, value_of_node
from graders.graphs.model import Graph
from graders.graphs.operations import Array

LONGEST = 90
"""Characters of a point that can still be read."""


def difference(drawn: Drawn) -> str:
    """Why the output is not right: inputs at which it is something else; empty where it is right or unsure."""
    if drawn.right is not False:
        return ""
    if len(drawn.reference.ends) > 1 or len(drawn.ends) != 1:
        return "Not every output that is asked for is computed by a last node of your graph."
    wanted = drawn.reference.ends[0]
    runs = [ours for ours, theirs in zip(drawn.ours, drawn.theirs, strict=True) if wanted not in theirs.troubles]
    unfit = next((name for run in runs for name in run.troubles if name in drawn.reaching), None)
    if unfit is not None:
        return f"What goes into the node {_shown(unfit)} does not fit together."
    layers = [vertex for vertex in drawn.reference.plain.vertices if vertex.operator not in OPERATORS]
    if layers:
        lost = next((one.operator for one in layers if one.operator not in _operators(drawn.graph)), None)
        if lost is not None:
            return f"Nothing in your graph is computed by {lost}."
        return "Something else should go into one of the layers, or come in another order."
    return _witness(drawn)


def _operators(graph: Graph) -> set[str]:
    return {vertex.operator for vertex in graph.vertices}


def _witness(drawn: Drawn) -> str:
    end, wanted = drawn.ends[0].name, drawn.reference.ends[0]
    for theirs, ours, inputs in zip(drawn.theirs, drawn.ours, drawn.samples, strict=True):
        reference, answer = value_of_node(theirs, inputs, wanted), value_of_node(ours, inputs, end)
        if reference is None or answer is None:
            continue
        if reference[0].size != answer[0].size:
            if reference[0].size == 1:
                return "The output of your graph should be one number, but has several entries."
            return "The output of your graph has another size than it should have."
        peak = theirs.peak + ours.peak
        for place in range(inputs.count):
            here = slice(place, place + 1)
            yours, right = _text(answer[place]), _text(reference[place])
            if yours != right and same(reference[here], answer[here], peak[here]) is False:
                where = _point(inputs, place)
                return f"At {where} the output of your graph is {yours}, but should be {right}."
    return "The output of your graph is another function of its inputs."


def _point(inputs: Inputs, place: int) -> str:
    text = ", ".join(f"{name} = {_text(values[place])}" for name, values in inputs.values.items())
    return text if len(text) <= LONGEST else "a point tried"


def _text(values: Array) -> str:
    if values.size > 1:
        return "[" + ", ".join(map(_text, values)) + "]"
    value = float(values.ravel()[0])
    return number_text(value) if isfinite(value) else "not defined"


def not_following(graph: Graph, found: Annotations) -> Iterator[str]:
    """The first value and the first local gradient that are not what follows from the student's own graph."""
    wrong = next((name for name, mark in found.values.items() if mark is False), None)
    if wrong is not None:
        yield f"The value at the node {wrong} does not follow from what goes into it."
    hidden = {vertex.name for vertex in graph.vertices if vertex.hidden}
    edges = [edge for edge, mark in found.gradients.items() if mark is False]
    if edges:
        node, place = next((edge for edge in edges if edge not in found.upstream), edges[0])
        source = graph.by_name[node].inputs[place]
        if (node, place) in found.upstream:
            yield (
                f"What stands at the edge from {source} to {node} is the gradient of the output; the local one is the "
                f"derivative of {node} by {source} alone."
            )
        else:
            yield f"The local gradient at the edge from {source} to {node} is not the derivative of {node} by {source}."
    elif any(found.gradients.values()):
        for (node, place), mark in found.gradients.items():
            source = graph.by_name[node].inputs[place]
            if mark is None and not {node, source} & hidden:
                yield f"No local gradient stands at the edge from {source} to {node}."
                return


def _shown(name: str) -> str:
    return name.partition("#")[0] or name
