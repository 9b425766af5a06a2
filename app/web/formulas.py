"""What pages show beside the box of a formula: the names it may use, as they are typeset and as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.language import to_latex
from app.domain.language.tree import Name
from app.domain.symbols import Symbol, with_sizes
from app.web.wording import gettext

# Ways to type what is shown; a test reads them all.
EXAMPLES = (
    (("2w x", "2*w*x"), r"2 w x"),
    (("w1", "w_1"), r"w_1"),
    (("x^2", "x**2", "x²"), r"x^2"),
    (("(a + b)/(2c)",), r"\frac{a+b}{2c}"),
    (("sqrt(x)", "√x"), r"\sqrt{x}"),
    (("e^x",), r"e^{x}"),
    (("exp(x)",), r"\exp(x)"),
    (("log(x)", "ln(x)"), r"\log(x)"),
    (("abs(x)", "|x|"), r"|x|"),
    (("lambda", "λ"), r"\lambda"),
    (("sum_{i=1}^N x_i^2", "sum(x_i^2, i=1..N)"), r"\sum_{i=1}^{N} x_i^2"),
    (("w^T x",), r"w^\top x"),
    (("A B", "A*B", "A@B"), r"A B"),
    (("u ⊙ v", "u .* v"), r"u \odot v"),
    (("[a, b; c, d]", "[[a, b], [c, d]]"), r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}"),
)


@dataclass(frozen=True, slots=True)
class Usable:
    """A name that a formula may use. `typed` tells how to type it where its looks do not."""

    name: str
    latex: str
    meaning: str
    typed: bool


def usable(widget: Mapping[str, Any]) -> list[Usable]:
    """The declared names in their order, and last the sizes that these mention."""
    given = widget.get("symbols") or {}
    symbols = with_sizes({name: Symbol.model_validate(one) for name, one in given.items()})
    sizes = {size for one in symbols.values() for size in one.sizes}
    order = sorted(symbols, key=lambda name: name in sizes)
    program = widget["kind"] == "program"
    return [_usable(name, symbols, program) for name in order]


def _usable(name: str, symbols: Mapping[str, Symbol], program: bool) -> Usable:
    symbol = symbols[name]
    # In a program a name is what is typed, however mathematics would write it.
    escaped = name.replace("_", r"\_")
    latex = rf"\texttt{{{escaped}}}" if program else to_latex(Name(name), symbols)
    plain = "".join(letter for letter in latex if letter.isalnum() or letter == "'")
    same = program or plain == name.replace("_", "")
    return Usable(name, latex, meaning(symbol), not same)


def meaning(symbol: Symbol) -> str:
    """What a symbol is, in words."""
    sizes = symbol.sizes
    match symbol.kind:
        case "vector":
            return gettext("vector of %(n)s") % {"n": sizes[0]}
        case "matrix":
            return gettext("matrix, %(rows)s × %(columns)s") % {"rows": sizes[0], "columns": sizes[1]}
        case "vectors":
            return gettext("%(n)s vectors of %(d)s") % {"n": sizes[0], "d": sizes[1]}
        case "index":
            return gettext("index from 1 to %(n)s") % {"n": sizes[0]}
        case "function":
            return gettext("function")
        case _:
            return _numbers().get(symbol.domain, gettext("number"))


def _numbers() -> dict[str, str]:
    return {
        "nonzero": gettext("number, not zero"),
        "positive": gettext("positive number"),
        "nonnegative": gettext("number, not negative"),
        "negative": gettext("negative number"),
        "unit": gettext("number between 0 and 1"),
        "integer": gettext("whole number"),
        "natural": gettext("whole number from 1"),
        "complex": gettext("complex number"),
        "constant": gettext("constant"),
    }


def asks_for_formulas(item: Any) -> bool:
    """Whether a question has a field in which a formula is typed."""
    kinds = (field.widget["kind"] for part in item.parts for field in part.fields)
    return any(kind in ("expression", "derivation") for kind in kinds)
