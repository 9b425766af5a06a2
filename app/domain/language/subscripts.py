"""What stands below the line: entries of vectors and matrices, kinds of norms, conditions."""

from __future__ import annotations

import re
from typing import Final

from app.domain.language.derivatives import Derivatives
from app.domain.language.errors import LanguageError, quote
from app.domain.language.kinds import is_condition, numeric
from app.domain.language.operands import whole
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Name, Node, Number, Span, Unary, free_names

_UP_TO: Final = frozenset(["<", "<=", "≤"])
_NUMBERED: Final = re.compile(r"\s*(?:\^|\*\*)\s*\{\s*\([^()]{1,20}\)\s*\}\s*")
"""`^{(i)}`, which numbers the samples."""


class Subscripts(Derivatives):
    """Reads `x_i`, `A[i, j]`, `||x||_1`, `1_{y > 0}`."""

    def _entry_of_word(self, name: str, indices: list[str], token: Token) -> Node:
        """`x_i` as one word; a place that was put in braces may be followed by nothing else."""
        span = (token.start, token.end)
        array: Node = Name(name, span)
        places = [self._index_of_word(word, token) for word in indices]
        return self.entry(array, places, token)

    def _index_of_word(self, word: str, token: Token) -> Node:
        digits = word[: len(word) - len(word.lstrip("0123456789"))]
        name = word[len(digits) :]
        span = (token.start, token.end)
        number = whole(int(digits), span) if digits else None
        symbol = Name(self.scope.symbol(name) or name, span) if name else None
        if number is not None and symbol is not None:
            return Binary("*", number, symbol, span)
        return number or symbol or Name(word, span)

    def entry(self, array: Node, places: list[Node], token: Token) -> Node:
        """An entry, counted from 1; of several vectors, one of them."""
        span = (array.span[0], self.end)
        array = self._one_of_many(array, places)
        kind = self.kind(array)
        first = 0 if self.in_probability else 1  # a history may begin with s_0
        if any(_uncounted(place, first) for place in places):
            raise LanguageError("Entries are counted from 1.", self.text, token.start, max(self.end, token.end))
        if kind.form == "family" and len(places) == 2:
            return Call("entry", (Call("entry", (array, places[0]), (), span), places[1]), (), span)
        wanted = 2 if kind.form == "matrix" else 1
        if len(places) != wanted:
            shown = self.written(*array.span)
            says = f"{quote(shown)} has {'two indices' if wanted == 2 else 'one index'}, as in "
            says += f"{shown}_{{i,j}}." if wanted == 2 else f"{shown}_i."
            raise LanguageError(says, self.text, array.span[0], self.end)
        return Call("entry", (array, *places), (), span)

    def of_array(self, node: Node) -> Node:
        """A power; `x^{(i)}` is the i-th of several, where x has entries or x_i is a symbol."""
        if isinstance(node, Binary) and node.op == "**" and isinstance(node.right, Name | Number):
            if _NUMBERED.fullmatch(self.text[node.left.span[1] : node.span[1]]):
                return self._numbered(node.left, node.right, node.span) or super().of_array(node)
        return super().of_array(node)

    def _numbered(self, base: Node, place: Node, span: Span) -> Node | None:
        """The i-th of several; None where a power must be meant."""
        below = place.id if isinstance(place, Name) else self.written(*place.span).strip("{() }")
        symbol = self.scope.symbol(f"{base.id}_{below}") if isinstance(base, Name) else None
        if symbol is not None:
            return Name(symbol, span)
        if not self.array(base) or self.kind(base).form == "matrix":
            return None
        return self.entry(base, [place], Token("name", below, *place.span, False))

    def _one_of_many(self, array: Node, places: list[Node]) -> Node:
        """The vectors `xs` where `x_i` means one of them although x is declared as well: the index counts them, not
        the entries of x.
        """
        family = self.scope.family(array.id) if isinstance(array, Name) else None
        if family is None or not isinstance(array, Name):
            return array
        many = self.scope.kind(family)
        ranges = {self.scope.base.indices.get(name, name) for name in free_names(places[0])}
        bound = free_names(places[0]) & set(self.scope.bound)
        if len(places) == 2 or ((many.rows in ranges or bound) and self.kind(array).rows not in ranges):
            return Name(family, array.span)
        return array

    def _inner(self) -> Node:
        """`<w, x>`."""
        opener = self.advance()
        self.enter()
        self.angles += 1
        first = self.sum()
        if self.token.text not in (",", "|", ";"):
            self.refuse("Write <a, b> for an inner product, or a comparison with something before it.", opener)
        self.advance()
        second = self.sum()
        closer = ">" if opener.text == "<" else "⟩"
        if self.token.text not in (">", "⟩"):
            self.refuse(f'Write "{closer}" after the second vector.', self.token)
        self.advance()
        self.angles -= 1
        self.leave()
        return self.times(first, "·", second, (opener.start, self.end))

    def _indexed_number(self) -> Node:
        """`1_{y > 0}`, `1_N`, `0_N`."""
        number = self.advance()
        place = self.subscript()
        span = (number.start, self.end)
        if len(place) == 1 and isinstance(place[0], Call) and place[0].function == "indicator" and number.text == "1":
            return place[0]  # `1_{[y > 0]}`
        if len(place) == 1 and is_condition(place[0]):
            if number.text == "0":
                self.refuse("Only 1 stands for an indicator.", number)
            return Call("indicator", (place[0],), (), span)
        self.arrays = True
        return Call("ones" if number.text == "1" else "zeros", tuple(place), (), span)

    def _lowered(self, node: Node, begin: int) -> Node:
        """What stands below the line behind an operand: a place, the kind of a norm, `[…]_+`."""
        token = self.token
        if self.ahead().text == "+" or (self.ahead().text in OPENERS and self._plus_inside()):
            self.advance()
            opener = self.advance()
            if opener.text != "+":
                self.advance()
                self.close(opener)
            return Call("relu", (node,), (), (begin, self.end))
        if isinstance(node, Call) and node.function in ("norm", "abs") and self.text[begin] in "|‖":
            place = self.subscript(norms=True)
            if node.function == "abs" and not self.array(node.args[0]):
                if isinstance(place[0], Number):
                    return node  # every norm of a number is its absolute value
                self.refuse("Only the norm of a vector has an index.", token)
            return self.norm(node.args[0], place[0], (begin, self.end))
        place = self.subscript()
        if not self.array(node):
            shown = self.written(begin, token.start)
            says = f"{quote(shown)} is a number here; only vectors and matrices have entries."
            raise LanguageError(says, self.text, begin, self.end)
        return self._entry_or_range(node, place, token)

    def _plus_inside(self) -> bool:
        return self.ahead(2).text == "+" and self.ahead(3).text in ("}", ")")

    def _entry_or_range(self, node: Node, place: list[Node], token: Token) -> Node:
        if len(place) == 1 and isinstance(place[0], Call) and place[0].function == "through":
            first, last = (self.entry(node, [one], token) for one in place[0].args)
            return Call("through", (first, last), (), (node.span[0], self.end))
        return self.entry(node, [numeric(one) for one in place], token)

    def subscript(self, norms: bool = False) -> list[Node]:
        """What stands after "_": one or several places, or a condition."""
        self.advance()
        token = self.token
        if token.text not in OPENERS:
            if token.kind not in ("name", "number", "symbol") and token.text != "∞":
                self.refuse("After the sign _ an index is missing.", token)
            return self._word_below(token, norms)
        opener = self.advance()
        inner = self.token
        if inner.kind == "name" and self.ahead().text == OPENERS[opener.text] and not self.scope.symbol(inner.text):
            found = self._word_below(inner, norms)
            self.close(opener)
            return found
        rows, _ = self.between_indices(opener)
        if len(rows) == 2 and rows[0].span[0] == rows[0].span[1]:
            rows.pop(0)
        return rows

    def between_indices(self, opener: Token) -> tuple[list[Node], bool]:
        """Places between commas or spaces, up to the closing bracket."""
        self.enter()
        kept = (self.open_bars, self.open_norms, self.angles, self.bracketed, self.cellwise)
        self.open_bars, self.open_norms, self.angles, self.bracketed, self.cellwise = 0, 0, 0, True, False
        separating, self._separating = self._separating, True
        found = [self._place()]
        while self.token.text == ",":
            self.advance()
            found.append(self._place())
        self.open_bars, self.open_norms, self.angles, self.bracketed, self.cellwise = kept
        self._separating = separating
        self.leave()
        self.close(opener)
        one = found[0]
        if len(found) == 1 and isinstance(one, Binary) and one.op == "*" and " " in self.written(*one.span):
            if all(isinstance(part, Name) for part in (one.left, one.right)):
                found = [one.left, one.right]  # `A_{i j}`
        return found, False

    def _place(self) -> Node:
        if self.token.text == ":":
            self.refuse("Write the first and the last place, as in s_{1:t}.", self.token)
        if self.token.text in _UP_TO:  # `s_{<t}`, all before it
            return self._all_before()
        node = self.disjunction()
        if self.token.text in (":", "…"):
            colon = self.advance()
            if self.token.text in (":", "]"):
                self.refuse("A slice cannot stand in a formula; write the entry in row i and column j.", colon)
            last = self.sum()
            return Call("through", (node, last), (), (node.span[0], self.end))
        if isinstance(node, Call) and node.function == "set" and len(node.args) == 1:
            return node.args[0]
        return node

    def _all_before(self) -> Node:
        """`s_{<t}` and `s_{<=t}`: the places from the first."""
        sign = self.advance()
        last = self.sum()
        span = (sign.start, self.end)
        if sign.text == "<":
            last = Binary("-", last, whole(1, span), span)
        return Call("through", (whole(1, span), last), (), span)

    def _word_below(self, token: Token, norms: bool) -> list[Node]:
        """A word or number below the line, letter by letter where that makes places of it."""
        self.advance()
        if token.text == "∞" or (norms and token.text in ("inf", "oo", "infty")):
            return [Name("inf", (token.start, token.end))]
        if norms and token.text in ("F", "Fro", "fro"):
            return [Name("F", (token.start, token.end))]
        symbol = self.scope.symbol(token.text)
        if symbol:
            return [Name(symbol, (token.start, token.end))]
        for count in (1, 2):
            words = self.scope.indices(token.text, count)
            if words:
                return [self._index_of_word(word, token) for word in words]
        return self.refuse(self.scope.unknown(token.text), token)

    def _indexed(self, node: Node) -> bool:
        """Whether places in square brackets follow directly (`W[s; h]` is W times what is stacked)."""
        if self.token.text != "[" or self.token.gap or not self.array(node):
            return False
        depth = 0
        for token in self.tokens[self.place :]:
            depth += (token.text in OPENERS) - (token.text in OPENERS.values())
            if not depth or (depth == 1 and token.text == ";"):
                return not depth
        return True

    def _at(self, node: Node, token: Token) -> Node:
        """`x[i]`, `A[i, j]`, `A[i][j]`, counted from 1."""
        opener = self.advance()
        places, _ = self.between_indices(opener)
        if self.kind(node).form == "matrix" and len(places) == 1 and self.token.text == "[":
            more, _ = self.between_indices(self.advance())
            places += more
        return self._entry_or_range(node, places, token)

    def of_norm(self, node: Node) -> Node:
        if self.token.text != "_" or not isinstance(node, Binary) or node.op != "**":
            return node
        base = node.left
        if not isinstance(base, Call) or base.function != "norm":
            return node
        place = self.subscript(norms=True)
        span = (node.span[0], self.end)
        return Binary("**", self.norm(base.args[0], place[0], base.span), node.right, span)


def _uncounted(place: Node, first: int) -> bool:
    """Whether a number is no place of an entry, the first of which is counted as `first`."""
    if isinstance(place, Unary):
        return place.op == "-" and isinstance(place.operand, Number)
    return isinstance(place, Number) and (place.value < first or place.value.denominator != 1)
