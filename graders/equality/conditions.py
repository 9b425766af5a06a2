"""Equations and inequalities in a plain form: atoms `f = 0`, `f < 0`, `f ≤ 0`, `f ≠ 0`, joined by *and* and *or*."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import TypeAlias

from app.domain.language.tree import Binary, Call, Compare, Constant, Logic, Node, Number, Unary

MOST_ATOMS = 20


@dataclass(frozen=True, slots=True)
class Atom:
    """`left op right`, with one of `== != < <=`."""

    op: str
    left: Node
    right: Node

    @property
    def difference(self) -> Node:
        """The function that is compared with zero."""
        if isinstance(self.right, Number) and self.right.value == 0:
            return self.left
        return Binary("-", self.left, self.right)


@dataclass(frozen=True, slots=True)
class Joined:
    """All (`and`) or any (`or`) of several conditions."""

    op: str
    parts: tuple[Condition, ...]


Condition: TypeAlias = bool | Atom | Joined


class NotACondition(Exception):
    """The tree is no equation, no inequality, and nothing made of such."""


_TURNED = {">": "<", ">=": "<="}
_NEGATED = {"==": "!=", "!=": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def condition_of(node: Node, negated: bool = False) -> Condition:
    """The plain form of a condition. Raises NotACondition."""
    match node:
        case Compare(first=first, rest=rest):
            items = [first, *(item for _, item in rest)]
            atoms = [_atom(op, *pair, negated) for (op, _), pair in zip(rest, pairwise(items), strict=True)]
            return joined("or" if negated else "and", atoms)
        case Logic(op=op, operands=operands):
            parts = [condition_of(operand, negated) for operand in operands]
            return joined(op if not negated else "or" if op == "and" else "and", parts)
        case Unary(op="not", operand=operand):
            return condition_of(operand, not negated)
        case Constant(value=bool() as value):
            return value != negated
        case _:
            raise NotACondition


def _atom(op: str, left: Node, right: Node, negated: bool) -> Condition:
    if op not in _NEGATED:
        raise NotACondition
    op = _NEGATED[op] if negated else op
    return Atom(_TURNED[op], right, left) if op in _TURNED else Atom(op, left, right)


def joined(op: str, parts: Iterable[Condition]) -> Condition:
    """Several conditions as one, without one inside another of its kind."""
    flat: list[Condition] = []
    for part in parts:
        flat.extend(part.parts if isinstance(part, Joined) and part.op == op else (part,))
    return flat[0] if len(flat) == 1 else Joined(op, tuple(flat))


def simplified(condition: Condition, change: Callable[[Atom], Condition]) -> Condition:
    """The condition with every atom changed; what is always or never so is left out."""
    if isinstance(condition, Atom):
        return change(condition)
    if isinstance(condition, bool):
        return condition
    deciding = condition.op == "or"
    parts = [simplified(part, change) for part in condition.parts]
    if any(part is deciding for part in parts):
        return deciding
    kept = [part for part in parts if not isinstance(part, bool)]
    return joined(condition.op, kept) if kept else not deciding


def atoms_of(condition: Condition) -> Iterator[Atom]:
    """All atoms, in order."""
    if isinstance(condition, Atom):
        yield condition
    elif isinstance(condition, Joined):
        for part in condition.parts:
            yield from atoms_of(part)


def product_of(condition: Condition) -> Condition:
    """`f = 0 or g = 0` as the one equation `f·g = 0`, `f ≠ 0 and g ≠ 0` likewise; all else unchanged."""
    if not isinstance(condition, Joined):
        return condition
    op = "==" if condition.op == "or" else "!="
    atoms = [part for part in condition.parts if isinstance(part, Atom) and part.op == op]
    if len(atoms) != len(condition.parts):
        return condition
    found = atoms[0].difference
    for atom in atoms[1:]:
        found = Binary("*", found, atom.difference)
    return Atom(op, found, Number(Fraction(0), "0"))


def truth(condition: Condition, holds: Callable[[Atom], bool]) -> bool:
    """Whether the condition holds where `holds` says which atoms do."""
    if isinstance(condition, bool):
        return condition
    if isinstance(condition, Atom):
        return holds(condition)
    found = (truth(part, holds) for part in condition.parts)
    return all(found) if condition.op == "and" else any(found)


def tree_of(condition: Condition) -> Node:
    """The condition as a tree."""
    if isinstance(condition, bool):
        return Constant(condition)
    if isinstance(condition, Atom):
        return Compare(condition.left, ((condition.op, condition.right),))
    return Logic(condition.op, tuple(map(tree_of, condition.parts)))


def is_relation(node: Node) -> bool:
    """Whether a tree is an equation, an inequality, or made of such."""
    match node:
        case Compare() | Logic() | Unary(op="not"):
            return True
        case Constant(value=bool()):
            return True
        case _:
            return False


def kind_of(node: Node) -> str:
    """What a relation is, in words."""
    match node:
        case Compare(rest=rest) if any(op == "==" for op, _ in rest):
            return "an equation"
        case Compare():
            return "an inequality"
        case Call():  # pragma: no cover  (asked for relations only)
            return "a function"
        case _:
            return "a condition"
