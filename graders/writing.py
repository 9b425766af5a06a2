"""Values as a student would type them."""

from __future__ import annotations

from fractions import Fraction

from app.domain.answers import Raw
from app.domain.values import Value


def written(value: Value) -> Raw:
    """The raw answer that reads as this value: text for a cell, lists of it for arrays, "" for blank."""
    if isinstance(value, list):
        return [written(item) for item in value]
    if value is None:
        return ""
    if isinstance(value, (int, Fraction)):
        return str(Fraction(value))
    return repr(value) if isinstance(value, float) else str(value)
