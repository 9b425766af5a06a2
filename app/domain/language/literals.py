"""Values of the author grammar: literals, names, calls, lists, records, slices and comprehensions."""

from __future__ import annotations

from abc import abstractmethod
from typing import Final, NoReturn

from app.domain.language.cursor import Cursor
from app.domain.language.errors import LanguageError, quote
from app.domain.language.numerals import value_of
from app.domain.language.tokens import Token
from app.domain.language.tree import (
    Attribute,
    Call,
    Comprehension,
    Constant,
    Generator,
    Name,
    Node,
    Number,
    Record,
    Sequence,
    Slice,
    Text,
)

ANYTHING: Final = 1
"""The weakest binding: everything but `… if … else …`."""

CONSTANTS: Final = {"True": True, "False": False, "None": None}
WORDS: Final = frozenset(["and", "or", "not", "in", "if", "else", "for"])
_ESCAPES: Final = {"\\": "\\", "'": "'", '"': '"', "n": "\n", "t": "\t"}


class Values(Cursor):
    """Reads one value; the operators between values are its subclass's."""

    @abstractmethod
    def expression(self) -> Node:
        """A whole expression."""

    @abstractmethod
    def operation(self, floor: int) -> Node:
        """Everything that binds at least as strongly as `floor`."""

    @abstractmethod
    def refuse_start(self) -> NoReturn:
        """Raises LanguageError: the next token cannot begin a value."""

    def atom(self) -> Node:
        token = self.token
        if token.kind == "name" and token.text not in WORDS:
            self.advance()
            return self.named(token)
        if token.kind == "number":
            self.advance()
            return self.number(token)
        if token.kind == "text":
            self.advance()
            return Text(self.unquote(token), (token.start, token.end))
        if token.text == "(":
            return self.round()
        if token.text == "[":
            return self.square()
        if token.text == "{":
            return self.record()
        return self.refuse_start()

    def named(self, token: Token) -> Node:
        """What begins with a name that was just read: a constant, `field.fact`, a call, or a name."""
        if token.text in CONSTANTS:
            return Constant(CONSTANTS[token.text], (token.start, token.end))
        if self.token.kind == "text" and not self.token.gap:
            self.refuse(f"Texts have no prefix; delete the {quote(token.text)} before it.", token)
        if self.token.text == ".":
            self.advance()
            if self.token.kind != "name" or self.token.text in WORDS or self.token.text in CONSTANTS:
                self.refuse("After the dot a name is missing.", self.token)
            fact = self.advance()
            if self.token.text in ("(", "."):
                self.refuse(
                    f"{quote(token.text + '.' + fact.text)} can only be read, not called or followed.",
                    self.token,
                )
            return Attribute(token.text, fact.text, (token.start, self.end))
        if self.token.text == "(":
            opener = self.advance()
            args, kwargs = self.arguments()
            self.close(opener)
            return Call(token.text, args, kwargs, (token.start, self.end))
        return Name(token.text, (token.start, token.end))

    def number(self, token: Token) -> Node:
        whole = token.text.partition(".")[0]
        if token.text.isdigit() and len(whole) > 1 and whole[0] == "0" and whole.strip("0"):
            self.refuse(f"Write {whole.lstrip('0')} instead of {quote(token.text)}.", token)
        value = value_of(token.text, self.limits)
        if isinstance(value, str):
            self.refuse(value, token)
        return Number(value, token.text, (token.start, token.end))

    def unquote(self, token: Token) -> str:
        inner = token.text[1:-1]
        if "\\" not in inner:
            return inner
        letters: list[str] = []
        place = 0
        while place < len(inner):
            letter = inner[place]
            if letter == "\\":
                place += 1
                letter = _ESCAPES.get(inner[place], "")
                if not letter:
                    says = f"Write \\\\ for a backslash; {quote(inner[place - 1 : place + 1])} has no meaning."
                    start = token.start + place
                    raise LanguageError(says, self.text, start, start + 2)
            letters.append(letter)
            place += 1
        return "".join(letters)

    def arguments(self) -> tuple[tuple[Node, ...], tuple[tuple[str, Node], ...]]:
        """Positional, then keyword arguments, up to the closing bracket."""
        args: list[Node] = []
        kwargs: dict[str, Node] = {}
        while self.token.text != ")":
            token = self.token
            if token.kind == "name" and token.text not in WORDS and self.ahead().text == "=":
                if token.text in kwargs or token.text in CONSTANTS:
                    self.refuse(f"The argument {quote(token.text)} cannot be given here again.", token)
                self.advance()
                self.advance()
                kwargs[token.text] = self.expression()
            elif kwargs and token.text not in ("*", "**"):
                self.refuse("Arguments without a name come before those with one.", token)
            else:
                element = self.expression()
                if self.token.text == "for":
                    element = Comprehension(element, self.generators(), (token.start, self.end))
                    if args or self.token.text != ")":
                        self.refuse("Put square brackets around the comprehension.", token)
                args.append(element)
            if self.token.text != ",":
                break
            self.advance()
        return tuple(args), tuple(kwargs.items())

    def round(self) -> Node:
        """`(…)`: a bracketed expression, a tuple or a generator expression."""
        opener = self.advance()
        if self.token.text == ")":
            self.advance()
            return Sequence((), (opener.start, self.end))
        first = self.expression()
        if self.token.text == "for":
            generators = self.generators()
            self.close(opener)
            return Comprehension(first, generators, (opener.start, self.end))
        if self.token.text != ",":
            self.close(opener)
            return first
        return self.items(opener, first)

    def square(self) -> Node:
        """`[…]`: a list or a list comprehension."""
        opener = self.advance()
        if self.token.text == "]":
            self.advance()
            return Sequence((), (opener.start, self.end))
        first = self.expression()
        if self.token.text == "for":
            generators = self.generators()
            self.close(opener)
            return Comprehension(first, generators, (opener.start, self.end))
        return self.items(opener, first)

    def items(self, opener: Token, first: Node) -> Node:
        """The rest of a list or tuple whose first item was read."""
        found = [first]
        while self.token.text == ",":
            self.advance()
            if self.token.text in (")", "]"):
                break
            found.append(self.expression())
        self.close(opener)
        return Sequence(tuple(found), (opener.start, self.end))

    def record(self) -> Node:
        opener = self.advance()
        found: dict[str, Node] = {}
        while self.token.text != "}":
            key = self.token
            if key.kind != "text":
                self.refuse('The keys of a record are texts, as in {"rate": 1/2}.', key)
            self.advance()
            name = self.unquote(key)
            if name in found:
                self.refuse(f"The key {quote(name)} occurs twice.", key)
            if self.token.text != ":":
                self.refuse('After a key ":" and a value are missing.', self.token)
            self.advance()
            found[name] = self.expression()
            if self.token.text != ",":
                break
            self.advance()
        self.close(opener)
        return Record(tuple(found.items()), (opener.start, self.end))

    def index(self) -> Node:
        """What stands in `target[…]`: an expression, a slice, or several of them."""
        begin = self.token.start
        if self.token.text == "]":
            self.refuse("Between the brackets an index is missing.", self.token)
        found = [self.slice()]
        if self.token.text != ",":
            return found[0]
        while self.token.text == ",":
            self.advance()
            if self.token.text == "]":
                break
            found.append(self.slice())
        return Sequence(tuple(found), (begin, self.end))

    def slice(self) -> Node:
        begin = self.token.start
        parts: list[Node | None] = [None, None, None]
        if self.token.text != ":":
            node = self.expression()
            if self.token.text != ":":
                return node
            parts[0] = node
        for place in (1, 2):
            if self.token.text != ":":
                break
            self.advance()
            if self.token.text not in (":", ",", "]"):
                parts[place] = self.expression()
        return Slice(parts[0], parts[1], parts[2], (begin, self.end))

    def generators(self) -> tuple[Generator, ...]:
        found: list[Generator] = []
        while self.token.text == "for":
            begin = self.advance().start
            targets = self.targets()
            if self.token.text != "in":
                self.refuse('After the names of "for" the word "in" is missing.', self.token)
            self.advance()
            self.enter()
            source = self.operation(ANYTHING)
            conditions: list[Node] = []
            while self.token.text == "if":
                self.advance()
                conditions.append(self.operation(ANYTHING))
            self.leave()
            found.append(Generator(targets, source, tuple(conditions), (begin, self.end)))
        return tuple(found)

    def targets(self) -> tuple[str, ...]:
        """`a`, `a, b` or `(a, b)`."""
        opener = self.advance() if self.token.text == "(" else None
        names = [self.target()]
        while self.token.text == ",":
            self.advance()
            names.append(self.target())
        if opener is not None:
            self.close(opener)
        return tuple(names)

    def target(self) -> str:
        if self.token.kind != "name" or self.token.text in WORDS or self.token.text in CONSTANTS:
            self.refuse('After "for" come plain names.', self.token)
        return self.advance().text
