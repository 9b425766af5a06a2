"""Derivatives and substitution in formulas of single numbers; the results are trees, lightly tidied."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from app.domain.language.tree import (
    Binary,
    Call,
    Choice,
    Compare,
    Logic,
    Name,
    Node,
    Number,
    Sequence,
    Unary,
    distinct,
    free_names,
    map_tree,
)
from graders.evaluation.errors import EvaluationError

ZERO, ONE, TWO = (Number(Fraction(value), str(value)) for value in range(3))


def derivative(node: Node, name: str) -> Node:
    """∂f/∂name. A case distinction, |·|, ReLU, max and min are differentiated away from where they break.

    Raises:
        EvaluationError: the formula holds something that has no derivative here, such as a matrix product.
    """
    if name not in free_names(node):
        return ZERO
    match node:
        case Name():
            return ONE
        case Unary(op="+", operand=operand):
            return derivative(operand, name)
        case Unary(op="-", operand=operand):
            return minus(derivative(operand, name))
        case Binary(op="+" | "-" as op, left=left, right=right):
            one, other = derivative(left, name), derivative(right, name)
            return plus(one, other) if op == "+" else plus(one, minus(other))
        case Binary(op="*", left=left, right=right):
            return plus(times(derivative(left, name), right), times(left, derivative(right, name)))
        case Binary(op="/", left=left, right=right):
            return _quotient(left, right, name)
        case Binary(op="**", left=left, right=right):
            return _power(left, right, name)
        case Choice(condition=condition, then=then, otherwise=otherwise):
            return Choice(condition, derivative(then, name), derivative(otherwise, name))
        case Call(function="Sum", args=(body, Name(id=index), lower, upper)):
            if index == name or name in free_names(lower) | free_names(upper):
                raise EvaluationError("A sum is not differentiated by its own index or its ends.")
            return Call("Sum", (derivative(body, name), Name(index), lower, upper))
        case Call(function=function, args=args):
            return _call(function, args, name)
        case Sequence(items=items):
            return Sequence(tuple(derivative(item, name) for item in items))
        case Compare() | Logic():
            raise EvaluationError("A condition has no derivative.")
        case _:
            raise EvaluationError("This formula cannot be differentiated here.")


def _quotient(left: Node, right: Node, name: str) -> Node:
    if name not in free_names(right):
        return over(derivative(left, name), right)
    top = plus(times(derivative(left, name), right), minus(times(left, derivative(right, name))))
    return over(top, Binary("**", right, TWO))


def _power(base: Node, exponent: Node, name: str) -> Node:
    if name not in free_names(exponent):
        less = _less_one(exponent)
        raised = ONE if is_number(less, 0) else base if is_number(less, 1) else Binary("**", base, less)
        return times(times(exponent, raised), derivative(base, name))
    whole = Binary("**", base, exponent)
    inner = plus(
        times(derivative(exponent, name), Call("log", (base,))),
        times(exponent, over(derivative(base, name), base)) if name in free_names(base) else ZERO,
    )
    return times(whole, derivative(exponent, name) if isinstance(base, Name) and base.id == "e" else inner)


def _less_one(exponent: Node) -> Node:
    if isinstance(exponent, Number) and exponent.value >= 1:
        value = exponent.value - 1
        return Number(value, str(value)) if value.denominator == 1 else Binary("-", exponent, ONE)
    return Binary("-", exponent, ONE)


def _call(function: str, args: tuple[Node, ...], name: str) -> Node:
    if function in ("max", "min") and len(args) == 2:
        larger = Compare(args[0], ((">" if function == "max" else "<", args[1]),))
        return Choice(larger, derivative(args[0], name), derivative(args[1], name))
    if len(args) != 1:
        raise EvaluationError(f"“{function}” cannot be differentiated here.")
    outer = _OUTER.get(function)
    if outer is None:
        raise EvaluationError(f"“{function}” cannot be differentiated here.")
    return times(outer(args[0]), derivative(args[0], name))


def _positive(node: Node) -> Node:
    return Call("indicator", (Compare(node, ((">", ZERO),)),))


def _one_minus(node: Node) -> Node:
    return Binary("-", ONE, node)


def _log(base: Node) -> Callable[[Node], Node]:
    return lambda x: over(ONE, times(x, Call("log", (base,))))


_TEN = Number(Fraction(10), "10")

_OUTER: dict[str, Callable[[Node], Node]] = {
    "exp": lambda x: Call("exp", (x,)),
    "log": lambda x: over(ONE, x),
    "log2": _log(TWO),
    "log10": _log(_TEN),
    "sqrt": lambda x: over(ONE, times(TWO, Call("sqrt", (x,)))),
    "sin": lambda x: Call("cos", (x,)),
    "cos": lambda x: minus(Call("sin", (x,))),
    "tan": lambda x: over(ONE, Binary("**", Call("cos", (x,)), TWO)),
    "asin": lambda x: over(ONE, Call("sqrt", (_one_minus(Binary("**", x, TWO)),))),
    "acos": lambda x: minus(over(ONE, Call("sqrt", (_one_minus(Binary("**", x, TWO)),)))),
    "atan": lambda x: over(ONE, Binary("+", ONE, Binary("**", x, TWO))),
    "sinh": lambda x: Call("cosh", (x,)),
    "cosh": lambda x: Call("sinh", (x,)),
    "tanh": lambda x: _one_minus(Binary("**", Call("tanh", (x,)), TWO)),
    "sigmoid": lambda x: times(Call("sigmoid", (x,)), _one_minus(Call("sigmoid", (x,)))),
    "softplus": lambda x: Call("sigmoid", (x,)),
    "relu": _positive,
    "abs": lambda x: Call("sign", (x,)),
    "sign": lambda x: ZERO,
    "indicator": lambda x: ZERO,
    "floor": lambda x: ZERO,
    "ceil": lambda x: ZERO,
}


def is_number(node: Node, value: int) -> bool:
    """Whether a tree is just that number."""
    return isinstance(node, Number) and node.value == value


def minus(node: Node) -> Node:
    """−f."""
    if is_number(node, 0):
        return node
    return node.operand if isinstance(node, Unary) and node.op == "-" else Unary("-", node)


def plus(one: Node, other: Node) -> Node:
    """f + g, without zeros, with a minus sign where g has one."""
    if is_number(one, 0):
        return other
    if is_number(other, 0):
        return one
    if isinstance(other, Unary) and other.op == "-":
        return Binary("-", one, other.operand)
    return Binary("+", one, other)


def times(one: Node, other: Node) -> Node:
    """f · g, without factors 1 and with the sign in front."""
    if is_number(one, 0) or is_number(other, 0):
        return ZERO
    if is_number(one, 1):
        return other
    if is_number(other, 1):
        return one
    if isinstance(one, Unary) and one.op == "-":
        return minus(times(one.operand, other))
    if isinstance(other, Unary) and other.op == "-":
        return minus(times(one, other.operand))
    return Binary("*", one, other)


def over(one: Node, other: Node) -> Node:
    """f / g."""
    if is_number(one, 0) or is_number(other, 1):
        return one
    if isinstance(one, Unary) and one.op == "-":
        return minus(over(one.operand, other))
    return Binary("/", one, other)


def substitute(node: Node, values: dict[str, Node]) -> Node:
    """The formula with names replaced by formulas, all at once; names bound by a sum stay."""
    if not values:
        return node
    bound = _bound(node)
    if taken := [name for name in values if name in bound]:
        raise EvaluationError(f"“{taken[0]}” is the index of a sum here and cannot be replaced.")

    def change(inner: Node) -> Node:
        return values.get(inner.id, inner) if isinstance(inner, Name) else inner

    return map_tree(node, change)


def _bound(node: Node) -> set[str]:
    found: set[str] = set()
    for part in distinct(node):
        match part:
            case Call(function="Sum" | "Prod", args=(_, Name(id=index), *_)):
                found.add(index)
    return found
