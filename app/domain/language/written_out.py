"""Functions that are other formulas by another name: `log1p(x)`, `clip(x, 0, 1)`, `root(x, 4)`."""

from __future__ import annotations

from typing import Final

from app.domain.language.operands import whole
from app.domain.language.tree import Binary, Call, Node, Span, Unary

COUNTS: Final[dict[str, tuple[int, int]]] = {
    **dict.fromkeys(["negative", "square", "cbrt", "log1p", "expm1"], (1, 1)),
    **dict.fromkeys(["root", "Rational", "logaddexp"], (2, 2)),
    "clip": (3, 3),
}
"""How many values they take: fewest and most."""


def written_out(name: str, args: list[Node], span: Span) -> Node:
    """The formula of such a function of values."""
    first = args[0]
    match name:
        case "Rational":
            return Binary("/", first, args[1], span)
        case "negative":
            return Unary("-", first, span)
        case "square":
            return Binary("**", first, whole(2, span), span)
        case "log1p":
            return Call("log", (Binary("+", whole(1, span), first, span),), (), span)
        case "expm1":
            return Binary("-", Call("exp", (first,), (), span), whole(1, span), span)
        case "logaddexp":
            one, other = (Call("exp", (arg,), (), span) for arg in args)
            return Call("log", (Binary("+", one, other, span),), (), span)
        case "clip":
            return Call("min", (Call("max", (first, args[1]), (), span), args[2]), (), span)
    order = whole(3, span) if name == "cbrt" else args[1]
    return Binary("**", first, Binary("/", whole(1, span), order, span), span)
