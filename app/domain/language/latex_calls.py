"""Calls as LaTeX: functions, sums over an index, entries, transposes, norms and other arrays."""

from __future__ import annotations

from typing import Final, Protocol

from app.domain.language import lettering
from app.domain.language.latex_pieces import APPLIED, ATOM, FRACTION, PRODUCT, SUM, Piece, bracket, wrap
from app.domain.language.tree import Binary, Call, Name, Node, Number, Sequence

_AROUND: Final = {
    "abs": (r"\left|", r"\right|"),
    "floor": (r"\left\lfloor ", r" \right\rfloor"),
    "ceil": (r"\left\lceil ", r" \right\rceil"),
    "norm": (r"\left\lVert ", r" \right\rVert"),
}
_LETTERS: Final = {"eye": "I", "ones": r"\mathbf{1}", "zeros": r"\mathbf{0}"}


class Printer(Protocol):
    """What prints the parts of a call."""

    def inside(self, node: Node) -> str: ...
    def at_least(self, level: int, node: Node, sign: bool = True) -> str: ...
    def render(self, node: Node) -> Piece: ...
    def name(self, word: str) -> str: ...


def call(printer: Printer, node: Call) -> Piece:
    """A call in the notation of mathematics, or as its name with brackets."""
    if not node.kwargs:
        found = _known(printer, node.function, node.args)
        if found is not None:
            return found
    args = [printer.inside(arg) for arg in node.args]
    args += [rf"{lettering.name(key)} = {printer.inside(item)}" for key, item in node.kwargs]
    return Piece(_function(printer, node.function) + wrap(", ".join(args)), APPLIED, "function", "function")


def _function(printer: Printer, name: str) -> str:
    if name in lettering.FUNCTIONS:
        return lettering.FUNCTIONS[name]
    primed = name.endswith("_prime")
    stem = name.removesuffix("_prime")
    if primed or len(stem) == 1:
        return printer.name(stem) + ("'" if primed else "")
    return lettering.function(name)


def _known(printer: Printer, function: str, args: tuple[Node, ...]) -> Piece | None:
    match function, args:
        case "sqrt", (inner,):
            return Piece(rf"\sqrt{{{printer.inside(inner)}}}", APPLIED, "function", "function")
        case "abs" | "floor" | "ceil" | "norm", (inner,):
            left, right = _AROUND[function]
            return bracket(left + printer.inside(inner) + right)
        case "norm", (inner, order):
            left, right = _AROUND[function]
            return bracket(f"{left}{printer.inside(inner)}{right}_{{{printer.inside(order)}}}")
        case "dot", (one, other):
            return bracket(rf"\left\langle {printer.inside(one)},\, {printer.inside(other)} \right\rangle")
        case "factorial", (inner,):
            return Piece(printer.at_least(ATOM, inner) + "!", APPLIED, "other", "bracket")
        case "indicator", (condition,):
            return bracket(rf"\mathbf{{1}}\left[{printer.inside(condition)}\right]")
        case _:
            return _of_arrays(printer, function, args)


def _of_arrays(printer: Printer, function: str, args: tuple[Node, ...]) -> Piece | None:
    """Sums over an index, vectors, matrices, sets and probabilities."""
    match function, args:
        case "Sum" | "Prod", (body, Name(id=index), lower, upper):
            return _big(printer, function, body, index, lower, upper)
        case "entry", (array, *places) if places:
            below = ", ".join(map(printer.inside, places))
            if len(places) > 1 and all(len(getattr(place, "id", "ij")) == 1 for place in places):
                below = " ".join(map(printer.inside, places))
            return Piece(_below(printer, array, below), ATOM, "name", "name")
        case "transpose" | "inv", (inner,):
            sign = r"\top" if function == "transpose" else "-1"
            return Piece(f"{_base(printer, inner)}^{{{sign}}}", APPLIED, "name", "power")
        case "set", items:
            return bracket(rf"\left\{{{', '.join(map(printer.inside, items))}\right\}}")
        case "eye" | "ones" | "zeros", sizes if sizes:
            below = ", ".join(map(printer.inside, sizes))
            return Piece(f"{_LETTERS[function]}_{{{below}}}", ATOM, "name", "name")
        case "arange", (first, Binary(op="+", left=last, right=Number(text="1"))):
            return bracket(rf"\left[{printer.inside(first)}, \ldots, {printer.inside(last)}\right]")
        case "kron", (one, other):
            sides = [printer.at_least(FRACTION, side, sign=False) for side in (one, other)]
            return Piece(rf"{sides[0]} \otimes {sides[1]}", PRODUCT, "other", "other")
        case "through", (first, last):
            return Piece(rf"{printer.inside(first)}, \ldots, {printer.inside(last)}", SUM, "other", "other")
        case "P" | "p", (Sequence(items=asked), *given) if len(given) < 2:
            return bracket(_probability(printer, function, asked, given))
        case _:
            return None


def _big(printer: Printer, function: str, body: Node, index: str, lower: Node, upper: Node) -> Piece:
    sign = r"\sum" if function == "Sum" else r"\prod"
    limits = rf"_{{{printer.name(index)}={printer.inside(lower)}}}^{{{printer.inside(upper)}}}"
    return Piece(f"{sign}{limits} {printer.at_least(PRODUCT, body, sign=False)}", FRACTION, "function", "open")


def _base(printer: Printer, node: Node) -> str:
    piece = printer.render(node)
    return piece.latex if piece.level == ATOM and "^" not in piece.latex[-8:] else wrap(piece.latex)


def _below(printer: Printer, array: Node, below: str) -> str:
    """An entry; its place joins the subscript that the name has already."""
    latex = printer.at_least(ATOM, array)
    if isinstance(array, Name) or (isinstance(array, Call) and array.function == "entry"):
        start = latex.rfind("_{")
        if start >= 0 and latex.endswith("}") and "{" not in latex[start + 2 :]:
            return f"{latex[:-1]},{below}}}"
        if "_" in latex or "^" in latex:
            latex = wrap(latex)
    return f"{latex}_{{{below}}}"


def _probability(printer: Printer, function: str, asked: tuple[Node, ...], given: list[Node]) -> str:
    inner = ", ".join(map(printer.inside, asked))
    for one in given:
        items = one.items if isinstance(one, Sequence) else (one,)
        inner += r" \mid " + ", ".join(map(printer.inside, items))
    return f"{printer.name(function)}{wrap(inner)}"
