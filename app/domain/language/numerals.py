"""Numbers as they are written: digits, decimal signs, thousands signs."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final, Literal, TypeAlias

from app.domain.language.errors import quote
from app.domain.language.limits import Limits

Decimal: TypeAlias = Literal[".", ",", "ask"]
"""The decimal sign of the quiz's locale; `ask` takes both, but not what may be a thousands sign (`1,001`)."""

_WRITTEN: Final = re.compile(r"[0-9.,]+(?:[eE][+-]?[0-9]+)?")
_GROUPED: Final = re.compile(r"[1-9][0-9]{0,2}([.,][0-9]{3})+")

SMALL: Final = {str(number): Fraction(number) for number in range(1000)}
"""Whole numbers as they are mostly written."""
FRACTIONS: Final = {
    "¼": (1, 4),
    "½": (1, 2),
    "¾": (3, 4),
    "⅓": (1, 3),
    "⅔": (2, 3),
    "⅐": (1, 7),
    "⅑": (1, 9),
    "⅒": (1, 10),
    "⅕": (1, 5),
    "⅖": (2, 5),
    "⅗": (3, 5),
    "⅘": (4, 5),
    "⅙": (1, 6),
    "⅚": (5, 6),
    "⅛": (1, 8),
    "⅜": (3, 8),
    "⅝": (5, 8),
    "⅞": (7, 8),
}
"""Fractions in one character: above and below the line."""


def value_of(written: str, limits: Limits) -> Fraction | str:
    """The exact value of a number with at most one ".", or a sentence that says why it is too large."""
    mantissa, power = _split(written)
    if len(mantissa) - mantissa.count(".") > limits.digits:
        return f"This number has too many digits; at most {limits.digits} can be read."
    exponent = 0
    if power:
        bare = power.lstrip("+-").lstrip("0")
        if len(bare) > 6 or int(bare or "0") > limits.exponent:
            return f"The exponent of {quote(written)} is too large; at most {limits.exponent} can be used."
        exponent = int(power)
    whole, _, decimals = mantissa.partition(".")
    digits = int(whole + decimals)
    exponent -= len(decimals)
    return Fraction(digits * 10**exponent) if exponent >= 0 else Fraction(digits, 10**-exponent)


def plain_decimal(written: str, decimal: Decimal) -> tuple[str, str]:
    """What was written, with "." as its only decimal sign, and a question when that would be guessing.

    Exactly one of the two is not empty. `written` is made of digits, "." and ",", perhaps with an exponent.
    """
    if not _WRITTEN.fullmatch(written):
        return "", f"{quote(written)} cannot be read as one number."
    mantissa, power = _split(written)
    tail = f"e{power}" if power else ""
    signs = [letter for letter in mantissa if letter in ".,"]
    if not signs:
        return mantissa + tail, ""
    if len(signs) > 1:
        return "", _several(written, mantissa, signs, "." if decimal == "ask" else decimal)
    head, decimals = re.split("[.,]", mantissa)
    grouped = bool(_GROUPED.fullmatch(mantissa))
    if not decimals and head:
        return head + tail, ""
    if signs[0] == decimal or (decimal == "ask" and not grouped):
        return f"{head}.{decimals}{tail}", ""
    own = "." if decimal == "ask" else decimal
    if grouped:
        as_decimal = f"{head}{own}{decimals}" if decimal != "ask" else f"{head}{own}{decimals}0"
        whole = f"{head}{decimals}"
        return "", f"Is {quote(mantissa)} the whole number {whole} or {as_decimal}? Write the one you mean."
    if decimals == "5" and head == "1":
        return "", f"Is {quote(mantissa)} one and a half? Write 1{own}5."
    return "", f"Is {quote(mantissa)} a decimal number? Write {head or '0'}{own}{decimals}."


def _several(written: str, mantissa: str, signs: list[str], own: str) -> str:
    """The question for a number with several decimal or thousands signs."""
    whole, decimals = mantissa, ""
    if len(set(signs)) == 2 and signs.count(signs[-1]) == 1:
        whole, _, decimals = mantissa.rpartition(signs[-1])
    if _GROUPED.fullmatch(whole):
        meant = re.sub("[.,]", "", whole) + (own + decimals if decimals else "")
        return f"Write {quote(written)} without thousands signs: {meant}."
    return f"{quote(written)} cannot be read as one number; write at most one decimal sign."


def _split(written: str) -> tuple[str, str]:
    """Mantissa and exponent."""
    mantissa, _, power = written.lower().partition("e")
    return mantissa, power
