"""Walking over tokens: what both parsers share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import NoReturn

from app.domain.language.errors import LanguageError
from app.domain.language.limits import Limits
from app.domain.language.tokens import OPENERS, Token


class Cursor(ABC):
    """A place in a list of tokens that ends with an `end` token; `token` is the next one, unread."""

    def __init__(self, text: str, tokens: list[Token], limits: Limits) -> None:
        self.text = text
        self.tokens = tokens
        self.limits = limits
        self.place = 0
        self.token = tokens[0]
        self.end = tokens[0].start
        """Where the last token that was read ends."""
        self._depth = 0

    def advance(self) -> Token:
        """Reads the next token (never past the end token)."""
        token = self.token
        self.end = token.end
        if self.place + 1 < len(self.tokens):
            self.place += 1
        self.token = self.tokens[self.place]
        return token

    def ahead(self, steps: int = 1) -> Token:
        """The token after the next one (or so many steps further), or the end token."""
        return self.tokens[min(self.place + steps, len(self.tokens) - 1)]

    def before(self) -> Token | None:
        """The token that was read last."""
        return self.tokens[self.place - 1] if self.place else None

    def enter(self) -> None:
        """One level deeper; bounded, so that no text can exhaust the stack."""
        self._depth += 1
        if self._depth > self.limits.depth:
            self.refuse(f"This is nested too deeply; at most {self.limits.depth} levels can be read.", self.token)

    def leave(self) -> None:
        """One level back."""
        self._depth -= 1

    def close(self, opener: Token) -> None:
        """Reads the bracket that closes `opener`."""
        closer = OPENERS[opener.text]
        if self.token.text == closer:
            self.advance()
            return
        if self.token.kind == "end":
            self.refuse(f'The bracket "{opener.text}" is never closed.', opener)
        if self.token.text in (")", "]", "}"):
            self.refuse(f'"{self.token.text}" closes a "{opener.text}"; write "{closer}".', self.token)
        self.refuse_rest()

    def refuse(self, says: str, token: Token) -> NoReturn:
        """Raises LanguageError at a token."""
        raise LanguageError(says, self.text, token.start, token.end)

    @abstractmethod
    def refuse_rest(self) -> NoReturn:
        """Raises LanguageError for a token that cannot follow what was read, in the words of the grammar."""
