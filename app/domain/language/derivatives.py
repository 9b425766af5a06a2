"""Declared functions, their derivatives, and probabilities."""

from __future__ import annotations

import re
from abc import abstractmethod
from dataclasses import replace
from fractions import Fraction
from itertools import takewhile
from typing import Final

from app.domain.language.applications import Applications
from app.domain.language.errors import LanguageError, quote
from app.domain.language.kinds import numeric
from app.domain.language.source import to_source
from app.domain.language.tokens import OPENERS, Token
from app.domain.language.tree import (
    Binary,
    Call,
    Compare,
    Name,
    Node,
    Number,
    Sequence,
)

_ARGUMENTS: Final = frozenset(["x", "X", "theta", "θ", "w", "W"])

_CAPITAL: Final = re.compile("[A-Z]")


class Derivatives(Applications):
    """Reads `l(y)`, `l'(y)`, `dl/dy`, `P(a | b)`."""

    def symbol(self, name: str, token: Token) -> Node:
        """A declared symbol that was just read."""
        declaration = self.scope.declaration(name)
        if declaration is not None and declaration.kind == "function":
            if self.token.text in ("^", "**") and self.ahead().text in ("'", "⊤"):
                self.advance()
            return self.unknown_function(name, token)
        if declaration is not None and declaration.kind == "scalar":
            self._skip_arguments()
        return Name(name, (token.start, token.end))

    def _skip_arguments(self) -> None:
        """Passes `(x, θ)` behind a number that people write as a function of what it depends on: names between
        commas or semicolons, or one name that means nothing here and is usual for an input or for parameters.
        """
        if self.token.text != "(" or self.token.gap:
            return
        place, words, signs = self.place + 1, [], 0
        while self.tokens[place].kind in ("name", "symbol"):
            words.append(self.tokens[place].text)
            place += 1
            if self.tokens[place].text not in (",", ";"):
                break
            signs += 1
            place += 1
        if not words or signs != len(words) - 1 or self.tokens[place].text != ")":
            return
        stem = words[0].partition("_")[0]
        if signs or (not self.scope.means(words[0]) and stem in _ARGUMENTS):
            while self.place <= place:
                self.advance()

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
        if self.tokens[place].text == "/":
            return self.tokens[place + 1].text[:1] == "d"
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

    @abstractmethod
    def subscript(self, norms: bool = False) -> list[Node]:
        """What stands after "_"."""

    def _differentiated(self) -> Node:
        """`∇l(y)`, `∂l/∂y`."""
        token = self.advance()
        if self.token.text == "_":
            self.subscript()
        name = self._function_symbol(self.token.text) if self.token.kind in ("name", "symbol") else None
        if name is None:
            self.refuse("Only derivatives of a declared function can be written; calculate this one.", token)
        self.advance()
        return self.derivative(name, token)

    def probability(self, name: str, token: Token) -> Node:
        """`P(a, b | c)`: what is asked for, and what is given."""
        opener = self.advance()
        self._take_values()
        outer, self.in_probability = self.in_probability, True
        asked, _ = self.between(opener, bars=1)
        parts = [self._events(asked)]
        if self.token.text == "|":
            self.advance()
            given, _ = self.between(opener)
            parts.append(self._events(given))
        self.in_probability = outer
        return Call(name, tuple(parts), (), (token.start, self.end))

    def _take_values(self) -> None:
        """Within the brackets, `Y = y` becomes y and `Y = 1` becomes `y = 1`: Y, undeclared, is the variable of y."""
        depth, place = 1, self.place
        while depth and place + 1 < len(self.tokens):
            token = self.tokens[place]
            depth += (token.text in OPENERS) - (token.text in OPENERS.values())
            small = token.text.lower()
            begins = (
                depth == 1 and self.tokens[place - 1].text in ("(", ",", "|") and self.tokens[place + 1].text == "="
            )
            if begins and _CAPITAL.fullmatch(token.text) and not self.scope.symbol(token.text):
                if self.scope.symbol(small) == small:
                    behind = (one.text for one in self.tokens[place + 2 :])
                    if small in takewhile(lambda text: text not in (",", "|", ")"), behind):
                        del self.tokens[place : place + 2]
                    else:
                        self.tokens[place] = Token(token.kind, small, token.start, token.end, token.gap)
            place += 1
        self.token = self.tokens[self.place]

    def _events(self, rows: list[list[Node]]) -> Node:
        items = [_value_taken(item) for row in rows for item in row]
        if not items:
            self.refuse("Between the brackets something is missing.", self.token)
        found: list[Node] = []
        place = 0
        while place < len(items):
            if type(items[place]).__name__ == "Gap":
                runs = _runs(found, items[place + 1 :])
                if runs:
                    found[-len(runs) :] = runs
                    place += 1 + len(runs)
                    continue
                if not found or place + 1 >= len(items):
                    self.refuse_kind("Before and after the dots an entry is missing.", items[place].span)
                first = found.pop()
                if found and _follows(found[-1], first):
                    first = found.pop()
                found.append(Call("through", (first, _entry_at(first, items[place + 1])), (), first.span))
                place += 2
                continue
            found.append(items[place])
            place += 1
        return Sequence(tuple(found), (found[0].span[0], found[-1].span[1]))

    def unknown_function(self, name: str, token: Token) -> Node:
        """A declared function `l(y)`, its derivative `l'(y)`, or a probability density `q(x | z)`."""
        primes = 0
        while self.token.text == "'":
            self.advance()
            primes += 1
        if primes > 1:
            self.refuse(f"Only the first derivative can be written, as in {name}'(…).", token)
        function = f"{name}_prime" if primes else name
        if self.token.text not in OPENERS:
            self.refuse(f"{quote(token.text)} needs its value in brackets, as in {token.text}(…).", token)
        if not primes and self._has_bar(self.place):
            return self.probability(name, token)
        opener = self.advance()
        args = tuple(numeric(arg) for arg in self._values(opener))
        return Call(function, args, (), (token.start, self.end))

    def _has_bar(self, place: int) -> bool:
        """Whether a single bar separates what stands in the brackets that open at a token."""
        depth = bars = 0
        for token in self.tokens[place:]:
            depth += (token.text in OPENERS) - (token.text in (")", "]", "}"))
            bars += depth == 1 and token.text == "|"
            if depth == 0:
                break
        return bars == 1

    def derivative(self, name: str, token: Token) -> Node:
        """What follows `d l`: `(y)`, `(y)/dy` or `/dy`."""
        if self.token.text == "/":
            self.advance()
            variable = self._differential()
            return Call(f"{name}_prime", (variable,), (), (token.start, self.end))
        if self.token.text != "(":
            self.refuse(f"Write the derivative of {name} as {name}'(…).", token)
        args = self._values(self.advance())
        span = (token.start, self.end)
        if self.token.text == "/" and self._differential_ahead():
            self.advance()
            variable = self._differential()
            same = len(args) == 1 and isinstance(args[0], Name) and isinstance(variable, Name)
            if not same or args[0].id != variable.id:  # type: ignore[union-attr]
                says = f"Write the derivative as {name}'(…), times the inner derivative where there is one."
                raise LanguageError(says, self.text, token.start, self.end)
            span = (token.start, self.end)
        return Call(f"{name}_prime", tuple(numeric(arg) for arg in args), (), span)

    def _differential_ahead(self) -> bool:
        following = self.ahead()
        if following.text in ("d", "∂"):
            return not self.scope.symbol("d") or following.text == "∂"
        return following.kind == "name" and following.text[:1] == "d" and bool(self.scope.symbol(following.text[1:]))

    def _differential(self) -> Node:
        """`dy`, `d y`, `∂y`."""
        token = self.advance()
        word = token.text[1:] if token.kind == "name" and token.text != "d" else ""
        if not word:
            token = self.token
            word = token.text
            if token.kind not in ("name", "symbol"):
                self.refuse("After the d a name is missing, as in dl/dy.", token)
            self.advance()
        symbol = self.scope.symbol(word)
        if symbol is None:
            self.refuse(self.scope.unknown(word), token)
        return Name(symbol, (token.start, token.end))


def _runs(before: list[Node], after: list[Node]) -> list[Node]:
    """The runs of `s_1, a_1, …, s_t, a_t`, one for each of several vectors, and of `s_{t-1}, s_{t-2}, …`, which goes
    on to the first entry; none where the dots stand between two entries of one vector.
    """
    last = before[-1] if before else None
    if not after and isinstance(last, Call) and last.function == "entry" and not isinstance(last.args[-1], Number):
        one = Number(Fraction(1), "1", last.span)
        return [Call("through", (last, replace(last, args=(*last.args[:-1], one))), (), last.span)]
    width = len(after)
    ends = [*zip(before[-width:], after, strict=False)] if 1 < width <= len(before) else []
    names = [_vector_of(one) for one, _ in ends]
    if not ends or "" in names or len({*names}) < width or names != [_vector_of(other) for _, other in ends]:
        return []
    return [Call("through", (one, other), (), one.span) for one, other in ends]


def _entry_at(first: Node, last: Node) -> Node:
    """Of `s_1:t` the last entry, which is named by its place alone."""
    if isinstance(first, Call) and first.function == "entry" and isinstance(last, Number | Name | Binary):
        return replace(first, args=(*first.args[:-1], last), span=last.span)
    return last


def _value_taken(node: Node) -> Node:
    """Of `S_t = s_t`, a variable with the value that it takes, the value; of `S_t = s` the variable alone; of
    `s_1 … s_t` without commas all from the first to the last, of `s_t+1` the one after s_t; any other part as it is.
    """
    match node:
        case Call(
            function="Prod", args=(Call(function="entry", args=(array, Name(id=place))), Name(id=index), low, high)
        ):
            if place == index:
                first, last = (Call("entry", (array, one), (), node.span) for one in (low, high))
                return Call("through", (first, last), (), node.span)
            return node
        case Binary(op="+" | "-" as op, left=Call(function="entry", args=(array, place)), right=Number() as step):
            return Call("entry", (array, Binary(op, place, step, node.span)), (), node.span)
        case Compare(first=Call(function="entry") as variable, rest=(("==", Name()),)):
            return variable
        case Compare(
            first=Call(function="entry", args=(Name(id=variable), *places)),
            rest=(("==", Call(function="entry", args=(Name(id=value), *others)) as taken),),
        ) if variable.lower() == value.lower() and [*map(to_source, places)] == [*map(to_source, others)]:
            return taken
        case _:
            return node


def _vector_of(node: Node) -> str:
    """The name of the vector of which a part is an entry."""
    if isinstance(node, Call) and node.function == "entry" and isinstance(node.args[0], Name):
        return node.args[0].id
    return ""


def _follows(one: Node, other: Node) -> bool:
    """Whether two entries are the first and second of a row that goes on (`s_1, s_2, …`)."""
    if not (isinstance(one, Call) and isinstance(other, Call) and one.function == other.function == "entry"):
        return False
    a, b = one.args[-1], other.args[-1]
    return isinstance(a, Number) and isinstance(b, Number) and b.value - a.value == Fraction(1)
