"""Computational graphs as text: one node a line, as `s = dot(w, x)`, `L = a - b` or `w, x -> dot -> s`."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Final

from app.domain.graph_operators import MOST_INPUTS, SAME, find_operator, suggestion
from app.domain.language.characters import QUOTATION_MARKS

LONGEST_LINE: Final = 400
DEEPEST: Final = 30

_ARROW: Final = re.compile(r"\s*(?:-+>|=+>|→|⟶|↦)\s*")
_BAR: Final = re.compile(r"\s+\|(?:\s+|$)")
"""Before a value; the bars of |x| have no spaces on both sides."""
_NAMED_BOX: Final = re.compile(r"\[\s*(?P<operator>[^\[\]]+?)\s*\]\s*(?P<name>[^\s\[\],]+)?")
_CALLED: Final = re.compile(r"\s*(?P<name>[^\W\d]\w*)\([^()=]*\)\s*")
_WITH_ZERO: Final = re.compile(r"(max|min)\(\s*(?:[.·•_x]?\s*,\s*0|0\s*,\s*[.·•_x]?)\s*\)", re.IGNORECASE)
_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\.\d+)"
    r"|(?:np\.|numpy\.|torch\.|math\.)?(?P<name>\\?[^\W\d](?:(?![²ᵀ])\w)*(?:\{\w+\})?(?:\[\d{1,3}\])?'*)"
    r"|(?P<sign>\*\*|\^T\b|\^\{?\\?top\}?|ᵀ|\.T\b|²|[-+*/^@(),;|×·⋅⊙÷−–]))"
)
_PLAIN_DOT: Final = re.compile(
    r"(?<=[\w)\]])\s+\.\s+(?=[\w(])|(?<=\w)(?<!\bnp)(?<!\bnumpy)(?<!\btorch)(?<!\bmath)\.(?=(?!T\b)[^\W\d]\w*(?![\w(.]))"
)
"""The dot of a product in the place of `·`: `w . x` or `w.x`, not `w.T` or `np.sin(w)`."""
_SIGNS: Final = {"×": "*", "⋅": "·", "⊙": "*", "÷": "/", "−": "-", "–": "-", "^": "**"}
_TRANSPOSED: Final = ("^T", ".T", "ᵀ", "^top", "^{top}", "^\\top", "^{\\top}")


class LineError(Exception):
    """Why a line cannot be read: one sentence without the place, which the caller knows; `sign` is the first sign that
    cannot be read, where that is the reason.
    """

    def __init__(self, says: str, sign: str = "") -> None:
        super().__init__(says)
        self.sign = sign


@dataclass(frozen=True, slots=True)
class Line:
    """One node as written: texts, not yet checked. `hidden` is a node inside a longer formula, which has no name
    of its own; `dotted` a product `a·b`, which is a dot product of vectors only; `called` is the operator as it
    stands between arrows.
    """

    name: str
    operator: str
    inputs: tuple[str, ...]
    value: str = ""
    gradients: tuple[str, ...] = ()
    hidden: bool = False
    dotted: bool = False
    called: str = ""


def read_line(text: str, palette: Collection[str]) -> list[Line]:
    """The nodes of one line; several where a formula holds more than one operation, or arrows go on.

    Raises:
        LineError: what is missing, in one sentence.
    """
    if len(text) > LONGEST_LINE:
        raise LineError(f"a line has at most {LONGEST_LINE} characters.")
    drawn, *rest = _BAR.split(text, 1)
    notes = rest[0].split("|") if rest else []
    if len(notes) > 2:
        raise LineError("after a node stand its value and its gradients, as in s = dot(w, x) | 1 | [2, 1]; [1, -1].")
    value = notes[0].strip() if notes else ""
    gradients = split_gradients(notes[1]) if len(notes) > 1 else ()
    if _ARROW.search(drawn):
        lines = _arrows([piece.strip() for piece in _ARROW.split(drawn)], palette)
    else:
        name, equals, formula = drawn.partition("=")
        called = _CALLED.fullmatch(drawn)
        if called and not equals:
            name, formula = called["name"], drawn  # a layer alone: `f(x, w)`
        elif not equals:
            raise LineError("write a node as s = dot(w, x), or as w, x -> dot -> s.")
        lines = read_formula(name.strip(), formula.strip(), palette)
    return [*lines[:-1], replace(lines[-1], value=value, gradients=gradients)]


def split_gradients(text: str) -> tuple[str, ...]:
    """The gradients of a node, between semicolons outside brackets."""
    pieces, depth = [""], 0
    for sign in text.strip():
        depth += (sign in "[(") - (sign in "])")
        if sign == ";" and depth <= 0:
            pieces.append("")
        else:
            pieces[-1] += sign
    return tuple(piece.strip() for piece in pieces) if text.strip() else ()


# --- arrows -----------------------------------------------------------------------------------------------------------


def _arrows(pieces: list[str], palette: Collection[str]) -> list[Line]:
    """`w, x -> dot -> s -> square -> lam`: names and operators in turn; a box `[dot] s` is both."""
    if not all(pieces):
        raise LineError("something is missing before or after an arrow.")
    lines: list[Line] = []
    sources = _sources(pieces[0], palette)
    pending: tuple[str, tuple[str, ...]] | None = None
    called = ""
    for place, piece in enumerate(pieces[1:], 2):
        box = _NAMED_BOX.fullmatch(piece)
        if box and not box["name"]:
            piece, box = box["operator"], None
        if box:
            made = _operator(box["operator"], sources, palette)
            lines.append(Line(box["name"], *made, called=_written(box["operator"])))
            sources = (box["name"],)
            continue
        if _is_operator(piece, palette):
            if pending is not None:
                # A node between two operators, called by what it computes.
                name = f"{pending[0]}({','.join(pending[1])})"
                lines.append(Line(name, *pending, hidden=True, called=called))
                sources = (name,)
            pending, called = _operator(piece, sources, palette), _written(piece)
            continue
        names = _sources(piece, palette)
        if len(names) != 1:
            raise LineError(f"after an arrow stands one operator or one name, not “{piece[:40]}”.")
        if pending is not None:
            lines.append(Line(names[0], *pending, called=called))
        elif place < len(pieces):
            raise LineError(f"“{piece[:40]}” is not an operator here. {suggestion(piece, palette)}")
        elif len(sources) == 1:
            lines.append(Line(names[0], SAME, sources))
        else:
            raise LineError(f"say which operator joins {', '.join(sources)}, as in {', '.join(sources)} -> dot -> s.")
        sources, pending = names, None
    if pending is not None:
        # A node that has no name is called what is written in it: further arrows may lead to it and from it.
        lines.append(Line(_written(pieces[-1]), *pending, hidden=True, called=_written(pieces[-1])))
    return lines


def _written(piece: str) -> str:
    box = _NAMED_BOX.fullmatch(piece)
    return re.sub(r"\s+", "", box["operator"] if box else piece)


def _is_operator(piece: str, palette: Collection[str]) -> bool:
    return bool(_WITH_ZERO.fullmatch(piece)) or find_operator(piece, palette) is not None


def _operator(word: str, sources: tuple[str, ...], palette: Collection[str]) -> tuple[str, tuple[str, ...]]:
    zero = _WITH_ZERO.fullmatch(word)
    if zero:
        return zero[1].lower(), (*sources, "0")
    found = find_operator(word, palette)
    if found is None:
        raise LineError(f"“{word[:40]}” is not an operator here. {suggestion(word, palette)}")
    return found, sources


def _sources(piece: str, palette: Collection[str]) -> tuple[str, ...]:
    box = _NAMED_BOX.fullmatch(piece)
    if box or _is_operator(piece, palette):
        return (box["name"] or _written(piece) if box else _written(piece),)
    return split_inputs(piece)


def split_inputs(text: str) -> tuple[str, ...]:
    """Names and numbers between commas, semicolons or spaces."""
    return tuple(piece for piece in re.split(r"[\s,;]+", text.strip()) if piece)


# --- formulas ---------------------------------------------------------------------------------------------------------


def read_formula(name: str, text: str, palette: Collection[str]) -> list[Line]:
    """The nodes of a formula, the last one with the name.

    Raises:
        LineError: it is no formula.
    """
    return _Formula(name, text, palette).lines()


class _Formula:
    def __init__(self, name: str, text: str, palette: Collection[str]) -> None:
        self.name = name
        self.palette = palette
        self.made: list[Line] = []
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0

    def lines(self) -> list[Line]:
        result = self.sum()
        if self.place < len(self.tokens):
            raise LineError(f"“{self.tokens[self.place][:20]}” does not fit there.")
        if self.made and self.made[-1].name == result:
            self.made[-1] = replace(self.made[-1], name=self.name, hidden=False)
        else:
            self.made.append(Line(self.name, SAME, (result,)))
        return self.made

    @property
    def next(self) -> str:
        return self.tokens[self.place] if self.place < len(self.tokens) else ""

    def take(self, *wanted: str) -> bool:
        if self.next in wanted and self.next:
            self.place += 1
            return True
        return False

    def node(self, operator: str, *inputs: str) -> str:
        if len(inputs) > MOST_INPUTS:
            raise LineError(f"a node takes at most {MOST_INPUTS} inputs.")
        name = f"{self.name}#{len(self.made) + 1}"
        dotted = operator == "·"
        self.made.append(Line(name, "dot" if dotted else operator, inputs, hidden=True, dotted=dotted))
        return name

    def sum(self) -> str:
        self.depth += 1
        if self.depth > DEEPEST:
            raise LineError("this is nested too deeply.")
        result = self.chain("+", self.product, self.product())
        self.depth -= 1
        return result

    def chain(self, together: str, operand: Callable[[], str], left: str) -> str:
        """`a + b + c` is one node of three inputs; minus and division have two."""
        apart, gathered = {"+": ("-",), "*": ("/", "@", "·")}[together], [left]
        while self.next == together or self.next in apart or (together == "*" and self.adjacent()):
            sign = self.next if not self.adjacent() else "@" if self.beside() else "*"
            self.place += sign == self.next
            right = operand()
            if sign == together:
                gathered.append(right)
            else:
                joined = gathered[0] if len(gathered) == 1 else self.node(together, *gathered)
                if sign == "/" and _is_number(joined) and _is_number(right):
                    gathered = [f"{joined}/{right}"]
                    continue
                gathered = [self.node("matmul" if sign == "@" else sign, joined, right)]
        return gathered[0] if len(gathered) == 1 else self.node(together, *gathered)

    def beside(self) -> bool:
        """Whether an operand stands beside a transposed one: `w^T x`."""
        transposed = self.place > 0 and self.tokens[self.place - 1] in _TRANSPOSED
        return transposed and (self.next == "(" or self.next[:1].isalpha()) and self.next not in _TRANSPOSED

    def adjacent(self) -> bool:
        """Whether an operand stands beside another: `y l`, `w^T x`."""
        before = self.tokens[self.place - 1] if self.place else ""
        named = self.next[:1].isalpha() and self.next not in _TRANSPOSED
        return self.beside() or (named and (before == ")" or before[-1:].isalnum()) and before not in _TRANSPOSED)

    def product(self) -> str:
        return self.chain("*", self.signed, self.signed())

    def signed(self) -> str:
        if self.take("-"):
            value = self.power()
            return f"-{value}" if value[:1].isdigit() else self.node("neg", value)
        self.take("+")
        return self.power()

    def power(self) -> str:
        result = self.operand()
        while True:
            if self.take("²"):
                result = self.node("square", result)
            elif self.take(*_TRANSPOSED):
                result = self.node("transpose", result)
            elif self.take("**"):
                raised = self.signed()
                result = self.node("square", result) if raised == "2" else self.node("**", result, raised)
            else:
                return result

    def operand(self) -> str:
        word = self.next
        if not word:
            raise LineError("something is missing at the end of the formula.")
        self.place += 1
        if word == "(":
            return self.closed(self.sum(), ")")
        if word == "|":
            return self.node("abs", self.closed(self.sum(), "|"))
        if word[0].isdigit() or word[0] == ".":
            return word
        if not (word[0].isalpha() or word[0] in "_\\"):
            raise LineError(f"“{word[:20]}” does not fit there.")
        if self.next == "(":
            return self.call(word)
        if self.next[:1].isalpha() and self.next not in _TRANSPOSED:
            # `-ln z`: a function before its only input.
            operator = find_operator(word.lstrip("\\"), self.palette, 1)
            if operator is not None and word.lstrip("\\").isalpha():
                return self.node(operator, self.power())
        return word

    def closed(self, result: str, sign: str) -> str:
        if not self.take(sign):
            raise LineError(f"a “{sign}” is missing.")
        return result

    def call(self, word: str) -> str:
        self.place += 1
        inputs = [self.sum()]
        while self.take(",", ";"):
            inputs.append(self.sum())
        self.closed("", ")")
        operator = find_operator(word.lstrip("\\"), self.palette, len(inputs))
        if operator is None:
            raise LineError(f"“{word[:40]}” is not an operator here. {suggestion(word, self.palette)}")
        return self.node(operator, *inputs)


def _is_number(text: str) -> bool:
    return text.lstrip("-").replace(".", "", 1).isdigit()


def _tokens(text: str) -> list[str]:
    found: list[str] = []
    place = 0
    text = _PLAIN_DOT.sub("·", text)
    while text[place:].strip():
        match = _TOKEN.match(text, place)
        if match is None:
            sign = text[place:].strip()[:1]
            if sign in QUOTATION_MARKS:
                raise LineError(f"The quotation mark {sign} cannot be used here.", sign)
            raise LineError(f"“{sign}” means nothing in a graph.", sign)
        word = match[match.lastgroup or 0]
        found.append(_SIGNS.get(word, word))
        place = match.end()
    return found
