"""Compares two formulas at one point with certainty: at high precision, higher where that does not tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.domain.language.tree import Node
from graders.equality.sampling import Coordinate
from graders.evaluation.balls import (
    MOST_TERMS,
    Ball,
    Close,
    Disputed,
    Field,
    NoValue,
    Real,
    Singular,
    Undefined,
)
from graders.evaluation.complex_balls import Complex
from graders.evaluation.precise import BITS, Precise, ball, evaluate_precisely

PRECISIONS = (BITS, 2 * BITS, 4 * BITS)
HIGHEST_PRECISION = 16 * BITS
"""Only where both values are so large that small terms would vanish beside them."""
AGREEMENT = 60.0
"""Bits of the larger value to which both must agree, and …"""
SMALLEST = -40.0
"""… their difference must be known to be below 2 to this power."""
NOTHING = -300.0
"""A difference whose bound is below 2 to this power is none, even where both values may be zero."""

Kind = Literal["same", "different", "undefined", "gap", "disputed", "unknown"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a point says.

    kind: `undefined` where certainly only one has a value; `gap` where the other one divides by zero;
        `disputed` where conventions differ; `unknown` where nothing can be said.
    reference, answer: the values, None where there is none.
    absorbed: how many bits more would show all terms; 0 where all show.
    """

    kind: Kind
    reference: Precise | None = None
    answer: Precise | None = None
    absorbed: float = 0.0


_UNKNOWN = Outcome("unknown")


@dataclass(slots=True)
class Terms:
    """How many terms of sums may still be added up, at all points together."""

    left: int = 4 * MOST_TERMS


def compare(
    reference: Node,
    answer: Node,
    point: Mapping[str, Coordinate],
    real: bool,
    terms: Terms | None = None,
    *,
    bits_wanted: int = 0,
) -> Outcome:
    """What both formulas say at a point: in as few bits as tell it, or in those that are wanted.

    Raises NotAFormula where one is no formula of single numbers.
    """
    terms = terms or Terms()
    outcome = _UNKNOWN
    precisions = (bits_wanted,) if bits_wanted else (*PRECISIONS, HIGHEST_PRECISION)
    for bits in precisions:
        if bits == HIGHEST_PRECISION and not _worth_more(outcome, real):
            break
        field: Field = Real(bits, terms.left) if real else Complex(bits, terms.left)
        field.values = {}
        one, why_not_one = _value(reference, point, field)
        other, why_not_other = _value(answer, point, field)
        terms.left = field.terms
        if one is not None and other is not None:
            outcome = _difference(one, other, field)
            if outcome.kind != "unknown":
                return outcome
            continue
        reasons = {type(why) for why in (why_not_one, why_not_other) if why is not None}
        if Disputed in reasons:
            return Outcome("disputed")
        if len(reasons) == 1 and reasons == {Undefined}:
            both = one is None and other is None
            return Outcome("unknown" if both else "undefined", one, other)
        if Close in reasons:
            outcome = _UNKNOWN
            continue
        if reasons != {Singular}:
            return Outcome("unknown")
        outcome = Outcome("unknown" if one is None and other is None else "gap")
    return outcome


def _worth_more(outcome: Outcome, real: bool) -> bool:
    """Whether the highest precision may tell what is added to these large values."""
    if outcome.reference is None or outcome.answer is None:
        return False
    field: Field = Real(BITS) if real else Complex(BITS)
    size = max(field.upper(ball(outcome.reference, field)), field.upper(ball(outcome.answer, field)))
    return size < HIGHEST_PRECISION - 2 * BITS


def _value(node: Node, point: Mapping[str, Coordinate], field: Field) -> tuple[Precise, None] | tuple[None, NoValue]:
    try:
        return evaluate_precisely(node, point, field), None
    except NoValue as reason:
        return None, reason


def _difference(one: Precise, other: Precise, field: Field) -> Outcome:
    if not isinstance(one, Ball) and not isinstance(other, Ball):
        return Outcome("same" if one == other else "different", one, other)
    left, right, absorbed = ball(one, field), ball(other, field), field.absorbed
    off = field.subtract(left, right)
    if field.is_off_zero(off):
        return Outcome("different", one, other)
    size = max(field.upper(left), field.upper(right))
    agreed = not field.saturated and (off.error <= NOTHING or off.error <= min(size - AGREEMENT, SMALLEST))
    return Outcome("same" if agreed else "unknown", one, other, absorbed)
