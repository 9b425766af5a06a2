"""A piecewise formula on one of its pieces: the case that applies at a point, in the place of every case distinction."""

from __future__ import annotations

from fractions import Fraction

from app.domain.language.tree import Binary, Call, Choice, Compare, Node, Unary
from graders.equality.sampling import At
from graders.equality.substitution import BINDERS, number, with_parts
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, holds

_ZERO, _ONE = number(Fraction(0)), number(Fraction(1))


class NotOnePiece(Exception):
    """It is not known which case applies."""


def on_piece(node: Node, point: At) -> Node:
    """The formula that holds around a point. Raises NotOnePiece."""
    made: dict[int, Node] = {}

    def change(part: Node) -> Node:
        found = made.get(id(part))
        if found is None:
            found = made[id(part)] = chosen(part)
        return found

    def is_so(condition: Node) -> bool:
        try:
            return holds(condition, point, Real(BITS))
        except (NoValue, NotAFormula):
            raise NotOnePiece from None

    def positive(one: Node, other: Node = _ZERO) -> bool:
        return is_so(Compare(one, ((">", other),)))

    def chosen(part: Node) -> Node:
        match part:
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return change(then if is_so(condition) else otherwise)
            case Call(function="indicator", args=(condition,)):
                return _ONE if is_so(condition) else _ZERO
            case Call(function="abs", args=(inner,)):
                return change(inner) if positive(inner) else Unary("-", change(inner))
            case Call(function="relu", args=(inner,)):
                return change(inner) if positive(inner) else _ZERO
            case Call(function="sign", args=(inner,)):
                return _ONE if positive(inner) else Unary("-", _ONE)
            case Call(function="max" | "min" as function, args=args):
                best = args[0]
                for other in args[1:]:
                    if positive(Binary("-", other, best)) == (function == "max"):
                        best = other
                return change(best)
            case Call(function=function) if function in BINDERS or function in ("floor", "ceil"):
                raise NotOnePiece
            case _:
                return with_parts(part, change)

    return change(node)
