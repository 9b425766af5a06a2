"""The one tokenizer, for both grammars."""

from __future__ import annotations

import keyword
import re
from typing import Final, Literal, TypeAlias

from app.domain.language import characters, greek
from app.domain.language.errors import LanguageError, quote
from app.domain.language.limits import Limits, check_length
from app.domain.language.records import record

Grammar: TypeAlias = Literal["author", "student"]


@record(frozen=True, slots=True)
class Token:
    """A piece of text. `text` is its plain spelling (`σ₁` → `sigma_1`, `≤` → `<=`, `²` → `2`)."""

    kind: str
    """`number`, `name`, `text` (with its quotes), `op`, `power` (raised), `fraction` (`½`), or `end`."""
    text: str
    start: int
    end: int
    gap: bool
    """Whether white space stands before it."""


_NUMBER: Final = r"(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
_OPERATOR: Final = r"(?P<op>\*\*|//|==|!=|<=|>=|:=|[-+*/%()\[\]{}<>=,:;.|^!&@#?~√≤≥≠])"
_REST: Final = r"(?P<space>\s+)|(?P<other>.)"
NAME_BELOW: Final = r"(?:_(?:[A-Za-z0-9]+|\{[A-Za-z0-9]+\}))*[₀-₉]*"

_AUTHOR: Final = re.compile(
    _NUMBER
    + r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    + r"""|(?P<text>'(?:[^'\\\n\r]|\\.)*'|"(?:[^"\\\n\r]|\\.)*\""""
    + r"""|[‘‚’](?:[^‘’\\\n\r]|\\.)*[‘’]|[“„”](?:[^“”\\\n\r]|\\.)*[“”])"""
    + f"|{_OPERATOR}|{_REST}",
    re.DOTALL,
)
_STUDENT: Final = re.compile(
    _NUMBER
    + rf"|(?P<name>[A-Za-z][A-Za-z0-9]*{NAME_BELOW})"
    + rf"|(?P<greek>[Α-Ωα-ω][0-9]*{NAME_BELOW})"
    + r"|(?P<power>[⁺⁻]?[⁰¹²³⁴-⁹]+|ⁿ)|(?P<fraction>[¼½¾⅐-⅞])"
    + f"|{_OPERATOR}|{_REST}",
    re.DOTALL,
)
_SPELLINGS: Final = {"≤": "<=", "≥": ">=", "≠": "!="}
OPENERS: Final = {"(": ")", "[": "]", "{": "}"}


def tokenize(text: str, grammar: Grammar, limits: Limits) -> list[Token]:
    """The tokens of a text, the last one of kind `end`. Raises LanguageError where no token can begin."""
    check_length(text, limits)
    plain = characters.settle(text)
    pattern = _AUTHOR if grammar == "author" else _STUDENT
    tokens: list[Token] = []
    gap = False
    for match in pattern.finditer(plain):
        kind, piece = match.lastgroup, match.group()
        start, end = match.span()
        if kind == "space":
            gap = True
            continue
        if kind == "other" or kind is None:
            raise _unknown(text, start, grammar)
        if kind == "op":
            piece = _SPELLINGS.get(piece, piece)
        elif kind == "text":
            piece = text[start:end]
        elif grammar == "student" and kind != "number":
            kind, piece = _spell(kind, piece)
        elif kind == "name":
            if tokens and tokens[-1].kind == "number" and not gap:
                says = f"{quote(tokens[-1].text)} runs into {quote(piece)}; write a sign between them."
                raise LanguageError(says, text, tokens[-1].start, end)
            _check_author_name(text, piece, start, end)
        tokens.append(Token(kind, piece, start, end, gap))
        gap = False
    place = len(text.rstrip())
    tokens.append(Token("end", "", place, place, gap))
    return tokens


def _spell(kind: str, piece: str) -> tuple[str, str]:
    """Kind and plain spelling of a student's name, raised number or fraction."""
    if kind == "power":
        return kind, piece.translate(characters.POWERS)
    if kind == "fraction":
        return kind, piece
    if kind == "greek":
        kind, piece = "name", greek.NAMES[piece[0]] + piece[1:]
    if not piece.isascii():
        stem = piece.rstrip("₀₁₂₃₄₅₆₇₈₉")
        piece = stem + "_" + piece[len(stem) :].translate(characters.SUBSCRIPTS)
    return kind, piece.replace("{", "").replace("}", "")


def _check_author_name(text: str, piece: str, start: int, end: int) -> None:
    if piece.startswith("_"):
        raise LanguageError(f'The name {quote(piece)} begins with "_"; such names cannot be used.', text, start, end)
    if keyword.iskeyword(piece) and piece not in AUTHOR_WORDS:
        says = f"{quote(piece)} is not part of the question language."
        if piece == "lambda":
            says = '"lambda" is not part of the question language; a symbol can be called "lam".'
        elif piece == "is":
            says = 'Write "==" instead of "is".'
        raise LanguageError(says, text, start, end)


AUTHOR_WORDS: Final = frozenset(["and", "or", "not", "in", "if", "else", "for", "True", "False", "None"])


def _unknown(text: str, place: int, grammar: Grammar) -> LanguageError:
    letter = text[place]
    if grammar == "author":
        if letter in "'\"‘’‚“”„":
            return LanguageError("The quotation mark that opens here is never closed.", text, place, place + 1)
        if letter in greek.NAMES:
            name = "lam" if letter == "λ" else greek.NAMES[letter]
            says = f'Write {name} for the letter "{letter}"; names of the question language are Latin.'
            return LanguageError(says, text, place, place + 1)
    return characters.refuse(text, place)
