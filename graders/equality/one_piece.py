"""A piecewise formula on one of its pieces: the case that applies at a point instead of every distinction."""

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
    return _Piece(point).of(node)


class _Piece:
    def __init__(self, point: At) -> None:
        self.point = point
        self._made: dict[int, tuple[Node, Node]] = {}

    def of(self, node: Node) -> Node:
        found = self._made.get(id(node))
        if found is None:
            found = self._made[id(node)] = node, self._chosen(node)
        return found[1]

    def _chosen(self, node: Node) -> Node:
        match node:
            case Choice(condition=condition, then=then, otherwise=otherwise):
                return self.of(then if self._is_so(condition) else otherwise)
            case Call(function=function) if function in BINDERS or function in ("floor", "ceil"):
                raise NotOnePiece
            case Call(function="max" | "min" as function, args=args) if args:
                return self.of(self._extreme(args, largest=function == "max"))
            case Call(function="indicator", args=(condition,)):
                return _ONE if self._is_so(condition) else _ZERO
            case Call(function="abs" | "relu" | "sign" as function, args=(inner,)):
                return self._kinked(function, inner)
            case _:
                return with_parts(node, self.of)

    def _kinked(self, function: str, inner: Node) -> Node:
        if self._positive(inner):
            return _ONE if function == "sign" else self.of(inner)
        if function == "relu":
            return _ZERO
        return Unary("-", _ONE if function == "sign" else self.of(inner))

    def _extreme(self, args: tuple[Node, ...], largest: bool) -> Node:
        best = args[0]
        for other in args[1:]:
            if self._positive(Binary("-", other, best)) == largest:
                best = other
        return best

    def _positive(self, node: Node) -> bool:
        return self._is_so(Compare(node, ((">", _ZERO),)))

    def _is_so(self, condition: Node) -> bool:
        try:
            return holds(condition, self.point, Real(BITS))
        except (NoValue, NotAFormula):
            raise NotOnePiece from None
