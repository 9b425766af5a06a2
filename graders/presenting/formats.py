"""How the value of `@{expression:format}` is written, in running text, in mathematics and in code."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from typing import Literal, TypeAlias

from app.domain.values import Value
from graders.evaluation.display import value_latex, value_text

Place: TypeAlias = Literal["text", "math", "code"]

_DECIMALS = re.compile(r"\.(\d)f")
_ROUNDED = re.compile(r"\\text\{(-?\d+(?:\.\d+)?)\}")
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~$#&])")

FORMATS = {
    "text": "as in running text",
    "tex": "as in mathematics",
    "col": "vectors as columns",
    "paren": "numbers below zero and fractions in brackets",
    "signed": "numbers with their sign and a space, to be appended",
    "raw": "text as it stands, Markdown and TeX included",
    ".3f": "a decimal with that many places (0 to 9)",
}
"""The formats and what they do; `.3f` stands for all of its kind."""


def known_format(name: str) -> bool:
    """Whether there is a format of that name; none at all is one."""
    return not name or name in FORMATS or bool(_DECIMALS.fullmatch(name))


def written(value: Value, name: str, place: Place) -> str:
    """The value in a known format at that place."""
    decimals = _DECIMALS.fullmatch(name)
    if decimals:
        places = int(decimals[1])
        value = _each(value, lambda number: fixed(number, places))
        return _rounded_latex(value) if place == "math" else value_text(value)
    if name == "raw" and isinstance(value, str):
        return value
    if name in ("signed", "paren") and isinstance(value, (int, Fraction, float)) and not isinstance(value, bool):
        if name == "signed":
            return ("- " if value < 0 else "+ ") + written(abs(value), "", place)
        inner = written(value, "", place)
        return f"({inner})" if value < 0 or isinstance(value, Fraction) else inner
    if name == "tex" or (place == "math" and name != "text"):
        return value_latex(value, column=name == "col")
    text = value_text(value)
    return text if place == "code" or not _has_text(value) else _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def fixed(number: int | Fraction | float, places: int) -> str:
    """A decimal with exactly that many places, rounded half to even from the exact value; never −0."""
    scaled = round(Fraction(number) * 10**places)
    digits = str(abs(scaled)).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if scaled < 0 else text


def _has_text(value: Value) -> bool:
    """Whether some of it is an author's text, in which Markdown's signs mean themselves."""
    if isinstance(value, list):
        return any(_has_text(item) for item in value)
    return isinstance(value, (str, dict))


def _each(value: Value, change: Callable[[int | Fraction | float], str]) -> Value:
    """The value with every number in it changed."""
    if isinstance(value, list):
        return [_each(item, change) for item in value]
    if isinstance(value, (int, Fraction, float)) and not isinstance(value, bool):
        return change(value)
    return value


def _rounded_latex(value: Value) -> str:
    """LaTeX of a value whose numbers have become text: they stand as numbers, not as words."""
    return _ROUNDED.sub(r"\1", value_latex(value))
