"""The student grammar: numbers and formulas as people type them, and questions where they are ambiguous."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, NoReturn

from app.domain.language import doubts
from app.domain.language.errors import LanguageError, quote
from app.domain.language.functions import STUDENT_FUNCTIONS
from app.domain.language.limits import STUDENT, Limits, check_tree
from app.domain.language.numerals import Decimal
from app.domain.language.operands import POWER_SIGNS, Operands, whole
from app.domain.language.tokens import OPENERS, Token, tokenize
from app.domain.language.tree import Binary, Call, Name, Node, Number, Unary
from app.domain.language.vocabulary import Vocabulary, vocabulary_of

_STRANGE: Final = {
    "=": 'Write the value only, without "=".',
    "==": 'Write the value only, without "==".',
    ":": 'Write "/" for a division.',
    ",": "One value is asked for here; a comma cannot stand in it.",
    ";": "One value is asked for here; a semicolon cannot stand in it.",
    "!": 'The sign "!" cannot be used; write the factors out.',
    "//": 'Write "/" for a division, or floor(…) to round down.',
    "~": "Write the value only.",
    "@": 'Write "*" for a product.',
    "|": "This bar has no partner; write |…| or abs(…).",
    **dict.fromkeys(["<", "<=", ">", ">=", "!="], "Write one value, not a comparison."),
}

_SIZE: Final = re.compile(r"\s*[0-9]+(\s*[xX]\s*[0-9]+)+\s*", re.ASCII)


def parse_student(
    text: str,
    names: Collection[str] = (),
    functions: Collection[str] = STUDENT_FUNCTIONS,
    decimal: Decimal = ".",
    limits: Limits = STUDENT,
) -> Node:
    """The tree of a formula as a student typed it, in the declared symbols `names`.

    Raises LanguageError with the place, and with the two ways to write it where it could be read in two ways.
    """
    vocabulary = vocabulary_of(tuple(names), frozenset(functions))
    return parse_tokens(text, tokenize(text, "student", limits), vocabulary, decimal, limits)


def parse_number(text: str, decimal: Decimal = ".") -> Node:
    """The tree of a number as a student typed it (`3*3*16`, `-log(0.5)`, `50%`, a size `19x19`): no symbols."""
    # Without symbols the letter between two whole numbers is the sign of a size; places in the text stay as they are.
    if _SIZE.fullmatch(text):
        text = text.lower().replace("x", "*")
    return parse_student(text, decimal=decimal)


def parse_tokens(text: str, tokens: list[Token], vocabulary: Vocabulary, decimal: Decimal, limits: Limits) -> Node:
    """The tree of tokens that end with an `end` token; places refer to `text`. The list is used up."""
    parser = Student(text, tokens, vocabulary, decimal, limits)
    node = parser.whole()
    check_tree(node, limits, text)
    return node


class Student(Operands):
    """Operators between operands, as people write them."""

    def whole(self) -> Node:
        if self.token.text == "=":
            self.advance()
        if self.token.kind == "end":
            self.refuse("Nothing is written here.", self.token)
        node = self.sum()
        if self.token.kind != "end":
            self.refuse_rest()
        return node

    def sum(self) -> Node:
        begin = self.token.start
        left = self.product()
        while self.token.text in ("+", "-"):
            sign = self.advance()
            left = Binary(sign.text, left, self.product(), (begin, self.end))
        return left

    def product(self) -> Node:
        first = self.token
        left = self.signed()
        while True:
            sign = self.token
            if sign.text == "*":
                self.advance()
                left = Binary("*", left, self.signed(), (first.start, self.end))
            elif sign.text == "//":  # as in Python: the quotient rounded down
                self.advance()
                quotient = Binary("/", left, self.signed(), (first.start, self.end))
                if self.starts_factor():
                    self.refuse("Put brackets around the divisor.", self.token)
                left = Call("floor", (quotient,), (), (first.start, self.end))
            elif sign.text == "/":
                dividend = self.written(first.start, self.end)
                self.advance()
                begin = self.token.start
                left = Binary("/", left, self.signed(), (first.start, self.end))
                if self.starts_factor():
                    ways = doubts.division(dividend, self.written(begin, self.end), self.rest())
                    self.doubt(ways, first.start)
            elif self.starts_factor():
                before = self.before()
                if sign.text == "|" and first.text == "|" and before is not None and before.text != "|":
                    says = doubts.bars(self.written(first.start, self.tokens[-1].start))
                    raise LanguageError(says, self.text, sign.start, sign.end)
                left = Binary("*", left, self.power(), (first.start, self.end))
            else:
                return left

    def starts_factor(self) -> bool:
        """Whether a factor follows without a sign between; two numbers side by side are refused."""
        token = self.token
        if token.kind == "name" or token.text in OPENERS or token.text == "√":
            return True
        if token.text == "|":
            return not self.open_bars
        if token.kind in ("number", "fraction"):
            before = self.before()
            left = quote(self.written(before.start, before.end)) if before is not None else ""
            right = quote(self.written(token.start, token.end))
            self.refuse(f"Between {left} and {right} a sign is missing; write + or *, or one number.", token)
        return False

    def signed(self) -> Node:
        if self.token.text not in ("+", "-"):
            return self.power()
        self.enter()
        sign = self.advance()
        operand = self.signed()
        self.leave()
        return Unary(sign.text, operand, (sign.start, self.end))

    def power(self) -> Node:
        begin = self.token.start
        base = self.postfix()
        return self.raised(base, begin) if self.token.text in POWER_SIGNS else base

    def raised(self, base: Node, begin: int) -> Node:
        """The power of a base that begins at `begin`; the next token is the sign."""
        sign = self.token
        base_text = self.written(begin, self.end)
        before = self.before()
        if before is not None and before.kind == "power":
            self.refuse(f"Put brackets around {quote(base_text)} before another power.", sign)
        self.advance()
        first = self.token
        self.enter()
        exponent = self.signed()
        self.leave()
        if first.text not in OPENERS and self.pulls_at(exponent):
            ways = doubts.exponent(base_text, self.written(first.start, self.end), self.rest())
            self.doubt(ways, begin)
        return Binary("**", base, exponent, (begin, self.end))

    def pulls_at(self, exponent: Node) -> bool:
        """Whether what follows might belong to an exponent without brackets: `e^2x`, `x^1/2`, `e^-x/2`."""
        token = self.token
        if token.kind == "name" or token.text == "√":
            return not token.gap
        if token.text == "/" and isinstance(exponent, Number):
            return exponent.text == "1"
        signed = isinstance(exponent, Unary) and not isinstance(exponent.operand, Number)
        return signed and token.text in ("/", "*")

    def postfix(self) -> Node:
        begin = self.token.start
        node = self.atom()
        while True:
            token = self.token
            if token.kind == "power":
                self.advance()
                node = Binary("**", node, self.raised_number(token), (begin, self.end))
            elif token.text == "%":
                node = self.percent(node, begin)
            else:
                return node

    def percent(self, node: Node, begin: int) -> Node:
        """`50%`."""
        token, before = self.token, self.before()
        if not isinstance(node, Number) and (before is None or before.text not in (")", "]", "}")):
            self.refuse("A percent sign can only follow a number or a bracket.", token)
        self.advance()
        if self.token.kind in ("number", "name", "fraction") or self.token.text in OPENERS:
            self.refuse('Is "%" a percent sign? Then write "*" after it; for a remainder, calculate it.', token)
        return Binary("/", node, whole(100, (token.start, token.end)), (begin, self.end))

    def raised_number(self, token: Token) -> Node:
        """What a raised character means."""
        span = (token.start, token.end)
        if token.text == "n":
            if self.vocabulary.symbol("n") is None:
                self.refuse(self.vocabulary.unknown("n"), token)
            return Name("n", span)
        digits = token.text.lstrip("+-")
        if len(digits) > self.limits.digits:
            self.refuse("This exponent is too large.", token)
        number = whole(int(digits), span)
        return Unary("-", number, span) if token.text[0] == "-" else number

    def refuse_start(self) -> NoReturn:
        token, before = self.token, self.before()
        if token.kind == "end" or token.text in (")", "]", "}"):
            place = "at the end" if token.kind == "end" else f"before {quote(token.text)}"
            after = f", after {quote(before.text)}" if before is not None else ""
            self.refuse(f"A number or name is missing {place}{after}.", token)
        if token.kind == "power":
            self.refuse("This raised number has nothing below it.", token)
        if token.text == "'":
            self.refuse(f"The quotation mark {token.text} cannot be used here.", token)
        if token.text in _STRANGE and token.text not in (",", ";", "|"):
            self.refuse(_STRANGE[token.text], token)
        self.refuse(f"A number or name is missing before {quote(token.text)}.", token)

    def refuse_rest(self) -> NoReturn:
        token = self.token
        if token.text in (")", "]", "}"):
            self.refuse(f"{quote(token.text)} closes nothing.", token)
        self.refuse(_STRANGE.get(token.text, f"{quote(token.text)} cannot stand here."), token)
