"""The shape of a tensor, such as 64×64×96 or N×2N."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import ClassVar, Literal

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Facts, FactType, Symbols
from app.domain.graders import Options as Base
from app.domain.symbols import Symbol
from app.domain.values import Symbolic, Value
from app.domain.widgets import Widget
from graders.array import as_vector
from graders.calculation import factors
from graders.cells import Line, elsewhere, fact, filled, tree
from graders.equality.arrays import rows_of, same_cells, summary
from graders.equality.formulas import same_formula
from graders.equality.numbers import EXACT
from graders.evaluation.formulas import combine, is_formula, tree_of
from graders.reference import WithReference
from graders.writing import written

CHANNEL_NAMES = frozenset({"c", "channel", "channels", "d", "depth", "filters"})
MOST_AXES = 5


class ShapeOptions(WithReference):
    """The options of a shape."""

    symbols: Symbols = Field(default_factory=dict, description="The declared symbols of the question.")
    axes: tuple[str, ...] = Field((), description="What the axes are called, e.g. [H, W, C]; one of them the channels.")
    order: Literal["given", "any"] = Field(
        "given", description="`any`: the axes count in any order, e.g. channels first."
    )
    size: Literal["given", "free"] = Field("free", description="`given`: the page shows one cell for every axis.")

    @property
    def channel(self) -> int:
        """The axis of the channels: the one called so, else the last."""
        for place, name in enumerate(self.axes):
            if name.casefold() in CHANNEL_NAMES:
                return place
        return -1


class Shape:
    """Judges a shape exactly. In any order, the order counts in which most axes are right."""

    name: ClassVar[str] = "shape"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = ShapeOptions

    def widget(self, options: ShapeOptions) -> Widget:
        """One line, or a row of cells; labelled where the axes are named and stand in the given order."""
        shape = (len(as_vector(options.reference)),) if options.size == "given" else None
        labels = options.axes if options.order == "given" else ()
        return Widget(kind="vector", shape=shape, columns=labels, symbols=_usable(options))

    def check(self, options: ShapeOptions, answer: Answer) -> Invalid | None:
        """Every readable list of sizes can be judged."""
        return None

    def observe(self, options: ShapeOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is a list of numbers, or one product of them."""
        given, reference = _given(answer, options), as_vector(options.reference)
        orders = list(_orders(given, reference, options.symbols))
        best = max(orders, key=lambda found: found.count(True))
        cells = best if options.order == "any" else orders[0]
        channel = options.channel % len(cells)
        space = [cell for axis, cell in enumerate(cells) if axis != channel]
        return {
            "value": given,
            "right": summary(cells),
            "shape": len(given) == len(reference),
            "cells": fact(cells),
            "filled": filled(given),
            "permuted": all(best) and not all(orders[0]),
            "spatial": summary(space or cells),
            "depth": summary(cells[channel : channel + 1]),
        }

    def facts(self, options: ShapeOptions) -> Mapping[str, FactType]:
        """value: the sizes. right: all sizes are right. shape: the number of axes is. cells: per axis of the
        reference.

        filled: how many sizes are given. permuted: the right sizes in another order than the reference's.
        spatial: all axes but the channels are right. depth: the channels are right.
        """
        truths = ("right", "shape", "permuted", "spatial", "depth")
        return {"value": "list", **dict.fromkeys(truths, "truth"), "cells": "list", "filled": "value"}

    def key(self, options: ShapeOptions) -> Raw:
        """The reference."""
        return _typed(as_vector(options.reference))

    def wrong(self, options: ShapeOptions) -> Mapping[str, Raw]:
        """A wrong first or last size, one axis more, and backwards where the order counts."""
        reference = as_vector(options.reference)
        answers: dict[str, list[Value]] = {"longer": [*reference, 1]}
        if reference:
            answers["first"] = [_elsewhere(reference[0]), *reference[1:]]
            answers["last"] = [*reference[:-1], _elsewhere(reference[-1])]
        if options.order == "given" and reference != reference[::-1]:
            answers["reversed"] = reference[::-1]
        return {name: _typed(sizes) for name, sizes in answers.items()}


def _usable(options: ShapeOptions) -> dict[str, Symbol]:
    """The names that a size may mention; none where all sizes are numbers."""
    if not is_formula(as_vector(options.reference)):
        return {}
    return {name: one for name, one in options.symbols.items() if one.kind == "scalar" and one.domain == "natural"}


def _typed(sizes: list[Value]) -> Raw:
    return [one.source if isinstance(one, Symbolic) else written(one) for one in sizes]


def _elsewhere(size: Value) -> Value:
    return combine("+", size, 1) if isinstance(size, Symbolic) else elsewhere(size)


def _given(answer: Answer, options: ShapeOptions) -> list[Value]:
    """The sizes; a student who writes 64×64×96 has typed one product but means three sizes."""
    given = as_vector(answer.value)
    cells = answer.read.cells
    if len(as_vector(options.reference)) < 2 or not isinstance(cells, list) or len(cells) != 1:
        return given
    node = tree(cells[0])
    return given if node is None else factors(node) or given


def _orders(given: list[Value], reference: list[Value], symbols: Mapping[str, Symbol]) -> Iterator[Line]:
    """Marks per axis of the reference, for every order in which the axes may be meant; as given first."""
    if len(given) != len(reference):
        yield [False] * len(reference) or [False]
    elif len(given) > MOST_AXES:
        yield _marks(given, reference, symbols)
    else:
        for order in permutations(given):
            yield _marks(list(order), reference, symbols)


def _marks(given: list[Value], reference: list[Value], symbols: Mapping[str, Symbol]) -> Line:
    if not is_formula(given) and not is_formula(reference):
        return [*rows_of(same_cells(given, reference, EXACT))]
    pairs = zip(given, reference, strict=True)
    return [None if one is None else _same(one, other, symbols) for one, other in pairs]


def _same(given: Value, reference: Value, symbols: Mapping[str, Symbol]) -> bool:
    return same_formula(tree_of(reference), tree_of(given), symbols).verdict == "equal"
