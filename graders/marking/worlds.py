"""Worlds: variables are a spreadsheet; a world overrides some cells and recomputes everything below.

The printed paper, a reading, follow-through and a mistake are all a world. A world is the base (what was
printed or drawn) under a stack of layers; the topmost layer that names a cell decides it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, TypeAlias

from app.domain.expressions import Formula
from app.domain.language import Node, to_latex
from app.domain.language.tree import Name
from app.domain.questions import Question
from app.domain.symbols import with_sizes
from app.domain.values import Symbolic, Value, symbolic
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.evaluator import evaluate
from graders.evaluation.fuel import Fuel
from graders.evaluation.scope import CONSTANTS
from graders.evaluation.shapes import each
from graders.marking.formulas import formula_calls


@dataclass(frozen=True, slots=True)
class Fixed:
    """A cell set to a value."""

    value: Value


Setting: TypeAlias = Formula | Fixed


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """Cells that differ, under a name. In a formula, cells of the same layer mean the world without it."""

    name: str
    cells: Mapping[str, Setting]


@dataclass(slots=True)
class _Family:
    """What all worlds of one variant share: each world once, and layers that are made again and again."""

    worlds: dict[tuple[int, ...], World] = field(default_factory=dict)
    layers: dict[Hashable, Layer] = field(default_factory=dict)


class World:
    """The cells of one variant under a stack of layers, computed when asked for and remembered.

    What no layer touches is computed once for all worlds of a variant.
    """

    def __init__(
        self,
        question: Question,
        drawn: Mapping[str, Value],
        fuel: Fuel,
        layers: tuple[Layer, ...] = (),
        family: _Family | None = None,
    ) -> None:
        self.question = question
        self.symbols = with_sizes(question.symbols)
        self.fuel = fuel
        self.calls = formula_calls(self.symbols, fuel)
        """Functions of expressions that must know the symbols."""
        self.layers = layers
        self._drawn = drawn
        self._known: dict[str, Value] = {}
        self._failed: dict[str, str] = {}
        self._open: set[str] = set()
        self._family = family or _Family({tuple(map(id, layers)): self})
        self._touching: dict[str, int] = {}
        self.remembered: dict[Hashable, Any] = {}
        """What others worked out of this world, such as the options and the key of a field."""

    def under(self, layer: Layer) -> World:
        """This world with one more layer on top."""
        return self._with((*self.layers, layer))

    def layer(self, name: str, cells: Mapping[str, Setting], key: Hashable) -> Layer:
        """The layer that goes by this key in all worlds of the variant: under the same layers, worlds are the same."""
        return self._family.layers.setdefault(key, Layer(name, cells))

    def home(self, names: Iterable[str]) -> World:
        """The world of the fewest layers in which these cells are what they are here."""
        touching = 0
        for name in names if self.layers else ():
            touching |= self._touched_by(name)
        return self._with(tuple(layer for place, layer in enumerate(self.layers) if touching >> place & 1))

    def _touched_by(self, name: str) -> int:
        """The places of the layers that may change a cell, as bits: they set it, or something that it is made of."""
        known = self._touching.get(name)
        if known is not None:
            return known
        self._touching[name] = (1 << len(self.layers)) - 1  # as long as it is open: a circle stays where it is
        touching = 0
        reads: list[frozenset[str]] = []
        for place, layer in enumerate(self.layers):
            setting = layer.cells.get(name)
            if setting is not None:
                touching |= 1 << place
                reads.append(frozenset() if isinstance(setting, Fixed) else _names_in(setting))
        variable = self.question.variables.get(name)
        if variable is not None and not variable.drawn and variable.formula is not None:
            reads.append(_names_in(variable.formula))
        for names in reads:
            for inner in names:
                touching |= self._touched_by(inner)
        self._touching[name] = touching
        return touching

    def _with(self, layers: tuple[Layer, ...]) -> World:
        key = tuple(map(id, layers))
        worlds = self._family.worlds
        if key not in worlds:
            worlds[key] = World(self.question, self._drawn, self.fuel, layers, self._family)
        return worlds[key]

    def __getitem__(self, name: str) -> Value:
        """The value of a cell.

        Raises:
            EvaluationError: the cell does not exist, depends on itself or cannot be computed here.
        """
        if name in self._known:
            return self._known[name]
        if name in self._failed:
            raise EvaluationError(self._failed[name])
        if name in self._open:
            raise EvaluationError(f"The cell `{name}` depends on itself.")
        self._open.add(name)
        try:
            home = self.home((name,)) if self.layers else self
            value = self._compute(name) if home is self else home[name]
        except OutOfFuel:
            raise
        except RecursionError:
            raise EvaluationError(f"The cell `{name}` depends on too many others in a row.") from None
        except EvaluationError as error:
            self._failed[name] = str(error)
            raise
        finally:
            self._open.discard(name)
        self._known[name] = value
        return value

    def _compute(self, name: str) -> Value:
        for place in reversed(range(len(self.layers))):
            layer = self.layers[place]
            setting = layer.cells.get(name)
            if isinstance(setting, Fixed):
                return setting.value
            if setting is not None:
                return self._evaluate(setting.node, name, self._look_from(place))
        variable = self.question.variables.get(name)
        if variable is None:
            if name in self.symbols:
                return symbolic(Name(name))
            if name in CONSTANTS:
                return CONSTANTS[name]
            raise EvaluationError(f"There is no cell called `{name}`.")
        if variable.drawn:
            return self._drawn[name]
        if variable.formula is not None:
            return self._evaluate(variable.formula.node, name, self.__getitem__)
        value: Value = variable.value
        return value

    def _look_from(self, place: int) -> Callable[[str], Value]:
        """What names mean in the formulas of one layer."""
        cells = self.layers[place].cells
        older = self._with(self.layers[:place] + self.layers[place + 1 :])
        return lambda name: (older if name in cells else self)[name]

    def _evaluate(self, node: Node, cell: str, look: Callable[[str], Value]) -> Value:
        try:
            return evaluate(node, CellScope(look, self.calls), self.fuel)
        except OutOfFuel:
            raise
        except EvaluationError as error:
            raise EvaluationError(f"{cell}: {error.says}") from None

    def evaluate(self, node: Node) -> Value:
        """An expression over the cells of this world."""
        return evaluate(node, CellScope(self.__getitem__, self.calls), self.fuel)

    def show(self, node: Node) -> Value:
        """The same, for texts: formulas as the question writes its symbols."""
        return each(self._shown, self.evaluate(node))

    def _shown(self, cell: Value) -> Value:
        return replace(cell, latex=to_latex(cell.node, self.symbols)) if isinstance(cell, Symbolic) else cell


@lru_cache(maxsize=4096)
def _names_in(formula: Formula) -> frozenset[str]:
    return formula.names


class CellScope:
    """The names of an expression are cells, then constants; there are no fields here."""

    def __init__(
        self, look: Callable[[str], Value], functions: Mapping[str, Callable[..., Value]] | None = None
    ) -> None:
        self._look = look
        self._functions = functions or {}

    def name(self, id: str) -> Value:
        return self._look(id)

    def fact(self, field: str, fact: str) -> Value:
        raise EvaluationError(f"`{field}.{fact}` can be used in a rubric only.")

    def call(self, name: str) -> Callable[..., Value] | None:
        return self._functions.get(name)
