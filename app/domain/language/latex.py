"""Trees as LaTeX, for "Read as …": few brackets, but never so few that another tree could look the same."""

from __future__ import annotations

from collections.abc import Sequence as Row
from typing import Final

from app.domain.language import lettering
from app.domain.language.kinds import Declarations, Known, kind_of
from app.domain.language.latex_calls import call
from app.domain.language.latex_pieces import (
    AND,
    APPLIED,
    ATOM,
    COMPARE,
    FRACTION,
    LOOSE,
    NOT,
    OR,
    PRODUCT,
    SUM,
    Piece,
    bracket,
    matrix,
    wrap,
)
from app.domain.language.tree import (
    Attribute,
    Binary,
    Call,
    Choice,
    Compare,
    Comprehension,
    Constant,
    Index,
    Logic,
    Name,
    Node,
    Number,
    Record,
    Sequence,
    Slice,
    Text,
    Unary,
)

_COMPARISONS: Final = {
    "==": "=",
    "!=": r"\neq",
    "<": "<",
    "<=": r"\le",
    ">": ">",
    ">=": r"\ge",
    "in": r"\in",
    "not in": r"\notin",
}


def to_latex(node: Node, symbols: Declarations | None = None) -> str:
    """LaTeX (math mode, for KaTeX) that shows exactly how a text was read.

    `symbols` are the declared ones: those with a spelling of their own are shown in it, and the cellwise product
    of arrays gets a sign of its own.
    """
    return _Printer(symbols or {}).inside(node)


def cells_to_latex(rows: Row[Row[Node | None]]) -> str:
    """The cells that `parse_rows` read (or one row, `[parse_row(…)]`), as a matrix; blank cells are boxes."""
    return matrix([[r"\square" if cell is None else to_latex(cell) for cell in row] for row in rows])


class _Printer:
    def __init__(self, symbols: Declarations) -> None:
        self.symbols = symbols
        self._known: Known = {}
        self._arrays = any(symbol.kind not in ("scalar", "index", "function") for symbol in symbols.values())

    def inside(self, node: Node) -> str:
        """LaTeX where brackets, bars or a fraction line already stand around it."""
        return self.render(node).latex

    def at_least(self, level: int, node: Node, sign: bool = True) -> str:
        """LaTeX that binds at least as strongly as `level` and has no leading sign unless `sign`."""
        piece = self.render(node)
        if piece.level < level or (piece.first == "sign" and not sign):
            return wrap(piece.latex)
        return piece.latex

    def name(self, word: str) -> str:
        """A symbol as it is written."""
        symbol = self.symbols.get(word)
        if symbol is None:
            return lettering.name(word)
        # Of several vectors `xs` one is x_i.
        return symbol.write or lettering.name(word[:-1] if symbol.kind == "vectors" and word[1:] == "s" else word)

    def render(self, node: Node) -> Piece:
        """LaTeX with what decides about brackets around it."""
        match node:
            case Number():
                return _number(node)
            case Name(id=name):
                latex = self.name(name)
                return Piece(latex, APPLIED if "^" in latex else ATOM, "name", "name")
            case Unary(op="not", operand=operand):
                return Piece(rf"\text{{not }} {self.at_least(NOT, operand)}", NOT, "other", "other")
            case Unary(op=op, operand=operand):
                inner = self.render(operand)
                bare = inner.level >= PRODUCT and inner.first != "sign"
                latex = inner.latex if bare else wrap(inner.latex)
                return Piece(op + latex, PRODUCT, "sign", inner.last if bare else "bracket")
            case Binary():
                return self._binary(node)
            case Call():
                return call(self, node)
            case Sequence(items=items):
                return bracket(self._sequence(items))
            case Constant(value=None):  # a blank cell
                return Piece(r"\square", ATOM, "other", "other")
            case Constant(value=value):
                return Piece(rf"\mathrm{{{value}}}", ATOM, "name", "name")
            case Text(value=value):
                return Piece(lettering.text(f"“{value}”"), ATOM, "other", "other")
            case Attribute(target=target, name=name):
                return Piece(lettering.text(f"{target}.{name}"), ATOM, "other", "other")
            case _:
                return self._logical(node)

    def _logical(self, node: Node) -> Piece:
        """Conditions, cases, and what only the author grammar knows."""
        match node:
            case Compare(first=first, rest=rest):
                latex = self.at_least(SUM, first)
                for op, item in rest:
                    latex += rf" {_COMPARISONS[op]} {self.at_least(SUM, item)}"
                return Piece(latex, COMPARE, "other", "other")
            case Logic(op=op, operands=operands):
                level = OR if op == "or" else AND
                latex = rf" \text{{ {op} }} ".join(self.at_least(level + 1, operand) for operand in operands)
                return Piece(latex, level, "other", "other")
            case Choice():
                return bracket(self._cases(node))
            case Index(target=target, index=index):
                latex = rf"{self.at_least(ATOM, target)}\left[{self._index(index)}\right]"
                return Piece(latex, ATOM, "name", "bracket")
            case Slice():
                return Piece(self._index(node), LOOSE, "other", "other")
            case Record(items=pairs):
                inner = r",\; ".join(f"{lettering.text(key)}: {self.inside(item)}" for key, item in pairs)
                return bracket(rf"\left\{{{inner}\right\}}")
            case Comprehension(element=element, generators=generators):
                inner = self.inside(element)
                for one in generators:
                    targets = ", ".join(lettering.name(target) for target in one.targets)
                    inner += rf" \mid {targets} \in {self.at_least(OR, one.source)}"
                    inner += "".join(rf",\; {self.at_least(OR, condition)}" for condition in one.conditions)
                return bracket(rf"\left[{inner}\right]")
            case _:
                raise TypeError(f"not a node: {node!r}")

    def _cases(self, node: Choice) -> str:
        """A case distinction; cases within the last one go on in the same brace."""
        lines = []
        last: Node = node
        while isinstance(last, Choice):
            lines.append(rf"{self.inside(last.then)} & \text{{if }} {self.inside(last.condition)}")
            last = last.otherwise
        if not (isinstance(last, Constant) and last.value is None):
            lines.append(rf"{self.inside(last)} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(lines) + r" \end{cases}"

    def _binary(self, node: Binary) -> Piece:
        left, right = self.render(node.left), self.render(node.right)
        match node.op:
            case "/":
                return Piece(rf"\frac{{{left.latex}}}{{{right.latex}}}", FRACTION, "fraction", "fraction")
            case "//":
                return bracket(rf"\left\lfloor \frac{{{left.latex}}}{{{right.latex}}} \right\rfloor")
            case "**":
                base = left.latex if left.level == ATOM else wrap(left.latex)
                first = left.first if left.level == ATOM else "bracket"
                if self._array(node.left):
                    return Piece(rf"{base}^{{\odot {right.latex}}}", APPLIED, first, "power")
                return Piece(f"{base}^{{{right.latex}}}", APPLIED, first, "power")
            case "*":
                return self._product(node, left, right)
            case "@":
                a, b = _factors(left, right)
                return Piece(rf"{a.latex}\, {b.latex}", PRODUCT, a.first, b.last)
            case "%":
                sides = [self.at_least(FRACTION, side, sign=False) for side in (node.left, node.right)]
                return Piece(rf"{sides[0]} \bmod {sides[1]}", SUM, "other", "other")
            case _:
                one = left.latex if left.level >= PRODUCT or _is_sum(node.left) else wrap(left.latex)
                other = self.at_least(PRODUCT, node.right, sign=False)
                return Piece(f"{one} {node.op} {other}", SUM, left.first, right.last)

    def _array(self, node: Node) -> bool:
        return self._arrays and kind_of(node, self.symbols, self._known).array

    def _product(self, node: Binary, left: Piece, right: Piece) -> Piece:
        """Factors side by side where that is the only way to read them, with a dot elsewhere."""
        a, b = _factors(left, right)
        if (
            self._arrays
            and kind_of(node.left, self.symbols, self._known).array
            and kind_of(node.right, self.symbols, self._known).array
        ):
            return Piece(rf"{a.latex} \odot {b.latex}", PRODUCT, a.first, b.last)
        beside = a.last != "other" and b.first in ("name", "function")
        beside = beside or (b.first == "bracket" and a.last in ("number", "bracket"))
        return Piece(f"{a.latex} {b.latex}" if beside else rf"{a.latex} \cdot {b.latex}", PRODUCT, a.first, b.last)

    def _sequence(self, items: tuple[Node, ...]) -> str:
        rows = [item.items for item in items if isinstance(item, Sequence)]
        if rows and len(rows) == len(items) and len({len(row) for row in rows}) == 1 and rows[0]:
            if not any(isinstance(cell, Sequence) for row in rows for cell in row):
                return matrix([[self.inside(cell) for cell in row] for row in rows])
        inner = r",\; ".join(self.inside(item) for item in items)
        return rf"\left[{inner}\right]"

    def _index(self, node: Node) -> str:
        match node:
            case Slice(start=start, stop=stop, step=step):
                parts = ["" if part is None else self.at_least(OR, part) for part in (start, stop, step)]
                return ":".join(parts if step is not None else parts[:2])
            case Sequence(items=items):
                return ", ".join(self._index(item) for item in items)
            case _:
                return self.inside(node)


def _factors(left: Piece, right: Piece) -> tuple[Piece, Piece]:
    """Both factors of a product, in brackets where they would fall apart; what goes on to the right (a sum) is
    bracketed on the left.
    """
    a = left if left.level >= PRODUCT and left.last != "open" else bracket(wrap(left.latex))
    chained = right.level < FRACTION or right.first == "sign"
    return a, bracket(wrap(right.latex)) if chained else right


def _number(node: Number) -> Piece:
    if not node.text:  # not typed but calculated
        sign, over, under = ("-" if node.value < 0 else ""), abs(node.value.numerator), node.value.denominator
        latex = sign + (str(over) if under == 1 else rf"\frac{{{over}}}{{{under}}}")
        return Piece(latex, PRODUCT if sign or under > 1 else ATOM, "sign" if sign else "number", "number")
    mantissa, _, power = node.text.lower().partition("e")
    whole, dot, decimals = mantissa.partition(".")
    latex = (whole or "0") + (dot + decimals if decimals else "")
    if power:
        return Piece(rf"{latex} \cdot 10^{{{int(power)}}}", PRODUCT, "number", "power")
    return Piece(latex, ATOM, "number", "number")


def _is_sum(node: Node) -> bool:
    return isinstance(node, Binary) and node.op in ("+", "-")
