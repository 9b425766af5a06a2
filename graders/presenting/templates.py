"""Templates in prompts and solutions, in the question language and nothing else.

@{mu}  @{sigma:.3f}      the value, in LaTeX inside `$…$`
@if expr / @else / @end  each on a line of its own
@each row in z / @end    also `@each a, b in zip(x, y)`
@@                       an at sign
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeAlias

from app.domain.errors import GradusError
from app.domain.language import LanguageError, Node, parse_author
from app.domain.language.tree import Attribute, Comprehension, Index, Name, Number, free_names, map_tree, walk
from app.domain.values import Share, Value
from graders.presenting.formats import FORMATS, Place, known_format, written

_BLOCK = re.compile(r"[ \t]*@(if|each|else|end)\b[ \t]*(.*?)[ \t]*$")
_EACH = re.compile(r"([A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*)\s+in\s+(.+)$")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_TOKEN = re.compile(r"@@|@\{|\\.|\$\$|\$|`+")
MOST_NESTING = 8


class TemplateError(GradusError):
    """A template that cannot be used: one sentence and the line of the file (1-based)."""

    def __init__(self, says: str, line: int) -> None:
        super().__init__(says)
        self.says = says
        self.line = line


@dataclass(slots=True)
class Budget:
    """What one document may still produce: characters of text and steps (pieces written, turns of loops)."""

    characters: int = 100_000
    steps: int = 20_000

    def spend(self, characters: int, line: int) -> None:
        """Take one step and that many characters.

        Raises:
            TemplateError: there is nothing left.
        """
        self.characters -= characters
        self.steps -= 1
        if self.characters < 0 or self.steps < 0:
            raise TemplateError("The text becomes too long here.", line)


@dataclass(frozen=True, slots=True)
class Hole:
    """`@{…}`"""

    node: Node
    format: str
    place: Place
    line: int


@dataclass(slots=True)
class If:
    """`@if` with its two branches."""

    node: Node
    line: int
    then: list[Piece] = field(default_factory=list)
    otherwise: list[Piece] = field(default_factory=list)
    turned: bool = False


@dataclass(slots=True)
class Each:
    """`@each` with its body."""

    names: tuple[str, ...]
    source: Node
    line: int
    body: list[Piece] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """Text that stands as it is."""

    text: str
    line: int


Piece: TypeAlias = Words | Hole | If | Each
Look: TypeAlias = Callable[[Node], Value]


def expand(template: str, look: Look, budget: Budget | None = None, *, line: int = 1) -> str:
    """The text with every value filled in. `look` evaluates an expression; `line` is that of its start.

    Raises:
        TemplateError: it cannot be read, an expression has no value, or the text becomes too long.
    """
    out: list[str] = []
    _write(parse(template, line), look, {}, budget or Budget(), out)
    return "".join(out)


def names(pieces: list[Piece], bound: frozenset[str] = frozenset()) -> Iterator[tuple[Node, frozenset[str], int]]:
    """Every expression of a template with the names that loops around it bind, and its line."""
    for piece in pieces:
        match piece:
            case Hole():
                yield piece.node, bound, piece.line
            case If():
                yield piece.node, bound, piece.line
                yield from names(piece.then, bound)
                yield from names(piece.otherwise, bound)
            case Each():
                yield piece.source, bound, piece.line
                yield from names(piece.body, bound | frozenset(piece.names))


def parse(template: str, line: int = 1) -> list[Piece]:
    """The pieces of a template.

    Raises:
        TemplateError: with the line.
    """
    return _Parser(line).parse(template)


class _Parser:
    """Goes through the lines once, knowing whether it is in mathematics or in code."""

    def __init__(self, line: int) -> None:
        self.line = line
        self.pieces: list[Piece] = []
        self.into = self.pieces
        self.open: list[tuple[If | Each, list[Piece]]] = []
        self.math = ""
        self.fence = ""

    def parse(self, template: str) -> list[Piece]:
        for text in template.splitlines(keepends=True):
            block = None if self.fence else _BLOCK.match(text)
            if block:
                self._block(block[1], block[2])
            else:
                self._text(text)
            self.line += 1
        if self.open:
            opened = self.open[-1][0]
            raise TemplateError(f"This `@{type(opened).__name__.lower()}` has no `@end`.", opened.line)
        return self.pieces

    def _block(self, word: str, rest: str) -> None:
        if word in ("if", "each"):
            if len(self.open) >= MOST_NESTING:
                raise TemplateError(f"Blocks can be nested at most {MOST_NESTING} deep.", self.line)
            block = self._if(rest) if word == "if" else self._each(rest)
            self.into.append(block)
            self.open.append((block, self.into))
            self.into = block.then if isinstance(block, If) else block.body
            return
        if rest:
            raise TemplateError(f"Nothing may follow `@{word}` on its line.", self.line)
        if not self.open:
            raise TemplateError(f"There is no block that this `@{word}` belongs to.", self.line)
        block, before = self.open[-1]
        if word == "end":
            self.into = before
            self.open.pop()
        elif not isinstance(block, If) or block.turned:
            raise TemplateError("This `@else` belongs to no `@if`.", self.line)
        else:
            block.turned = True
            self.into = block.otherwise

    def _if(self, rest: str) -> If:
        return If(self._expression(rest), self.line)

    def _each(self, rest: str) -> Each:
        match = _EACH.match(rest)
        if not match:
            raise TemplateError("A loop is written `@each name in expression`.", self.line)
        bound = tuple(name.strip() for name in match[1].split(","))
        return Each(bound, self._expression(match[2]), self.line)

    def _expression(self, source: str) -> Node:
        try:
            node = parse_author(source)
        except LanguageError as error:
            raise TemplateError(f"{error.says} (in `{source}`, at character {error.start + 1})", self.line) from None
        loops = [block for block, _ in self.open if isinstance(block, Each)]
        taken = {name for loop in loops for name in loop.names} | {
            name for loop in loops for name in free_names(loop.source)
        }
        for inner in walk(node):
            if isinstance(inner, Attribute):
                says = f"`{inner.target}.{inner.name}` belongs to an answer; texts can show variables only."
                raise TemplateError(says, self.line)
            if isinstance(inner, Comprehension):
                for name in (name for one in inner.generators for name in one.targets):
                    if name in taken:
                        says = f"`{name}` is already used by an `@each` here; choose another name."
                        raise TemplateError(says, self.line)
        return node

    def _text(self, text: str) -> None:
        fence = _FENCE.match(text)
        if fence and self.fence in ("", fence[1]):
            self.fence = "" if self.fence else fence[1]
        if not text.strip() and self.math == "$":
            self.math = ""
        code = ""
        at = 0
        plain = ""
        while token := _TOKEN.search(text, at):
            plain += text[at : token.start()]
            at = token.end()
            sign = token[0]
            if sign == "@@":
                plain += "@"
            elif sign == "@{":
                self._words(plain)
                plain = ""
                end = self._closing(text, at)
                self._hole(text[at:end], "code" if code or self.fence else "math" if self.math else "text")
                at = end + 1
            else:
                plain += sign
                if sign[0] == "`" and not self.math and not self.fence:
                    code = sign if not code else "" if code == sign else code
                elif sign[0] == "$" and not code and not self.fence and self.math in ("", sign):
                    self.math = "" if self.math else sign
        self._words(plain + text[at:])

    def _words(self, text: str) -> None:
        if text:
            self.into.append(Words(text, self.line))

    def _closing(self, text: str, start: int) -> int:
        """The brace that closes the hole; braces in strings and records belong to the expression."""
        depth, quoted = 1, ""
        for at in range(start, len(text)):
            sign = text[at]
            if quoted:
                quoted = "" if sign == quoted else quoted
            elif sign in "'\"":
                quoted = sign
            elif sign in "{}":
                depth += 1 if sign == "{" else -1
                if not depth:
                    return at
        raise TemplateError("This `@{` is not closed on its line.", self.line)

    def _hole(self, source: str, place: Place) -> None:
        depth, quoted, split = 0, "", None
        for at, sign in enumerate(source):
            if quoted:
                quoted = "" if sign == quoted else quoted
            elif sign in "'\"":
                quoted = sign
            elif sign in "([{":
                depth += 1
            elif sign in ")]}":
                depth -= 1
            elif sign == ":" and depth == 0:
                split = at
        wanted = source[split + 1 :].strip() if split is not None else ""
        if not known_format(wanted):
            raise TemplateError(f"There is no format `{wanted}`; there are {', '.join(FORMATS)}.", self.line)
        self.into.append(Hole(self._expression(source[:split]), wanted, place, self.line))


def _write(pieces: list[Piece], look: Look, bound: Mapping[str, Node], budget: Budget, out: list[str]) -> None:
    for piece in pieces:
        match piece:
            case Words():
                budget.spend(len(piece.text), piece.line)
                out.append(piece.text)
            case Hole():
                text = written(_value(piece.node, look, bound, piece.line), piece.format, piece.place)
                budget.spend(len(text), piece.line)
                out.append(text)
            case If():
                holds = _holds(_value(piece.node, look, bound, piece.line), piece.line)
                _write(piece.then if holds else piece.otherwise, look, bound, budget, out)
            case _:
                for names_here in _turns(piece, look, bound):
                    budget.spend(0, piece.line)
                    _write(piece.body, look, {**bound, **names_here}, budget, out)


def _value(node: Node, look: Look, bound: Mapping[str, Node], line: int) -> Value:
    try:
        return look(_in_loop(node, bound))
    except GradusError as error:
        raise TemplateError(str(error), line) from None


def _in_loop(node: Node, bound: Mapping[str, Node]) -> Node:
    """The node with the names of loops replaced by what they stand for."""
    if not bound:
        return node
    return map_tree(node, lambda inner: bound.get(inner.id, inner) if isinstance(inner, Name) else inner)


def _holds(value: Value, line: int) -> bool:
    if isinstance(value, Share) or value is None:
        raise TemplateError("This condition is neither true nor false.", line)
    return bool(value)


def _turns(loop: Each, look: Look, bound: Mapping[str, Node]) -> Iterator[dict[str, Node]]:
    """What the names of a loop stand for, turn by turn: elements of the list, as expressions."""
    source = _in_loop(loop.source, bound)
    value = _value(loop.source, look, bound, loop.line)
    if not isinstance(value, list):
        raise TemplateError("A loop goes over a list.", loop.line)
    for turn, item in enumerate(value):
        element = _at(source, turn)
        if len(loop.names) == 1:
            yield {loop.names[0]: element}
            continue
        if not isinstance(item, list) or len(item) != len(loop.names):
            raise TemplateError(f"Each element must be a list of {len(loop.names)}.", loop.line)
        yield {name: _at(element, place) for place, name in enumerate(loop.names)}


def _at(node: Node, place: int) -> Node:
    return Index(node, Number(Fraction(place), str(place)))
