"""Trees as LaTeX, for "Read as …": few brackets, but never so few that another tree could look the same."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as Row
from typing import Final, NamedTuple

from app.domain.language import lettering
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

LOOSE: Final = 0
OR: Final = 1
AND: Final = 2
NOT: Final = 3
COMPARE: Final = 4
SUM: Final = 5
PRODUCT: Final = 6
FRACTION: Final = 7
APPLIED: Final = 8
ATOM: Final = 9

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


class _Piece(NamedTuple):
    """LaTeX with what decides about brackets and dots around it."""

    latex: str
    level: int
    first: str
    """What it begins with: `number`, `name`, `bracket`, `function`, `fraction`, `sign` or `other`."""
    last: str
    """What it ends with: one of these, or `power`."""


def to_latex(node: Node) -> str:
    """LaTeX (math mode, for KaTeX) that shows exactly how a text was read."""
    return _render(node).latex


def cells_to_latex(rows: Row[Row[Node | None]]) -> str:
    """The cells that `parse_rows` read (or one row, `[parse_row(…)]`), as a matrix; blank cells are boxes."""
    return _matrix([[r"\square" if cell is None else _inside(cell) for cell in row] for row in rows])


def _matrix(rows: Iterable[Iterable[str]]) -> str:
    lines = r" \\ ".join(" & ".join(row) for row in rows)
    return rf"\begin{{pmatrix}} {lines} \end{{pmatrix}}"


def _wrap(inner: str) -> str:
    return rf"\left({inner}\right)"


def _inside(node: Node) -> str:
    """LaTeX where brackets, bars or a fraction line already stand around it."""
    return _render(node).latex


def _at_least(level: int, node: Node, sign: bool = True) -> str:
    """LaTeX that binds at least as strongly as `level` and has no leading sign unless `sign`."""
    piece = _render(node)
    if piece.level < level or (piece.first == "sign" and not sign):
        return _wrap(piece.latex)
    return piece.latex


def _render(node: Node) -> _Piece:
    match node:
        case Number():
            return _number(node)
        case Name(id=name):
            return _Piece(lettering.name(name), ATOM, "name", "name")
        case Unary(op="not", operand=operand):
            return _Piece(rf"\text{{not }} {_at_least(NOT, operand)}", NOT, "other", "other")
        case Unary(op=op, operand=operand):
            inner = _render(operand)
            bare = inner.level >= PRODUCT and inner.first != "sign"
            latex = inner.latex if bare else _wrap(inner.latex)
            return _Piece(op + latex, PRODUCT, "sign", inner.last if bare else "bracket")
        case Binary():
            return _binary(node)
        case Call():
            return _call(node)
        case Sequence(items=items):
            return _bracket(_sequence(items))
        case Constant(value=value):
            return _Piece(rf"\mathrm{{{value}}}", ATOM, "name", "name")
        case Text(value=value):
            return _Piece(lettering.text(f"“{value}”"), ATOM, "other", "other")
        case Attribute(target=target, name=name):
            return _Piece(lettering.text(f"{target}.{name}"), ATOM, "other", "other")
        case _:
            return _logical(node)


def _logical(node: Node) -> _Piece:
    """What only the author grammar knows."""
    match node:
        case Compare(first=first, rest=rest):
            latex = _at_least(SUM, first)
            for op, item in rest:
                latex += rf" {_COMPARISONS[op]} {_at_least(SUM, item)}"
            return _Piece(latex, COMPARE, "other", "other")
        case Logic(op=op, operands=operands):
            level = OR if op == "or" else AND
            latex = rf" \text{{ {op} }} ".join(_at_least(level + 1, operand) for operand in operands)
            return _Piece(latex, level, "other", "other")
        case Choice(condition=condition, then=then, otherwise=otherwise):
            lines = rf"{_inside(then)} & \text{{if }} {_inside(condition)} \\ "
            lines += rf"{_inside(otherwise)} & \text{{otherwise}}"
            return _bracket(rf"\begin{{cases}} {lines} \end{{cases}}")
        case Index(target=target, index=index):
            return _Piece(rf"{_at_least(ATOM, target)}\left[{_index(index)}\right]", ATOM, "name", "bracket")
        case Slice():
            return _Piece(_index(node), LOOSE, "other", "other")
        case Record(items=pairs):
            inner = r",\; ".join(f"{lettering.text(key)}: {_inside(item)}" for key, item in pairs)
            return _bracket(rf"\left\{{{inner}\right\}}")
        case Comprehension(element=element, generators=generators):
            inner = _inside(element)
            for one in generators:
                targets = ", ".join(lettering.name(target) for target in one.targets)
                inner += rf" \mid {targets} \in {_at_least(OR, one.source)}"
                inner += "".join(rf",\; {_at_least(OR, condition)}" for condition in one.conditions)
            return _bracket(rf"\left[{inner}\right]")
        case _:
            raise TypeError(f"not a node: {node!r}")


def _bracket(latex: str) -> _Piece:
    return _Piece(latex, ATOM, "bracket", "bracket")


def _number(node: Number) -> _Piece:
    if not node.text:  # not typed but calculated
        sign, over, under = ("-" if node.value < 0 else ""), abs(node.value.numerator), node.value.denominator
        latex = sign + (str(over) if under == 1 else rf"\frac{{{over}}}{{{under}}}")
        return _Piece(latex, PRODUCT if sign or under > 1 else ATOM, "sign" if sign else "number", "number")
    mantissa, _, power = node.text.lower().partition("e")
    whole, dot, decimals = mantissa.partition(".")
    latex = (whole or "0") + (dot + decimals if decimals else "")
    if power:
        return _Piece(rf"{latex} \cdot 10^{{{int(power)}}}", PRODUCT, "number", "power")
    return _Piece(latex, ATOM, "number", "number")


def _binary(node: Binary) -> _Piece:
    left, right = _render(node.left), _render(node.right)
    match node.op:
        case "/":
            return _Piece(rf"\frac{{{left.latex}}}{{{right.latex}}}", FRACTION, "fraction", "fraction")
        case "//":
            return _bracket(rf"\left\lfloor \frac{{{left.latex}}}{{{right.latex}}} \right\rfloor")
        case "**":
            base = left.latex if left.level == ATOM else _wrap(left.latex)
            first = left.first if left.level == ATOM else "bracket"
            return _Piece(f"{base}^{{{right.latex}}}", APPLIED, first, "power")
        case "*":
            return _product(node, left, right)
        case "%":
            sides = [_at_least(FRACTION, side, sign=False) for side in (node.left, node.right)]
            return _Piece(rf"{sides[0]} \bmod {sides[1]}", SUM, "other", "other")
        case _:
            a = left.latex if left.level >= PRODUCT or _is_sum(node.left) else _wrap(left.latex)
            b = _at_least(PRODUCT, node.right, sign=False)
            return _Piece(f"{a} {node.op} {b}", SUM, left.first, right.last)


def _is_sum(node: Node) -> bool:
    return isinstance(node, Binary) and node.op in ("+", "-")


def _product(node: Binary, left: _Piece, right: _Piece) -> _Piece:
    """Factors side by side where that is the only way to read them, with a dot elsewhere."""
    a = left if left.level >= PRODUCT else _bracket(_wrap(left.latex))
    chained = right.level < FRACTION or right.first == "sign"
    b = _bracket(_wrap(right.latex)) if chained else right
    beside = a.last != "other" and b.first in ("name", "function")
    beside = beside or (b.first == "bracket" and a.last in ("number", "bracket"))
    return _Piece(f"{a.latex} {b.latex}" if beside else rf"{a.latex} \cdot {b.latex}", PRODUCT, a.first, b.last)


def _call(node: Call) -> _Piece:
    args = [_inside(arg) for arg in node.args]
    args += [rf"{lettering.name(key)} = {_inside(item)}" for key, item in node.kwargs]
    inner = ", ".join(args)
    if len(node.args) == 1 and not node.kwargs:
        match node.function:
            case "sqrt":
                return _Piece(rf"\sqrt{{{inner}}}", APPLIED, "function", "function")
            case "abs":
                return _Piece(rf"\left|{inner}\right|", ATOM, "bracket", "bracket")
            case "floor":
                return _bracket(rf"\left\lfloor {inner} \right\rfloor")
            case "ceil":
                return _bracket(rf"\left\lceil {inner} \right\rceil")
    return _Piece(lettering.function(node.function) + _wrap(inner), APPLIED, "function", "function")


def _sequence(items: tuple[Node, ...]) -> str:
    rows = [item.items for item in items if isinstance(item, Sequence)]
    if rows and len(rows) == len(items) and len({len(row) for row in rows}) == 1 and rows[0]:
        if not any(isinstance(cell, Sequence) for row in rows for cell in row):
            return _matrix([[_inside(cell) for cell in row] for row in rows])
    inner = r",\; ".join(_inside(item) for item in items)
    return rf"\left[{inner}\right]"


def _index(node: Node) -> str:
    match node:
        case Slice(start=start, stop=stop, step=step):
            parts = ["" if part is None else _at_least(OR, part) for part in (start, stop, step)]
            return ":".join(parts if step is not None else parts[:2])
        case Sequence(items=items):
            return ", ".join(_index(item) for item in items)
        case _:
            return _inside(node)
