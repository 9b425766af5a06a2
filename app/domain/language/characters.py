"""Single characters: kind to look-alikes, firm with what nobody can see."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final, NoReturn

from app.domain.language.errors import LanguageError

_SAME: Final[dict[str, str]] = {
    **dict.fromkeys("−–—‐‑‒﹣", "-"),
    **dict.fromkeys("×·⋅∙•∗✕✖", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("\u00a0\u1680\u202f\u205f\u3000\u2028\u2029", " "),
    **{chr(code): " " for code in range(0x2000, 0x200B)},
    "µ": "μ",
    "ϵ": "ε",
    "ϑ": "θ",
    "ϕ": "φ",
    "ϰ": "κ",
    "ϱ": "ρ",
    "ϖ": "π",
    "ℓ": "l",
    "ℎ": "h",
    "∣": "|",
}

QUOTATION_MARKS: Final = "'\"‘’‚‛“”„‟«»‹›`´"
_TAKEN: Final = frozenset("0123456789+-*/()[]{}.,;:=<>^%|_ ")
_CYRILLIC: Final = dict(zip("аеорсухіјѕАВЕКМНОРСТХУІЈЅ", "aeopcyxijsABEKMHOPCTXYIJS", strict=True))
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

POWERS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ", "0123456789+-n")
SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")


def settle(text: str) -> str:
    """The text with look-alikes replaced one by one, so that every place stays where it was.

    Raises LanguageError for characters that cannot be seen or stored: control characters, zero-width and
    text-direction marks, lone surrogates. Letters that are merely unknown stay; the tokenizer judges them.
    """
    if text.isascii():
        hidden = _CONTROL.search(text)
        if hidden:
            _refuse_hidden(text, hidden.start())
        return text
    letters = []
    for place, letter in enumerate(text):
        plain = _plain(letter)
        if plain is None:
            _refuse_hidden(text, place)
        letters.append(plain)
    return "".join(letters)


@lru_cache(maxsize=1024)
def _plain(letter: str) -> str | None:
    """The plain character for one letter, itself when there is none, None when it cannot be used anywhere."""
    if letter in _SAME:
        return _SAME[letter]
    if letter.isascii():
        return None if _CONTROL.match(letter) else letter
    if unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn"):
        return None
    code = ord(letter)
    if 0xFF01 <= code <= 0xFF5E or 0x1D400 <= code <= 0x1D7FF or 0x2100 <= code <= 0x214F:
        folded = unicodedata.normalize("NFKC", letter)
        folded = _SAME.get(folded, folded)
        if len(folded) == 1 and (folded in _TAKEN or folded.isalpha()):
            return folded
    return letter


def _refuse_hidden(text: str, place: int) -> NoReturn:
    letter = text[place]
    code = f"U+{ord(letter):04X}"
    if unicodedata.category(letter) == "Cs":
        says = f"Character {place + 1} is half of a character ({code}), a copying accident; delete it."
    else:
        name = unicodedata.name(letter, "control character").lower()
        says = f"Character {place + 1} cannot be seen or used ({code}, {name}); delete it."
    raise LanguageError(says, text, place, place + 1)


def refuse(text: str, place: int) -> LanguageError:
    """The error for a visible character that no grammar knows."""
    letter = text[place]
    name = unicodedata.name(letter, "unnamed character").lower()
    if letter in _CYRILLIC:
        says = f'The letter "{letter}" is Cyrillic ({name}); type the Latin letter {_CYRILLIC[letter]} instead.'
    elif letter.isalpha() or unicodedata.category(letter).startswith("M"):
        says = f'The letter "{letter}" ({name}) cannot be used here; use Latin or Greek letters.'
    elif letter in QUOTATION_MARKS:
        says = f"The quotation mark {letter} cannot be used here."
    elif letter in _HINTS:
        says = f'The sign "{letter}" cannot be used here; {_HINTS[letter]}.'
    else:
        says = f'The sign "{letter}" ({name}) cannot be used here.'
    return LanguageError(says, text, place, place + 1)


_HINTS: Final[dict[str, str]] = {
    "∑": "write the terms out",
    "∏": "write the factors out",
    "∞": "write a number",
    "∛": "write (…)^(1/3)",
    "‖": "write |…| for an absolute value",
    "°": "write the number only",
    "€": "write the number only",
    "$": "write the formula without it",
    "\\": "write formulas in plain text, such as sqrt(2)/3",
    "_": "names begin with a letter",
    "±": "write one value",
    "≈": "write the value only",
    "~": "write the value only",
}
