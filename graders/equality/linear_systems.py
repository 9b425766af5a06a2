"""Systems of linear equations: the same solutions where both have the same reduced form."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from app.domain.language.tree import Binary, Name, Node, Number, Unary
from graders.equality.conditions import Atom, Condition, Joined
from graders.equality.modular import NotRational
from graders.equality.modular import constant as constant_of

MOST_ROWS = 12
MOST_BITS = 2_000

Row = dict[str, Fraction]
"""Coefficients by symbol, without zeros; that of "" is added."""


def same_system(one: Condition, other: Condition, domains: Mapping[str, str]) -> Literal["equal", "different"] | None:
    """The verdict on two systems of equations, one of several; None where one of them is no linear system.

    Solutions that are not in the domains do not count, so different systems are only different for real numbers.
    """
    if not isinstance(one, Joined) and not isinstance(other, Joined):
        return None
    try:
        first, second = (_reduced(_rows(condition)) for condition in (one, other))
    except NotRational:
        return None
    if first == second:
        return "equal"
    names = {name for row in (*(first or ()), *(second or ())) for name in row if name}
    return "different" if all(domains.get(name) == "real" for name in names) else None


def _rows(condition: Condition) -> list[Row]:
    parts = condition.parts if isinstance(condition, Joined) and condition.op == "and" else (condition,)
    if len(parts) > MOST_ROWS:
        raise NotRational
    found = []
    for part in parts:
        if not isinstance(part, Atom) or part.op != "==":
            raise NotRational
        found.append(_row(part.difference))
    return found


def _row(node: Node) -> Row:
    """A linear function of symbols. Raises NotRational."""
    match node:
        case Number(value=value):
            return {"": value} if value else {}
        case Name(id=name):
            return {name: Fraction(1)}
        case Unary(op="-" | "+" as op, operand=operand):
            return _scaled(_row(operand), Fraction(-1 if op == "-" else 1))
        case Binary(op="+" | "-" as op, left=left, right=right):
            return _sum(_row(left), _row(right), Fraction(-1 if op == "-" else 1))
        case Binary(op="*", left=left, right=right):
            factor = constant_of(left)
            return _scaled(_row(right), factor) if factor is not None else _scaled(_row(left), _number(right))
        case Binary(op="/", left=left, right=right) if divisor := _number(right):
            return _scaled(_row(left), 1 / divisor)
        case _:
            raise NotRational


def _number(node: Node) -> Fraction:
    found = constant_of(node)
    if found is None:
        raise NotRational
    return found


def _scaled(row: Row, factor: Fraction) -> Row:
    return {name: value * factor for name, value in row.items()} if factor else {}


def _sum(one: Row, other: Row, factor: Fraction) -> Row:
    found = dict(one)
    for name, value in other.items():
        found[name] = found.get(name, Fraction(0)) + factor * value
    return {name: value for name, value in found.items() if value}


def _reduced(rows: list[Row]) -> list[Row] | None:
    """The reduced form, whose rows begin with 1 in order; None where there is no solution."""
    found: dict[str, Row] = {}
    for row in rows:
        for lead, known in found.items():
            if lead in row:
                row = _sum(row, known, -row[lead])
        names = sorted(name for name in row if name)
        if not names:
            if row:
                return None
            continue
        row = _scaled(row, 1 / row[names[0]])
        if any(value.numerator.bit_length() + value.denominator.bit_length() > MOST_BITS for value in row.values()):
            raise NotRational
        found = {
            lead: _sum(known, row, -known[names[0]]) if names[0] in known else known for lead, known in found.items()
        }
        found[names[0]] = row
    return [found[lead] for lead in sorted(found)]
