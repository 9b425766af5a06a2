"""How far formulas may be saturated: a tanh that is 1 but for its fiftieth digit agrees with others that are not it."""

from __future__ import annotations

from fractions import Fraction

from app.domain.language.tree import Binary, Call, Node, Number, Unary
from graders.evaluation.precise import BITS

TYPICAL = 2.0
"""The size of a symbol at the points that count: these are moderate."""
STEEP = frozenset(["exp", "sigmoid", "tanh", "sinh", "cosh", "erf"])
FLAT = frozenset(["sigmoid", "tanh", "erf", "sin", "cos", "atan", "sign", "indicator"])
FIRST = 40.0
"""With steeper exponents the usual precision no longer shows what is added beside them."""
MOST = 800.0
"""And beyond these no precision does that is affordable."""
BITS_PER_UNIT = 3.0
"""exp(-2x) is 2^(-2.9x)."""


def precision_for(nodes: tuple[Node, ...]) -> int:
    """So many bits show what steep functions in these formulas would hide; 0 where the usual ones do, or none would."""
    steepest = 0.0
    for node in nodes:
        if isinstance(node, Call) and node.function in STEEP:
            steepest = max([steepest, *(_size(one) for one in node.args)])
        elif isinstance(node, Binary) and node.op == "**" and not isinstance(node.right, Number):
            steepest = max(steepest, _size(node.right))
    return 0 if not FIRST < steepest <= MOST else BITS + int(BITS_PER_UNIT * steepest)


def _size(node: Node) -> float:
    """About how large a formula is where its symbols are moderate; a rough bound."""
    match node:
        case Number(value=value):
            return _number(value)
        case Unary(operand=operand):
            return _size(operand)
        case Binary(op="+" | "-", left=left, right=right):
            return min(_size(left) + _size(right), 2 * MOST)
        case Binary(op="*", left=left, right=right):
            return min(_size(left) * _size(right), 2 * MOST)
        case Binary(op="/", left=left, right=Number(value=value)) if value:
            return min(_size(left) * _number(1 / value), 2 * MOST)
        case Binary(op="/", left=left):
            return _size(left)
        case Binary(op="**", left=left, right=Number(value=value)) if 0 < value <= 8:
            return float(min(_size(left) ** float(value), 2 * MOST))
        case Call(function=function) if function in FLAT:
            return 1.0
        case Call(args=args) if args:
            return max(map(_size, args))
        case _:
            return TYPICAL


def _number(value: Fraction) -> float:
    # Bounded before it becomes a float, which very large ones do not fit into.
    return float(min(abs(value), Fraction(2 * MOST)))
