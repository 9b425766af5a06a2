"""Evaluates formulas of vectors and matrices in floats: columns (d, 1), rows (1, d), matrices; one entry is a number.

Shapes are strict: nothing but a single number is ever spread. Every tree, entry and term of a sum costs a step, and
sizes are bounded before anything is built.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Constant,
    Logic,
    Name,
    Node,
    Number,
    Sequence,
    Unary,
)
from app.domain.symbols import Symbol
from graders.evaluation import tensor_duals as duals
from graders.evaluation.errors import EvaluationError, OutOfFuel
from graders.evaluation.tensor_duals import Array, Dual, Shape, Tensor, number, plain, shape
from graders.evaluation.tensor_functions import FUNCTIONS, ShapeError, fitting, place, stacked, turned, whole
from graders.evaluation.tensor_logarithms import LOGARITHMS, logarithm

Mask: TypeAlias = NDArray[np.bool_]

STEPS = 60_000
"""Enough for a double sum over six samples of a long formula, and about a quarter of a second."""
MOST_OUTCOMES = 400
"""Of one condition."""
CONSTANTS = {"pi": math.pi, "e": math.e}
_COMPARISONS = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_OPERATIONS = {"+": duals.plus, "-": duals.minus, "*": duals.times, "/": duals.over, "**": duals.power}
_KINKS = frozenset(["relu", "abs", "sign"])


class Evaluation:
    """Values of formulas at one point.

    Args:
        values: arrays of two axes by name, sizes and other numbers as arrays of one entry.
        symbols: what the names are; of `vectors`, an entry is the column of one sample.
        steps: how many steps all formulas together may take.

    Attributes:
        peak: the largest magnitude that was met on the way; rounding errors are of its size.
        branches: of every condition, by the id of its node, the outcomes met one after another; kinks such as relu are
            conditions too.
    """

    def __init__(self, values: Mapping[str, Array], symbols: Mapping[str, Symbol], steps: int = STEPS) -> None:
        self.symbols = symbols
        self.peak = 0.0
        self.branches: dict[int, list[bool]] = {}
        self._values: dict[str, Tensor] = dict(values)
        self._steps = self._left = steps
        self._level = 0

    def value(self, node: Node) -> Array:
        """The value of a formula; entries without a value are not finite.

        Raises:
            ShapeError: shapes that do not fit, one sentence that names both.
            EvaluationError: no formula of this kind, or too much work.
        """
        try:
            with np.errstate(all="ignore"):
                return plain(self.tensor(node))
        except RecursionError:
            raise EvaluationError("This formula is nested too deeply.") from None
        except (ValueError, ArithmeticError):
            raise EvaluationError("This formula cannot be calculated.") from None

    def spend(self, steps: int) -> None:
        """Raises OutOfFuel when the formula takes too many steps."""
        self._left -= steps
        if self._left < 0:
            raise OutOfFuel(f"This formula needs more than the {self._steps} steps it may take.")

    @property
    def spent(self) -> int:
        """The steps taken so far."""
        return self._steps - self._left

    def tensor(self, node: Node) -> Tensor:
        """The value of a subtree, with its derivatives inside a gradient."""
        found = self._tensor(node)
        array = found if isinstance(found, np.ndarray) else plain(found)
        size = array.size
        self.spend(1 + size // 8)
        if size == 1:
            self._met(abs(array.item()))
        elif size:
            self._met(float(np.abs(array).max()))
        return found

    def _met(self, magnitude: float) -> None:
        if self.peak < magnitude < math.inf:
            self.peak = magnitude

    def _tensor(self, node: Node) -> Tensor:
        match node:
            case Name(id=name):
                return self._named(name)
            case Number(value=value):
                return _constant(value.numerator, value.denominator)
            case Call(function=function, args=args, kwargs=()):
                return self._call(node, function, args)
            case Unary(op="-", operand=operand):
                return duals.linear(np.negative, self.tensor(operand))
            case Unary(op="+", operand=operand):
                return self.tensor(operand)
            case Binary(op="@", left=left, right=right):
                return self._matrix_product(self.tensor(left), self.tensor(right))
            case Binary(op=op, left=left, right=right) if op in _OPERATIONS:
                one, other = self.tensor(left), self.tensor(right)
                fitting(op, shape(one), shape(other))
                return _OPERATIONS[op](one, other)
            case Compare() | Logic() | Unary(op="not") | Constant(value=bool()):
                return self.condition(node).astype(np.float64)
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return self._choice(self.condition(condition), then, otherwise)
            case Constant(value=None):
                return number(math.nan)
            case Sequence(items=items):
                return self._sequence(items)
            case _:
                raise EvaluationError("This is no formula of numbers, vectors and matrices.", node.span)

    def _named(self, name: str) -> Tensor:
        found = self._values.get(name)
        if found is None:
            if name not in CONSTANTS:
                raise EvaluationError(f"It is not known what {name} stands for.")
            return number(CONSTANTS[name])
        return found

    def _matrix_product(self, one: Tensor, other: Tensor) -> Tensor:
        left, right = shape(one), shape(other)
        if (1, 1) in (left, right):
            return duals.times(one, other)
        if left[1] != right[0]:
            raise ShapeError("@", left, right)
        self.spend(left[0] * left[1] * right[1] // 8)
        self._met(float(np.abs(plain(one)).max() * np.abs(plain(other)).max()))
        return duals.matmul(one, other)

    def _choice(self, mask: Mask, then: Node, otherwise: Node) -> Tensor:
        if mask.size == 1:
            # Only the case that applies: the other one may have no value, or an index beyond the end.
            return self.tensor(then if mask.item() else otherwise)
        one, other = self.tensor(then), self.tensor(otherwise)
        for found in (one, other):
            fitting("if", shape(found), place(mask))
        return duals.chosen(mask, one, other)

    def _branch(self, node: Node, mask: Mask) -> None:
        met = self.branches.setdefault(id(node), [])
        if len(met) < MOST_OUTCOMES:
            met += [bool(outcome) for outcome in mask.flat]

    def condition(self, node: Node) -> Mask:
        """Where a condition holds; a number that is no condition holds where it is not 0."""
        match node:
            case Compare(first=first, rest=rest):
                values = [plain(self.tensor(part)) for part in (first, *(item for _, item in rest))]
                mask: Mask = np.ones((1, 1), dtype=np.bool_)
                for (op, _), one, other in zip(rest, values, values[1:], strict=False):
                    if op not in _COMPARISONS:
                        raise EvaluationError(f"“{op}” is no comparison of numbers.", node.span)
                    fitting(op, place(one), place(other))
                    mask = mask & _COMPARISONS[op](one, other)
                self._branch(node, mask)
                return mask
            case Logic(op=op, operands=operands):
                masks = [self.condition(part) for part in operands]
                found = masks[0]
                for also in masks[1:]:
                    fitting(op, place(found), place(also))
                    found = found & also if op == "and" else found | also
                return found
            case Unary(op="not", operand=operand):
                return ~self.condition(operand)
            case Constant(value=bool() as value):
                return np.full((1, 1), value)
            case _:
                nonzero: Mask = plain(self.tensor(node)) != 0
                self._branch(node, nonzero)
                return nonzero

    def _sequence(self, items: tuple[Node, ...]) -> Tensor:
        """A list of numbers is a column, a list of lists a matrix; rows may be stacked, too."""
        if not items:
            raise EvaluationError("This list is empty.")
        return stacked(
            [turned(self.tensor(item)) if isinstance(item, Sequence) else self.tensor(item) for item in items]
        )

    def _call(self, node: Node, function: str, args: tuple[Node, ...]) -> Tensor:
        match function, args:
            case (("Sum" | "Prod"), (body, Name(id=index), lower, upper)):
                ends = whole(self.tensor(lower), "first value"), whole(self.tensor(upper), "last value")
                return self._repeated(function, body, index, *ends)
            case (("Sum" | "Prod"), (body, Name(id=index))) if index in self.symbols and self.symbols[index].sizes:
                last = whole(self._size(self.symbols[index].sizes[0]), "last value")
                return self._repeated(function, body, index, 1, last)
            case "indicator", (condition,):
                return self.condition(condition).astype(np.float64)
            case "entry", (target, *places) if places:
                return self._entry(target, [self.tensor(place) for place in places])
            case (("gradient" | "jacobian"), (formula, Name(id=variable))):
                return self._derived(function, formula, variable)
            case _, _ if function in FUNCTIONS:
                values = [self.tensor(arg) for arg in args]
                self.spend(sum(plain(value).size for value in values))
                found = FUNCTIONS[function](values)
                if function in ("max", "min") and len(values) == 2:
                    self._branch(node, plain(values[0]) > plain(values[1]))
                return found
            case _, (only,) if function in duals.FUNCTIONS:
                value = self.tensor(only)
                if function in _KINKS:
                    self._branch(node, plain(value) > 0)
                return (
                    logarithm(self, function, only, value) if function in LOGARITHMS else duals.apply(function, value)
                )
            case _:
                raise EvaluationError(f"“{function}” cannot be calculated with {len(args)} values.", node.span)

    def _size(self, name: str) -> Tensor:
        return number(float(name)) if name.isdigit() else self._named(name)

    def _repeated(self, function: str, body: Node, index: str, first: int, last: int) -> Tensor:
        """A sum or product over an index; an empty one is 0 or 1."""
        total: Tensor = number(0.0 if function == "Sum" else 1.0)
        for count, _ in enumerate(self.counting(index, first, last)):
            term = self.tensor(body)
            if count:
                fitting("+", shape(total), shape(term))
                total = duals.plus(total, term) if function == "Sum" else duals.times(total, term)
            else:
                total = term
        return total

    def counting(self, index: str, first: int, last: int) -> Iterator[int]:
        """Lets an index run from a number to another; in between its name stands for that number."""
        hidden = self._values.get(index)
        try:
            for step in range(first, last + 1):
                self._values[index] = number(float(step))
                yield step
        finally:
            if hidden is None:
                self._values.pop(index, None)
            else:
                self._values[index] = hidden

    def _entry(self, target: Node, places: list[Tensor]) -> Tensor:
        """An entry, counted from 1; of several vectors the column of one. Beyond the end nothing has a value."""
        found = self.tensor(target)
        rows, columns = shape(found)
        counted = [whole(one, "index") - 1 for one in places]
        several = isinstance(target, Name) and target.id in self.symbols and self.symbols[target.id].kind == "vectors"
        if len(counted) == 1 and several:
            row = counted[0]
            if not 0 <= row < rows:
                return np.full((columns, 1), math.nan)
            return duals.linear(lambda array: np.swapaxes(array[..., row : row + 1, :], -1, -2), found)
        if len(counted) == 1 and 1 in (rows, columns):
            counted = [0, counted[0]] if rows == 1 else [counted[0], 0]
        if len(counted) != 2:
            raise EvaluationError(f"An entry of a {rows} × {columns} matrix needs a row and a column.")
        row, column = counted
        if not (0 <= row < rows and 0 <= column < columns):
            return number(math.nan)
        return duals.linear(lambda array: array[..., row : row + 1, column : column + 1], found)

    def _derived(self, function: str, formula: Node, variable: str) -> Tensor:
        """The gradient of a number in the layout of the variable, or the Jacobian as outputs × inputs."""
        hidden = self._named(variable)
        level = self._level
        self._values[variable] = duals.seeded(hidden, level)
        self._level += 1
        try:
            found = self.tensor(formula)
        finally:
            self._values[variable] = hidden
            self._level = level
        rows, columns = shape(hidden)
        outputs = shape(found)
        self.spend(plain(found).size * rows * columns)
        if function == "gradient" and outputs != (1, 1):
            raise ShapeError("gradient", outputs, (1, 1))
        if not isinstance(found, Dual) or found.level < level:
            return np.zeros((rows, columns) if function == "gradient" else (outputs[0] * outputs[1], rows * columns))
        if function == "gradient":
            return duals.folded(found.slope, level, rows, columns)
        return duals.jacobian(found.slope, level)


@lru_cache(maxsize=256)
def _constant(numerator: int, denominator: int) -> Array:
    """A number of a formula; nobody writes into it."""
    try:
        return number(numerator / denominator)
    except OverflowError:
        return number(math.inf)


__all__ = ["Evaluation", "Shape", "ShapeError"]
