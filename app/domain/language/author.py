"""The author grammar: a whitelisted subset of Python's expressions, with Python's precedence exactly."""

from __future__ import annotations

from typing import Final, NoReturn

from app.domain.language.errors import quote
from app.domain.language.limits import AUTHOR, Limits, check_tree
from app.domain.language.literals import ANYTHING, WORDS, Values
from app.domain.language.tokens import tokenize
from app.domain.language.tree import Binary, Choice, Compare, Index, Logic, Node, Unary

OR: Final = ANYTHING
AND: Final = 2
NOT: Final = 3
COMPARE: Final = 4
SUM: Final = 5
PRODUCT: Final = 6
BINDING: Final = {
    "or": OR,
    "and": AND,
    **dict.fromkeys(["==", "!=", "<", "<=", ">", ">=", "in", "not"], COMPARE),
    **dict.fromkeys(["+", "-"], SUM),
    **dict.fromkeys(["*", "/", "//", "%", "@"], PRODUCT),
}
"""How strongly an operator between two operands binds (`not` there can only be `not in`)."""

_STRANGE: Final = {
    "=": 'Write "==" to compare; an expression cannot set anything.',
    ":=": "An expression cannot set anything.",
    ",": "Put brackets around several values, as in [1, 2].",
    "^": 'Write "**" for a power.',
    "&": 'Write "and".',
    "|": 'Write "or".',
    "@": 'A factor is missing before "@".',
    "!": 'Write "not".',
    "if": 'After "if" and its condition "else" is missing.',
    "for": "Put brackets around a comprehension, as in [x for x in z].",
    ".": "A dot can only follow a plain name, as in mu.right.",
    "(": "Only plain names can be called, as in mean(z).",
    "√": 'Write "sqrt(…)".',
}


def parse_author(text: str, limits: Limits = AUTHOR) -> Node:
    """The tree of an expression of the question language. Raises LanguageError with the place."""
    parser = Author(text, tokenize(text, "author", limits), limits)
    node = parser.whole()
    check_tree(node, limits, text)
    return node


class Author(Values):
    """Reads one expression."""

    def whole(self) -> Node:
        if self.token.kind == "end":
            self.refuse("An expression is missing here.", self.token)
        node = self.expression()
        if self.token.kind != "end":
            self.refuse_rest()
        return node

    def expression(self) -> Node:
        self.enter()
        begin = self.token.start
        node = self.operation(OR)
        if self.token.text == "if":
            self.advance()
            condition = self.operation(OR)
            if self.token.text != "else":
                self.refuse(_STRANGE["if"], self.token)
            self.advance()
            otherwise = self.expression()
            node = Choice(condition, node, otherwise, (begin, self.end))
        self.leave()
        return node

    def operation(self, floor: int) -> Node:
        """Everything that binds at least as strongly as `floor`."""
        begin = self.token.start
        left = self.negation(floor) if self.token.text == "not" else self.signed()
        while True:
            op = self.token.text
            level = BINDING.get(op)
            if level is None or level < floor:
                return left
            if level == COMPARE:
                if op == "not" and self.ahead().text != "in":
                    return left
                left = Compare(left, self.comparisons(), (begin, self.end))
            elif level <= AND:
                operands = [left]
                while self.token.text == op:
                    self.advance()
                    operands.append(self.operation(level + 1))
                left = Logic(op, tuple(operands), (begin, self.end))
            else:
                self.advance()
                right = self.operation(level + 1)
                left = Binary(op, left, right, (begin, self.end))

    def negation(self, floor: int) -> Node:
        if floor > NOT:
            self.refuse('Put brackets around "not …" here.', self.token)
        self.enter()
        begin = self.advance().start
        operand = self.operation(NOT)
        self.leave()
        return Unary("not", operand, (begin, self.end))

    def comparisons(self) -> tuple[tuple[str, Node], ...]:
        rest: list[tuple[str, Node]] = []
        while BINDING.get(self.token.text) == COMPARE:
            op = self.advance().text
            if op == "not":
                if self.token.text != "in":
                    self.refuse('After "not" the word "in" is missing.', self.token)
                self.advance()
                op = "not in"
            rest.append((op, self.operation(COMPARE + 1)))
        return tuple(rest)

    def signed(self) -> Node:
        if self.token.text not in ("-", "+"):
            return self.power()
        self.enter()
        sign = self.advance()
        operand = self.signed()
        self.leave()
        return Unary(sign.text, operand, (sign.start, self.end))

    def power(self) -> Node:
        begin = self.token.start
        node = self.atom()
        while self.token.text == "[":
            opener = self.advance()
            index = self.index()
            self.close(opener)
            node = Index(node, index, (begin, self.end))
        if self.token.text == "**":
            self.advance()
            self.enter()
            exponent = self.signed()
            self.leave()
            node = Binary("**", node, exponent, (begin, self.end))
        return node

    def refuse_start(self) -> NoReturn:
        """The next token cannot begin a value."""
        token, before = self.token, self.before()
        if token.kind == "end":
            after = f" after {quote(before.text)}" if before else ""
            self.refuse(f"Something is missing{after}.", token)
        if token.text in ("*", "**") and before is not None and before.text in ("(", "[", "{", ","):
            self.refuse('"*" and "**" cannot unpack values here.', token)
        if token.text in (")", "]", "}"):
            self.refuse(f"Something is missing before {quote(token.text)}.", token)
        self.refuse(_STRANGE.get(token.text, f"{quote(token.text)} cannot stand here."), token)

    def refuse_rest(self) -> NoReturn:
        token = self.token
        if token.kind in ("name", "number", "text") and token.text not in WORDS:
            self.refuse(f"A sign is missing before {quote(token.text)}.", token)
        if token.text in (")", "]", "}"):
            self.refuse(f"{quote(token.text)} closes nothing.", token)
        self.refuse(_STRANGE.get(token.text, f"{quote(token.text)} cannot stand here."), token)
