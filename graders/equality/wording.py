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
    """“At x = 2 yours is 3, but should be 4.”, with as many digits as it takes to see it."""
    for digits in (6, 15, 40):
        yours, theirs = _text(outcome.answer, digits), _text(outcome.reference, digits)
        if yours != theirs:
            return _other(point, yours, theirs)
    both, where = _text(outcome.answer, 6), _where(point)
    if not where:
        return f"Both are {both}, and differ only after 40 digits."
    return f"At {where} both are {both}, and differ only after 40 digits."


def undefined(point: Mapping[str, Coordinate], outcome: Outcome) -> str:
    """“At w = -2 yours is not defined, but should be 4.”"""
    return _other(point, _text(outcome.answer, 6), _text(outcome.reference, 6))


def holds_where(place: str, mine: bool) -> str:
    """“At x = 3 yours holds, but should not.”, or the other way round."""
    return f"At {place} yours holds, but should not." if mine else f"At {place} yours does not hold, but should."


def goes_other_way(where: str, start: str, end: str, changes: tuple[str, str], *, rises: bool) -> str:
    """“At y = 3 yours falls where it should rise: from w = 1 to w = 2 it changes by -3, the solution by 2.”

    `where` is what stays the same; empty for nothing.
    """
    if len(where) > LONGEST:
        where = "a point tried"
    if len(start) + len(end) > LONGEST:
        start, end = "one point tried", "another one"
    yours, theirs = changes
    if where and rises:
        return (
            f"At {where} yours rises where it should fall: from {start} to {end} it changes by {yours}, "
            f"the solution by {theirs}."
        )
    if where:
        return (
            f"At {where} yours falls where it should rise: from {start} to {end} it changes by {yours}, "
            f"the solution by {theirs}."
        )
    if rises:
        return (
            f"Yours rises where it should fall: from {start} to {end} it changes by {yours}, the solution by {theirs}."
        )
    return f"Yours falls where it should rise: from {start} to {end} it changes by {yours}, the solution by {theirs}."


def _other(point: Mapping[str, Coordinate], yours: str, theirs: str) -> str:
    where = _where(point)
    if not where:
        return f"Yours is {yours}, but should be {theirs}."
    return f"At {where} yours is {yours}, but should be {theirs}."


def _where(point: Mapping[str, Coordinate]) -> str:
    shown = coordinates(point)
    return shown if len(shown) <= LONGEST else "a point tried"


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
