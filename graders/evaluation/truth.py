"""Three-valued truth: a value as a share in [0, 1] or blank, and what `and`, `or` and `not` do with it."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from app.domain.values import Share, Symbolic, Value
from graders.evaluation.display import number_text
from graders.evaluation.errors import EvaluationError

Truth = Share | None
"""None is blank."""

NO = Share(Fraction(0), Fraction(0))
YES = Share(Fraction(1), Fraction(1))


def truth(value: Value) -> Truth:
    """The value as a truth: booleans, shares, and numbers in [0, 1].

    Raises:
        EvaluationError: the value is neither true nor false.
    """
    if value is True:
        return YES
    if value is False:
        return NO
    if value is None or isinstance(value, Share):
        return value
    if isinstance(value, (int, Fraction, float)):
        if 0 <= value <= 1:
            return Share(Fraction(value), Fraction(value))
        says = f"The number {number_text(value)} is neither true nor false; a share lies between 0 and 1."
        raise EvaluationError(says)
    if isinstance(value, list):
        raise EvaluationError("A list is neither true nor false; use any(…) or all(…).")
    if isinstance(value, Symbolic):
        raise EvaluationError(f"The formula {value.source[:40]} has free symbols; it is neither true nor false.")
    raise EvaluationError(f"A {'text' if isinstance(value, str) else 'record'} is neither true nor false.")


def plain(share: Truth) -> None | bool | Share:
    """A truth as a value: True and False where it is one of them, else the share itself."""
    if share is not None and share.lo == share.hi and share.lo in (0, 1):
        return share.lo == 1
    return share


def negation(share: Truth) -> Truth:
    """1 − x; blank stays blank."""
    return None if share is None else Share(1 - share.hi, 1 - share.lo)


def conjunction(shares: Iterable[Truth]) -> Truth:
    """The least of all: certainly false if one is, else blank if one is blank."""
    lo = hi = Fraction(1)
    blank = False
    for share in shares:
        if share is None:
            blank = True
        else:
            lo, hi = min(lo, share.lo), min(hi, share.hi)
    return None if blank and hi > 0 else Share(lo, hi)


def disjunction(shares: Iterable[Truth]) -> Truth:
    """The greatest of those that are not blank; blank if all are, false if there are none."""
    lo = hi = Fraction(0)
    blank = False
    decided = False
    for share in shares:
        if share is None:
            blank = True
        else:
            decided = True
            lo, hi = max(lo, share.lo), max(hi, share.hi)
    return None if blank and not decided else Share(lo, hi)


def hull(one: Truth, other: Truth) -> Truth:
    """The smallest interval around both; a blank counts as nothing earned, two blanks are blank."""
    if one is None and other is None:
        return None
    one, other = one or NO, other or NO
    return Share(min(one.lo, other.lo), max(one.hi, other.hi))
