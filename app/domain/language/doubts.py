"""Questions back: what could mean two things is never guessed, the two ways to write it are shown."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from app.domain.language.errors import quote
from app.domain.language.functions import ALIASES, STUDENT_FUNCTIONS
from app.domain.language.tokens import OPENERS, Token

_SIGNS: Final = frozenset(["+", "-", "*", "/", "**", "^", "%"])
_ENDS: Final = frozenset([",", ";", ")", "]", "}", "=", "|", "==", ":"])
_BARE: Final = re.compile(
    rf"\b({'|'.join(sorted(STUDENT_FUNCTIONS | ALIASES.keys(), key=len, reverse=True))})\s+([A-Za-z0-9_.]+)"
)


def end_of_term(tokens: Sequence[Token], place: int) -> int:
    """Where the product that goes on at `tokens[place]` ends, in the text."""
    depth = 0
    end = tokens[place].start
    for number in range(place, len(tokens)):
        token = tokens[number]
        if token.kind == "end" or (depth == 0 and token.text in _ENDS):
            break
        if depth == 0 and number > place and token.text in "+-" and tokens[number - 1].text not in _SIGNS:
            break
        depth += (token.text in OPENERS) - (token.text in (")", "]", "}"))
        end = token.end
    return end


def division(left: str, divisor: str, rest: str) -> str:
    """`1/2x`: does the x belong to the divisor?"""
    over, after = f"{left}/({divisor}{rest})", f"({left}/{divisor}){rest}"
    return _question(f"{left}/{divisor}{rest}", over, after)


def exponent(base: str, power: str, rest: str) -> str:
    """`e^2x`: does the x belong to the exponent?"""
    inside, after = f"{base}^({power}{rest})", f"({base}^{power}){rest}"
    return _question(f"{base}^{power}{rest}", inside, after)


def application(name: str, argument: str, rest: str) -> str:
    """`log x/2`: what is the logarithm taken of?"""
    tail = _BARE.sub(r"\1(\2)", rest.strip())
    glue = "*" if tail[:1].isalnum() else ""
    inside, after = f"{name}({argument}{glue}{tail})", f"{name}({argument}){glue}{tail}"
    return _question(
        f"{name} {argument}{' ' if rest[:1] == ' ' or glue else ''}{rest.strip()}", inside, after
    )


def root(argument: str, rest: str) -> str:
    """`√2x`: what is under the root?"""
    return _question(f"√{argument}{rest}", f"√({argument}{rest})", f"(√{argument}){rest}")


def raised(name: str, power: str) -> str:
    """`log²(x)`: the square of the logarithm, or the logarithm of the logarithm, or an inverse?"""
    raised = power if power.isdigit() else f"({power})"
    meant = f"{name}(x)^{raised}"
    return f"{quote(f'{name}^{power}')} could mean several things. Write {meant} for a power of the value."


def bars(text: str) -> str:
    """`|a|b|c|`: which bars belong together?"""
    return (
        f"In {quote(text)} it is not clear which bars belong together. Write abs(…) for each absolute value."
    )


def scientific(written: str, symbol: str) -> str:
    """`2e3` where e is a symbol."""
    mantissa, _, power = written.lower().partition("e")
    product = f"{mantissa}*{symbol}{power}" if power[:1] in "+-" else f"{mantissa}*{symbol}*{power}"
    return _question(written, f"{mantissa}*10^{power}", product)


def _question(typed: str, first: str, second: str) -> str:
    return f"{quote(typed)} can be read in two ways. Write {_short(first)} or {_short(second)}."


def _short(text: str) -> str:
    return quote(text, 60)[1:-1]
