"""Reads the value a figure is `of`: typed pieces, or one sentence saying what was expected."""

from __future__ import annotations

import math
from fractions import Fraction

from app.domain.values import Value
from graders.evaluation.display import number_text
from graders.presenting.figures.canvas import DrawingError

MOST_CELLS = 40
MOST_TEXT = 60
LARGEST = 10**12


def record(value: Value, what: str, known: tuple[str, ...], needed: tuple[str, ...] = ()) -> dict[str, Value]:
    """A record with no other keys than the known ones."""
    if not isinstance(value, dict):
        raise DrawingError(f"{what} needs a record such as {{'{known[0]}': …}}.")
    for key in value:
        if key not in known:
            raise DrawingError(f"{what} does not know `{key}`; it knows {', '.join(known)}.")
    for key in needed:
        if value.get(key) is None:
            raise DrawingError(f"{what} needs `{key}`.")
    return value


def items(value: Value, what: str, most: int = MOST_CELLS) -> list[Value]:
    """A list with at least one element and at most `most`."""
    if not isinstance(value, list) or not value:
        raise DrawingError(f"{what} must be a list with something in it.")
    if len(value) > most:
        raise DrawingError(f"{what} has {len(value)} elements; a figure shows at most {most}.")
    return value


def rows(value: Value, what: str) -> list[list[Value]]:
    """A matrix: rows of equal length. A plain list is one row."""
    outer = items(value, what)
    if not any(isinstance(item, list) for item in outer):
        return [outer]
    found = [items(item, f"Each row of {what[0].lower()}{what[1:]}") for item in outer]
    if len({len(row) for row in found}) > 1:
        raise DrawingError(f"The rows of {what[0].lower()}{what[1:]} have different lengths.")
    return found


def count(value: Value, what: str, least: int = 0, most: int = 10**9) -> int:
    """A whole number within bounds."""
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise DrawingError(f"{what} must be a whole number from {least} to {most}.")
    return value


def real(value: Value, what: str) -> float:
    """A number that a drawing can show: finite, and not beyond ±10¹²."""
    if isinstance(value, bool) or not isinstance(value, (int, Fraction, float)):
        raise DrawingError(f"{what} must be a number.")
    if isinstance(value, float) and not math.isfinite(value):
        raise DrawingError(f"{what} must be a finite number.")
    if not -LARGEST <= value <= LARGEST:
        raise DrawingError(f"{what} is beyond ±10¹²; a figure cannot show it.")
    return float(value)


def pair(value: Value, what: str) -> tuple[float, float]:
    """Two numbers, such as the place [x, y] of a point."""
    if not isinstance(value, list) or len(value) != 2:
        raise DrawingError(f"{what} is two numbers, as in [1, 2].")
    return real(value[0], what), real(value[1], what)


def switch(value: Value, what: str) -> bool:
    """True or false; nothing at all is false."""
    if value is not None and not isinstance(value, bool):
        raise DrawingError(f"{what} is true or false.")
    return bool(value)


def text(value: Value, what: str) -> str:
    """What is written in one place: a text, a number, or nothing for a blank. Minus signs are set as such."""
    if value is None:
        return ""
    if isinstance(value, (int, Fraction, float)):
        return number_text(value).replace("-", "−")
    if isinstance(value, str):
        if len(value) > MOST_TEXT:
            raise DrawingError(f"{what} is longer than {MOST_TEXT} characters.")
        return value
    raise DrawingError(f"{what} must be a text or a number.")


def texts(value: Value, what: str, length: int | None = None) -> list[str]:
    """A list of texts, of a given length if one is given; nothing at all is no labels."""
    if value is None:
        return []
    found = [text(item, f"Each of {what[0].lower()}{what[1:]}") for item in items(value, what)]
    if length is not None and len(found) != length:
        raise DrawingError(f"{what} must have {length} elements, not {len(found)}.")
    return found


def tuple_text(value: Value, what: str) -> str:
    """A size: `[11, 11]` as 11 × 11, a text or number as it is."""
    if isinstance(value, list):
        return " × ".join(texts(value, what))
    return text(value, what)
