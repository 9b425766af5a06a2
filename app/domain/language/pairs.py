"""Commas between digits within brackets: `(-4,2)` is a vector of two numbers, or one number in brackets."""

from __future__ import annotations

from collections.abc import Sequence as Row
from typing import Final

from app.domain.language import doubts
from app.domain.language.operands import POWER_SIGNS
from app.domain.language.tokens import Token

_BEFORE: Final = frozenset(["-", "+", "=", ",", "[", "("])
"""What may stand before a bracket that is a vector for itself."""
_BEHIND: Final = frozenset(["", "⊤", "'", "^", "**", ".", ",", "]", ")", "="])


def within(tokens: Row[Token], place: int) -> int:
    """Where the bracket closes that opens before a place, if it holds nothing but numbers and at least one comma
    directly between two of them; else 0.
    """
    commas, end = 0, place
    while tokens[end].text != ")":
        token, before = tokens[end], tokens[end - 1]
        if token.kind not in ("number", "op") or (token.kind == "op" and token.text not in (",", "+", "-")):
            return 0
        glued = token.text == "," and before.kind == "number" and not token.gap
        commas += glued and tokens[end + 1].kind == "number" and not tokens[end + 1].gap
        end += 1
    return end if commas else 0


def doubted(tokens: Row[Token], place: int, end: int, typed: str) -> str:
    """What is asked of numbers in brackets between two places, where a comma is no decimal sign: two of them that stand
    for themselves are a vector, as a factor the comma may be meant as a decimal sign; empty where there is no doubt.
    """
    if sum(token.text == "," for token in tokens[place:end]) != 1:
        return ""
    before, behind = tokens[place - 2].text if place > 1 else "=", tokens[end + 1].text
    if before in _BEFORE and behind in _BEHIND:
        return ""
    return doubts.comma(typed.replace(",", "."), f"[{typed.replace(',', ', ')}]", typed)


def asked(tokens: Row[Token], place: int, typed: str, opener: Token) -> str:
    """What is asked of a number in the brackets that were read up to a place, where a comma is a decimal sign: such
    brackets are for several values; empty where there is no doubt.
    """
    first = next(number for number, token in enumerate(tokens) if token.start >= opener.start)
    before = tokens[first - 1].text if first else ""
    alone = tokens[place].kind == "end" and before in ("", "=")
    if "," not in typed or before in POWER_SIGNS or before == "_" or (opener.text == "(" and not alone):
        return ""
    brackets = {"(": "()", "[": "[]"}.get(opener.text, "{}")
    return doubts.comma(typed, f"{brackets[0]}{typed.replace(',', ', ')}{brackets[1]}")
