"""Plain calculations, the most common formulas, in short: what can be read in one way only, without the whole grammar.

Whole numbers, declared symbols, π and e by name, `+ - * / ^ **`, round brackets, and functions of one number. Anything
else is left to the grammar, which would read all of this the same.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

from app.domain.language.formula_words import COMMON
from app.domain.language.functions import SEVERAL, STUDENT_CONSTANTS
from app.domain.language.limits import Limits, check_tree
from app.domain.language.scope import Names
from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary

_TOKEN: Final = re.compile(
    r"[ \t\n\r]*(?:([A-Za-z]\w*)|([0-9]{1,3})(?![0-9.]|[eE][-+]?[0-9])|(\*\*|[-+*/^()])|([^ \t\n\r]))", re.ASCII
)
_NAME: Final = 1
_NUMBER: Final = 2
_OTHER: Final = 4
_MOST: Final = 60
"""Tokens; more might make a tree beyond its limits."""
_DEEPEST: Final = 12
_NUMBERS: Final = {str(number): Fraction(number) for number in range(1000)}
_FUNCTIONS: Final = {word: name for word, name in COMMON.items() if name not in SEVERAL}
_ENDS: Final = frozenset(["+", "-", "*", ")", ""])
"""What may follow an exponent without a doubt."""
_PULLS: Final = frozenset(["^", "**"])


class _Other(Exception):
    """This is no plain calculation."""


def read_calculation(text: str, names: Names, limits: Limits) -> Node | None:
    """The tree of a plain calculation; None where the whole grammar must look. Raises LanguageError for huge powers."""
    if names.arrays or names.written is not None:
        return None
    kinds: list[int] = []
    texts: list[str] = []
    spans: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        kind = match.lastindex or _OTHER
        if kind == _OTHER:
            return None
        kinds.append(kind)
        texts.append(match[kind])
        spans.append(match.span(kind))
    if len(kinds) > _MOST:
        return None
    kinds.append(_OTHER)
    texts.append("")
    try:
        reader = _Reader(kinds, texts, spans, names)
        node = reader.sum()
    except _Other:
        return None
    if reader.place < len(spans):
        return None
    if "^" in texts or "**" in texts:
        check_tree(node, limits, text)
    return node


class _Reader:
    """Walks over the tokens once; `place` is the next one."""

    __slots__ = ("depth", "kinds", "names", "place", "spans", "texts")

    def __init__(self, kinds: list[int], texts: list[str], spans: list[tuple[int, int]], names: Names) -> None:
        self.kinds = kinds
        self.texts = texts
        self.spans = spans
        self.names = names
        self.place = 0
        self.depth = 0

    def span(self, first: int) -> tuple[int, int]:
        return self.spans[first][0], self.spans[self.place - 1][1]

    def sum(self) -> Node:
        first = self.place
        left = self.product()
        while (sign := self.texts[self.place]) == "+" or sign == "-":
            self.place += 1
            right = self.product()
            left = Binary(sign, left, right, self.span(first))
        return left

    def product(self) -> Node:
        first = self.place
        left = self.signed()
        divided = False
        while True:
            sign = self.texts[self.place]
            if sign == "*" or sign == "/":
                self.place += 1
                divided = divided or sign == "/"
                right = self.signed()
            elif self.kinds[self.place] == _NAME and self.kinds[self.place - 1] == _NUMBER and not divided:
                sign, right = "*", self.power()
            else:
                return left
            left = Binary(sign, left, right, self.span(first))

    def signed(self) -> Node:
        sign = self.texts[self.place]
        if sign != "-" and sign != "+":
            return self.power()
        first = self.place
        self.enter()
        operand = self.signed()
        self.depth -= 1
        return Unary(sign, operand, self.span(first))

    def enter(self) -> None:
        self.place += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Other

    def power(self) -> Node:
        first = self.place
        base = self.operand()
        if self.texts[self.place] not in _PULLS:
            return base
        self.place += 1
        if self.kinds[self.place] != _NUMBER and self.texts[self.place] != "(":
            raise _Other
        exponent = self.operand()
        if self.texts[self.place] not in _ENDS and (self.texts[self.place] != "/" or self.texts[self.place - 1] == "1"):
            raise _Other
        return Binary("**", base, exponent, self.span(first))

    def operand(self) -> Node:
        place = self.place
        kind, text = self.kinds[place], self.texts[place]
        self.place += 1
        if kind == _NUMBER and text in _NUMBERS:
            return Number(_NUMBERS[text], text, self.spans[place])
        if kind == _NAME:
            name = self.names.plain.get(text)
            if name is not None:
                return Name(name, self.spans[place])
            function = _FUNCTIONS.get(text)
            if function is not None and self.texts[place + 1] == "(" and self.names.symbol(text) is None:
                return Call(function, (self.inside(),), (), self.span(place))
            if text in STUDENT_CONSTANTS and self.names.symbol(text) is None:
                return Name(text, self.spans[place])
        elif text == "(":
            self.place = place
            return self.inside()
        raise _Other

    def inside(self) -> Node:
        """What stands in round brackets."""
        self.enter()
        node = self.sum()
        self.depth -= 1
        if self.texts[self.place] != ")":
            raise _Other
        self.place += 1
        return node
