"""What is written at nodes and edges: forward values and local gradients, each following from what stands before it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.answers import Tree
from app.domain.values import Value, normal
from graders.cells import marks, typed
from graders.equality.arrays import summary
from graders.equality.numbers import AUTO, Tolerance
from graders.graphs.execution import Inputs, value_at
from graders.graphs.model import Graph, Vertex, stem_of
from graders.graphs.operations import Array, ShapeError, run
from graders.graphs.slopes import CELLWISE, local_gradients

Mark = bool | None

_NEAR = 1e-11
_SIMPLE = 10_000


@dataclass(frozen=True)
class Annotations:
    """Marks of what is written at a graph; None is blank.

    values: by node. gradients: by node and place of the input, for the edges that count. product: by input, what
    the local gradients as written multiply and add up to. matrices: whether every gradient of a vector by a vector
    is written as a matrix. upstream: the edges where the gradient of the output stands in place of the local one.
    """

    values: Mapping[str, Mark]
    gradients: Mapping[tuple[str, int], Mark]
    product: Mapping[str, list[Value]]
    matrices: bool
    upstream: frozenset[tuple[str, int]] = frozenset()


def judged(
    graph: Graph, given: Mapping[str, Value], by: Collection[str], end: str, tolerance: Tolerance = AUTO
) -> Annotations:
    """Judge what is written at the nodes and edges of a graph.

    Args:
        graph: the student's own graph.
        given: the values of the inputs, by name.
        by: the inputs by which the gradient is wanted: only edges between them and the end count.
        end: the output.
        tolerance: how near a written number must be.
    """
    inputs = Inputs({name: _array(value)[np.newaxis] for name, value in given.items()})
    own: dict[str, Array] = {}
    values: dict[str, Mark] = {}
    gradients: dict[tuple[str, int], Mark] = {}
    slopes: dict[str, list[Array]] = {}
    right: dict[str, list[Array]] = {}
    matrices = True
    hidden = {vertex.name for vertex in graph.vertices if vertex.hidden}
    last = graph.by_name.get(end)
    counting = graph.above(set(by)) & {stem_of(name) for name in graph.below([last] if last is not None else [])}
    for vertex in graph.vertices:
        try:
            arguments = [value_at(source, inputs, own) for source in vertex.inputs]
            computed = run(vertex.operator, arguments)[0]
        except ShapeError:
            continue
        values[vertex.name] = _mark(vertex.value, exact(computed), vertex.forms[0], tolerance)
        own[vertex.name] = _own(vertex.value, computed)[np.newaxis]
        try:
            known = local_gradients(vertex.operator, [one[0] for one in arguments])
        except ShapeError:
            continue
        slopes[vertex.name], right[vertex.name] = [], known
        for place, source in enumerate(vertex.inputs):
            written = vertex.gradients[place] if place < len(vertex.gradients) else None
            form = vertex.forms[1][place] if place < len(vertex.forms[1]) else None
            shapes = computed.shape, arguments[place].shape[1:]
            mark, full = _gradient(vertex, known[place], shapes, written, form, tolerance)
            if source in hidden:
                mark = None  # within one line nothing says which edge is meant
            if isinstance(source, str) and stem_of(source) in counting and vertex.name in counting:
                gradients[vertex.name, place] = mark
                matrices = matrices and full
            slopes[vertex.name].append(_own_slope(written, known[place]))
    product = _products(_arriving(graph, slopes, end), inputs, by)
    wrong = [edge for edge, mark in gradients.items() if mark is False]
    upstream = _upstream(graph, wrong, right, _arriving(graph, right, end)) if wrong else frozenset()
    return Annotations(values, gradients, product, matrices, upstream)


def reference_annotations(
    graph: Graph, given: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[tuple[str, int], Value]]:
    """The values of all nodes, and the local gradients on all edges, in the layout that people write."""
    inputs = Inputs({name: _array(value)[np.newaxis] for name, value in given.items()})
    own: dict[str, Array] = {}
    values: dict[str, Value] = {}
    slopes: dict[tuple[str, int], Value] = {}
    for vertex in graph.vertices:
        try:
            arguments = [value_at(source, inputs, own) for source in vertex.inputs]
            own[vertex.name] = run(vertex.operator, arguments)
            known = local_gradients(vertex.operator, [one[0] for one in arguments])
        except ShapeError:
            continue
        values[vertex.name] = exact(own[vertex.name][0])
        for place, slope in enumerate(known):
            shapes = own[vertex.name][0].shape, arguments[place][0].shape
            if not (shapes[0] and shapes[1]):
                slope = slope.reshape(shapes[0] or shapes[1])
            slopes[vertex.name, place] = exact(slope)
    return values, slopes


def _array(value: Value) -> Array:
    return np.array(_floats(value), dtype=np.float64)


def _floats(value: Value) -> object:
    if isinstance(value, list):
        return [_floats(one) for one in value]
    return float(value) if isinstance(value, (int, float, Fraction)) else float("nan")


def exact(values: Array) -> Value:
    """An array as numbers: those that are a simple fraction but for rounding as that fraction."""
    if values.ndim:
        return [exact(one) for one in values]
    value = float(values)
    if not np.isfinite(value):
        return None
    simple = Fraction(value).limit_denominator(_SIMPLE)
    return normal(simple) if abs(float(simple) - value) <= _NEAR * max(1.0, abs(value)) else value


def _own(written: Value, computed: Array) -> Array:
    """What was written at a node if it can be worked with, else what belongs there."""
    try:
        array = _array(written)
    except ValueError:
        return computed
    if written is None or not np.isfinite(array).all():
        return computed
    return array.reshape(computed.shape) if array.size == computed.size else computed


def _mark(written: Value, reference: Value, form: Tree, tolerance: Tolerance) -> Mark:
    if written is None:
        return None
    if not isinstance(reference, list) and isinstance(written, list) and len(written) == 1:
        written = written[0]
    return summary(marks(written, reference, tolerance, typed(form)))


def _gradient(
    vertex: Vertex,
    known: Array,
    shapes: tuple[tuple[int, ...], tuple[int, ...]],
    written: Value,
    form: Tree,
    tolerance: Tolerance,
) -> tuple[Mark, bool]:
    """The mark of a local gradient in any of its layouts, and whether it is written out as a matrix."""
    vectors = min(len(shapes[0]), len(shapes[1])) >= 1
    if written is None:
        return None, not vectors
    forms: list[Array] = [known, known.T]
    if not vectors:
        flat = known.ravel()
        forms += [flat.reshape(shapes[0] or shapes[1])] if known.size > 1 else [flat.reshape(())]
    cells = _cells(vertex, known)
    full = not vectors or (isinstance(written, list) and bool(written) and isinstance(written[0], list))
    if cells is not None:
        forms.append(cells)
    found = [_mark(written, exact(one), form, tolerance) for one in forms]
    return (True if True in found else None if None in found else False), full


def _cells(vertex: Vertex, known: Array) -> Array | None:
    """The diagonal alone, where every cell of the result depends on one cell of the input."""
    square = known.shape[0] == known.shape[1] and known.shape[0] > 1
    if not square or not (vertex.operator in CELLWISE or vertex.operator in ("+", "-", "*", "/", "**")):
        return None
    return np.asarray(np.diag(known))


def _own_slope(written: Value, known: Array) -> Array:
    """The local gradient as written, as a matrix of cells, if it can be worked with."""
    try:
        array = _array(written)
    except ValueError:
        return known
    if written is None or not np.isfinite(array).all():
        return known
    if array.shape == known.shape:
        return array
    if array.size == known.size:
        return array.reshape(known.shape)
    return np.diag(array) if array.ndim == 1 and known.shape == (array.size, array.size) else known


def _arriving(graph: Graph, slopes: Mapping[str, Sequence[Array]], end: str) -> dict[str, Array]:
    """The gradient of the end by every node and input: over all paths, the slopes multiplied and added up."""
    upstream: dict[str, Array] = {}
    if slopes.get(end):
        upstream[end] = np.eye(slopes[end][0].shape[0])[:1]
    for vertex in reversed(graph.vertices):
        arriving = upstream.get(vertex.name)
        if arriving is None or vertex.name not in slopes:
            continue
        for source, slope in zip(vertex.inputs, slopes[vertex.name], strict=True):
            if isinstance(source, str) and arriving.shape[1] == slope.shape[0]:
                with np.errstate(all="ignore"):
                    share = arriving @ slope
                upstream[source] = upstream[source] + share if source in upstream else share
    return upstream


def _products(upstream: Mapping[str, Array], inputs: Inputs, by: Collection[str]) -> dict[str, list[Value]]:
    """The gradient of the end by the inputs, an entry that goes in alone in its place."""
    found: dict[str, list[Value]] = {}
    for name in by:
        size = inputs.values[name][0].size if name in inputs.values else 1
        total = upstream.get(name, np.zeros((1, size))).ravel()
        for cell in range(size):
            if f"{name}[{cell + 1}]" in upstream:
                total = total + upstream[f"{name}[{cell + 1}]"].ravel()[0] * np.eye(size)[cell]
        cells = exact(total)
        found[name] = cells if isinstance(cells, list) else [cells]
    return found


def _upstream(
    graph: Graph,
    edges: Collection[tuple[str, int]],
    right: Mapping[str, Sequence[Array]],
    arriving: Mapping[str, Array],
) -> frozenset[tuple[str, int]]:
    """The edges at which a local gradient is written together with all that lies behind its node."""
    found = set()
    for name, place in edges:
        before, slope = arriving.get(name), right[name][place]
        if before is None or before.shape[1] != slope.shape[0]:
            continue
        with np.errstate(all="ignore"):
            whole = (before @ slope).ravel()
        written = _flat(graph.by_name[name].gradients[place])
        if written is not None and written.shape == whole.shape and np.allclose(written, whole, 1e-3, 1e-9):
            found.add((name, place))
    return frozenset(found)


def _flat(written: Value) -> Array | None:
    try:
        return _array(written).ravel()
    except ValueError:
        return None
