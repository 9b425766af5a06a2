"""Fuel and size limits: how much one evaluation may compute, counted in steps and never in seconds."""

from __future__ import annotations

import math
from fractions import Fraction

from app.domain.values import Share, Symbolic, Value
from graders.evaluation.errors import EvaluationError, OutOfFuel

DEFAULT_STEPS = 1_000_000
"""Enough for every question by two orders of magnitude, and about a second of the slowest machine at most."""

MAX_BITS = 4096
MAX_ELEMENTS = 100_000
MAX_DEPTH = 8
MAX_TEXT = 20_000


class Fuel:
    """A counter of steps. Spending more than there is raises `OutOfFuel`."""

    __slots__ = ("left", "steps")

    def __init__(self, steps: int = DEFAULT_STEPS) -> None:
        self.steps = steps
        self.left = steps

    def refill(self) -> None:
        """Begin anew, for another answer that is computed with what is known already."""
        self.left = self.steps

    def spend(self, steps: int = 1) -> None:
        """Take `steps` away; what is overspent stays overspent, so that the next spending fails too."""
        self.left -= steps
        if self.left < 0:
            raise OutOfFuel(f"This calculation needs more than the {self.steps} steps it may take.")


def bits(number: int | Fraction | float) -> int:
    """The size of a number in bits; 0 for a float."""
    if isinstance(number, float):
        return 0
    return number.numerator.bit_length() + number.denominator.bit_length() - 1


def check_number(number: int | Fraction | float) -> None:
    """Refuse what may not leave a calculation: infinite, undefined, or too long.

    Raises:
        EvaluationError: one sentence saying which.
    """
    if isinstance(number, float):
        if math.isinf(number):
            raise EvaluationError("The result is too large.")
        if math.isnan(number):
            raise EvaluationError("The result is not a number.")
    elif number.numerator.bit_length() > MAX_BITS or number.denominator.bit_length() > MAX_BITS:
        raise EvaluationError("The result has too many digits.")


def check_length(elements: int) -> None:
    """Refuse a list of more than `MAX_ELEMENTS` elements before it is built."""
    if elements > MAX_ELEMENTS:
        raise EvaluationError(f"A list may have at most {MAX_ELEMENTS} elements.")


def weight(value: Value) -> int:
    """The size of an admitted value in steps: one per element, and more for long numbers and texts."""
    if isinstance(value, list):
        return 1 + sum(weight(item) for item in value)
    if isinstance(value, dict):
        return 1 + sum(weight(item) for item in value.values())
    if isinstance(value, (int, Fraction)):
        return 1 + (bits(value) >> 6)
    if isinstance(value, Symbolic):
        return 1 + (len(value.source) >> 2)
    return 1 + (len(value) >> 6) if isinstance(value, str) else 1


def admit(value: object, fuel: Fuel) -> None:
    """Check a new value and charge for it: sizes, depth, finite numbers, types of the value model.

    Raises:
        EvaluationError: the value may not leave the calculation.
    """
    _admit(value, fuel, 0, 0)


def _admit(value: object, fuel: Fuel, count: int, depth: int) -> int:
    count += 1
    if count > MAX_ELEMENTS:
        raise EvaluationError(f"A list may have at most {MAX_ELEMENTS} elements.")
    if isinstance(value, (list, dict)):
        if depth >= MAX_DEPTH:
            raise EvaluationError(f"Lists may be nested at most {MAX_DEPTH} deep.")
        fuel.spend()
        for item in value if isinstance(value, list) else value.values():
            count = _admit(item, fuel, count, depth + 1)
    elif isinstance(value, (int, Fraction, float)):
        check_number(value)
        fuel.spend(1 + (bits(value) >> 6))
    elif isinstance(value, str):
        if len(value) > MAX_TEXT:
            raise EvaluationError(f"A text may have at most {MAX_TEXT} characters.")
        fuel.spend(1 + (len(value) >> 6))
    elif isinstance(value, Symbolic):
        fuel.spend(1 + len(value.source))
    elif value is None or isinstance(value, Share):
        fuel.spend()
    else:
        raise TypeError(f"{type(value).__name__} is no value of the question language")
    return count
