"""Simplifies equations and inequalities by undoing increasing functions: `exp(x − 1) < 2` is `x < 1 + log(2)`.

Every step keeps the solutions exactly, whatever the symbols are; where that is not certain, nothing is done.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary, free_names
from graders.equality.bounds import sign_everywhere
from graders.equality.conditions import Atom
from graders.equality.substitution import number
from graders.evaluation.balls import NoValue, Real
from graders.evaluation.floats import NotAFormula
from graders.evaluation.precise import BITS, evaluate_precisely

STEPS = 12

_ZERO, _ONE = number(Fraction(0)), number(Fraction(1))

_EVERYWHERE = frozenset(["exp", "sigmoid", "tanh", "sinh", "asinh", "atan", "erf", "softplus"])
"""Increasing functions that have a value everywhere."""
_WITH_VALUES = frozenset(["abs", "relu", "cosh", "max", "min", "sin", "cos", "floor", "ceil"])
"""Others that have one everywhere."""


def undone(atom: Atom, domains: Mapping[str, str]) -> Atom:
    """An atom with the same solutions and fewer functions around its symbols."""
    for _ in range(STEPS):
        simpler = _step(atom, domains)
        if simpler is None:
            return atom
        atom = simpler
    return atom


def _step(atom: Atom, domains: Mapping[str, str]) -> Atom | None:
    left, right = atom.left, atom.right
    match left, right:
        case Call(function=one, args=(u,)), Call(function=other, args=(v,)) if one == other and one in _EVERYWHERE:
            return Atom(atom.op, u, v)
        case Binary(op="**", left=u, right=Number(value=n)), Binary(op="**", left=v, right=Number(value=m)) if n == m:
            # A power of both sides of an equation may count solutions more often.
            if n.denominator == 1 and n % 2 and n > 0 and atom.op != "==":
                return Atom(atom.op, u, v)
        case Call(function="log" | "sqrt" as one, args=(u,)), Call(function=other, args=(v,)) if one == other:
            if is_positive(u, domains) and is_positive(v, domains):
                return Atom(atom.op, u, v)
    if _is_constant(left, domains) and not _is_constant(right, domains):
        return _against_constant(atom, right, left, domains, constant_right=False) or _squared(atom, domains)
    if _is_constant(right, domains) and not _is_constant(left, domains):
        return _against_constant(atom, left, right, domains, constant_right=True) or _squared(atom, domains)
    return _squared(atom, domains)


def decided(atom: Atom, domains: Mapping[str, str]) -> bool | None:
    """Whether an atom holds always, or never, because of the range of one side; None where that does not tell."""
    left, right = atom.left, atom.right
    certain = _by_bounds(atom, domains)
    if certain is not None or _is_constant(left, domains) == _is_constant(right, domains):
        return certain
    turned = _is_constant(left, domains)
    above, at_least, below = _compared(right, left, domains) if turned else _compared(left, right, domains)
    if atom.op in ("==", "!="):
        return atom.op == "!=" if above or below else None
    strict = atom.op == "<"
    if turned:
        holds, fails = above if strict else at_least, below
    else:
        holds, fails = below, at_least if strict else above
    return True if holds else False if fails else None


def _by_bounds(atom: Atom, domains: Mapping[str, str]) -> bool | None:
    """What the bounds of the difference of both sides say."""
    sign, strict = sign_everywhere(atom.difference, domains)
    if not sign:
        return None
    if atom.op in ("==", "!="):
        holds = atom.op == "!=" if strict else None
    elif sign > 0:
        holds = False if strict or atom.op == "<" else None
    else:
        holds = True if strict or atom.op == "<=" else None
    return None if holds and not (has_value(atom.left, domains) and has_value(atom.right, domains)) else holds


def _compared(side: Node, fixed: Node, domains: Mapping[str, str]) -> tuple[bool, bool, bool]:
    """Whether a side is certainly above a constant, at least as large, or below it, everywhere."""
    sign = _sign(fixed)
    above = sign is not None and sign <= 0 and is_positive(side, domains)
    at_least = above
    below = False
    if _not_negative(side) and sign is not None:
        above, at_least = above or sign < 0, at_least or sign <= 0
    if isinstance(side, Call) and side.function in ("sigmoid", "tanh") and has_value(side, domains):
        _, low, high = _INVERSES[side.function]
        assert low is not None
        assert high is not None
        above = above or _sign(Binary("-", low, fixed)) in (0, 1)
        below = _sign(Binary("-", fixed, high)) in (0, 1)
    return above, at_least or above, below


def _made(atom: Atom, changing: Node, fixed: Node, constant_right: bool, turned: bool = False) -> Atom:
    """The atom with new sides; `turned` where the step was decreasing."""
    fixed = _short(fixed)
    return Atom(atom.op, changing, fixed) if constant_right != turned else Atom(atom.op, fixed, changing)


Peeled = tuple[Node, Node, bool]
"""What is left of the side with symbols, the new other side, and whether the direction turns."""


def _against_constant(
    atom: Atom, side: Node, fixed: Node, domains: Mapping[str, str], constant_right: bool
) -> Atom | None:
    """One step on `side`, which holds symbols; `fixed` holds none."""
    peeled: Peeled | None = None
    match side:
        case Unary(op="-", operand=inner):
            peeled = inner, Unary("-", fixed), True
        case Unary(op="+", operand=inner):
            peeled = inner, fixed, False
        case Binary(op="+", left=one, right=other):
            peeled = _from_sum(one, other, fixed, domains)
        case Binary(op="-", left=one, right=other):
            peeled = _from_difference(one, other, fixed, domains)
        case Binary(op="*", left=one, right=other):
            peeled = _from_product(one, other, fixed, domains) or _from_product(other, one, fixed, domains)
        case Binary(op="/", left=one, right=other):
            peeled = _from_quotient(one, other, fixed, domains)
        case Binary(op="**", left=base, right=exponent):
            peeled = _from_power(base, exponent, fixed, domains)
        case Call(function=function, args=(inner,)):
            return _inverse(atom, function, inner, fixed, domains, constant_right)
        case _:
            pass
    return _made(atom, *peeled[:2], constant_right, peeled[2]) if peeled else None


def _from_sum(one: Node, other: Node, fixed: Node, domains: Mapping[str, str]) -> Peeled | None:
    if _is_constant(other, domains):
        return one, Binary("-", fixed, other), False
    return (other, Binary("-", fixed, one), False) if _is_constant(one, domains) else None


def _from_difference(one: Node, other: Node, fixed: Node, domains: Mapping[str, str]) -> Peeled | None:
    if _is_constant(other, domains):
        return one, Binary("+", fixed, other), False
    if _is_constant(one, domains):
        return other, Binary("-", one, fixed), True
    return (one, other, False) if _sign(fixed) == 0 else None


def _from_product(factor: Node, rest: Node, fixed: Node, domains: Mapping[str, str]) -> Peeled | None:
    sign = _sign(factor) if _is_constant(factor, domains) else None
    if sign:
        return rest, Binary("/", fixed, factor), sign < 0
    return (rest, fixed, False) if _sign(fixed) == 0 and is_positive(factor, domains) else None


def _from_quotient(top: Node, below: Node, fixed: Node, domains: Mapping[str, str]) -> Peeled | None:
    sign = _sign(below) if _is_constant(below, domains) else None
    if sign:
        return top, Binary("*", fixed, below), sign < 0
    if not is_positive(below, domains):
        return None
    if _sign(fixed) == 0:
        return top, fixed, False
    if _is_constant(top, domains):
        return (below, Binary("/", top, fixed), True) if _sign(top) == _sign(fixed) == 1 else None
    return (top, Binary("*", fixed, below), False) if isinstance(top, Call) and top.function == "abs" else None


def _from_power(base: Node, exponent: Node, fixed: Node, domains: Mapping[str, str]) -> Peeled | None:
    if isinstance(exponent, Number) and exponent.value.denominator == 1 and exponent.value > 1:
        if exponent.value % 2 == 0:
            root = Binary("**", fixed, Binary("/", _ONE, exponent))
            return (base, root, False) if is_positive(base, domains) and _sign(fixed) == 1 else None
        # A root of zero would hide how often a solution counts.
        return (base, _odd_root(fixed, int(exponent.value)), False) if _sign(fixed) else None
    if isinstance(base, Name) and base.id == "e" and "e" not in domains and _sign(fixed) == 1:
        return exponent, Call("log", (fixed,)), False
    return None


def _odd_root(fixed: Node, power: int) -> Node:
    share = Binary("/", _ONE, number(Fraction(power)))
    if _sign(fixed) == -1:
        return Unary("-", Binary("**", Unary("-", fixed), share))
    return Binary("**", fixed, share)


_INVERSES: Mapping[str, tuple[Callable[[Node], Node], Node | None, Node | None]] = {
    "exp": (lambda c: Call("log", (c,)), _ZERO, None),
    "sigmoid": (lambda c: Call("log", (Binary("/", c, Binary("-", _ONE, c)),)), _ZERO, _ONE),
    "tanh": (lambda c: Call("atanh", (c,)), number(Fraction(-1)), _ONE),
    "sinh": (lambda c: Call("asinh", (c,)), None, None),
    "asinh": (lambda c: Call("sinh", (c,)), None, None),
    "softplus": (lambda c: Call("log", (Binary("-", Call("exp", (c,)), _ONE),)), _ZERO, None),
    "log": (lambda c: Call("exp", (c,)), None, None),
    "log2": (lambda c: Binary("**", number(Fraction(2)), c), None, None),
    "log10": (lambda c: Binary("**", number(Fraction(10)), c), None, None),
    "sqrt": (lambda c: Binary("*", c, c), _ZERO, None),
    "relu": (lambda c: c, _ZERO, None),
}
"""The inverse, and between which values the function lies."""


def _inverse(
    atom: Atom, function: str, inner: Node, fixed: Node, domains: Mapping[str, str], constant_right: bool
) -> Atom | None:
    if function in ("relu", "abs") and _sign(fixed) == 0:
        return _beside_zero(atom, function, inner, fixed, constant_right)
    if function not in _INVERSES:
        return None
    inverse, low, high = _INVERSES[function]
    above = low is None or _sign(Binary("-", fixed, low)) == 1
    below = high is None or _sign(Binary("-", high, fixed)) == 1
    if not above or not below:
        return None
    # Where the function has no value nothing holds: fine above a constant, not below it.
    partial = function in ("log", "log2", "log10", "sqrt")
    if partial and atom.op in ("<", "<=") and constant_right and not is_positive(inner, domains):
        return None
    if partial and atom.op == "!=" and not is_positive(inner, domains):
        return None
    return _made(atom, inner, inverse(fixed), constant_right)


def _beside_zero(atom: Atom, function: str, inner: Node, zero: Node, constant_right: bool) -> Atom | None:
    """relu(u) or |u| compared with 0."""
    if (atom.op, constant_right) in (("<=", False), ("<", True)):
        return None  # always, never
    touches = atom.op in ("==", "<=")
    if function == "abs":
        return Atom("==" if touches else "!=", inner, zero)
    return Atom("<=", inner, zero) if touches else Atom("<", zero, inner)


def _squared(atom: Atom, domains: Mapping[str, str]) -> Atom | None:
    """|u| op |v|, or roots, as squares; also against something positive."""
    sides: list[Node] = []
    seen = False
    for side in (atom.left, atom.right):
        match side:
            case Call(function="abs", args=(inner,)):
                seen = True
                sides.append(Binary("*", inner, inner))
            case Call(function="sqrt", args=(inner,)) if free_names(inner) and sign_everywhere(inner, domains)[0] > 0:
                seen = True
                sides.append(inner)
            case _ if is_positive(side, domains):
                sides.append(Binary("*", side, side))
            case _:
                return None
    return Atom(atom.op, sides[0], sides[1]) if seen else None


def _short(node: Node) -> Node:
    """A formula without symbols as a number, where it is rational."""
    try:
        value = evaluate_precisely(node, {}, Real(BITS))
    except (NoValue, NotAFormula):
        return node
    return number(value) if isinstance(value, Fraction) else node


def _is_constant(node: Node, domains: Mapping[str, str]) -> bool:
    return not free_names(node) & domains.keys()


def _sign(node: Node) -> int | None:
    """The certain sign of a formula without symbols."""
    field = Real(BITS)
    try:
        value = evaluate_precisely(node, {}, field)
        return (value > 0) - (value < 0) if isinstance(value, Fraction) else field.sign(value)
    except (NoValue, NotAFormula):
        return None


def is_positive(node: Node, domains: Mapping[str, str]) -> bool:
    """Whether a formula has a value above zero everywhere in the domains, as its form shows."""
    match node:
        case Number(value=value):
            return value > 0
        case Name(id=name):
            return domains[name] in ("positive", "unit", "natural", "few") if name in domains else name in ("e", "pi")
        case Unary(op="+", operand=operand):
            return is_positive(operand, domains)
        case Binary(op="+", left=left, right=right):
            one, other = is_positive(left, domains), is_positive(right, domains)
            return (one and other) or (one and _not_negative(right)) or (other and _not_negative(left))
        case Binary(op="*" | "/", left=left, right=right):
            return is_positive(left, domains) and is_positive(right, domains)
        case Binary(op="**", left=left, right=right):
            return is_positive(left, domains) and has_value(right, domains)
        case Binary(op="-", left=Number(value=value), right=Name(id=name)):
            return value >= 1 and domains.get(name) == "unit"
        case Call(function="exp" | "sigmoid" | "softplus" | "cosh", args=(inner,)):
            return has_value(inner, domains)
        case Call(function="sqrt", args=(inner,)):
            return is_positive(inner, domains)
        case _:
            return False


def _not_negative(node: Node) -> bool:
    match node:
        case Binary(op="**", left=left, right=Number(value=power)):
            return power > 0 and power % 2 == 0 and not any(True for _ in _partial(left))
        case Binary(op="*", left=left, right=right):
            return left == right and not any(True for _ in _partial(left))
        case _:
            return False


def has_value(node: Node, domains: Mapping[str, str]) -> bool:
    """Whether a formula certainly has a value everywhere, as its form shows."""
    return not any(not is_positive(part, domains) for part in _partial(node))


def _partial(node: Node) -> list[Node]:
    """What must be positive so that the formula has a value: denominators, what roots and logarithms are taken of."""
    found: list[Node] = []
    waiting = [node]
    while waiting:
        part = waiting.pop()
        match part:
            case Number() | Name():
                pass
            case Unary(op="+" | "-", operand=operand):
                waiting.append(operand)
            case Binary(op="+" | "-" | "*", left=left, right=right):
                waiting += [left, right]
            case Binary(op="/", left=left, right=right):
                waiting.append(left)
                found.append(right)
            case Binary(op="**", left=left, right=Number(value=power)) if power.denominator == 1 and power >= 0:
                waiting.append(left)
            case Binary(op="**", left=left, right=right):
                waiting.append(right)
                found.append(left)
            case Call(function="log" | "log2" | "log10" | "sqrt", args=(inner,)):
                found.append(inner)
            case Call(function=name, args=args) if name in _EVERYWHERE or name in _WITH_VALUES:
                waiting += args
            case _:
                found.append(_ZERO)
    return found
