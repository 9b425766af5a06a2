"""Formulas of vectors and matrices written out: for small sizes, every entry is a formula of single numbers.

What floats cannot tell of arrays, the comparison of such formulas can: thresholds anywhere, and what is hidden by
rounding.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Choice, Compare, Constant, Logic, Name, Node, Number, Unary
from app.domain.language.tree import Sequence as Listed
from app.domain.symbols import Symbol
from graders.equality.entry_functions import (
    LONGEST,
    OF_ARRAYS,
    OPERATIONS,
    Entries,
    NotWrittenOut,
    alone,
    along,
    as_row,
    chosen,
    each,
    filled,
    matrix_product,
    only,
    pairwise,
    same,
    stacked,
)
from graders.equality.substitution import number
from graders.evaluation.calculus import ONE, ZERO, derivative, minus, plus, times
from graders.evaluation.errors import EvaluationError
from graders.evaluation.floats import NotAFormula, compile_real
from graders.evaluation.tensor_duals import FUNCTIONS as OF_NUMBERS

MOST_ENTRIES = 600
"""Of all arrays on the way together."""


class Written:
    """Writes formulas out for certain sizes, and with certain values of the free indices.

    Attributes:
        variables: the domains of the names that stand for entries and numbers.
    """

    def __init__(self, symbols: Mapping[str, Symbol], sizes: Mapping[str, int], indices: Mapping[str, int]) -> None:
        self.variables: dict[str, str] = {}
        self._symbols = symbols
        self._values: dict[str, Entries] = {
            name: alone(number(Fraction(value))) for name, value in (*sizes.items(), *indices.items())
        }
        self._sizes = sizes
        self._left = MOST_ENTRIES
        self._made: dict[int, tuple[Node, Entries]] = {}

    def entries(self, node: Node) -> Entries:
        """The entries of a formula. Raises NotWrittenOut."""
        known = self._made.get(id(node))
        if known is not None:
            return known[1]
        try:
            found = self._entries(node)
        except EvaluationError:
            raise NotWrittenOut from None
        self._left -= len(found) * len(found[0])
        if self._left < 0 or max(len(found), len(found[0])) > LONGEST:
            raise NotWrittenOut
        self._made[id(node)] = node, found
        return found

    def spelled_out(self, words: str) -> str:
        """“constant in x” in terms of the entries of x."""
        begin, found, names = words.partition(" in ")
        if not found:
            return words
        entries = [self._values.get(name, []) for name in re.findall(r"\w+", names)]
        ids = [one.id for rows in entries for row in rows for one in row if isinstance(one, Name)]
        return f"{begin} in {' and '.join(ids)}" if ids else words

    def _entries(self, node: Node) -> Entries:
        match node:
            case Number():
                return alone(node)
            case Name(id=name):
                return self._named(name)
            case Unary(op="-" | "+" as op, operand=operand):
                return each(minus if op == "-" else same, self.entries(operand))
            case Binary(op="@", left=left, right=right):
                return matrix_product(self.entries(left), self.entries(right))
            case Binary(op="+" | "-" | "*" | "/" | "**" as op, left=left, right=right):
                return pairwise(OPERATIONS[op], self.entries(left), self.entries(right))
            case Compare() | Logic() | Unary(op="not"):
                return each(lambda one: Call("indicator", (one,)), self._condition(node))
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return chosen(self._condition(condition), self.entries(then), self.entries(otherwise))
            case Constant(value=None):
                return alone(node)
            case Listed(items=items):
                return stacked([as_row(self.entries(item), isinstance(item, Listed)) for item in items])
            case Call(function=function, args=args, kwargs=()):
                return self._call(function, args)
            case _:
                raise NotWrittenOut

    def _named(self, name: str) -> Entries:
        found = self._values.get(name)
        if found is None:
            found = self._values[name] = self._letters(name)
        return found

    def _letters(self, name: str) -> Entries:
        symbol = self._symbols.get(name)
        if symbol is None or symbol.domain == "constant":
            if name not in ("e", "pi"):
                raise NotWrittenOut
            return alone(Name(name))
        shape = symbol.shape(self._sizes)
        if shape is None or symbol.domain == "complex":
            raise NotWrittenOut
        if symbol.kind == "scalar":
            self.variables[name] = symbol.domain
            return alone(Name(name))
        rows, columns = shape
        places = [
            [f"{name}_{row + 1}" if columns == 1 else f"{name}_{row + 1}{column + 1}" for column in range(columns)]
            for row in range(rows)
        ]
        for row in places:
            for place in row:
                if place in self._symbols:
                    raise NotWrittenOut
                self.variables[place] = symbol.domain
        return [[Name(place) for place in row] for row in places]

    def _condition(self, node: Node) -> Entries:
        match node:
            case Compare(first=first, rest=rest):
                values = [self.entries(first), *(self.entries(item) for _, item in rest)]
                found: Entries | None = None
                for (op, _), one, other in zip(rest, values, values[1:], strict=False):
                    here = pairwise(lambda a, b, op=op: Compare(a, ((op, b),)), one, other)  # type: ignore[misc]
                    found = here if found is None else pairwise(lambda a, b: Logic("and", (a, b)), found, here)
                assert found is not None
                return found
            case Logic(op=op, operands=operands):
                found = self._condition(operands[0])
                for also in operands[1:]:
                    found = pairwise(lambda a, b: Logic(op, (a, b)), found, self._condition(also))
                return found
            case Unary(op="not", operand=operand):
                return each(lambda one: Unary("not", one), self._condition(operand))
            case _:
                return each(lambda one: Compare(one, (("!=", ZERO),)), self.entries(node))

    def _call(self, function: str, args: tuple[Node, ...]) -> Entries:
        match function, args:
            case (("Sum" | "Prod"), (body, Name(id=index), lower, upper)):
                return self._repeated(function, body, index, self._whole(lower), self._whole(upper))
            case (("Sum" | "Prod"), (body, Name(id=index))) if index in self._symbols and self._symbols[index].sizes:
                size = self._symbols[index].sizes[0]
                return self._repeated(function, body, index, 1, int(size) if size.isdigit() else self._sizes[size])
            case "indicator", (condition,):
                return each(lambda one: Call("indicator", (one,)), self._condition(condition))
            case "entry", (target, *places) if places:
                return self._entry(target, [self._whole(place) for place in places])
            case (("gradient" | "jacobian"), (formula, Name(id=variable))):
                return self._derived(function, formula, variable)
            case (("max" | "min"), (_, _, *_)):
                found = self.entries(args[0])
                for arg in args[1:]:
                    found = pairwise(lambda a, b: Call(function, (a, b)), found, self.entries(arg))
                return found
            case (("eye" | "ones" | "zeros"), _):
                return filled(function, [self._whole(arg) for arg in args])
            case "arange", _:
                found = [[number(Fraction(place))] for place in range(*map(self._whole, args))]
                if not found:
                    raise NotWrittenOut
                return found
            case (("sum" | "mean"), (array, axis)):
                return along(function, self.entries(array), self._whole(axis))
            case _, _ if function in OF_ARRAYS and len(args) in OF_ARRAYS[function][0]:
                return OF_ARRAYS[function][1](*(self.entries(arg) for arg in args))
            case _, (inner,) if function in OF_NUMBERS:
                return each(lambda one: Call(function, (one,)), self.entries(inner))
            case _:
                raise NotWrittenOut

    def _whole(self, node: Node) -> int:
        try:
            value = compile_real(only(self.entries(node)))({})
        except (ArithmeticError, ValueError, NotAFormula):
            raise NotWrittenOut from None
        if isinstance(value, complex) or value != round(value) or abs(value) > 1000:
            raise NotWrittenOut
        return round(value)

    def _repeated(self, function: str, body: Node, index: str, first: int, last: int) -> Entries:
        total: Entries | None = None
        combined = plus if function == "Sum" else times
        hidden, made = self._values.get(index), self._made
        try:
            for place in range(first, last + 1):
                self._values[index], self._made = alone(number(Fraction(place))), {}
                term = self.entries(body)
                total = term if total is None else pairwise(combined, total, term)
        finally:
            self._made = made
            self._values.pop(index, None)
            if hidden is not None:
                self._values[index] = hidden
        return total or alone(ZERO if function == "Sum" else ONE)

    def _entry(self, target: Node, places: Sequence[int]) -> Entries:
        found = self.entries(target)
        several = isinstance(target, Name) and target.id in self._symbols and self._symbols[target.id].kind == "vectors"
        if len(places) == 1 and several:
            if not 0 < places[0] <= len(found):
                raise NotWrittenOut
            return [[one] for one in found[places[0] - 1]]
        if len(places) == 1 and 1 in (len(found), len(found[0])):
            places = [1, places[0]] if len(found) == 1 else [places[0], 1]
        if len(places) != 2:
            raise NotWrittenOut
        row, column = places
        # Beyond the end of so small an array; it is not known whether that is meant.
        if not (0 < row <= len(found) and 0 < column <= len(found[0])):
            raise NotWrittenOut
        return alone(found[row - 1][column - 1])

    def _derived(self, function: str, formula: Node, variable: str) -> Entries:
        letters = self._named(variable)
        outputs = [one for row in self.entries(formula) for one in row]
        names = [[one.id for one in row if isinstance(one, Name)] for row in letters]
        if [len(row) for row in names] != [len(row) for row in letters]:
            raise NotWrittenOut
        if function == "gradient":
            if len(outputs) != 1:
                raise NotWrittenOut
            return [[derivative(outputs[0], name) for name in row] for row in names]
        return [[derivative(one, name) for row in names for name in row] for one in outputs]
