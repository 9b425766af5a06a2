"""Operands of mathematics: names with indices, bars, norms, products in angles, and what stands behind an operand."""

from __future__ import annotations

from typing import Final

from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import (
    CASTS,
    COMMON,
    FORMULA_FUNCTIONS,
    METHODS,
    OTHER_NAMES,
    PREFIXES,
    PROBABILITIES,
    UNCHANGED,
)
from app.domain.language.functions import STUDENT_CONSTANTS
from app.domain.language.kinds import is_condition, numeric
from app.domain.language.operands import AFTER_PLAIN, POWER_SIGNS, whole
from app.domain.language.subscripts import Subscripts
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Compare, Name, Node, Number

_MEANING_MORE: Final = PROBABILITIES | PREFIXES | {"d", "grad", "nabla"}
"""Words that may be something else than a symbol of their name, by what follows."""
_FROM_SYMPY: Final = {"E": "e", "Pi": "pi"}


class Notation(Subscripts):
    """Reads one operand with everything that clings to it."""

    def atom(self) -> Node:
        token = self.token
        if token.kind == "name":
            return self.operator() if self.big(token) else self.named()
        if token.kind == "symbol":
            self.advance()
            return self.symbol(token.text, token)
        match token.text if token.kind == "op" and token.text not in OPENERS else "":
            case "∑" | "∏":
                return self._sign_sum(token)
            case "‖":
                return self._norm()
            case "⟨" | "<":
                return self._inner()
            case "∇" | "∂":
                return self._differentiated()
            case "∛":
                self.advance()
                self.enter()
                inner = self.atom()
                self.leave()
                return self.built("cbrt", [inner], token, (token.start, self.end))
            case "∅":
                self.advance()
                return Call("set", (), (), (token.start, token.end))
            case "∞":
                self.refuse("Infinity cannot be read as a value here.", token)
        return super().atom()

    def starts_factor(self) -> bool:
        if self.token.kind == "name" or self.token.text in OPENERS:
            return True
        if self.token.text in ("0", "1") and self.ahead().text == "_":
            return True
        if self.token.text == "1" and self.ahead().text in ("[", "{") and not self.ahead().gap:
            return True
        return super().starts_factor()

    def number_of(self, token: Token) -> Node:
        """The number 1 that was just read."""
        return whole(1, (token.start, token.end))

    def number(self) -> Node:
        node = super().number()
        if isinstance(node, Number) and node.text[:1] == "0" and node.text[1:2].isdigit():
            bare = node.text.lstrip("0")
            return Number(node.value, bare if bare[:1].isdigit() else f"0{bare}", node.span)
        return node

    def _sign_sum(self, token: Token) -> Node:
        """`∑_i …`, `∑(…)`, `∑ x_i y_i`."""
        return self.operator()

    def named(self) -> Node:
        token = self.token
        plain = self.scope.base.plain.get(token.text)
        if plain is not None and token.text not in _MEANING_MORE and not self.scope.bound:
            self.advance()
            return self.symbol(plain, token)
        common = COMMON.get(token.text)
        if (
            common is not None
            and self.ahead().text == "("
            and not self.ahead().gap
            and self.scope.symbol(token.text) is None
        ):
            self.advance()
            return self.of_values(common, token, self.advance())
        while token.text in PREFIXES and self.ahead().text == "." and not self.scope.symbol(token.text):
            self.advance()
            self.advance()
            token = self.token
            if token.kind != "name":
                self.refuse("After the dot a name is missing.", token)
        word = token.text
        if word in ("d", "grad", "nabla") and self._differential_of():
            return self._derived(token) or self.refuse_start()
        if word in PROBABILITIES and self.ahead().text in ("(", "[") and self._has_bar(self.place + 1):
            self.advance()
            return self.probability("P", token)
        symbol = self.scope.symbol(word)
        if symbol is not None:
            self.advance()
            return self.symbol(symbol, token)
        entry = self.scope.entry(word)
        if entry is not None:
            self.advance()
            return self._entry_of_word(*entry, token)
        special = self._special(token)
        if special is not None:
            return special
        function = self.scope.function(word)
        if function is not None:
            if self.ahead().text not in OPENERS and function not in ("log", "exp") and self._splits(token):
                return self.named()
            self.advance()
            return self.applied(function, token)
        if word in STUDENT_CONSTANTS or word in _FROM_SYMPY:
            self.advance()
            return Name(_FROM_SYMPY.get(word, word), (token.start, token.end))
        if not self._splits(token):
            self._refuse_entry(token)
            self.refuse_name(token)
        return self.named()

    def _refuse_entry(self, token: Token) -> None:
        """Raises LanguageError for an entry whose index is unknown."""
        stem, _, below = token.text.partition("_")
        symbol = self.scope.symbol(stem) if below else None
        if token.text in ("I", "Id"):
            self.refuse("Write the identity matrix with its size, as in I_N.", token)
        if symbol is None or not self.scope.kind(symbol).array:
            return
        if self.scope.kind(symbol).form == "matrix":
            self.refuse(f"{quote(stem)} has two indices, as in {stem}_{{i,j}}.", token)
        self.refuse(f"{quote(below)} is no index here; write {stem}_1, or an index that is declared.", token)

    def _splits(self, token: Token) -> bool:
        """Whether a word is several symbols written together; then they stand in its place."""
        word = token.text
        pieces = self.scope.split(word, called=self.ahead().text in OPENERS)
        if pieces is None and word[-1:] == "e" and self.ahead().text in POWER_SIGNS:
            first = [word[:-1]] if self.scope.symbol(word[:-1]) else self.scope.split(word[:-1])
            pieces = [*first, "e"] if first else None  # `ye^{-y}`
        if pieces is None:
            return self._turned_word(token)
        if self._cuts_index(token, pieces):
            return False
        self.separate(token, pieces)
        return True

    def _turned_word(self, token: Token) -> bool:
        """Whether a word is a product whose transpose lost its sign, as `wTx_i`; then its parts take its place."""
        word = token.text
        for place in range(1, len(word) - 1):
            left, right = self.scope.symbol(word[:place]), word[place + 1 :]
            if word[place] == "T" and left and self.scope.kind(left).array and self._names_array(right):
                middle = token.start + place
                self.tokens[self.place : self.place + 1] = [
                    Token("name", word[:place], token.start, middle, token.gap),
                    Token("op", "^", middle, middle, False),
                    Token("name", "T", middle, middle + 1, False),
                    Token("name", right, middle + 1, token.end, False),
                ]
                self.token = self.tokens[self.place]
                return True
        return False

    def _names_array(self, word: str) -> bool:
        entry = self.scope.entry(word)
        name = entry[0] if entry else self.scope.symbol(word)
        return name is not None and self.scope.kind(name).array

    def _cuts_index(self, token: Token, pieces: list[str]) -> bool:
        """Whether a split would take apart what was typed in braces (`x_{ij}`)."""
        typed = self.text[token.start : token.end]
        return typed.endswith("}") and not pieces[-1].endswith(f"_{typed[typed.rindex('{') + 1 : -1]}")

    def _special(self, token: Token) -> Node | None:
        """Words with a meaning that depends on what follows: `I_N`, `log_b(x)`, `delta_ij`, `dl(y)`, `P(… | …)`."""
        word, following = token.text, self.ahead()
        stem, line, below = word.partition("_")
        if word in PROBABILITIES and following.text == "(":
            self.advance()
            return self.probability("P", token)
        if stem in ("I", "Id") and line and self.scope.indices(below, 1):
            self.advance()
            self.arrays = True
            return Call("eye", (self._index_of_word(below, token),), (), (token.start, token.end))
        if word in ("I", "Id") and (following.text in OPENERS or following.text == "_"):
            return self._capital_i(token)
        if stem == "log" and line and following.text in OPENERS and self.scope.indices(below, 1):
            if self.scope.function(word) is None:
                return self._log_of(token, self._index_of_word(below, token))
        if word == "log" and following.text == "_":
            self.advance()
            return self._log_of(token, self.subscript()[0], read=True)
        if word in ("hat", "bar", "tilde") and following.text in ("(", "{") and self.ahead(2).kind == "name":
            symbol = self.scope.symbol(self.ahead(2).text + word)
            if symbol is not None and self.ahead(3).text == OPENERS[following.text]:
                for _ in range(4):
                    self.advance()
                return Name(symbol, (token.start, self.end))
        identity = stem in ("I", "Id") and line and self.scope.indices(below, 2)
        if identity or (stem == "delta" and (line or following.text == "_")):
            return self._delta(token, below)
        return self._derived(token)

    def _capital_i(self, token: Token) -> Node | None:
        self.advance()
        if self.token.text == "_":
            place = self.subscript()
            span = (token.start, self.end)
            if len(place) == 1 and is_condition(place[0]):
                return Call("indicator", (place[0],), (), span)
            if len(place) == 2:  # an entry of the identity matrix
                return Call("indicator", (Compare(place[0], (("==", place[1]),), span),), (), span)
            self.arrays = True
            return Call("eye", (place[0],), (), span)
        opener = self.advance()
        return self.of_values("indicator", token, opener)

    def _log_of(self, token: Token, base: Node, read: bool = False) -> Node:
        """`log_b(x)`, the logarithm of another base."""
        if not read:
            self.advance()
        if self.token.text not in OPENERS:
            self.refuse(f"{quote(token.text)} needs its value in brackets, as in log_2(8).", token)
        opener = self.advance()
        args = [numeric(arg) for arg in self._values(opener)]
        span = (token.start, self.end)
        if len(args) != 1:
            self._refuse_count(token, len(args), 1, 1)
        if isinstance(base, Number) and base.value in (2, 10):
            return Call(f"log{base.value}", (args[0],), (), span)
        return Binary("/", Call("log", (args[0],), (), span), Call("log", (base,), (), span), span)

    def _delta(self, token: Token, below: str) -> Node | None:
        """Kronecker's `δ_ij`."""
        places: list[Node] = []
        if below:
            words = self.scope.indices(below, 2)
            if words is None:
                return None
            self.advance()
            places = [self._index_of_word(word, token) for word in words]
        else:
            self.advance()
            places = self.subscript()
        if len(places) != 2:
            self.refuse("Kronecker's delta has two indices, as in delta_{i,j}.", token)
        span = (token.start, self.end)
        return Call("indicator", (Compare(places[0], (("==", places[1]),), span),), (), span)

    def absolute(self) -> Node:
        opener = self.advance()
        self.enter()
        self.open_bars += 1
        node = numeric(self.sum())
        if self.token.text != "|":
            if self.token.kind != "end":
                self.refuse_rest()
            self.refuse('The bar "|" is never closed.', opener)
        self.advance()
        self.open_bars -= 1
        self.leave()
        span = (opener.start, self.end)
        kind = self.kind(node)
        if not kind.array or self.cellwise:
            return Call("abs", (node,), (), span)
        if kind.form == "matrix":
            text = self.written(*node.span)
            self.doubtful(*span, f"det({text})", f"||{text}||")
        return Call("norm", (node,), (), span)

    def _norm(self) -> Node:
        opener = self.advance()
        self.enter()
        kept, self.open_bars = self.open_bars, 0
        self.open_norms += 1
        node = numeric(self.sum())
        if self.token.text != "‖":
            if self.token.kind != "end":
                self.refuse_rest()
            self.refuse("This norm is never closed; write ||…||.", opener)
        self.advance()
        self.open_norms -= 1
        self.open_bars = kept
        self.leave()
        if not self.array(node):
            return Call("abs", (node,), (), (opener.start, self.end))
        return Call("norm", (node,), (), (opener.start, self.end))

    def postfix(self) -> Node:
        begin = self.token.start
        if self.token.text == "(":
            return self.after(self.bracket(), begin)
        if self.token.kind == "number" and self.ahead().text == "_" and self.token.text in ("0", "1"):
            return self.after(self._indexed_number(), begin)
        if self.token.text == "1" and self.ahead().text in OPENERS and not self.ahead().gap:
            number = self.advance()
            node = self.times(self.number_of(number), "", self.bracket(), (begin, self.end))
            return self.after(node, begin)
        return self.after(self.atom(), begin)

    def after(self, node: Node, begin: int) -> Node:
        steps = 0
        while True:
            token = self.token
            if token.text in AFTER_PLAIN:
                self.kind(node)
                return node
            if token.kind != "end" and token.kind != "name":
                steps = self.step(steps)
            self.kind(node)  # known from now on, however high the tree grows
            if token.kind == "power":
                self.advance()
                node = self.of_array(Binary("**", node, self.raised_number(token), (begin, self.end)))
            elif token.kind != "op":
                return node
            elif token.text == "'" and not token.gap:
                node = self._primed(node, begin)
            elif token.text == "⊤":
                self.advance()
                node = Call("transpose", (node,), (), (begin, self.end))
            elif token.text == "!" and self.ahead().text != "=":
                self.advance()
                node = Call("factorial", (node,), (), (begin, self.end))
            elif token.text == "_" and not token.gap and not isinstance(node, Number):
                node = self._lowered(node, begin)
            elif self._indexed(node):
                node = self._at(node, token)
            elif token.text == "." and self._method(node):
                node = self._applied_method(node, begin)
            elif token.text == "%":
                node = self.percent(node, begin)
            else:
                return node

    def _primed(self, node: Node, begin: int) -> Node:
        token = self.advance()
        if not self.array(node):
            says = f"The sign ' after {quote(self.written(begin, token.start))} cannot be read; it marks a transpose."
            raise LanguageError(says, self.text, token.start, token.end)
        return Call("transpose", (node,), (), (begin, self.end))

    def _method(self, node: Node) -> bool:
        """Whether a method of numpy follows the dot: `.T`, `.sum()`."""
        name = self.ahead()
        if name.kind != "name" or name.gap:
            return False
        if self.scope.symbol(name.text):
            return name.text == "T" and not self.token.gap and self.array(node) and not self.scope.kind("T").array
        known = name.text in METHODS or name.text in CASTS or name.text in UNCHANGED
        return name.text == "T" or (known and self.ahead(2).text == "(")

    def _applied_method(self, node: Node, begin: int) -> Node:
        self.advance()
        token = self.advance()
        if token.text == "T":
            return Call("transpose", (node,), (), (begin, self.end))
        opener = self.advance()
        args: list[Node] = [node]
        if token.text in CASTS and is_condition(node):
            if self.token.kind == "name":
                self.advance()
            self.close(opener)
            return numeric(node)
        if self.token.text != ")":
            args += self._values(opener)
        else:
            self.close(opener)
        if token.text in UNCHANGED:
            return node
        name = OTHER_NAMES.get(token.text, token.text)
        span = (begin, self.end)
        if name in ("sum", "mean", "prod") and len(args) == 1:
            return self.total(name, node, [], span)
        if name not in FORMULA_FUNCTIONS:
            self.refuse(self.scope.unknown(token.text), token)
        if name == "diag":
            return Call("diag", (node,), (), span)
        return self.built(name, args, token, span)
