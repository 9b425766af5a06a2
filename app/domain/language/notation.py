"""Operands of mathematics: names with indices, bars, norms, products in angles, and what stands behind an operand."""

from __future__ import annotations

from typing import Final

from app.domain.language.applications import Applications
from app.domain.language.errors import LanguageError, quote
from app.domain.language.formula_words import FORMULA_FUNCTIONS, METHODS, OTHER_NAMES, PREFIXES, PROBABILITIES
from app.domain.language.functions import STUDENT_CONSTANTS
from app.domain.language.operands import whole
from app.domain.language.products import is_condition, numeric
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import Binary, Call, Compare, Name, Node, Number

_FROM_SYMPY: Final = {"E": "e", "Pi": "pi"}
_NO_CALL: Final = frozenset(["norm", "max", "min"])


class Notation(Applications):
    """Reads one operand with everything that clings to it."""

    def atom(self) -> Node:
        token = self.token
        if token.kind == "symbol":
            self.advance()
            return self.symbol(token.text, token)
        if token.kind == "name" and self.big(token):
            return self.operator()
        match token.text if token.kind == "op" else "":
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
                return self.built("cbrt", [self.atom()], token, (token.start, self.end))
            case "∅":
                self.advance()
                return Call("set", (), (), (token.start, token.end))
            case "∞":
                self.refuse("Infinity cannot be read as a value here.", token)
        return super().atom()

    def _sign_sum(self, token: Token) -> Node:
        """`∑_i …`, `∑(…)`, `∑ x_i y_i`."""
        return self.operator()

    def symbol(self, name: str, token: Token) -> Node:
        """A declared symbol that was just read."""
        declaration = self.scope.declaration(name)
        if declaration is not None and declaration.kind == "function":
            if self.token.text in ("^", "**") and self.ahead().text in ("'", "⊤"):
                self.advance()
            return self.unknown_function(name, token)
        return Name(name, (token.start, token.end))

    def named(self) -> Node:
        token = self.token
        while token.text in PREFIXES and self.ahead().text == "." and not self.scope.symbol(token.text):
            self.advance()
            self.advance()
            token = self.token
            if token.kind != "name":
                self.refuse("After the dot a name is missing.", token)
        word = token.text
        if word in ("d", "grad", "nabla") and self._differential_of():
            return self._derived(token) or self.refuse_start()
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
            self.refuse_name(token)
        return self.named()

    def _splits(self, token: Token) -> bool:
        """Whether a word is several symbols written together; then they stand in its place."""
        pieces = self.scope.split(token.text, called=self.ahead().text in OPENERS)
        if pieces is None:
            return False
        self.separate(token, pieces)
        return True

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
        kind = self.kind(array)
        if any(isinstance(place, Number) and (place.value < 1 or place.value.denominator != 1) for place in places):
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
            return self._log_of(token, self._subscript()[0], read=True)
        if stem == "delta" and (line or following.text == "_"):
            return self._delta(token, below)
        return self._derived(token)

    def _capital_i(self, token: Token) -> Node | None:
        self.advance()
        if self.token.text == "_":
            place = self._subscript()
            span = (token.start, self.end)
            if len(place) == 1 and is_condition(place[0]):
                return Call("indicator", (place[0],), (), span)
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
            places = self._subscript()
        if len(places) != 2:
            self.refuse("Kronecker's delta has two indices, as in delta_{i,j}.", token)
        span = (token.start, self.end)
        return Call("indicator", (Compare(places[0], (("==", places[1]),), span),), (), span)

    def _derived(self, token: Token) -> Node | None:
        """`dl(y)`, `dl/dy`, `d l(y)/dy`, `grad l(y)`, `l_prime(y)` of a declared function l."""
        word, following = token.text, self.ahead()
        name = None
        if word in ("d", "grad", "nabla") and following.kind == "name":
            name = self._function_symbol(following.text)
            if name:
                self.advance()
        elif word[:1] == "d" and len(word) > 1 and (following.text in ("(", "/")):
            name = self._function_symbol(word[1:])
        elif word.endswith("_prime"):
            name = self._function_symbol(word.removesuffix("_prime"))
        if not name:
            return None
        self.advance()
        return self.derivative(name, token)

    def _differential_of(self) -> bool:
        """Whether `d` begins a derivative, also where a number is called d: `d l(y)/dy`."""
        following = self.ahead()
        if following.kind not in ("name", "symbol") or not self._function_symbol(following.text):
            return False
        if not self.scope.symbol(self.token.text):
            return True
        depth, place = 0, self.place + 2
        while place < len(self.tokens) - 2:
            depth += (self.tokens[place].text in OPENERS) - (self.tokens[place].text in OPENERS.values())
            if depth == 0:
                return self.tokens[place + 1].text == "/" and self.tokens[place + 2].text[:1] == "d"
            place += 1
        return False

    def _function_symbol(self, word: str) -> str | None:
        name = self.scope.symbol(word)
        declaration = self.scope.declaration(name) if name else None
        return name if declaration is not None and declaration.kind == "function" else None

    def _differentiated(self) -> Node:
        """`∇l(y)`, `∂l/∂y`."""
        token = self.advance()
        if self.token.text == "_":
            self._subscript()
        name = self._function_symbol(self.token.text) if self.token.kind in ("name", "symbol") else None
        if name is None:
            self.refuse("Only derivatives of a declared function can be written; calculate this one.", token)
        self.advance()
        return self.derivative(name, token)

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

    def postfix(self) -> Node:
        begin = self.token.start
        if self.token.kind == "number" and self.ahead().text == "_" and self.token.text in ("0", "1"):
            return self.after(self._indexed_number(), begin)
        return self.after(self.atom(), begin)

    def after(self, node: Node, begin: int) -> Node:
        while True:
            token = self.token
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
            elif token.text == "[" and not token.gap and self.array(node):
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

    def _indexed_number(self) -> Node:
        """`1_{y > 0}`, `1_N`, `0_N`."""
        number = self.advance()
        place = self._subscript()
        span = (number.start, self.end)
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
            place = self._subscript(norms=True)
            if node.function == "abs" and not self.array(node.args[0]):
                self.refuse("Only the norm of a vector has an index.", token)
            return self.norm(node.args[0], place[0], (begin, self.end))
        place = self._subscript()
        if not self.array(node):
            shown = self.written(begin, token.start)
            says = f"{quote(shown)} is a number here; only vectors and matrices have entries."
            raise LanguageError(says, self.text, begin, self.end)
        return self._entry_or_range(node, place, token)

    def _plus_inside(self) -> bool:
        return self.tokens[self.place + 2].text == "+" and self.tokens[self.place + 3].text in ("}", ")")

    def _entry_or_range(self, node: Node, place: list[Node], token: Token) -> Node:
        if len(place) == 1 and isinstance(place[0], Call) and place[0].function == "through":
            first, last = (self.entry(node, [one], token) for one in place[0].args)
            return Call("through", (first, last), (), (node.span[0], self.end))
        return self.entry(node, [numeric(one) for one in place], token)

    def _subscript(self, norms: bool = False) -> list[Node]:
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
        found = [self._place()]
        while self.token.text == ",":
            self.advance()
            found.append(self._place())
        self.open_bars, self.open_norms, self.angles, self.bracketed, self.cellwise = kept
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
        node = self.disjunction()
        if self.token.text in (":", "…"):
            self.advance()
            last = self.sum()
            return Call("through", (node, last), (), (node.span[0], self.end))
        if isinstance(node, Call) and node.function == "set" and len(node.args) == 1:
            return node.args[0]
        return node

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

    def _at(self, node: Node, token: Token) -> Node:
        """`x[i]`, `A[i, j]`, `A[i][j]`, counted from 1."""
        opener = self.advance()
        places, _ = self.between_indices(opener)
        if self.kind(node).form == "matrix" and len(places) == 1 and self.token.text == "[":
            more, _ = self.between_indices(self.advance())
            places += more
        return self._entry_or_range(node, places, token)

    def _method(self, node: Node) -> bool:
        """Whether a method of numpy follows the dot: `.T`, `.sum()`."""
        name = self.ahead()
        if name.kind != "name" or name.gap:
            return False
        if self.scope.symbol(name.text):
            return name.text == "T" and not self.token.gap and self.array(node) and not self.scope.kind("T").array
        called = self.tokens[min(self.place + 2, len(self.tokens) - 1)].text == "("
        return name.text == "T" or (called and (name.text in METHODS or name.text == "T"))

    def _applied_method(self, node: Node, begin: int) -> Node:
        self.advance()
        token = self.advance()
        if token.text == "T":
            return Call("transpose", (node,), (), (begin, self.end))
        opener = self.advance()
        args: list[Node] = [node]
        if self.token.text != ")":
            args += self._values(opener)
        else:
            self.close(opener)
        name = OTHER_NAMES.get(token.text, token.text)
        span = (begin, self.end)
        if name in ("sum", "mean", "prod") and len(args) == 1:
            return self.total(name, node, [], span)
        if name not in FORMULA_FUNCTIONS:
            self.refuse(self.scope.unknown(token.text), token)
        if name == "diag":
            return Call("diag", (node,), (), span)
        return self.built(name, args, token, span)

    def of_norm(self, node: Node) -> Node:
        if self.token.text != "_" or not isinstance(node, Binary) or node.op != "**":
            return node
        base = node.left
        if not isinstance(base, Call) or base.function != "norm":
            return node
        place = self._subscript(norms=True)
        span = (node.span[0], self.end)
        return Binary("**", self.norm(base.args[0], place[0], base.span), node.right, span)
