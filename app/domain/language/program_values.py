"""Values as programmers write them: `np.kron(p, [0, 1])`, `(v*k).sum()`, `J.T @ v`, `out[1::2]`."""

from __future__ import annotations

from typing import Final, NoReturn

from app.domain.language.author import Author
from app.domain.language.errors import quote
from app.domain.language.program_words import (
    CONSTANTS,
    MODULES,
    NOTHING,
    PROPERTIES,
    SUBMODULES,
    TYPES,
    canonical,
)
from app.domain.language.tokens import Token
from app.domain.language.tree import Binary, Call, Constant, Index, Name, Node, Sequence, Slice

_WORDS: Final = {"True": True, "False": False, "None": None}
_STRANGE: Final = {
    "=": 'Write "==" to compare.',
    ":=": 'Write one assignment a line, with "=".',
    "^": 'Write "**" for a power.',
    "&": 'Write "and" between conditions.',
    "|": 'Write "or" between conditions.',
    "~": 'Write "not" before a condition.',
    "!": 'Write "not" before a condition.',
    "@": 'A factor is missing before "@".',
    ",": "Put brackets around several values, as in [1, 2].",
    "{": "Curly brackets are not needed here.",
    ".": "A dot can only follow a name or a value, as in np.sum(v).",
    "(": "Only functions can be called; write * for a product.",
    "for": "A loop begins its line, as in for k in range(N).",
    "?": "This sign cannot be used here.",
}


class ProgramValues(Author):
    """Reads the expressions of a program."""

    def atom(self) -> Node:
        if self.token.kind == "text":
            self.refuse("Texts are not needed here.", self.token)
        if self.token.text == "{":
            self.refuse(_STRANGE["{"], self.token)
        return super().atom()

    def named(self, token: Token) -> Node:
        """What begins with a name that was just read: a constant, a function of numpy, a call, or a name."""
        if token.text in MODULES and self.token.text == ".":
            token = self._after_dot()
            while token.text in SUBMODULES and self.token.text == ".":
                token = self._after_dot()
            if self.token.text != "(":
                return self._prefixed(token)
        if token.text in _WORDS:
            return Constant(_WORDS[token.text], (token.start, token.end))
        if self.token.text == "(":
            return self._called(token, ())
        return Name(token.text, (token.start, token.end))

    def _after_dot(self) -> Token:
        self.advance()
        if self.token.kind != "name":
            self.refuse("After the dot a name is missing.", self.token)
        return self.advance()

    def _prefixed(self, token: Token) -> Node:
        span = (token.start, token.end)
        if token.text in NOTHING:
            return Constant(None, span)
        if token.text == "r_" and self.token.text == "[":
            return self._row_of_range(token)
        if token.text in CONSTANTS or token.text in TYPES:
            return Name(token.text, span)
        hint = f"needs brackets, as in np.{token.text}(v)" if canonical(token.text) else "cannot be used here"
        return self.refuse(f"{quote(token.text)} {hint}.", token)

    def _row_of_range(self, token: Token) -> Node:
        """`np.r_[1:N+1]`, which is `np.arange(1, N + 1)`."""
        opener = self.advance()
        found = super().index()
        self.close(opener)
        if not isinstance(found, Slice) or found.stop is None:
            self.refuse('Of "r_" only a range can be read here, as in np.r_[1:N+1].', token)
        args = (found.start, found.stop, found.step)
        return Call("arange", tuple(arg for arg in args if arg is not None), (), (token.start, self.end))

    def _called(self, token: Token, first: tuple[Node, ...]) -> Node:
        """A call whose name (and, of a method, whose value) was just read."""
        function = canonical(token.text)
        if function is None and token.text == "einsum":
            self.refuse('Write what "einsum" stands for, such as v * w, A @ v or np.sum(v * w).', token)
        if function is None:
            self.refuse(f"{quote(token.text)} is no function that can be used here.", token)
        opener = self.advance()
        begin = first[0].span[0] if first else token.start
        args, kwargs = self.arguments()
        self.close(opener)
        args = tuple(arg for arg in args if not (isinstance(arg, Name) and arg.id in TYPES))
        kwargs = tuple((key, value) for key, value in kwargs if key not in ("dtype", "copy", "order"))
        return Call(function, (*first, *args), kwargs, (begin, self.end))

    def power(self) -> Node:
        begin = self.token.start
        node = self.atom()
        while self.token.text in ("[", "."):
            if self.token.text == "[":
                opener = self.advance()
                index = self.index()
                self.close(opener)
                node = Index(node, index, (begin, self.end))
                continue
            token = self._after_dot()
            if self.token.text == "(":
                node = self._called(token, (node,))
            elif token.text in PROPERTIES:
                node = Call(PROPERTIES[token.text], (node,), (), (begin, self.end))
            else:
                self.refuse(f"{quote('.' + token.text)} cannot follow a value here.", token)
        if self.token.text == "(":
            self.refuse("Only functions can be called; write * for a product.", self.token)
        if self.token.text == "**":
            self.advance()
            self.enter()
            exponent = self.signed()
            self.leave()
            node = Binary("**", node, exponent, (begin, self.end))
        return node

    def index(self) -> Node:
        """What stands in `target[…]`; a list there (`v[[0, 2]]`) becomes an array, several places (`A[0, 2]`) stay."""
        opener = self.token
        found = super().index()
        if opener.text == "[" and isinstance(found, Sequence):
            if not found.items or found.items[0].span[0] != opener.start:
                return Call("asarray", (found,), (), found.span)
        return found

    def refuse_start(self) -> NoReturn:
        if self.token.text in _STRANGE:
            self.refuse(_STRANGE[self.token.text], self.token)
        super().refuse_start()

    def refuse_rest(self) -> NoReturn:
        if self.token.text in _STRANGE:
            self.refuse(_STRANGE[self.token.text], self.token)
        super().refuse_rest()
