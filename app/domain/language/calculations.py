"""Plain calculations, the most common formulas, in short: what can be read in one way only, without the whole grammar.

Numbers, declared symbols, π and e by name, `+ - * / ^ **`, products without a sign, round brackets, and functions of
numbers. Anything else is left to the grammar, which would read all of this the same.
"""

from __future__ import annotations

import re
from fractions import Fraction
from itertools import accumulate
from typing import Final

from app.domain.language.errors import LanguageError
from app.domain.language.formula_words import COMMON
from app.domain.language.functions import SEVERAL
from app.domain.language.limits import Limits, check_power
from app.domain.language.numerals import SMALL, Decimal, value_of
from app.domain.language.scope import Names
from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary

_TOKEN: Final = re.compile(
    r"([A-Za-z]\w*|(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?![0-9.]|[eE][-+]?[0-9])|\*\*|[-+*/^(),])", re.ASCII
)
_STRANGE: Final = re.compile(r"[^A-Za-z0-9_+\-*/^(),. \t\n\r]")
"""What no plain calculation has, to be seen at once where many texts are none."""
_BLANK: Final = " \t\n\r"
_MOST: Final = 60
"""Tokens; more might make a tree beyond its limits."""
_DEEPEST: Final = 12
_SIGNS: Final = frozenset(["+", "-"])
_POWERS: Final = frozenset(["^", "**"])
_ENDS: Final = frozenset(["+", "-", ")", ",", ""])
"""What ends a product."""


class _Other(Exception):
    """This is no plain calculation."""


def read_calculation(text: str, names: Names, decimal: Decimal, limits: Limits) -> Node | None:
    """The tree of a plain calculation; None where the whole grammar must look."""
    if (names.arrays or names.written is not None) and (_STRANGE.search(text) or names.spelled_out(text)):
        return None
    if decimal != "." and ("." in text or "," in text):
        return None
    pieces = _TOKEN.split(text)
    if len(pieces) > 2 * _MOST or "".join(pieces[::2]).strip(_BLANK):
        return None
    reader = _Reader(pieces, names, limits)
    try:
        node = reader.sum()
    except (_Other, LanguageError):
        return None
    return node if reader.place == len(pieces) else None


class _Reader:
    """Walks over the tokens once. They have the odd places of `pieces`, blanks the even ones; the last one is empty.

    `place` is the next token; piece k begins at `starts[k]`.
    """

    __slots__ = ("depth", "limits", "names", "pieces", "place", "starts")

    def __init__(self, pieces: list[str], names: Names, limits: Limits) -> None:
        self.pieces = [*pieces, ""]
        self.starts = [*accumulate(map(len, self.pieces), initial=0)]
        self.names = names
        self.limits = limits
        self.place = 1
        self.depth = 0

    def enter(self) -> None:
        """One level deeper: behind a bracket or a sign."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Other

    def sum(self) -> Node:
        first = self.place
        left = self.product()
        while (sign := self.pieces[self.place]) in _SIGNS:
            self.place += 2
            right = self.product()
            left = Binary(sign, left, right, (self.starts[first], self.starts[self.place - 1]))
        return left

    def product(self) -> Node:
        first = self.place
        left = self.factor()
        divided = False
        while (sign := self.pieces[self.place]) not in _ENDS:
            if sign == "*" or sign == "/":
                self.place += 2
                divided = divided or sign == "/"
            elif divided or not self.begins_factor():
                raise _Other
            else:
                sign = "*"
            right = self.factor()
            left = Binary(sign, left, right, (self.starts[first], self.starts[self.place - 1]))
        return left

    def begins_factor(self) -> bool:
        """Whether a factor follows without a sign; a 1 before a bracket may be an indicator."""
        piece = self.pieces[self.place]
        return piece[0].isalpha() or (piece == "(" and self.pieces[self.place - 2] != "1")

    def factor(self) -> Node:
        """An operand with its sign and its power."""
        first = self.place
        word = self.pieces[first]
        self.place = first + 2
        name = self.names.numbers.get(word)
        if name is not None:
            node: Node = Name(name, (self.starts[first], self.starts[first + 1]))
        elif word in SMALL:
            node = Number(SMALL[word], word, (self.starts[first], self.starts[first + 1]))
        elif word == "(":
            node = self.inside(separating=False)[0]
        elif word in _SIGNS:
            self.enter()
            operand = self.factor()
            self.depth -= 1
            return Unary(word, operand, (self.starts[first], self.starts[self.place - 1]))
        else:
            node = self.called_or_constant(word)
            if isinstance(node, Call) and self.pieces[first + 1] and self.pieces[self.place] in _POWERS:
                raise _Other  # `log (x)^2`
        return self.raised(node, first) if self.pieces[self.place] in _POWERS else node

    def raised(self, base: Node, first: int) -> Node:
        """The power of a base, if nothing behind it might belong to its exponent as well."""
        self.place += 2
        opening = self.pieces[self.place]
        self.enter()
        exponent = self.factor()
        self.depth -= 1
        following = self.pieces[self.place]
        if following not in _ENDS and opening != "(":
            if isinstance(exponent, Unary) and not isinstance(exponent.operand, Number):  # `e^-x/2`
                raise _Other
            if following == "/" and self.pieces[self.place - 2] == "1":  # `x^1/2`
                raise _Other
            if following[0].isalpha() and not self.pieces[self.place - 1]:  # `e^2x`
                raise _Other
        power = Binary("**", base, exponent, (self.starts[first], self.starts[self.place - 1]))
        if not (isinstance(base, Name) and isinstance(exponent, Number) and opening in SMALL):
            check_power(power, self.limits)
        return power

    def called_or_constant(self, word: str) -> Node:
        """What a word means that is no symbol and was just read, or a number that is less common."""
        start, end = self.starts[self.place - 2], self.starts[self.place - 1]
        if word[:1].isdigit():
            value = value_of(word, self.limits)
            if isinstance(value, Fraction):
                return Number(value, word, (start, end))
        elif self.names.symbol(word) is None:
            function = COMMON.get(word)
            if function is not None and self.pieces[self.place] == "(":
                if self.names.arrays and self.pieces[self.place - 1]:
                    raise _Other  # `exp (x)`, where an entry may be called so
                self.place += 2
                several = function in SEVERAL
                args = self.inside(several)
                if several and len(args) < 2:
                    raise _Other
                return Call(function, tuple(args), (), (start, self.starts[self.place - 1]))
            if word in self.names.constants:
                return Name(word, (start, end))
        raise _Other

    def inside(self, separating: bool) -> list[Node]:
        """What stands between brackets, the first of which was read; several values if commas separate them."""
        self.enter()
        found = [self.sum()]
        while separating and self.pieces[self.place] == ",":
            self.place += 2
            found.append(self.sum())
        self.depth -= 1
        if self.pieces[self.place] != ")":
            raise _Other
        self.place += 2
        return found
