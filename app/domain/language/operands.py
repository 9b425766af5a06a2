"""Operands of the student grammar: numbers, symbols, brackets, bars, roots and functions."""

from __future__ import annotations

import re
from abc import abstractmethod
from fractions import Fraction
from typing import Final, NoReturn

from app.domain.language import doubts
from app.domain.language.cursor import Cursor
from app.domain.language.errors import LanguageError, quote
from app.domain.language.functions import (
    MODULES,
    SEVERAL,
    STUDENT_CONSTANTS,
    STUDENT_FUNCTIONS,
    TRIGONOMETRIC,
)
from app.domain.language.limits import Limits
from app.domain.language.numerals import FRACTIONS, Decimal, plain_decimal, value_of
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Name, Node, Number, Span
from app.domain.language.vocabulary import Words

POWER_SIGNS: Final = ("^", "**")
AFTER_PLAIN: Final = frozenset(
    [
        *POWER_SIGNS,
        *("+", "-", "*", "/", "·", "⊙", "⊗", "@", ")", "]", "}", "|", "‖", "", ",", ";", "=", "<", ">", "<=", ">="),
    ]
)
"""Signs that never cling to the operand before them."""
_TIMES: Final = re.compile(r"[xX][0-9]+")


def whole(value: int, span: Span) -> Number:
    """A number that the text implies, such as the 100 of a percent sign."""
    return Number(Fraction(value), str(value), span)


class Operands(Cursor):
    """Reads one operand; the operators between operands are its subclass's."""

    def __init__(self, text: str, tokens: list[Token], vocabulary: Words, decimal: Decimal, limits: Limits) -> None:
        super().__init__(text, tokens, limits)
        self.vocabulary = vocabulary
        self.decimal = decimal
        self.open_bars = 0
        """Bars of absolute values that are open since the last bracket."""
        self._separating = False
        """Whether a comma separates arguments here."""

    @abstractmethod
    def sum(self) -> Node:
        """A whole formula."""

    def written(self, start: int, end: int) -> str:
        """A piece of the text as typed."""
        return self.text[start:end].strip()

    def atom(self) -> Node:
        """One operand, without signs or powers."""
        token = self.token
        if token.kind == "number" or (self.decimal != "." and self._decimal_comma() and self._glued(self.ahead())):
            return self.number()
        if token.kind == "name":
            return self.named()
        if token.text in OPENERS:
            return self.bracket()
        if token.text == "|":
            return self.absolute()
        if token.text == "√":
            return self.root()
        if token.kind == "fraction":
            self.advance()
            top, bottom = FRACTIONS[token.text]
            span = (token.start, token.end)
            return Binary("/", whole(top, span), whole(bottom, span), span)
        return self.refuse_start()

    def number(self) -> Node:
        """A number with its decimal sign; commas between digits belong to it where they separate nothing."""
        first = self.token
        pieces = [self.advance().text]
        separating = self._separating and self.decimal == "."
        while self._glued(self.token) or (
            self._decimal_comma() and not separating and not self.token.gap and self._glued(self.ahead())
        ):
            pieces.append(self.advance().text)
        span = (first.start, self.end)
        typed = "".join(pieces)
        text, question = plain_decimal(typed, self.decimal)
        if question:
            raise LanguageError(question, self.text, *span)
        if "e" in typed.lower():
            symbol = self.vocabulary.symbol("e" if "e" in typed else "E")
            if symbol:
                says = doubts.question(typed, doubts.scientific(typed, symbol))
                raise LanguageError(says, self.text, *span)
        value = value_of(text, self.limits)
        if isinstance(value, str):
            raise LanguageError(value, self.text, *span)
        return Number(value, text, span)

    def _decimal_comma(self) -> bool:
        """Whether the next token is a comma that may be a decimal sign."""
        return self.token.text == "," and self.text[self.token.start] == ","

    def ends_with_decimals(self) -> bool:
        """Whether what was just read ends with a number whose decimal sign is a comma."""
        if self.decimal == "." or self.place < 3:
            return False
        before, comma, decimals = self.tokens[self.place - 3 : self.place]
        glued = before.kind == "number" and comma.text == "," and not comma.gap
        return glued and self.text[comma.start] == "," and self._glued(decimals)

    def check_comma(self, token: Token, opener: Token) -> None:
        """Asks what `log(8,2)` means where a comma is a decimal sign: one number, or two values."""
        if token.text == "ln" or not self.ends_with_decimals() or self.tokens[self.place - 3].text == "0":
            return  # `log(0,25)` is clear
        typed = self.written(opener.end, self.token.start)
        before, _, after = typed.rpartition(",")
        name = token.text
        ways = (f"{name}(({typed}))", f"{name}({before}; {after})")
        if name == "log":
            ways = (f"ln({typed})", f"log({before})/log({after})")
        says = doubts.question(self.written(token.start, self.token.end), ways)
        raise LanguageError(says, self.text, token.start, self.token.end)

    def _glued(self, token: Token) -> bool:
        return token.kind == "number" and not token.gap

    def bracket(self) -> Node:
        """A formula in brackets of any kind."""
        opener = self.advance()
        node = self._inside(False)
        self.close(opener)
        return node

    def _inside(self, separating: bool) -> Node:
        """A formula within brackets, where outer bars do not count."""
        self.enter()
        bars, self.open_bars = self.open_bars, 0
        outer, self._separating = self._separating, separating
        node = self.sum()
        self.open_bars, self._separating = bars, outer
        self.leave()
        return node

    def absolute(self) -> Node:
        """`|…|`."""
        opener = self.advance()
        self.enter()
        self.open_bars += 1
        node = self.sum()
        if self.token.text != "|":
            if self.token.kind != "end":
                self.refuse_rest()
            self.refuse('The bar "|" is never closed.', opener)
        if isinstance(node, Call) and node.function == "abs" and node.span == (opener.end, self.token.start):
            if self.text[opener.end] == "|":
                self.refuse('Write one bar on each side, "|…|", for an absolute value.', opener)
        self.advance()
        self.open_bars -= 1
        self.leave()
        return Call("abs", (node,), (), (opener.start, self.end))

    def root(self) -> Node:
        """`√` and what is directly under it."""
        sign = self.advance()
        first = self.token
        if first.text in ("+", "-"):
            self.refuse("Put brackets after √, as in √(2).", first)
        self.enter()
        node = self.atom()
        self.leave()
        if first.text not in OPENERS and self.goes_on(product=False):
            argument = self.written(first.start, self.end)
            self.doubt(doubts.root(argument, self.rest()), sign.start)
        return Call("sqrt", (node,), (), (sign.start, self.end))

    def named(self) -> Node:
        """A symbol, a function with its argument, a constant, or several symbols written together."""
        token = self.token
        if token.text in MODULES and self.ahead().text == "." and not self.vocabulary.symbol(token.text):
            self.advance()
            self.advance()
            token = self.token
            if token.kind != "name":
                self.refuse("After the dot a name is missing.", token)
        symbol = self.vocabulary.symbol(token.text)
        if symbol is not None:
            self.advance()
            return Name(symbol, (token.start, token.end))
        function = self.vocabulary.function(token.text)
        if function is not None:
            self.advance()
            return self.applied(function, token)
        if token.text in STUDENT_CONSTANTS:
            self.advance()
            return Name(token.text, (token.start, token.end))
        pieces = self.vocabulary.split(token.text, called=self.ahead().text in OPENERS)
        if pieces is None:
            self.refuse_name(token)
        self.separate(token, pieces)
        return self.named()

    def separate(self, token: Token, pieces: list[str]) -> None:
        """Puts the tokens of several symbols in the place of one."""
        known = token.end - token.start == len(token.text)
        start, found = token.start, []
        for number, piece in enumerate(pieces):
            end = start + len(piece) if known else token.end
            found.append(Token("name", piece, start, end, token.gap and not number))
            start = end if known else start
        self.tokens[self.place : self.place + 1] = found
        self.token = found[0]

    def applied(self, name: str, token: Token) -> Node:
        """A function whose name was just read, with its arguments."""
        if self.token.kind == "power" or self.token.text in POWER_SIGNS:
            return self._raised(name, token)
        if self.token.text in OPENERS:
            return self._called(name, token)
        first = self.token
        if first.kind == "name" and not self.vocabulary.symbol(first.text) and self.vocabulary.function(first.text):
            self.refuse(f"Put brackets: {token.text}({first.text}(…)).", first)
        if first.kind not in ("number", "name", "fraction") and first.text not in ("|", "√"):
            self.refuse(f"{quote(token.text)} needs its value in brackets, as in {token.text}(2).", token)
        if name in SEVERAL or name not in STUDENT_FUNCTIONS:
            self.refuse(f"{quote(token.text)} needs its values in brackets, as in {token.text}(…).", token)
        node = self.atom()
        if self.goes_on(product=True):
            argument = self.written(first.start, self.end)
            self.doubt(doubts.application(token.text, argument, self.rest()), token.start)
        return Call(name, (node,), (), (token.start, self.end))

    def _called(self, name: str, token: Token) -> Node:
        """`name(…)` with one or several arguments."""
        opener = self.advance()
        several = name in SEVERAL or name not in STUDENT_FUNCTIONS
        args = [self._inside(several)]
        if name == "log" and self.token.text == OPENERS[opener.text]:
            self.check_comma(token, opener)
        while self.token.text in (",", ";"):
            self.advance()
            args.append(self._inside(several))
        self.close(opener)
        span = (token.start, self.end)
        if not several and len(args) > 1:
            hint = " Write log(x)/log(b) for another base." if name == "log" else ""
            raise LanguageError(f"{quote(token.text)} takes one value.{hint}", self.text, *span)
        if name in SEVERAL and len(args) < 2:
            sign = "," if self.decimal == "." else ";"
            says = f"{quote(token.text)} takes two or more values, as in {token.text}(1{sign} 2)."
            raise LanguageError(says, self.text, *span)
        return Call(name, tuple(args), (), span)

    def _raised(self, name: str, token: Token) -> Node:
        """`sin²(x)`: clear for the trigonometric functions and positive powers only."""
        sign = self.advance()
        power = sign if sign.kind == "power" else self.token
        if sign.kind != "power" and power.kind == "number":
            self.advance()
        positive = power.text.isdigit() and 0 < len(power.text) < 4
        if not positive or name not in TRIGONOMETRIC or self.token.text not in OPENERS:
            shown = power.text if power.text.lstrip("-").isdigit() else "n"
            raise LanguageError(doubts.raised(token.text, shown), self.text, token.start, self.end)
        node = self._called(name, token)
        span = (power.start, power.end)
        return Binary("**", node, whole(int(power.text), span), (token.start, self.end))

    def goes_on(self, product: bool) -> bool:
        """Whether the next token pulls at an argument without brackets (`* /` do if `product`)."""
        token = self.token
        if token.kind in ("power", "name", "number", "fraction") or token.text in OPENERS:
            return True
        if token.text in (*POWER_SIGNS, "√", "%") or (token.text == "|" and not self.open_bars):
            return True
        return product and token.text in ("*", "/")

    def rest(self) -> str:
        """The rest of the term that the next token goes on with, as typed."""
        return self.text[self.end : self._end_of_term()]

    def _end_of_term(self) -> int:
        return doubts.end_of_term(self.tokens, self.place, self.open_bars > 0)

    def doubt(self, ways: doubts.Ways, start: int) -> NoReturn:
        """Raises LanguageError for a term that can be read in two ways, or for an unknown word in it."""
        end = self._end_of_term()
        if self.token.kind == "name":
            self.named()
        raise LanguageError(doubts.question(self.written(start, end), ways), self.text, start, end)

    def refuse_name(self, token: Token) -> NoReturn:
        """Raises LanguageError for a word that means nothing."""
        if self.ahead().text == "=":
            self.refuse(f"Write the value only, without {quote(token.text + ' =')}.", token)
        before = self.before()
        if before is not None and not self.vocabulary.names:
            if _TIMES.fullmatch(token.text):
                self.refuse('Write "*" for a product, as in 64*64, or one number only.', token)
            if before.kind in ("number", "power") or before.text in (")", "%"):
                self.refuse(f"Write the number only, without {quote(self.written(token.start, token.end))}.", token)
        self.refuse(self.vocabulary.unknown(token.text), token)

    @abstractmethod
    def refuse_start(self) -> NoReturn:
        """Raises LanguageError: the next token cannot begin an operand."""
