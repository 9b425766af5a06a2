"""Tokens of formulas: those of the student grammar, and the signs of sums, vectors, conditions and limits."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Final, Protocol

from app.domain.language import characters, greek
from app.domain.language.formula_words import CONDITIONAL, UP_TO
from app.domain.language.tokens import NAME_BELOW, Token

_FORMULA: Final = re.compile(
    r"(?P<number>(?:[0-9]+(?:\.(?![.*/])[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)"
    rf"|(?P<name>[A-Za-z][A-Za-z0-9]*{NAME_BELOW})"
    rf"|(?P<greek>[Α-Ωα-ω][0-9]*{NAME_BELOW})"
    r"|(?P<power>[⁺⁻]?[⁰¹²³⁴-⁹]+|ⁿ)|(?P<fraction>[¼½¾⅐-⅞])"
    r"|(?P<op>\*\*|···|\.\.\.|\.\.|\.\*|\./|//|==|!=|<=|=<|<>|>=|:=|&&|[-+*/%()\[\]{}<>=,:;.|^!&@#?~√≤≥≠'_"
    r"·⊙⊗‖⟨⟩…∑∏∇∂∈∧∨¬⊤∛∞→∅，])"
    r"|(?P<other>\S)",
    re.DOTALL,
)
PARTS: Final = "，"
"""A comma that can only separate, whatever the decimal sign is."""
AHEAD: Final = 5
"""So many `end` tokens stand at the end, so that the grammar can look ahead."""
_SPELLINGS: Final = {
    "≤": "<=",
    "≥": ">=",
    "≠": "!=",
    "=<": "<=",
    "<>": "!=",
    "&&": "∧",
    "&": "∧",
    "...": "…",
    "···": "…",
    "..": "…",
    ".*": "⊙",
    "./": "/",
    ":=": "=",
    PARTS: ",",
}
DOTS: Final = re.compile(
    "|".join(map(re.escape, ["…", *(sign for sign in _SPELLINGS if _SPELLINGS[sign] == "…"), *UP_TO]))
)
"""Dots, and the words that may stand for them in a range."""
_ENDS_OPERAND: Final = frozenset([")", "]", "}", "|", "‖", "'", "!", "%", "⟩", "⊤"])
_BETWEEN_CONDITIONS: Final = frozenset(["<", "<=", ">", ">=", "==", "!=", "=", "∈", "∧", "∨", ",", ";"])


class Spellings(Protocol):
    """The symbols that are typed as more than a word."""

    def match(self, text: str, place: int) -> tuple[str, int] | None:
        """The symbol whose spelling begins at a place, and where it ends."""

    def next(self, text: str, place: int) -> int:
        """Where the next spelling begins, at a place or behind it; behind the text if there is none."""


def formula_tokens(text: str, declared: Callable[[str], object], written: Spellings | None) -> list[Token]:
    """The tokens of a plain formula, the last ones of kind `end`; symbols with a spelling of their own are of kind
    `symbol`, reserved words of kind `word`. Raises LanguageError where no token can begin.
    """
    tokens: list[Token] = []
    add = tokens.append
    place, end, last = 0, len(text), 0
    own = written.next(text, 0) if written is not None else end
    joined = False
    while place < end:
        for match in _FORMULA.finditer(text, place):
            kind, piece = match.lastgroup or "", match[0]
            start, place = match.span()
            if written is not None and start > own:
                own = written.next(text, start)
            if written is not None and start == own:
                found = written.match(text, start)
                if found is not None:
                    place = found[1]
                    add(Token("symbol", found[0], start, place, start != last))
                    last = place
                    break
            if kind == "op":
                piece = _SPELLINGS.get(piece, piece)
            elif kind == "name" or kind == "greek":
                if own < place or kind == "greek" or "{" in piece:
                    piece, place = _word(text, kind, piece, start, declared, written if own < place else None)
                    kind = "name"
                meaning = CONDITIONAL.get(piece)
                if meaning is not None and not declared(piece):
                    kind, piece = "word", meaning
                    joined = joined or meaning == "and" or meaning == "or"
                    if meaning in ("even", "odd") and tokens and tokens[-1].kind == "word" and tokens[-1].text == "==":
                        tokens.pop()  # `j is even`
            elif kind == "power":
                piece = piece.translate(characters.POWERS)
            elif kind == "other":
                raise characters.refuse(text, start)
            add(Token(kind, piece, start, place, start != last))
            last = place
            if place != match.end():
                break
        else:
            break
    _end(text, tokens, joined)
    return _with_norms(tokens) if "|" in text else tokens


def _end(text: str, tokens: list[Token], joined: bool) -> None:
    """Puts the end behind the tokens, and rewrites those that mean something together."""
    rest = len(text.rstrip())
    tokens += [Token("end", "", rest, rest, rest != len(text))] * AHEAD
    if joined:
        _join_cases(tokens)
    if "%" in text or "mod" in text:
        _name_parities(tokens)


def _name_parities(tokens: list[Token]) -> None:
    """Makes "even" or "odd" of `% 2 == 0` and `mod 2 = 1`."""
    for place in range(len(tokens) - AHEAD - 3, 0, -1):
        sign, two, equal, rest = tokens[place : place + 4]
        if sign.text in ("%", "mod") and two.text == "2" and equal.text in ("=", "==") and rest.text in ("0", "1"):
            word = "even" if rest.text == "0" else "odd"
            tokens[place : place + 4] = [Token("word", word, sign.start, rest.end, sign.gap)]


def _join_cases(tokens: list[Token]) -> None:
    """Makes a comma of the "and" or "or" between two cases: `w for y > 0 and 0 otherwise`."""
    for place in range(len(tokens) - 1, 0, -1):
        if tokens[place].kind == "word" and tokens[place].text in ("and", "or") and _begins_case(tokens, place + 1):
            if tokens[place - 1].text in (",", ";"):
                del tokens[place]
            else:
                tokens[place] = replace(tokens[place], kind="op", text=",")


def _begins_case(tokens: list[Token], place: int) -> bool:
    """Whether a value and its own "if" or "otherwise" stand here, and not one more condition."""
    if tokens[place].kind == "word" and tokens[place].text == "else":
        return True
    for inner in range(place, len(tokens)):
        token = tokens[inner]
        if token.kind == "word":
            following = tokens[inner + 1] if inner + 1 < len(tokens) else token
            closed = following.kind == "end" or following.text in (",", ";", ".", ")", "]", "}")
            return inner > place and (token.text == "if" or (token.text == "else" and closed))
        if token.kind == "end" or token.text in _BETWEEN_CONDITIONS:
            return False
    return False


def _word(
    text: str, kind: str, piece: str, start: int, declared: Callable[[str], object], written: Spellings | None
) -> tuple[str, int]:
    """The plain spelling and the end of a word; a symbol with its own spelling begins a new one (`wx_{t+1}`)."""
    end = start + len(piece)
    if written is not None:
        for inner in range(start + 1, end):
            if declared(text[start:inner]) and written.match(text, inner) is not None:
                piece, end = text[start:inner], inner
                break
    if kind == "greek":
        piece = greek.NAMES[piece[0]] + piece[1:]
    if "{" in piece:
        piece = piece.replace("{", "").replace("}", "")
    return piece, end


def _with_norms(tokens: list[Token]) -> list[Token]:
    """The tokens with `||…||` as norms where the first bar inside belongs to the closing pair."""
    found: list[Token] = []
    place = singles = 0
    closers: set[int] = set()
    while place < len(tokens):
        token = tokens[place]
        if token.text != "|" or not _pair(tokens, place):
            singles += token.text == "|"
            found.append(token)
            place += 1
            continue
        if place in closers:
            found.append(replace(token, text="‖", end=tokens[place + 1].end))
            place += 2
            continue
        free = not singles % 2 or token.gap or not (found and _ends_operand(found[-1]))
        close = _closing(tokens, place + 2) if free else 0
        if close:
            closers.add(close)
            found.append(replace(token, text="‖", end=tokens[place + 1].end))
            place += 2
        else:
            singles += 1
            found.append(token)
            place += 1
    return found


def _pair(tokens: list[Token], place: int) -> bool:
    return place + 1 < len(tokens) and tokens[place + 1].text == "|" and not tokens[place + 1].gap


def _ends_operand(token: Token) -> bool:
    return token.kind in ("name", "number", "fraction", "power", "symbol") or token.text in _ENDS_OPERAND


def _closing(tokens: list[Token], place: int) -> int:
    """Where the pair of bars stands that closes a norm whose inside begins at `place`; 0 if the first is single."""
    depth = 0
    for inner in range(place, len(tokens)):
        text = tokens[inner].text
        if text in ("(", "[", "{"):
            depth += 1
        elif text in (")", "]", "}"):
            depth -= 1
            if depth < 0:
                return 0
        elif text == "|" and depth == 0:
            return inner if _pair(tokens, inner) and inner > place else 0
    return 0
