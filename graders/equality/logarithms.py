"""Logarithms taken apart: log(a·exp(b)) is log(a) + b, log ∏ a is Σ log a for a ≥ 0, wherever either is defined.

A density of a long sample is too small for a float, and its logarithm would be lost on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import partial
from typing import Final

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary, distinct, map_tree
from app.domain.symbols import Symbol

_NOT_NEGATIVE: Final = frozenset(["positive", "nonnegative", "unit", "natural"])


def logarithms_apart(node: Node, symbols: Mapping[str, Symbol]) -> Node:
    """The same formula without exponentials as factors inside logarithms, and without logarithms of long products."""
    if not come_apart(distinct(node), symbols):  # as in most formulas, which are not to be built again
        return node
    return map_tree(node, partial(_apart, symbols=symbols))


def come_apart(nodes: Iterable[Node], symbols: Mapping[str, Symbol]) -> bool:
    """Whether there is a logarithm to be taken apart among these nodes of a formula."""
    if "exp" in symbols or "log" in symbols:
        return False
    nodes = list(nodes)
    if not any(_apart(node, symbols) is not node for node in nodes):
        return False
    # Of complex numbers log(exp(z)) is z but for a multiple of 2πi.
    indices = {node.args[1] for node in nodes if isinstance(node, Call) and node.function in ("Sum", "Prod")}
    names = {node.id for node in nodes if isinstance(node, Name)} - {one.id for one in indices if isinstance(one, Name)}
    return not any(_is_complex(name, symbols) for name in names)


def _is_complex(name: str, symbols: Mapping[str, Symbol]) -> bool:
    """Whether a name that is no index stands for a complex number."""
    if name == "i" and (name not in symbols or symbols[name].domain == "constant"):
        return True
    return name in symbols and symbols[name].domain == "complex"


def _apart(node: Node, symbols: Mapping[str, Symbol]) -> Node:
    if not isinstance(node, Call) or node.function != "log" or len(node.args) != 1:
        return node
    rest, exponent = _parts(node.args[0], with_e="e" not in symbols)
    if exponent is None:
        return _logarithm(node.args[0], node, symbols)
    return exponent if rest is None else Binary("+", _logarithm(rest, node, symbols), exponent, node.span)


def _logarithm(node: Node, whole: Call, symbols: Mapping[str, Symbol]) -> Node:
    """The logarithm of a node, as a sum where it is a product over an index."""
    if isinstance(node, Call) and node.function == "Prod" and _not_negative(node.args[0], symbols):
        return Call("Sum", (_of_factors(node.args[0], whole, symbols), *node.args[1:]), (), whole.span)
    return whole if node is whole.args[0] else Call("log", (node,), (), whole.span)


def _of_factors(node: Node, whole: Call, symbols: Mapping[str, Symbol]) -> Node:
    """The logarithm of a factor of a product: of its own factors, and of powers that would be large on the way."""
    match node:
        case Binary(op="*" | "/" as op, left=left, right=right) if _not_negative(node, symbols):
            first, second = (_of_factors(one, whole, symbols) for one in (left, right))
            return Binary("+" if op == "*" else "-", first, second, whole.span)
        case Binary(op="**", left=left, right=power) if _not_negative(left, symbols):
            return Binary("*", power, _of_factors(left, whole, symbols), whole.span)
    return Call("log", (node,), (), whole.span)


def _not_negative(node: Node, symbols: Mapping[str, Symbol]) -> bool:
    """Whether a number is certainly not negative."""
    match node:
        case Number(value=value):
            return value >= 0
        case Name(id=name):
            return name in symbols and symbols[name].kind == "scalar" and symbols[name].domain in _NOT_NEGATIVE
        case Call(function="entry", args=(Name(id=name), *_)):
            return name in symbols and symbols[name].domain in _NOT_NEGATIVE
        case Call(function=function):
            return function in ("abs", "exp", "norm", "sigmoid", "softplus")
        case Binary(op="**", left=left, right=right):
            even = isinstance(right, Number) and right.value % 2 == 0
            return even or _not_negative(left, symbols)
        case Binary(op="*" | "/", left=left, right=right):
            return _not_negative(left, symbols) and _not_negative(right, symbols)
    return False


def _parts(node: Node, with_e: bool) -> tuple[Node | None, Node | None]:
    """`rest` and `exponent` such that the node is rest · exp(exponent); None stands for 1 and for 0."""
    match node:
        case Call(function="exp", args=(inner,)):
            return None, inner
        case Binary(op="**", left=Name(id="e"), right=power) if with_e:
            return None, power
        case Binary(op="*" | "/", left=left, right=right):
            return _joined(node, _parts(left, with_e), _parts(right, with_e))
        case Call(function="Prod", args=(body, *ranges)):
            rest, exponent = _parts(body, with_e)
            if exponent is None:
                return node, None
            several = None if rest is None else Call("Prod", (rest, *ranges), (), node.span)
            return several, Call("Sum", (exponent, *ranges), (), node.span)
    return node, None


def _joined(
    node: Binary, left: tuple[Node | None, Node | None], right: tuple[Node | None, Node | None]
) -> tuple[Node | None, Node | None]:
    """The parts of a product or quotient from those of its operands."""
    (one, first), (other, second) = left, right
    times = node.op == "*"
    rest, exponent = one, first
    if other is not None:
        inverse = other if times else Binary("**", other, Number(Fraction(-1), "-1", node.span), node.span)
        rest = inverse if one is None else Binary(node.op, one, other, node.span)
    if second is not None:
        negative = second if times else Unary("-", second, node.span)
        exponent = negative if first is None else Binary("+" if times else "-", first, second, node.span)
    return rest, exponent
