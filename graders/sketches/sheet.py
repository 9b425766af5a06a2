"""The sheet of a sketch, made from the cells of its field: axes round the data, and what is given on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction

from pydantic import ValidationError

from app.domain.sketch_frames import FARTHEST, MOST_GIVEN, Side, SketchFrame
from app.domain.values import Symbolic, Value
from graders.evaluation.errors import EvaluationError
from graders.sketches.arrows import Vector, vector

MARGIN = Fraction(1, 10)
LEAST_RATIO, LARGEST_RATIO = Fraction(2, 5), Fraction(5, 2)


def places(value: Value, what: str) -> list[Vector]:
    """A list of points out of a cell; none if it is missing.

    Raises:
        EvaluationError: it is no list of points.
    """
    if value is None:
        return []
    found = [vector(item) for item in value] if isinstance(value, list) else [None]
    if len(found) > MOST_GIVEN:
        raise EvaluationError(f"{what} of a sketch are at most {MOST_GIVEN}.")
    kept = [one for one in found if one is not None and abs(one[0]) <= FARTHEST and abs(one[1]) <= FARTHEST]
    if len(kept) < len(found):
        raise EvaluationError(f"{what} of a sketch are a list of points [x, y].")
    return kept


def names(value: Value) -> tuple[str, ...]:
    """A list of names out of a cell."""
    listed = value if isinstance(value, list) else [] if value is None else [value]
    return tuple(one.source if isinstance(one, Symbolic) else str(one) for one in listed)


def side(label: str, given: Value, held: Sequence[Fraction], what: str) -> Side:
    """An axis over the given range, or a little beyond what it has to hold.

    Raises:
        EvaluationError: the range is none, or it leaves out a point.
    """
    if given is None:
        low, high = (min(held), max(held)) if held else (Fraction(0), Fraction(1))
        room = MARGIN * (high - low) or Fraction(1)
        low, high = low - room, high + room
    else:
        ends = vector(given)
        if ends is None or ends[0] >= ends[1]:
            raise EvaluationError(f"`{what}` of a sketch is [low, high].")
        low, high = ends
        if any(not low <= one <= high for one in held):
            raise EvaluationError(f"`{what}` of a sketch leaves out a point.")
    return Side(label=label, low=math.floor(low * 1000) / 1000, high=math.ceil(high * 1000) / 1000)


def square(x: Side, y: Side) -> tuple[Side, Side]:
    """The same axes, the shorter one made longer on both ends until the sheet is no strip."""
    wide, high = x.high - x.low, y.high - y.low
    if high < wide * float(LEAST_RATIO):
        return x, _wider(y, wide * float(LEAST_RATIO))
    if high > wide * float(LARGEST_RATIO):
        return _wider(x, high / float(LARGEST_RATIO)), y
    return x, y


def _wider(one: Side, size: float) -> Side:
    middle = (one.low + one.high) / 2
    return Side(label=one.label, low=round(middle - size / 2, 3), high=round(middle + size / 2, 3))


def frame(
    kind: str,
    asked: tuple[str, ...],
    axes: tuple[Side, Side],
    points: Sequence[Vector],
    labels: Sequence[str],
    starts: Sequence[Vector],
) -> SketchFrame:
    """The frame of a sketch.

    Raises:
        EvaluationError: labels or starts do not go with the rest.
    """
    try:
        return SketchFrame.model_validate(
            {
                "draw": kind,
                "names": asked,
                "x": axes[0],
                "y": axes[1],
                "points": [(float(x), float(y)) for x, y in points],
                "labels": tuple(labels),
                "starts": [(float(x), float(y)) for x, y in starts],
            }
        )
    except ValidationError as error:
        raise EvaluationError(f"This sketch cannot be drawn: {error.errors()[0]['msg']}.") from None
