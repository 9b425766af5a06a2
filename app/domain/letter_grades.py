"""Schemes that turn a total into a grade: letters (or numbers) with borders, or a scale such as 0 to 20. Exact."""

from __future__ import annotations

import math
from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from app.domain.errors import InvalidInput

MOST_BORDERS = 40
MOST_PERCENT = 200
PLACES = 4
"""Decimals of a border, in percent: few enough for a script to compare without rounding."""

Rounding: TypeAlias = Literal["half up", "up", "down"]
Exact = Annotated[Fraction, PlainSerializer(str, return_type=str)]


class Border(BaseModel):
    """A grade and the percentage from which on it is given."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    letter: Annotated[str, Field(min_length=1, max_length=20)]
    at: Annotated[Exact, Field(ge=0, le=MOST_PERCENT)]


class Letters(BaseModel):
    """A scheme. With borders, best first, the total is rounded to a multiple of `step` percent (0: not at all).

    Without borders it is a scale: the total times `most`, rounded to a multiple of `step`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    borders: Annotated[tuple[Border, ...], Field(max_length=MOST_BORDERS)] = ()
    most: Annotated[Exact, Field(gt=0, le=1000)] = Fraction(20)
    step: Annotated[Exact, Field(ge=0, le=100)] = Fraction(0)
    rounding: Rounding = "half up"

    @model_validator(mode="after")
    def _ordered(self) -> Letters:
        ats = [border.at for border in self.borders]
        if ats != sorted(set(ats), reverse=True):
            raise InvalidInput("Every grade begins below the one before it.")
        if ats and ats[-1] != 0:
            raise InvalidInput("The last grade begins at 0 %.")
        if len({border.letter for border in self.borders}) < len(ats):
            raise InvalidInput("Every grade has a name of its own.")
        if not ats and not self.step:
            raise InvalidInput("A scale needs a step to round to.")
        return self


def rounded(number: Fraction, step: Fraction, rounding: Rounding) -> Fraction:
    """The multiple of `step` that a number is rounded to; the number itself where there is no step."""
    if not step:
        return number
    steps = number / step
    if rounding == "up":
        return math.ceil(steps) * step
    return math.floor(steps + (Fraction(1, 2) if rounding == "half up" else 0)) * step


def percent_of(letters: Letters, total: Fraction) -> Fraction:
    """The percentage that is compared with the borders."""
    return rounded(100 * total, letters.step, letters.rounding)


def letter_of(letters: Letters, total: Fraction) -> str:
    """The grade of a total (1 is 100 %)."""
    if not letters.borders:
        return written(min(rounded(letters.most * total, letters.step, letters.rounding), _highest(letters, total)))
    percent = percent_of(letters, total)
    return next((one.letter for one in letters.borders if percent >= one.at), letters.borders[-1].letter)


def _highest(letters: Letters, total: Fraction) -> Fraction:
    """No rounding lifts a total over the end of the scale; a total beyond 100 % may lie beyond it."""
    return letters.most * max(total, Fraction(1))


def written(number: Fraction) -> str:
    """A number with as many decimals as it needs, at most two."""
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def counts(letters: Letters, totals: list[Fraction]) -> dict[str, int]:
    """How many totals earn which grade, best first: every grade that has a border, or every one that is earned."""
    found = dict.fromkeys((border.letter for border in letters.borders), 0)
    for total in sorted(totals, reverse=True):
        letter = letter_of(letters, total)
        found[letter] = found.get(letter, 0) + 1
    return found


def _bordered(*pairs: tuple[str, int]) -> Letters:
    return Letters(borders=tuple(Border(letter=letter, at=Fraction(at)) for letter, at in pairs))


PRESETS: Mapping[str, Letters] = {
    "german": _bordered(
        ("1.0", 95), ("1.3", 90), ("1.7", 85), ("2.0", 80), ("2.3", 75), ("2.7", 70), ("3.0", 65), ("3.3", 60),
        ("3.7", 55), ("4.0", 50), ("5.0", 0),
    ),
    "french": Letters(most=Fraction(20), step=Fraction(1, 2)),
    "letters": _bordered(("A", 90), ("B", 80), ("C", 70), ("D", 60), ("F", 0)),
    "plus": _bordered(
        ("A", 93), ("A−", 90), ("B+", 87), ("B", 83), ("B−", 80), ("C+", 77), ("C", 73), ("C−", 70),
        ("D+", 67), ("D", 63), ("D−", 60), ("F", 0),
    ),
    "pass": _bordered(("Pass", 50), ("Fail", 0)),
}  # fmt: skip
"""Schemes to begin with; every course moves its own borders."""
