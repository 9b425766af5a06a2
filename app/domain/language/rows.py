"""Several numbers typed as one text: a row (`1, 5`, `64x64x96`) or a matrix (`[[1], [3]]`, `1 2; 3 4`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final, TypeAlias

from app.domain.language.errors import LanguageError, quote
from app.domain.language.functions import STUDENT_FUNCTIONS
from app.domain.language.limits import ROWS, STUDENT, Limits
from app.domain.language.numerals import Decimal
from app.domain.language.student import parse_tokens
from app.domain.language.tokens import OPENERS, Token, tokenize
from app.domain.language.tree import Node
from app.domain.language.vocabulary import Vocabulary, vocabulary_of

Cell: TypeAlias = Node | None
"""The tree of a cell; None is a blank cell."""

_DIMENSIONS: Final = re.compile(r"(?<=[0-9)\]}])(\s*)[xX×✕](?=\s*[0-9(\[{.])")
_NAMED_DIMENSIONS: Final = re.compile(r"(?<=[\w)\]}])(?:\s*[×✕]\s*|\s+(?:[xX]|by)\s+)(?=[\w(\[{])")
_THOUSANDS: Final = re.compile(r"[1-9][0-9]{0,2}(,[0-9]{3})+")
_CLOSERS: Final = frozenset(OPENERS.values())


def parse_cell(text: str, decimal: Decimal = ".", names: Collection[str] = (), limits: Limits = STUDENT) -> Cell:
    """The tree of one cell, None when it is blank. Raises LanguageError with the place."""
    tokens = tokenize(text, "student", limits)
    if len(tokens) == 1:
        return None
    return parse_tokens(text, tokens, vocabulary_of(tuple(names), STUDENT_FUNCTIONS), decimal, limits)


def parse_row(text: str, decimal: Decimal = ".", names: Collection[str] = ()) -> list[Cell]:
    """The cells of a row: between `,`, `;`, spaces or `x`; brackets around all are optional. Cells may mention `names`.

    An empty place between separators is a blank cell. With the decimal sign ",", a comma between digits never
    separates. Raises LanguageError with the place in `text`, also where it is unclear what separates.
    """
    vocabulary = vocabulary_of(tuple(names), STUDENT_FUNCTIONS)
    settled = text
    if "," not in text and ";" not in text and vocabulary.symbol("x") is None and len(text) <= ROWS.length:
        settled = _DIMENSIONS.sub(r"\1;", text)
        if names:  # `N x 2N`
            settled = _NAMED_DIMENSIONS.sub(lambda sign: ";".center(len(sign.group())), settled)
    try:
        tokens = tokenize(settled, "student", ROWS)
        return _Splitter(settled, decimal, vocabulary).row(tokens[:-1])
    except LanguageError as error:
        raise LanguageError(error.says, text, error.start, error.end) from None


def parse_rows(text: str, decimal: Decimal = ".", names: Collection[str] = ()) -> list[list[Cell]]:
    """The rows of a matrix: one a line, or between `;`, or each in brackets; cells as in `parse_row`."""
    vocabulary = vocabulary_of(tuple(names), STUDENT_FUNCTIONS)
    tokens = tokenize(text, "student", ROWS)
    splitter = _Splitter(text, decimal, vocabulary)
    return [splitter.row(row) for row in splitter.rows(tokens[:-1])]


class _Splitter:
    """Cuts tokens into rows and cells. A list of tokens here has no `end` token."""

    def __init__(self, text: str, decimal: Decimal, vocabulary: Vocabulary) -> None:
        self.text = text
        self.decimal = decimal
        self.vocabulary = vocabulary

    def row(self, tokens: list[Token]) -> list[Cell]:
        """The cells of one row."""
        self._check_brackets(tokens)
        if tokens and tokens[0].text == "=":
            tokens = tokens[1:]
        bracketed = False
        while _enclosed(tokens):
            tokens, bracketed = tokens[1:-1], True
        if not tokens:
            return []
        cuts = self._cuts(tokens, bracketed)
        cells: list[Cell] = []
        begin = 0
        for stop, after in [*cuts, (len(tokens), len(tokens))]:
            cells.append(self._cell(tokens[begin:stop]))
            begin = after
        if bracketed and cells[-1] is None:
            cells.pop()  # `(5,)` is how programmers write a row of one
        return cells

    def _check_brackets(self, tokens: list[Token]) -> None:
        openers: list[Token] = []
        for token in tokens:
            if token.text in OPENERS:
                openers.append(token)
            elif token.text in _CLOSERS and (not openers or OPENERS[openers.pop().text] != token.text):
                raise LanguageError(f"{quote(token.text)} closes nothing.", self.text, token.start, token.end)
        if openers:
            says = f"The bracket {quote(openers[-1].text)} is never closed."
            raise LanguageError(says, self.text, openers[-1].start, openers[-1].end)

    def _cell(self, tokens: list[Token]) -> Cell:
        if not tokens:
            return None
        place = tokens[-1].end
        return parse_tokens(
            self.text, [*tokens, Token("end", "", place, place, False)], self.vocabulary, self.decimal, ROWS
        )

    def _cuts(self, tokens: list[Token], bracketed: bool) -> list[tuple[int, int]]:
        """Where cells end and the next ones begin, as places in `tokens`."""
        outer = _outermost(tokens)
        semicolons = [(place, place + 1) for place in outer if tokens[place].text == ";"]
        if semicolons:
            return semicolons
        commas = [place for place in outer if tokens[place].text == ","]
        separating = [place for place in commas if self.decimal == "." or not _glued(tokens, place)]
        if len(separating) < len(commas) and self.decimal == "ask":
            first = next(place for place in commas if place not in separating)
            typed = self._typed(tokens[first - 1 : first + 2])
            ways = f"{typed.replace(',', '.')} or {typed.replace(',', '; ')}"
            says = f"Is {quote(typed)} one number or two? Write {ways}."
            raise LanguageError(says, self.text, tokens[first - 1].start, tokens[first + 1].end)
        if separating:
            typed = self._typed(tokens)
            if not bracketed and _THOUSANDS.fullmatch(typed):
                ways = f"{typed.replace(',', '')} or {typed.replace(',', ', ')}"
                says = f"Is {quote(typed)} one number or several? Write {ways}."
                raise LanguageError(says, self.text, tokens[0].start, tokens[-1].end)
            return [(place, place + 1) for place in separating]
        return [(place, place) for place in outer if place and self._gap_cuts(tokens, place)]

    def _typed(self, tokens: list[Token]) -> str:
        return self.text[tokens[0].start : tokens[-1].end]

    def _gap_cuts(self, tokens: list[Token], place: int) -> bool:
        """Whether the white space before `tokens[place]` separates two cells."""
        before, token = tokens[place - 1], tokens[place]
        if not token.gap or not self._ends_operand(before):
            return False
        if token.kind in ("number", "name", "fraction") or token.text in OPENERS or token.text in ("√", "|"):
            return True
        if token.text != "-" or place + 1 == len(tokens):
            return False
        following = tokens[place + 1]
        if following.gap:
            left, right = self._typed([before]), self._typed([following])
            ways = f"{left}-{right} or {left}, -{right}"
            says = f'Is "{left} - {right}" one calculation or two numbers? Write {ways}.'
            raise LanguageError(says, self.text, before.start, following.end)
        return True

    def _ends_operand(self, token: Token) -> bool:
        if token.kind == "name":
            return self.vocabulary.symbol(token.text) is not None or self.vocabulary.function(token.text) is None
        return token.kind in ("number", "fraction", "power") or token.text in _CLOSERS or token.text in ("%", "|")

    def rows(self, tokens: list[Token]) -> list[list[Token]]:
        """The rows of a matrix, uncut."""
        self._check_brackets(tokens)
        if tokens and tokens[0].text == "=":
            tokens = tokens[1:]
        nested = _groups(tokens)
        if nested is not None and len(nested) > 1:
            return nested
        while _enclosed(tokens):
            tokens = tokens[1:-1]
            nested = _groups(tokens)
            if nested is not None:
                return nested
        if not tokens:
            return []
        outer = _outermost(tokens)
        lines = [place for place in outer if place and "\n" in self.text[tokens[place - 1].end : tokens[place].start]]
        if lines:
            rows = _cut(tokens, [(place, place) for place in lines])
            return [row[:-1] if row[-1].text in (";", ",") else row for row in rows]
        rows = _cut(tokens, [(place, place + 1) for place in outer if tokens[place].text == ";"])
        return rows if rows[-1] else rows[:-1]


def _cut(tokens: list[Token], cuts: list[tuple[int, int]]) -> list[list[Token]]:
    begins = [0, *(after for _, after in cuts)]
    stops = [*(stop for stop, _ in cuts), len(tokens)]
    return [tokens[begin:stop] for begin, stop in zip(begins, stops, strict=True)]


def _glued(tokens: list[Token], place: int) -> bool:
    """Whether the comma at `tokens[place]` stands directly between digits."""
    if not 0 < place < len(tokens) - 1 or tokens[place].gap or tokens[place + 1].gap:
        return False
    return tokens[place - 1].kind == tokens[place + 1].kind == "number"


def _outermost(tokens: list[Token]) -> list[int]:
    """The places of tokens outside all brackets and bars (opening ones included)."""
    found = []
    depth = 0
    barred = False
    for place, token in enumerate(tokens):
        if token.text in _CLOSERS:
            depth -= 1
        if depth == 0 and (token.text == "|" or not barred):
            if not (token.text == "|" and barred) and token.text not in _CLOSERS:
                found.append(place)
        if token.text == "|" and depth == 0:
            barred = not barred
        if token.text in OPENERS:
            depth += 1
    return found


def _enclosed(tokens: list[Token]) -> bool:
    """Whether one pair of brackets stands around all tokens."""
    if len(tokens) < 2 or tokens[0].text not in OPENERS or tokens[-1].text != OPENERS[tokens[0].text]:
        return False
    return _outermost(tokens) == [0]


def _groups(tokens: list[Token]) -> list[list[Token]] | None:
    """The brackets of `[1, 2], [3, 4]`, if there is nothing else and they hold rows, not calculations."""
    outer = _outermost(tokens)
    openers = [place for place in outer if tokens[place].text in OPENERS]
    rest = [place for place in outer if tokens[place].text not in OPENERS]
    if not openers or any(tokens[place].text not in (",", ";") for place in rest):
        return None
    groups = []
    for place in openers:
        stops = [other for other in outer if other > place] or [len(tokens)]
        groups.append(tokens[place : stops[0]])
    separated = any(token.text in (",", ";") for group in groups for token in group)
    return groups if separated or tokens[openers[0]].text == "[" else None
