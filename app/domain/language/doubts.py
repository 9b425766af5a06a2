"""Questions back: what could mean two things is never guessed, the two ways to write it are shown."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Final, TypeAlias

from app.domain.language.errors import quote
from app.domain.language.functions import ALIASES, STUDENT_FUNCTIONS
from app.domain.language.tokens import OPENERS, Token

Ways: TypeAlias = tuple[str, str]
"""The two readings of a text, each as it would be written clearly."""

NO_DIVISOR: Final = "Nothing can be divided by a vector or matrix; write ./ for a division cell by cell, or inv(…)."
_SIGNS: Final = frozenset(["+", "-", "*", "/", "**", "^", "%"])
_ENDS: Final = frozenset([",", ";", ")", "]", "}", "=", "==", ":"])
_NAMES: Final = "|".join(sorted(STUDENT_FUNCTIONS | ALIASES.keys(), key=len, reverse=True))
_BARE: Final = re.compile(rf"\b({_NAMES})\s+([A-Za-z0-9_.]+)")


def end_of_term(tokens: Sequence[Token], place: int, barred: bool) -> int:
    """Where the product that goes on at `tokens[place]` ends; at a bar if one is open (`barred`)."""
    depth = 0
    bars: set[str] = set()
    end = tokens[place].start
    for before, token in itertools.pairwise(tokens[place - 1 :]):
        if depth == 0 and (token.text in _ENDS or (barred and token.text == "|")):
            break
        if depth == 0 and token.text in ("+", "-") and before.text not in _SIGNS:
            break
        if token.text == "‖" or (token.text == "|" and not barred):
            depth += 1 if token.text not in bars else -1
            bars ^= {token.text}
        depth += (token.text in OPENERS) - (token.text in (")", "]", "}"))
        end = max(end, token.end) if token.kind != "end" else end
    return end


def division(left: str, divisor: str, rest: str) -> Ways:
    """`1/2x`: does the x belong to the divisor?"""
    return f"{left}/({divisor}{rest})", f"({left}/{divisor}){rest}"


def exponent(base: str, power: str, rest: str) -> Ways:
    """`e^2x`: does the x belong to the exponent?"""
    return f"{base}^({power}{rest})", f"({base}^{power}){rest}"


def application(name: str, argument: str, rest: str) -> Ways:
    """`log x/2`: what is the logarithm taken of?"""
    tail = _BARE.sub(r"\1(\2)", rest.strip())
    glue = "*" if tail[:1].isalpha() or tail[:1].isdecimal() else ""
    return f"{name}({argument}{glue}{tail})", f"{name}({argument}){glue}{tail}"


def comma(number: str, listed: str, typed: str = "") -> str:
    """`[1,2]` where a comma is a decimal sign: does it separate?"""
    ways = f"{number} or {listed}"
    return f"Is {quote(typed or number)} one number or two? Write {ways}."


def entries(decimal: str) -> str:
    """The sentence for entries without a sign between them."""
    if decimal == ".":
        return "Write commas between the entries, as in [1, 2] or [1, 2; 3, 4]."
    return "Write a comma and a space between the entries, as in [1, 2] or [1, 2; 3, 4]."


def root(argument: str, rest: str) -> Ways:
    """`√2x`: what is under the root?"""
    return f"√({argument}{rest})", f"(√{argument}){rest}"


def scientific(written: str, symbol: str) -> Ways:
    """`2e3` where e is a symbol."""
    mantissa, _, power = written.lower().partition("e")
    product = f"{mantissa}*{symbol}{power}" if power[:1] in ("+", "-") else f"{mantissa}*{symbol}*{power}"
    return f"{mantissa}*10^{power}", product


def question(typed: str, ways: Ways) -> str:
    """The sentence for a text with two readings."""
    first, second = (quote(way, 60)[1:-1] for way in ways)
    return f"{quote(typed)} can be read in two ways. Write {first} or {second}."


def raised(name: str, power: str) -> str:
    """`log²(x)`: the square of the logarithm, or the logarithm of the logarithm, or an inverse?"""
    meant = f"{name}(x)^{power if power.isdigit() else f'({power})'}"
    return f"{quote(f'{name}^{power}')} could mean several things. Write {meant} for a power of the value."


def bars(text: str) -> str:
    """`|a|b|c|`: which bars belong together?"""
    return f"In {quote(text)} it is not clear which bars belong together. Write abs(…) for each absolute value."
