"""What a sum runs over, in all the ways to write it."""

from __future__ import annotations

import itertools
import keyword
from dataclasses import replace
from typing import Final, NamedTuple

from app.domain.language.conditions import Conditions
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import UP_TO
from app.domain.language.kinds import numeric
from app.domain.language.operands import POWER_SIGNS, whole
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import BINDERS, Binary, Call, Node, Number

_CLOSERS: Final = frozenset(OPENERS.values())


class Range(NamedTuple):
    """What an index runs over; bounds are None where they are left to the declarations."""

    name: str
    lower: Node | None = None
    upper: Node | None = None


class Ranges(Conditions):
    """Reads the indices of sums and their bounds."""

    def _ranges(self, first: Token) -> list[Range]:
        """What stands below and above the sign."""
        _, line, below = first.text.partition("_")
        lower: Node | None = None
        names: list[str] = []
        upper: Node | None = None
        if self.token.text in POWER_SIGNS and self.ahead().text != "=":
            self.advance()
            upper = self._bound()
            if self.token.text != "_" and not line:
                self.refuse("Say over which index the sum runs, as in sum_{i=1}^{N}.", first)
        if line:
            names = self._index_words(first, below)
            if self.token.text == "=":
                self.advance()
                lower = self._bound()
        elif self.token.text == "_":
            self.advance()
            if self.token.text in OPENERS:
                found = self._below(first)
                return [*found[:-1], found[-1]._replace(upper=upper or found[-1].upper)]
            token = self.advance()
            names = self._index_words(token, token.text)
            if self.token.text == "=":
                self.advance()
                lower = self._bound()
        else:
            return []
        return self._above([Range(name, lower, upper) for name in names])

    def _index_words(self, token: Token, word: str) -> list[str]:
        """`i`, or `ij` as two indices."""
        base = self.scope.base
        if keyword.iskeyword(word):
            says = f"{quote(word)} cannot be an index; write i, j or k."
            raise LanguageError(says, self.text, token.start, token.end)
        if word.isalpha() and (len(word) == 1 or word in base.indices or self.scope.symbol(word)):
            return [word]
        letters = list(word)
        if word.isalpha() and len(word) == 2 and all(letter in base.indices for letter in letters):
            return letters
        if word.isalnum() and word[:1].isalpha() and len(word) <= 3:
            return [word]
        says = f"{quote(word)} is no index; write sum_i or sum_{{i=1}}^{{N}}."
        raise LanguageError(says, self.text, token.start, token.end)

    def _below(self, first: Token) -> list[Range]:
        """`_{i=1}`, `_{i=1}^{N}`, `_{i}`, `_{i=1..N}`, `_{i in 1..N}`, `_{i,j}`."""
        opener = self.advance()
        found = [self._range()]
        while self.token.text == ",":
            self.advance()
            found.append(self._range())
        self.close(opener)
        return self._above(found)

    def _range(self) -> Range:
        token = self.token
        if token.kind not in ("name", "symbol"):
            self.refuse("An index is missing here, as in sum_{i=1}^{N}.", token)
        self.advance()
        names = self._index_words(token, token.text)
        if len(names) > 1:
            self.refuse("Write a comma between two indices.", token)
        if self.token.text in (",", ")", "}", "]"):
            return Range(names[0])
        if self.token.text not in ("=", "∈") and not (self.token.kind == "word" and self.token.text == "in"):
            self.refuse("Write the range of the index, as in sum_{i=1}^{N}.", self.token)
        self.advance()
        return self.spread(names[0])

    def spread(self, index: str) -> Range:
        """`1`, `1..N`, `1 to N`, `{1, …, N}`, `range(1, N+1)` behind the index."""
        sign = self.before()
        opener = self.advance() if self.token.text in ("{", "[") else None
        begin = self.token
        self._to_as_dots()
        if begin.kind == "name" and self.scope.function(begin.text) == "arange":
            node = self.atom()
            if isinstance(node, Call) and node.function == "arange":
                return Range(index, node.args[0], _less_one(node.args[1]))
        lower = numeric(self.sum())
        upper: Node | None = None
        if self.token.text == ",":
            self.advance()
            if self.token.text != "…":
                self.sum()
                if self.token.text == ",":
                    self.advance()
            if self.token.text != "…":
                self.refuse("Write a range as 1..N.", self.token)
        if self.token.text in ("…", ":"):
            self.advance()
            if self.token.text == ",":
                self.advance()
            upper = numeric(self.sum())
        if opener is not None:
            self.close(opener)
        if upper is None and sign is not None and sign.text in ("∈", "in"):  # `i ∈ N` and `i ∈ [N]`: all of them
            if opener is not None and opener.text == "{":
                self.refuse("Write a range as 1..N.", begin)
            lower, upper = whole(1, lower.span), lower
        return Range(index, lower, upper)

    def _to_as_dots(self) -> None:
        """`1 to N`: the word within these brackets becomes dots, unless it is a symbol."""
        depth = 0
        for place in range(self.place, len(self.tokens)):
            token = self.tokens[place]
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 0:
                return
            if token.kind == "name" and token.text in UP_TO and self.scope.symbol(token.text) is None:
                self.tokens[place] = replace(token, kind="op", text="…")
                self.token = self.tokens[self.place]
                return

    def _above(self, ranges: list[Range]) -> list[Range]:
        """`^N` or `^{N}` behind the index; with several indices it is the end of the last one."""
        if self.token.text not in ("^", "**"):
            return ranges
        self.advance()
        upper = self._bound()
        return [*ranges[:-1], ranges[-1]._replace(upper=upper)]

    def _bound(self) -> Node:
        self.enter()
        if self.token.text == "∞" or (self.token.text == "{" and self.ahead().text == "∞"):
            self.refuse("Write a sum that ends, as in sum_{i=1}^{N}.", self.token)
        if self.token.text in OPENERS:
            opener = self.advance()
            node = numeric(self.sum())
            self.close(opener)
        elif self.token.text in ("-", "+"):
            node = self.signed()
        else:
            token = self.token
            if token.kind not in ("name", "number", "symbol"):
                self.refuse("A bound is missing here, as in sum_{i=1}^{N}.", token)
            if token.kind == "name" and not self.scope.symbol(token.text) and self.scope.symbol(token.text[0]):
                self._cut(self.place, 1)  # `^Nx_i`
            node = self.atom()
        self.leave()
        return node

    def comprehended(self, opener: Token) -> list[Range]:
        """The ranges of `… for i in 1..N` or `…, (i, 1, N)` ahead in the brackets that `opener` opens."""
        depth, place = 0, self.place
        found: list[Range] = []
        while place < len(self.tokens) - 1:
            token, following = self.tokens[place], self.tokens[place + 1]
            if depth == 0 and token.text in _CLOSERS:
                break
            if depth == 0 and token.kind == "word" and token.text == "if" and self._names_range(place + 1):
                found.append(Range(following.text))
            if depth == 0 and token.text == "," and following.text in ("(", "[", "{"):
                if self.tokens[place + 2].kind == "name" and self.tokens[place + 3].text in (",", "="):
                    found.append(Range(self.tokens[place + 2].text))
            elif depth == 0 and token.text == "," and following.kind == "name" and len(following.text) <= 3:
                after = self.tokens[place + 2].text
                if (after == "=" and not _keyword(following.text)) or (
                    after == "," and following.text.isalpha() and self._commas(place + 2) == 2
                ):
                    found.append(Range(following.text))
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            place += 1
        return found

    def _names_range(self, place: int) -> bool:
        """Whether `i in …` or `i=…` follows the word "for"."""
        if self.tokens[place].kind != "name":
            return False
        following = self.tokens[place + 1]
        return (following.kind == "word" and following.text == "in") or following.text in ("=", "∈")

    def _leading(self) -> Range | None:
        """`i, 1, N, …` or `i=1..N, …` at the beginning of the brackets."""
        token, following = self.token, self.ahead()
        if token.kind != "name" or len(token.text) > 3:
            return None
        if following.text == "=" or (following.kind == "word" and following.text == "in"):
            self.advance()
            self.advance()
            found = self.spread(token.text)
            if found.upper is None and self.token.text == ",":
                self.advance()
                found = found._replace(upper=numeric(self.value(separating=True)))
            return found if self.token.text == "," else self.refuse_rest()
        if following.text != "," or self._commas(self.place) < 3 or not token.text.isalpha():
            return None
        if self.scope.symbol(token.text) and self.scope.kind(token.text).array:
            return None
        self.advance()
        self.advance()
        lower = numeric(self.value(separating=True))
        if self.token.text != ",":
            self.refuse("Write a sum as sum(i, 1, N, …) or sum_{i=1}^{N} ….", self.token)
        self.advance()
        return Range(token.text, lower, numeric(self.value(separating=True)))

    def _commas(self, place: int) -> int:
        """How many commas follow in these brackets."""
        depth = count = 0
        for token in itertools.islice(self.tokens, place, None):
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 0:
                break
            count += depth == 0 and token.text == ","
        return count

    def _written_range(self) -> Range:
        if self.token.text not in OPENERS and self.ahead().text != ",":
            return self._range()
        opener = self.advance() if self.token.text in OPENERS else None
        token = self.advance()
        if self.token.text in ("=", "∈"):
            self.advance()
            found = self.spread(token.text)
        else:
            self.advance()
            lower = numeric(self.sum())
            if self.token.text not in (",", "…", ":"):
                self.refuse("Write the range as (i, 1, N).", self.token)
            self.advance()
            found = Range(token.text, lower, numeric(self.sum()))
        if opener is not None:
            self.close(opener)
        return found


def _keyword(word: str) -> bool:
    return word in ("ord", "dim", "axis")


def _less_one(node: Node) -> Node:
    """One less than the end of a `range`."""
    if isinstance(node, Binary) and node.op == "+" and isinstance(node.right, Number) and node.right.value == 1:
        return node.left
    if isinstance(node, Number):
        return Number(node.value - 1, str(node.value - 1), node.span)
    return Binary("-", node, whole(1, node.span), node.span)


def binds(node: Node) -> bool:
    """Whether a part is a sum or product over an index."""
    return isinstance(node, Call) and node.function in BINDERS
