"""Solves equations and inequalities for a symbol that stands once in them: `log(p/(1 − p)) = z` is `z = log(…)`.

Every step keeps the solutions exactly, whatever the symbols are: where the other side leaves the range of a function
its inverse has no value, and what has no value does not hold. Where that is not so, nothing is done.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from app.domain.language.tree import Binary, Call, Name, Node, Unary, free_names
from graders.equality.bounds import range_of
from graders.equality.conditions import Atom
from graders.equality.substitution import number
from graders.equality.undoing import has_value, is_positive

STEPS = 12
_ONE, _TWO = number(Fraction(1)), number(Fraction(2))
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}

Solved = tuple[str, Node]
"""How a symbol is compared, and with what."""
_Sides = tuple[str, Node, Node]


def isolated(atom: Atom, name: str, domains: Mapping[str, str]) -> Solved | None:
    """`name op formula` with the same solutions as an atom; None where these rules do not lead there."""
    sides: _Sides | None
    if name in free_names(atom.left):
        sides = atom.op, atom.left, atom.right
    else:
        sides = _TURNED.get(atom.op, atom.op), atom.right, atom.left
    for _ in range(STEPS):
        op, side, fixed = sides
        if name not in free_names(side) or name in free_names(fixed):
            return None
        if isinstance(side, Name):
            return op, fixed
        sides = _step(op, side, fixed, name, domains)
        if sides is None:
            return None
    return None


def _step(op: str, side: Node, fixed: Node, name: str, domains: Mapping[str, str]) -> _Sides | None:
    match side:
        case Unary(op="-", operand=inner):
            return _TURNED.get(op, op), inner, Unary("-", fixed)
        case Binary(op="+", left=left, right=right):
            inner, other = (left, right) if name in free_names(left) else (right, left)
            return op, inner, Binary("-", fixed, other)
        case Binary(op="-", left=left, right=right):
            if name in free_names(left):
                return op, left, Binary("+", fixed, right)
            return _TURNED.get(op, op), right, Binary("-", left, fixed)
        case Binary(op="*", left=left, right=right):
            inner, factor = (left, right) if name in free_names(left) else (right, left)
            return _times(op, inner, Binary("/", fixed, factor), factor, domains)
        case Binary(op="/", left=left, right=right) if name in free_names(left):
            return _times(op, left, Binary("*", fixed, right), right, domains)
        case Binary(op="/", left=left, right=right):
            positive = all(is_positive(part, domains) for part in (left, right, fixed))
            return (_TURNED.get(op, op), right, Binary("/", left, fixed)) if positive else None
        case Binary(op="**", left=Name(id="e"), right=inner) if "e" not in domains:
            return _called(op, "exp", inner, fixed, domains)
        case Call(function=function, args=(inner,)):
            return _called(op, function, inner, fixed, domains)
        case _:
            return None


def _times(op: str, inner: Node, fixed: Node, factor: Node, domains: Mapping[str, str]) -> _Sides | None:
    """The step that divides by a factor (or multiplies with it) that is never zero."""
    turned = isinstance(factor, Unary) and factor.op == "-"
    positive = factor.operand if isinstance(factor, Unary) and turned else factor
    if is_positive(positive, domains):
        return (_TURNED.get(op, op) if turned else op), inner, fixed
    known = isinstance(positive, Name) and domains.get(positive.id) in ("nonzero", "negative")
    return (op, inner, fixed) if known and op in ("==", "!=") else None


def _called(op: str, function: str, inner: Node, fixed: Node, domains: Mapping[str, str]) -> _Sides | None:
    """One increasing function undone."""
    match function:
        case "sinh":
            return op, inner, Call("asinh", (fixed,))
        case "asinh":
            return op, inner, Call("sinh", (fixed,))
        case "exp" if op in ("==", "<", "<=") or is_positive(fixed, domains):
            return op, inner, Call("log", (fixed,))
        case "log" if op in ("==", ">", ">=") or is_positive(inner, domains):
            return op, inner, Call("exp", (fixed,))
        case "log2" if op in ("==", ">", ">=") or is_positive(inner, domains):
            return op, inner, Binary("**", _TWO, fixed)
        case "sqrt" if is_positive(fixed, domains) and (op in ("==", ">", ">=") or is_positive(inner, domains)):
            return op, inner, Binary("*", fixed, fixed)
        case "sigmoid" if op == "==" or _is_between(fixed, 0, domains):
            return op, inner, Call("log", (Binary("/", fixed, Binary("-", _ONE, fixed)),))
        case "tanh" if op == "==" or _is_between(fixed, -1, domains):
            return op, inner, Call("atanh", (fixed,))
        case "softplus" if op == "==" or is_positive(fixed, domains):
            return op, inner, Call("log", (Binary("-", Call("exp", (fixed,)), _ONE),))
        case _:
            return None


def _is_between(fixed: Node, low: int, domains: Mapping[str, str]) -> bool:
    """Whether a formula has a value everywhere, above this number and below 1."""
    found = range_of(fixed, domains)
    above = found.low > low or (found.low == low and found.low_open)
    return above and (found.high < 1 or (found.high == 1 and found.high_open)) and has_value(fixed, domains)
