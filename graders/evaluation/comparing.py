"""Equality and order of values in the author language; floats that differ by less than 1e-9 are the same."""

from __future__ import annotations

from fractions import Fraction

from app.domain.values import PERSON, Share, Value
from graders.evaluation.arithmetic import kind
from graders.evaluation.errors import EvaluationError
from graders.evaluation.truth import NO, YES, Truth, conjunction, disjunction, negation

CLOSE = 1e-9


def close(left: int | Fraction | float, right: int | Fraction | float) -> bool:
    """Exact equality of exact numbers; within 1e-9 (absolute below 1, else relative) with a float."""
    if not isinstance(left, float) and not isinstance(right, float):
        return left == right
    try:
        one, other = float(left), float(right)
    except OverflowError:
        return False
    return abs(one - other) <= CLOSE * max(1.0, abs(one), abs(other))


def equal(left: Value, right: Value) -> Share:
    """Whether two values are the same as a whole. Inside a list a blank cell equals only a blank cell."""
    if isinstance(left, list) and isinstance(right, list):
        if len(left) != len(right):
            return NO
        return conjunction(equal(one, other) for one, other in zip(left, right, strict=True)) or NO
    if isinstance(left, dict) and isinstance(right, dict):
        if left.keys() != right.keys():
            return NO
        return conjunction(equal(left[key], right[key]) for key in left) or NO
    if isinstance(left, Share) or isinstance(right, Share):
        one, other = _ends(left), _ends(right)
        if one is None or other is None:
            return NO
        (a, b), (c, d) = one, other
        if b < c or d < a:
            return NO
        return YES if a == b == c == d else PERSON
    if isinstance(left, (int, Fraction, float)) and isinstance(right, (int, Fraction, float)):
        return YES if close(left, right) else NO
    return YES if left == right and type(left) is type(right) else NO


def contains(container: Value, item: Value) -> Truth:
    """Whether an item is in a list (by `equal`), a text in a text, or a key in a record.

    Raises:
        EvaluationError: the container is none of these.
    """
    if isinstance(container, list):
        return disjunction(equal(item, cell) for cell in container)
    if isinstance(container, (str, dict)) and isinstance(item, str):
        return YES if item in container else NO
    raise EvaluationError(f"“in” needs a list on its right, not {kind(container)}.")


def ordered(op: str, left: Value, right: Value) -> Share:
    """`<`, `<=`, `>` or `>=` for two single values that are not blank.

    Raises:
        EvaluationError: they have no order (lists, records, a text and a number).
    """
    if op in (">", ">="):
        return ordered("<" if op == ">" else "<=", right, left)
    if op == "<=":
        return negation(ordered("<", right, left)) or NO
    if isinstance(left, str) and isinstance(right, str):
        return YES if left < right else NO
    one, other = _ends(left), _ends(right)
    if one is None or other is None:
        raise EvaluationError(f"{kind(left).capitalize()} and {kind(right)} have no order.")
    (a, b), (c, d) = one, other
    if b < c and not close(b, c):
        return YES
    return NO if a >= d or close(a, d) else PERSON


def _ends(value: Value) -> tuple[int | Fraction | float, int | Fraction | float] | None:
    if isinstance(value, Share):
        return value.lo, value.hi
    if isinstance(value, (int, Fraction, float)):
        return value, value
    return None
