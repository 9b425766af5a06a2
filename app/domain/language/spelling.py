"""What people type, rewritten sign by sign to the plain spelling of the grammar, with the way back for carets."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from app.domain.language import characters
from app.domain.language.errors import LanguageError


class Spelled(NamedTuple):
    """Plain text; `places[k]` is where its character k stands in what was typed, the last one its end."""

    text: str
    places: tuple[int, ...] = ()

    def place(self, index: int) -> int:
        """The place in the typed text of a place in the plain one."""
        return self.places[min(index, len(self.places) - 1)] if self.places else index

    def typed(self, span: tuple[int, int]) -> tuple[int, int]:
        """A stretch of the plain text as a stretch of what was typed."""
        start, end = self.place(span[0]), self.place(span[1])
        return start, max(start, end)


class Speller:
    """Collects plain text together with its places."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.places: list[int] = []

    def put(self, text: str, place: int) -> None:
        """Plain text that stands for what was typed at a place."""
        if not text:
            return
        self.pieces.append(text)
        self.places.extend([place] * len(text))

    def keep(self, text: str, start: int) -> None:
        """Text that stays as it was typed at a place."""
        self.pieces.append(text)
        self.places.extend(range(start, start + len(text)))

    def pop(self) -> None:
        """Takes back the character that was put last."""
        if self.pieces:
            self.pieces[-1] = self.pieces[-1][:-1]
            self.places.pop()
            if not self.pieces[-1]:
                self.pieces.pop()

    def last(self) -> str:
        """The character that was put last, or a space."""
        return self.pieces[-1][-1] if self.pieces else " "

    def done(self, end: int) -> Spelled:
        """Everything that was put."""
        return Spelled("".join(self.pieces), (*self.places, end))


_LOWERED: Final = dict(zip("₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", "0123456789+-=()aehijklmnoprstuvx", strict=True))
_RAISED: Final = dict(zip("ᵀᵗᵏᵐⁱʲᵈᴺᵃᵇᶜ", "TtkmijdNabc", strict=True))
_MARKS: Final = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u0307": "dot"}
_ONE: Final = {
    "’": "'",
    "′": "'",
    "ʹ": "'",
    "‖": "‖",
    "∥": "‖",
    "⟨": "⟨",
    "〈": "⟨",
    "⟩": "⟩",
    "〉": "⟩",
    "⋯": "…",
    "∗": "*",
    "⊤": "⊤",
    "⩽": "≤",
    "⩾": "≥",
    "≔": "=",
    "∨": "∨",
    "·": "·",
    "⋅": "·",
    "•": "·",
    "∙": "·",
    "⊙": "⊙",
    "∘": "⊙",
    "⊗": "⊗",
    "⇒": " ",
    "⟹": " ",
    "⇔": " ",
    "→": "→",
    "″": "''",
    "𝟙": "1",
    "𝟏": "1",
    "ð": "∂",
    "⌊": "floor(",
    "⌋": ")",
    "⌈": "ceil(",
    "⌉": ")",
}
_FOR: Final = re.compile(r"(?<!\w)für(?!\w)")
"""The German "for", with as many letters."""
_MARKED: Final = frozenset(_MARKS)
_KEPT: Final = re.compile(rf"[\x00-\x7f]+(?![{''.join(_MARKS)}])")
"""Signs that stay as they are."""


def spell(text: str) -> Spelled:
    """The plain spelling of formula text without commands. Raises LanguageError for what cannot be seen."""
    if text.isascii():
        return Spelled(characters.settle(text))
    settled = characters.settle(_without_marks(text))
    speller = Speller()
    place, end = 0, len(settled)
    while place < end:
        run = _KEPT.match(text, place)
        if run is not None:
            speller.keep(run[0], place)
            place = run.end()
            continue
        letter = text[place]
        if letter in _LOWERED or letter in _RAISED:
            place = _script(speller, text, place)
            continue
        plain = "o" if letter == "ü" and _FOR.match(text, place - 1) else _ONE.get(letter)
        if plain is None:
            marked = _marked(text, place)
            if marked:
                speller.put(marked, place)
                place += 2 if place + 1 < end and text[place + 1] in _MARKED else 1
                continue
            plain = settled[place]
        speller.put(plain, place)
        place += 1
    return speller.done(end)


def _without_marks(text: str) -> str:
    """The same text with combining marks replaced, so that they count as visible where a letter carries them."""
    if text.isascii():
        return text
    return "".join(" " if letter in _MARKED else letter for letter in text)


def _script(speller: Speller, text: str, place: int) -> int:
    """A run of small letters below or above the line, as a subscript or power in braces."""
    table = _LOWERED if text[place] in _LOWERED else _RAISED
    start = place
    speller.put("_{" if table is _LOWERED else "^{", start)
    while place < len(text) and text[place] in table:
        speller.put(table[text[place]], place)
        place += 1
    speller.put("}", place - 1)
    return place


def _marked(text: str, place: int) -> str:
    """`ŷ` as a word (`yhat`), composed or with a mark of its own; empty where there is no mark."""
    letter = text[place]
    if letter in _MARKED:
        says = "This accent stands on nothing; write yhat for a y with a hat."
        raise LanguageError(says, text, place, place + 1)
    if place + 1 < len(text) and text[place + 1] in _MARKED:
        return letter + _MARKS[text[place + 1]]
    if letter.isascii():
        return ""
    pair = unicodedata.normalize("NFD", letter)
    if len(pair) == 2 and pair[0].isascii() and pair[1] in _MARKED:
        return pair[0] + _MARKS[pair[1]]
    return ""
