"""Executing graphs on the same random inputs: whether two compute the same, node by node and for good."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from app.domain.symbols import Symbol
from graders.equality.sampling import points
from graders.graphs.model import Graph, Source, entry_of
from graders.graphs.operations import Array, ShapeError, run

CLOSE = 1e-9
SLACK = 1e-13
"""Of the largest value met on the way: what rounding may have cost."""
FEWEST = 5
"""Points at which both have values."""
_CONSTANTS = {"pi": math.pi, "e": math.e}
_ROUNDS: tuple[tuple[int, ...], ...] = ((2, 3, 4, 5, 6), (4, 2, 5, 3, 7))


@dataclass(frozen=True)
class Inputs:
    """Random values of the given inputs at many points, with vectors and matrices of one choice of sizes."""

    values: Mapping[str, Array]

    @property
    def count(self) -> int:
        """How many points."""
        return next((len(one) for one in self.values.values()), 1)


@dataclass(frozen=True)
class Run:
    """What every node of a graph is at every point. A node whose inputs do not fit is missing."""

    values: Mapping[str, Array]
    peak: Array
    troubles: Mapping[str, str]

    def __getitem__(self, name: str) -> Array | None:
        return self.values.get(name)


def sampled(
    names: Sequence[str], symbols: Mapping[str, Symbol], sizes: Mapping[str, int] | None = None
) -> list[Inputs]:
    """Random inputs, once for every choice of sizes; all sizes of a choice differ.

    Args:
        names: the inputs; what is not declared is a real number.
        symbols: what they are.
        sizes: lengths of named sizes that are not free, such as the d of a graph that names each entry.
    """
    free = sorted({size for name in names for size in symbols.get(name, Symbol()).sizes if not size.isdigit()})
    rounds = _ROUNDS if any(size not in (sizes or {}) for size in free) else _ROUNDS[:1]
    found = []
    for lengths in rounds:
        chosen = {size: lengths[place % len(lengths)] for place, size in enumerate(free)} | dict(sizes or {})
        shapes = {
            name: tuple(int(size) if size.isdigit() else chosen[size] for size in _shape(symbols.get(name)))
            for name in names
        }
        cells = {
            f"{name} {cell}": _domain(symbols.get(name))
            for name, shape in shapes.items()
            for cell in range(int(np.prod(shape)))
        }
        sample = points(cells)
        found.append(
            Inputs(
                {
                    name: np.array(
                        [[_real(point[f"{name} {cell}"]) for cell in range(int(np.prod(shape)))] for point in sample]
                    ).reshape(len(sample), *shape)
                    for name, shape in shapes.items()
                }
            )
        )
    return found


def _shape(symbol: Symbol | None) -> tuple[str, ...]:
    return symbol.sizes if symbol is not None and symbol.kind in ("vector", "matrix", "vectors") else ()


def _domain(symbol: Symbol | None) -> str:
    domain = "real" if symbol is None else symbol.domain
    return "real" if domain in ("complex", "constant") else domain


def _real(coordinate: object) -> float:
    return float(coordinate) if isinstance(coordinate, Fraction) else 0.0


def execute(graph: Graph, inputs: Inputs) -> Run:
    """The values of all nodes; shapes that do not fit are troubles of that node and of all after it."""
    count = inputs.count
    values: dict[str, Array] = {}
    troubles: dict[str, str] = {}
    peak = np.zeros(count)
    for vertex in graph.vertices:
        try:
            arguments = [value_at(source, inputs, values) for source in vertex.inputs]
            result = run(vertex.operator, arguments)
        except ShapeError as error:
            troubles[vertex.name] = str(error)
            continue
        values[vertex.name] = result
        sizes = np.abs(result.reshape(count, -1)).max(axis=1)
        peak = np.maximum(peak, np.where(np.isfinite(sizes), sizes, 0.0))
    return Run(values, peak, troubles)


def value_at(source: Source, inputs: Inputs, values: Mapping[str, Array]) -> Array:
    """What an edge carries.

    Raises:
        ShapeError: the node before it has no value, or a vector no such entry.
    """
    if not isinstance(source, str):
        number = source if isinstance(source, (int, float, Fraction)) else 0
        return np.full(inputs.count, float(number))
    if source in values:
        return values[source]
    if source in inputs.values:
        return inputs.values[source]
    if source in _CONSTANTS:
        return np.full(inputs.count, _CONSTANTS[source])
    entry = entry_of(source)
    if entry is None or entry[0] not in inputs.values:
        raise ShapeError(f"{source} has no value.")
    vector = inputs.values[entry[0]]
    if vector.ndim != 2 or entry[1] > vector.shape[1]:
        raise ShapeError(f"{entry[0]} has no entry {entry[1]}.")
    return vector[:, entry[1] - 1]


def entry_sizes(graph: Graph, symbols: Mapping[str, Symbol]) -> dict[str, int]:
    """The sizes that a graph takes for granted because it names single entries: of w[1] and w[2], two."""
    found: dict[str, int] = {}
    for vertex in graph.vertices:
        for source in vertex.inputs:
            entry = entry_of(source) if isinstance(source, str) else None
            size = _shape(symbols.get(entry[0]))[:1] if entry is not None else ()
            if entry is not None and size and not size[0].isdigit():
                found[size[0]] = min(12, max(found.get(size[0], 2), entry[1]))
    return found


def same(one: Array | None, other: Array | None, peak: Array) -> bool | None:
    """Whether two values agree at all points where both exist; None where those are too few.

    Only where the first, the reference, exists must the second exist too.
    """
    if one is None or other is None:
        return False
    if one.shape != other.shape:
        # A vector of one entry is a number.
        if one[0].size != 1 or other[0].size != 1:
            return False
        one, other = one.reshape(len(one), 1), other.reshape(len(other), 1)
    flat, second = one.reshape(len(one), -1), other.reshape(len(other), -1)
    exists, lost = np.isfinite(flat).all(axis=1), np.isnan(second).any(axis=1)
    if (exists & lost).any():
        return False
    both = exists & np.isfinite(second).all(axis=1)
    with np.errstate(all="ignore"):
        off = np.abs(flat - second)
        scale = np.maximum(np.abs(flat), np.abs(second))
        agreed = np.all(off <= CLOSE * scale + SLACK * peak[:, np.newaxis], axis=1)
    if (both & ~agreed).any():
        return False
    return None if both.sum() < FEWEST else True
