"""Sums and products over an index, in all the ways to write what they run over."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from fractions import Fraction
from typing import Final, NamedTuple

from app.domain.language.conditions import Conditions
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import MEANS, PRODUCTS, SUMS
from app.domain.language.operands import whole
from app.domain.language.products import numeric
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import BINDERS, Binary, Call, Name, Node, Number, free_names, walk

_WORDS: Final = SUMS | PRODUCTS | MEANS
_CLOSERS: Final = frozenset(OPENERS.values())


class Range(NamedTuple):
    """What an index runs over; bounds are None where they are left to the declarations."""

    name: str
    lower: Node | None = None
    upper: Node | None = None


class BigOperators(Conditions):
    """Reads `sum_i x_i`, `∑_{i=1}^N (…)`, `Sum(x_i, (i, 1, N))`, `sum(x_i for i in 1..N)`, `sum(i, 1, N, …)`."""

    def big(self, token: Token) -> str:
        """`Sum`, `Prod` or `Mean` if a token begins such an operator over an index, else an empty text."""
        word = token.text
        if token.kind == "op":
            return {"∑": "Sum", "∏": "Prod"}.get(word, "")
        if token.kind != "name" or self.scope.symbol(word):
            return ""
        stem, line, _ = word.partition("_")
        if not line and self.ahead().text not in ("_", "^"):
            if stem not in ("Sigma", "Pi") or self.scope.symbol(stem):
                return ""
        return _kind_of(stem)

    def starts_sum(self) -> bool:
        return bool(self.big(self.token))

    def operator(self) -> Node:
        """A sum or product over an index; the next token is its sign or word."""
        first = self.advance()
        kind = self._kind(first)
        ranges = self._ranges(first)
        kept = list(self.scope.bound)
        self.scope.bound.extend(one.name for one in ranges)
        self.enter()
        if self.token.kind == "end" or self.token.text in _CLOSERS:
            self.refuse("After the sum sign what is added up is missing.", first)
        body = numeric(self.product())
        self.leave()
        if kind == "Prod" and ranges:
            self._check_reach(first, body, ranges[-1].name)
        if ranges:
            self._check_rest(first, ranges)
        node = self.bind(kind, body, ranges, (first.start, self.end))
        self.scope.bound[:] = kept
        return node

    def _kind(self, token: Token) -> str:
        return {"∑": "Sum", "∏": "Prod"}.get(token.text) or _kind_of(token.text.partition("_")[0])

    def bind(self, kind: str, body: Node, ranges: list[Range], span: tuple[int, int]) -> Node:
        """The sum (product, mean) of a body over its ranges; without any, over the index that the body mentions."""
        if not ranges:
            ranges = self._implied(body, span)
        for one in reversed(ranges):
            lower = one.lower if one.lower is not None else whole(1, span)
            upper = one.upper if one.upper is not None else self._last(one.name, body, span)
            function = "Sum" if kind == "Mean" else kind
            body = Call(function, (body, Name(one.name, span), lower, upper), (), span)
            if kind == "Mean":
                body = Binary("/", body, _length(lower, upper), span)
        return body

    def _implied(self, body: Node, span: tuple[int, int]) -> list[Range]:
        names = free_names(body)
        found = [name for name in self.scope.base.indices if name in names and name not in self.scope.bound]
        if len(found) == 1:
            return [Range(found[0])]
        if found:
            says = f"Say over which index the sum runs, as in sum_{found[0]}."
        else:
            says = "Say over what the sum runs, as in sum_{i=1}^{N} x_i."
        raise LanguageError(says, self.text, *span)

    def _last(self, index: str, body: Node, span: tuple[int, int]) -> Node:
        """The last value of an index, from its declaration or from the arrays whose places it counts."""
        size = self.scope.base.indices.get(index, "")
        if not size:
            sizes = {one for one in self._sizes(body, index) if one}
            size = sizes.pop() if len(sizes) == 1 else ""
        if not size:
            says = f"Say where the sum ends, as in sum_{{{index}=1}}^{{N}}."
            raise LanguageError(says, self.text, *span)
        if size.isdigit():
            return Number(Fraction(int(size)), size, span)
        return Name(size, span)

    def _sizes(self, body: Node, index: str) -> Iterator[str]:
        for node in walk(body):
            if isinstance(node, Call) and node.function == "entry":
                kind = self.kind(node.args[0])
                for place, arg in enumerate(node.args[1:]):
                    if isinstance(arg, Name) and arg.id == index:
                        yield kind.columns if place or kind.form == "row" else kind.rows

    def _ranges(self, first: Token) -> list[Range]:
        """What stands below and above the sign."""
        _, line, below = first.text.partition("_")
        lower: Node | None = None
        names: list[str] = []
        if line:
            names = self._index_words(first, below)
            if self.token.text == "=":
                self.advance()
                lower = self._bound()
        elif self.token.text == "_":
            self.advance()
            if self.token.text in OPENERS:
                return self._below(first)
            token = self.advance()
            names = self._index_words(token, token.text)
            if self.token.text == "=":
                self.advance()
                lower = self._bound()
        else:
            return []
        return self._above([Range(name, lower) for name in names])

    def _index_words(self, token: Token, word: str) -> list[str]:
        """`i`, or `ij` as two indices."""
        base = self.scope.base
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
        if self.token.text not in ("=", "∈") and not (self.token.kind == "word" and self.token.text == "in"):
            return Range(names[0])
        self.advance()
        return self.spread(names[0])

    def spread(self, index: str) -> Range:
        """`1`, `1..N`, `1 to N`, `{1, …, N}`, `range(1, N+1)` behind the index."""
        opener = self.advance() if self.token.text in ("{", "[") else None
        begin = self.token
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
        if self.token.text in ("…", ":") or (self.token.kind == "name" and self.token.text in ("to", "bis")):
            self.advance()
            if self.token.text == ",":
                self.advance()
            upper = numeric(self.sum())
        if opener is not None:
            self.close(opener)
        return Range(index, lower, upper)

    def _above(self, ranges: list[Range]) -> list[Range]:
        """`^N` or `^{N}` behind the index; with several indices it is the end of the last one."""
        if self.token.text not in ("^", "**"):
            return ranges
        self.advance()
        upper = self._bound()
        return [*ranges[:-1], ranges[-1]._replace(upper=upper)]

    def _bound(self) -> Node:
        self.enter()
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

    def _check_rest(self, first: Token, ranges: list[Range]) -> None:
        """Asks where the sum ends if a term behind it mentions the index as well (`sum_i a_i + b_i`)."""
        if self.token.text not in ("+", "-"):
            return
        words = {one.name for one in ranges}
        end, place, mentioned, depth = self.end, self.place, False, 0
        while place < len(self.tokens):
            token = self.tokens[place]
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 0 or token.kind == "end" or token.text in (",", ";", "=", "|"):
                break
            if depth == 0 and token.text in ("+", "-") and mentioned:
                break
            if token.text in ("∑", "∏") or (token.kind == "name" and token.text.partition("_")[0] in _WORDS):
                return
            mentioned = mentioned or (token.kind == "name" and bool(words & set(_parts(token.text))))
            end = token.end if mentioned or depth >= 0 else end
            place += 1
        if not mentioned:
            return
        sign = self.written(first.start, self.end)
        rest = self.written(self.token.start, max(end, self.token.end))
        body = self.written(self._body_start(first), self.end)
        head = self.written(first.start, self._body_start(first))
        self.doubtful(first.start, max(end, self.token.end), f"{head} ({body} {rest})", f"({sign}) {rest}")

    def _body_start(self, first: Token) -> int:
        """Where what is added up begins."""
        place = next(number for number, token in enumerate(self.tokens) if token.start >= first.start)
        depth, tokens = 0, self.tokens
        place += 1
        while place < len(tokens) - 1:
            token = tokens[place]
            before = tokens[place - 1].text
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if (
                depth == 0
                and token.text not in ("_", "^", "**", "=", *_CLOSERS)
                and before not in ("_", "^", "**", "=")
            ):
                return token.start
            if depth == 1 and token.text in OPENERS and before not in ("_", "^", "**", "="):
                return token.start
            place += 1
        return first.end

    def _check_reach(self, first: Token, body: Node, index: str) -> None:
        """Asks back when a factor at the end of a product over an index does not mention it."""
        if not isinstance(body, Binary) or body.op not in ("*", "/"):
            return
        if index in free_names(body.left) and index not in free_names(body.right):
            factors = self.written(*body.left.span)
            whole_text = self.written(first.start, self.end)
            head = self.written(first.start, body.span[0])
            rest = whole_text[len(head) :].strip()
            tail = self.written(body.left.span[1], self.end)
            self.doubtful(first.start, self.end, f"({head} {factors}) {tail}", f"{head} ({rest})")

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
                if self.tokens[place + 2].text == "=" and not _keyword(following.text):
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

    def summed(self, kind: str, opener: Token) -> tuple[Node, list[Range]]:
        """The body of `sum(…)` and its ranges, without the closing bracket."""
        ranges = self.comprehended(opener)
        kept = list(self.scope.bound)
        leading = self._leading()
        if leading is not None:
            self.scope.bound.append(leading.name)
            self.advance()
            body = numeric(self.value(separating=True))
            self.scope.bound[:] = kept
            return body, [leading]
        self.scope.bound.extend(one.name for one in ranges)
        cellwise, self.cellwise = self.cellwise, not ranges
        stops, self.for_stops = self.for_stops, bool(ranges)
        body = numeric(self.value(separating=True))
        self.for_stops = stops
        self.cellwise = cellwise
        found: list[Range] = []
        while len(found) < len(ranges):
            if self.token.kind == "word" or self.token.text == ",":
                self.advance()
            found.append(self._written_range())
        self.scope.bound[:] = kept
        return body, found

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
        if following.text != "," or self._commas() < 3:
            return None
        self.advance()
        self.advance()
        lower = numeric(self.value(separating=True))
        if self.token.text != ",":
            self.refuse("Write a sum as sum(i, 1, N, …) or sum_{i=1}^{N} ….", self.token)
        self.advance()
        return Range(token.text, lower, numeric(self.value(separating=True)))

    def _commas(self) -> int:
        depth = count = 0
        for token in itertools.islice(self.tokens, self.place, None):
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 0:
                break
            count += depth == 0 and token.text == ","
        return count

    def _written_range(self) -> Range:
        if self.token.text not in OPENERS:
            return self._range()
        opener = self.advance()
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
        self.close(opener)
        return found


def _kind_of(stem: str) -> str:
    if stem in SUMS:
        return "Sum"
    if stem in PRODUCTS:
        return "Prod"
    return "Mean" if stem in MEANS else ""


def _parts(word: str) -> list[str]:
    """A word and its subscripts letter by letter: what an index may be hidden in."""
    _, _, below = word.partition("_")
    return [word, *below, *below.split("_")] if below else [word]


def _keyword(word: str) -> bool:
    return word in ("ord", "dim", "axis")


def _less_one(node: Node) -> Node:
    """One less than the end of a `range`."""
    if isinstance(node, Binary) and node.op == "+" and isinstance(node.right, Number) and node.right.value == 1:
        return node.left
    if isinstance(node, Number):
        return Number(node.value - 1, str(node.value - 1), node.span)
    return Binary("-", node, whole(1, node.span), node.span)


def _length(lower: Node, upper: Node) -> Node:
    """How many values a range has."""
    if isinstance(lower, Number) and lower.value == 1:
        return upper
    return Binary("+", Binary("-", upper, lower), whole(1, lower.span))


def binds(node: Node) -> bool:
    """Whether a part is a sum or product over an index."""
    return isinstance(node, Call) and node.function in BINDERS
