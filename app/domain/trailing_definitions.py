"""Formulas with remarks behind them: `sum_i s_i^2, s_i = w^T x_i`, `diag(1, ..., N)  (N x N)`, `z/λ, z ~ Exp(1)`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from app.domain.language.limits import STUDENT
from app.domain.symbols import Symbol

_BEFORE: Final = re.compile(
    r"^(?P<formula>.*\S)\s*(?:[,;:]\s*(?:where|with|mit|wobei)?|(?<=[\s)\]}])(?:where|with|mit|wobei))\s*"
    r"(?P<letter>\\?[^\W\d_]{1,12})(?:_(?:\{(?P<below>\w{1,8})\}|(?P<index>\w{1,8})))?\s*:?$",
    re.DOTALL,
)
"""A formula, a separator, and the name that is defined."""
_SIZE: Final = re.compile(r"(?<=[\w)\]}])\s+\(\s*\w{1,3}\s+[xX]\s+\w{1,3}\s*\)\s*$")
"""The size of a matrix behind it; no product has an x with spaces around it."""
_DRAWN: Final = re.compile(
    r"^(?P<formula>.*\S)\s*(?:[,;:(]\s*(?:\\q?quad)?\s*(?:where|with|mit|wobei)?|(?<=[\s)\]}])(?:where|with|mit|wobei))\s*"
    r"(?P<name>[^\W\d_]\w{0,8})\s*(?:~|∼|\\sim)\s*(?:\\(?:mathrm|text|mathcal|operatorname)\s*)?\{?"
    r"(?P<law>[A-Za-z]{1,12})\}?\s*[(\[](?P<of>[^()\[\]]{1,12})[)\]]\s*\)?\s*\.?$",
    re.DOTALL,
)
"""A formula, and the distribution of a variable in it."""
_LAWS: Final = {"unit": (("u", "unif", "uniform"), "0,1"), "positive": (("exp", "exponential", "expo"), "1")}
"""Domain of a symbol → the distribution without parameters that it has, by name and by its numbers."""
_D: Final = r"(?:d|∂|\\partial|\\mathrm\{d\})\s*(?:\\math\w+\s*)?\\?[^\W\d_]\w*(?:_?\{[^{}]{0,12}\})?"
_QUOTIENT: Final = rf"(?:\\d?frac\s*\{{\s*{_D}\s*\}}\s*\{{\s*{_D}\s*\}}|{_D}\s*/\s*{_D})"
_CHAIN: Final = re.compile(rf"\s*{_QUOTIENT}(?:\s*(?:(?:[*·×]|\\cdot|\\times)\s*)?{_QUOTIENT}){{0,5}}\s*")
"""A product of quotients of differentials."""
_TIMES: Final = r"\s*(?:(?:[*·]|\\cdot\b)\s*)?"  # in one way only, lest many gaps be split in all ways
_REPEATED: Final = re.compile(
    rf"\s*(?P<factor>(?!\\cdot\b)[^\s*·=.…]{{1,20}})(?:{_TIMES}(?P=factor))*{_TIMES}"
    rf"(?:…|⋯|···|\.\.\.|\\cdots|\\dots|\\ldots){_TIMES}(?P=factor)\s*"
)
"""`θ · θ · … · θ`: how often is said by another side."""
_NUMBER: Final = re.compile(r"[\s0-9.,…+-]*")
_MOST: Final = 4
_LONGEST: Final = 4 * STUDENT.length


def without_definitions(text: str) -> str:
    """The formula with every abbreviation that is defined behind it written out; any other text as it is.

    A range such as `i = 1..N` and a number (`N = 3`) define no abbreviation, and a name that does not occur in the
    formula none that matters.
    """
    found, written_out = text, text
    for _ in range(_MOST):
        place = _last_equals(found)
        before = _BEFORE.match(found[:place]) if place else None
        if before is None or len(found) > _LONGEST:
            return written_out
        meaning = found[place + 1 :].strip().rstrip(".").strip()
        letter, below = re.escape(before["letter"]), before["below"] or before["index"]
        name = rf"{letter}_(?:\{{{re.escape(below)}\}}|{re.escape(below)})" if below else letter
        used = re.compile(rf"(?<![^\W\d])(?<!\\)(?<!_{{){name}(?![\w{{'_])")
        if not meaning or _NUMBER.fullmatch(meaning) or ".." in meaning or _separated(meaning) or used.search(meaning):
            return written_out
        found, times = used.subn("(" + meaning.replace("\\", r"\\") + ")", before["formula"])
        if times:
            written_out = found
    return written_out


def without_remarks(text: str, symbols: Mapping[str, Symbol]) -> str:
    """The formula without its size or a standard distribution behind it; definitions are written out."""
    found = _SIZE.sub("", text) if text.rstrip().endswith(")") else text
    drawn = _DRAWN.match(found) if "~" in found or "∼" in found or "\\sim" in found else None
    if drawn is not None and drawn["name"] in symbols:
        laws, numbers = _LAWS.get(symbols[drawn["name"]].domain, ((), ""))
        if drawn["law"].lower() in laws and re.sub(r"[\s;]|\w+=", "", drawn["of"].replace(";", ",")) == numbers:
            found = drawn["formula"]
    return without_definitions(found) if "=" in found else found


def _last_equals(text: str) -> int:
    """Where the last sign "=" outside brackets stands; 0 if there is none."""
    depth = 0
    for place in range(len(text) - 1, 0, -1):
        sign = text[place]
        depth += (sign in ")]}") - (sign in "([{")
        if sign == "=" and not depth:
            return 0 if text[place - 1] in "<>!=" else place
    return 0


def _separated(text: str) -> bool:
    """Whether a comma, a semicolon or a comparison stands outside brackets."""
    depth = 0
    for sign in text:
        depth += (sign in "([{") - (sign in ")]}")
        if not depth and sign in ",;<>≤≥≠=":
            return True
    return False


def without_differentials(text: str) -> str:
    """The sides of an equation without those that only state the chain rule or repeat one factor: of
    `dL/da = dL/df * df/da = f - y` it is `f - y`; empty where there is no other side, as in `dL/df * df/da` alone.
    """
    if "=" not in text:
        return "" if _CHAIN.fullmatch(text) else text
    sides = text.split("=")
    others = [side for side in sides if not _CHAIN.fullmatch(side) and not _REPEATED.fullmatch(side)]
    return text if len(others) == len(sides) else "=".join(others).strip()
