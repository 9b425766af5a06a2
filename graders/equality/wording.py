"""The sentences that say at which point two formulas differ."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mpmath import libmp

from app.domain.language.latex_input import plain_spelling
from app.domain.symbols import Symbol
from graders.equality.pointwise import Outcome
from graders.equality.sampling import Coordinate
from graders.evaluation.balls import Ball
from graders.evaluation.display import number_text
from graders.evaluation.precise import Precise

LONGEST = 90
"""Characters of a point that can still be read."""
LONG = 400
"""Bits of a rational number beyond which it is shown rounded."""


def difference(point: Mapping[str, Coordinate], outcome: Outcome) -> str:
    """“At x = 2 yours is 3, the reference 4.”, with as many digits as it takes to see it."""
    for digits in (6, 15, 40):
        yours, theirs = _text(outcome.answer, digits), _text(outcome.reference, digits)
        if yours != theirs:
            return _sentence(point, f"yours is {yours}, the reference {theirs}.")
    return _sentence(point, f"both are {_text(outcome.answer, 6)}, and differ only after 40 digits.")


def undefined(point: Mapping[str, Coordinate], outcome: Outcome) -> str:
    """“At w = -2 yours is not defined, the reference is 4.”"""
    yours, theirs = _text(outcome.answer, 6), _text(outcome.reference, 6)
    return _sentence(point, f"yours is {yours}, the reference is {theirs}.")


def _sentence(point: Mapping[str, Coordinate], says: str) -> str:
    if not point:
        return says[0].upper() + says[1:]
    shown = coordinates(point)
    return f"At {shown if len(shown) <= LONGEST else 'a point tried'} {says}"


def as_declared(says: str, symbols: Mapping[str, Symbol]) -> str:
    """The sentence with symbols as students see and write them: “At S_{k-1} = 2 …”, not by their names in the file."""
    for name, symbol in symbols.items():
        seen = symbol.write or ("λ" if name == "lam" else "")
        if seen:
            written = plain_spelling(seen).strip() if "\\" in seen else seen
            says = re.sub(rf"(?<![\w{{]){re.escape(name)}(?= [=≈] )", written.replace("\\", r"\\"), says)
    return says


def coordinates(point: Mapping[str, Coordinate | Ball]) -> str:
    """“x = 2, y ≈ 1.41421”."""
    return ", ".join(
        f"{name} ≈ {_text(value, 6)}" if isinstance(value, Ball) else f"{name} = {_coordinate(value)}"
        for name, value in point.items()
    )


def _coordinate(value: Coordinate) -> str:
    return number_text(value) if isinstance(value, Fraction) else _pair(*map(number_text, value))


def _text(value: Precise | None, digits: int) -> str:
    if value is None:
        return "not defined"
    if isinstance(value, Fraction):
        if digits == 6 and value.numerator.bit_length() + value.denominator.bit_length() < LONG:
            return number_text(value)
        return _real(libmp.from_rational(value.numerator, value.denominator, 200, "n"), digits)
    if len(value.value) == 2:
        return _pair(*(_real(part, digits) for part in value.value))
    return _real(value.value, digits)


def _real(value: Any, digits: int) -> str:
    mantissa, _, power = str(libmp.to_str(value, digits)).partition("e")
    mantissa = mantissa.removesuffix(".0")
    return f"{mantissa}e{int(power)}" if power else mantissa


def _pair(real: str, imaginary: str) -> str:
    if imaginary == "0":
        return real
    sign = "-" if imaginary.startswith("-") else "+"
    return f"{real} {sign} {imaginary.lstrip('-')}i"
