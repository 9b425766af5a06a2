"""Sums and products over an index, in all the ways to write what they run over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from app.domain.language import doubts
from app.domain.language.errors import LanguageError
from app.domain.language.formula_words import MEANS, PRODUCTS, SUMS
from app.domain.language.kinds import numeric
from app.domain.language.operands import POWER_SIGNS, whole
from app.domain.language.ranges import Range, Ranges
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import BINDERS, Binary, Call, Name, Node, Number, free_names, walk

_WORDS: Final = SUMS | PRODUCTS | MEANS
_TERMS_END: Final = ("+", "-", ",", ";", "=")
_CLOSERS: Final = frozenset(OPENERS.values())


class BigOperators(Ranges):
    """Reads `sum_i x_i`, `∑_{i=1}^N (…)`, `Sum(x_i, (i, 1, N))`, `sum(x_i for i in 1..N)`, `sum(i, 1, N, …)`."""

    in_probability = False
    """Whether the brackets of a probability are open."""

    def big(self, token: Token) -> str:
        """`Sum`, `Prod` or `Mean` if a token begins such an operator over an index, else an empty text."""
        word = token.text
        if token.kind == "op":
            return {"∑": "Sum", "∏": "Prod"}.get(word, "")
        stem, line, _ = word.partition("_")
        if stem not in _WORDS or token.kind != "name" or self.scope.symbol(word):
            return ""
        if not line and self.ahead().text not in ("_", "^"):
            if stem not in ("Sigma", "Pi") or self.scope.symbol(stem):
                return ""
        return _kind_of(stem)

    def starts_sum(self) -> bool:
        return bool(self.big(self.token))

    def whole_operator(self, function: Token) -> Node:
        """The sum or product directly behind `log`, which is of all of it; asks where a sum ends before + or −."""
        first = self.token
        adds = self._kind(first) != "Prod"
        node = self.atom()
        if adds and self.token.text in ("+", "-"):
            argument = self.written(first.start, self.end)
            end = doubts.end_of_term(self.tokens, self.place + 1, self.open_bars > 0)
            rest = self.written(self.token.start, max(end, self.token.end))
            ways = f"{function.text}({argument} {rest})", f"{function.text}({argument}) {rest}"
            self.doubtful(function.start, max(end, self.token.end), *ways)
        return node

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
        body = alone = numeric(self.product())
        if kind != "Prod":
            body = self._rest_of_sum(alone, first, ranges or self._only_index(alone))
        self.leave()
        if kind == "Prod" and ranges:
            self._check_reach(first, body, ranges[-1].name)
        if ranges:
            self._check_rest(first, ranges, body is not alone)
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
            self._check_first(one.name, lower, body)
            function = "Sum" if kind == "Mean" else kind
            body = Call(function, (body, Name(one.name, span), lower, upper), (), span)
            if kind == "Mean":
                body = Binary("/", body, _length(lower, upper), span)
        return body

    def _check_first(self, index: str, lower: Node, body: Node) -> None:
        """Raises LanguageError for `sum_{i=0}^{N-1} x_i` and `sum(x[i] for i in range(N))`, which count from 0."""
        if not isinstance(lower, Number) or lower.value != 0 or self.in_probability:
            return
        for part in walk(body):
            if isinstance(part, Call) and part.function == "entry":
                if any(isinstance(place, Name) and place.id == index for place in part.args[1:]):
                    says = "Entries are counted from 1; let the index run from 1, as in sum_{i=1}^{N}."
                    raise LanguageError(says, self.text, *part.span)

    def _goes_on_behind(self) -> bool:
        """Whether a bracket apart from the word "sum" is the first factor only: `sum (y_i - c)^2`."""
        if self.token.text != "(" or not self.token.gap:
            return False
        depth = 0
        for place in range(self.place, len(self.tokens) - 1):
            token = self.tokens[place]
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth == 1 and (token.text in (",", ";") or token.kind == "word"):
                return False
            if depth == 0:
                following = self.tokens[place + 1]
                return following.text in ("^", "**", "(", "*", "·") or following.kind in ("power", "name", "symbol")
        return False

    def check_square(self, name: str, token: Token, opener: Token) -> None:
        """Asks what `sum(y_i - c)^2` is, the sum of squares or the square of the sum."""
        power = self.token
        if name not in ("sum", "mean") or (power.kind != "power" and power.text not in POWER_SIGNS):
            return
        typed = self.written(opener.end, self.end - 1)
        names = set(re.findall(r"(?:_|_\{)([a-z])\b", typed)) & set(self.scope.base.indices)
        if len(names) != 1 or names & set(self.scope.bound) or re.search(r"[,;]|\bfor\b", typed):
            return
        end = power.end if power.kind == "power" else self.ahead().end
        sign = self.written(power.start, end)
        word = self.text[token.start : token.end]
        ways = f"{word}_{names.pop()} ({typed}){sign}", f"({word}({typed})){sign}"
        self.doubtful(token.start, end, *ways)

    def _only_index(self, body: Node) -> list[Range]:
        """The one index that a body mentions; none where there are several or none."""
        try:
            return self._implied(body, body.span)
        except LanguageError:
            return []

    def _implied(self, body: Node, span: tuple[int, int]) -> list[Range]:
        names = free_names(body)
        names = names | {name.rpartition("_")[2] for name in names}  # `y_i`, a number with a name of its own
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

    def _rest_of_sum(self, body: Node, first: Token, ranges: list[Range]) -> Node:
        """`sum_i a_i - b_i`: a term that mentions the index belongs to the sum, or its index would mean nothing."""
        words = {one.name for one in ranges}
        while self.token.text in ("+", "-") and self._next_term_mentions(words):
            sign = self.advance()
            body = Binary(sign.text, body, numeric(self.product()), (first.start, self.end))
        return body

    def _next_term_mentions(self, words: set[str]) -> bool:
        depth = 0
        for token in self.tokens[self.place + 1 :]:
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 0 or token.kind == "end" or (depth == 0 and token.text in (*_TERMS_END, "∑", "∏")):
                return False
            if token.kind == "name" and token.text.partition("_")[0] in _WORDS:
                return False
            if token.kind == "name" and words & set(_parts(token.text)):
                return True
        return False

    def _check_rest(self, first: Token, ranges: list[Range], longer: bool) -> None:
        """Asks where the sum ends if a term behind it mentions the index as well (`sum_i a_i + c + b_i`), or if only
        its index shows that a term before belongs to it (`longer`), as in `sum_i a_i + b_i + c`.
        """
        if self.token.text not in ("+", "-"):
            return
        words = {one.name for one in ranges}
        end, place, mentioned, depth = self.end, self.place, False, 0
        while place < len(self.tokens):
            token = self.tokens[place]
            depth += (token.text in OPENERS) - (token.text in _CLOSERS)
            if depth < 0 or token.kind == "end" or token.text in (",", ";", "="):
                break
            if depth == 0 and token.text in ("+", "-") and mentioned:
                break
            if token.text in ("∑", "∏") or (token.kind == "name" and token.text.partition("_")[0] in _WORDS):
                if not longer or end == self.end:
                    return
                break
            mentioned = mentioned or (token.kind == "name" and bool(words & set(_parts(token.text))))
            signed = depth == 0 and token.text in ("+", "-")
            end = end if signed else token.end
            place += 1
        if not mentioned and not longer:
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
        if not isinstance(body, Binary) or body.op not in ("*", "/") or body.span[0] > self._body_start(first):
            return
        if index in free_names(body.left) and index not in free_names(body.right):
            factors = self.written(*body.left.span)
            whole_text = self.written(first.start, self.end)
            head = self.written(first.start, body.span[0])
            rest = whole_text[len(head) :].strip()
            tail = self.written(body.left.span[1], self.end)
            self.doubtful(first.start, self.end, f"({head} {factors}) {tail}", f"{head} ({rest})")

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


def _length(lower: Node, upper: Node) -> Node:
    """How many values a range has."""
    if isinstance(lower, Number) and lower.value == 1:
        return upper
    return Binary("+", Binary("-", upper, lower), whole(1, lower.span))


def binds(node: Node) -> bool:
    """Whether a part is a sum or product over an index."""
    return isinstance(node, Call) and node.function in BINDERS
