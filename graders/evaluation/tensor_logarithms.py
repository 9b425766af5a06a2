"""Logarithms of products and powers whose value is beyond floats: of a density at a far point, say."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from graders.evaluation import tensor_duals as duals
from graders.evaluation.tensor_duals import Array, Tensor, number, plain, shape
from graders.evaluation.tensor_functions import fitting, whole

if TYPE_CHECKING:
    from graders.evaluation.tensors import Evaluation

FAINT = 1e-7
"""Below it a value may have lost digits or vanished, which its logarithm would show."""
LOGARITHMS = {"log": 1.0, "log2": 1 / math.log(2), "log10": 1 / math.log(10)}
"""What the natural logarithm is multiplied with."""

Signed = tuple[Tensor, Array]
"""The logarithm of the magnitude, and the sign."""


def logarithm(work: Evaluation, function: str, node: Node, value: Tensor) -> Tensor:
    """The logarithm of a formula whose value is known; where that is very small or too large, part by part."""
    sizes = np.abs(plain(value))
    if not ((sizes < FAINT) | ~np.isfinite(sizes)).any() or not _has_parts(node):
        return duals.apply(function, value)
    found, sign = _signed(work, node)
    found = duals.times(number(LOGARITHMS[function]), found)
    return duals.chosen(sign > 0, found, duals.apply(function, value)) if (sign <= 0).any() else found


def _has_parts(node: Node) -> bool:
    match node:
        case Call(function="exp" | "sigmoid" | "Prod"):
            return True
        case Unary(op="-" | "+", operand=operand):
            return _has_parts(operand)
        case Binary(op="**", left=left):
            return isinstance(left, Name | Number) or _has_parts(left)
        case Binary(op="*" | "/", left=left, right=right):
            return _has_parts(left) or _has_parts(right)
        case Binary(op="-"):
            return _opposite(node) is not None
        case _:
            return False


def _opposite(node: Binary) -> Node | None:
    """u, where the formula is 1 − σ(u)."""
    match node:
        case Binary(op="-", left=Number(value=one), right=Call(function="sigmoid", args=(inner,))) if one == 1:
            return inner
        case _:
            return None


def _signed(work: Evaluation, node: Node) -> Signed:
    work.spend(1)
    match node:
        case Unary(op="-" | "+" as op, operand=operand):
            found, sign = _signed(work, operand)
            return found, -sign if op == "-" else sign
        case Call(function="exp", args=(inner,)):
            exponent = work.tensor(inner)
            return exponent, np.ones(shape(exponent))
        case Call(function="sigmoid", args=(inner,)):
            return _log_sigmoid(duals.linear(np.negative, work.tensor(inner)))
        case Binary(op="-") if (opposite := _opposite(node)) is not None:
            return _log_sigmoid(work.tensor(opposite))
        case Binary(op="*" | "/" as op, left=left, right=right):
            (one, sign), (other, turn) = _signed(work, left), _signed(work, right)
            fitting(op, shape(one), shape(other))
            return (duals.plus if op == "*" else duals.minus)(one, other), sign * turn
        case Binary(op="**", left=left, right=right):
            (one, sign), exponent = _signed(work, left), work.tensor(right)
            fitting("**", shape(one), shape(exponent))
            return duals.times(exponent, one), np.sign(np.where(sign == 0, 0.0, sign ** plain(exponent)))
        case Call(function="Prod", args=(body, Name(id=index), lower, upper)):
            ends = whole(work.tensor(lower), "first value"), whole(work.tensor(upper), "last value")
            return _of_product(work, body, index, *ends)
        case _:
            value = work.tensor(node)
            return duals.apply("log", duals.apply("abs", value)), np.sign(plain(value))


def _log_sigmoid(negated: Tensor) -> Signed:
    """log σ(u) = −softplus(−u), given −u."""
    return duals.linear(np.negative, duals.apply("softplus", negated)), np.ones(shape(negated))


def _of_product(work: Evaluation, body: Node, index: str, first: int, last: int) -> Signed:
    total: Tensor = number(0.0)
    sign: Array = np.ones((1, 1))
    for _ in work.counting(index, first, last):
        found, turn = _signed(work, body)
        fitting("+", shape(total), shape(found))
        total, sign = duals.plus(total, found), sign * turn
    return total, sign
