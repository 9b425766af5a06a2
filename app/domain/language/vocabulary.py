"""Which names a student may write, and what a word means: a symbol, a function, or several symbols."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final, Protocol

from app.domain.language import greek
from app.domain.language.errors import quote
from app.domain.language.functions import ALIASES, STUDENT_CONSTANTS

_LONGEST_RUN: Final = 60
_LETTERED: Final = re.compile(r"[A-Za-z]_[A-Za-z]")
_SUBSCRIPT: Final = re.compile(r"([A-Za-z]+)(_?)([0-9]+)")


class Words(Protocol):
    """What a grammar asks about a word."""

    names: tuple[str, ...]

    def symbol(self, word: str) -> str | None: ...
    def function(self, word: str) -> str | None: ...
    def split(self, word: str, called: bool = False) -> list[str] | None: ...
    def unknown(self, word: str) -> str: ...


class Vocabulary:
    """Declared symbols and allowed functions; a declared symbol beats a function or constant of its name."""

    def __init__(self, names: Collection[str], functions: Collection[str]) -> None:
        self.names = tuple(names)
        self.shown = self.names
        """The names as they are listed for those who need one."""
        self._functions = frozenset(functions)
        self._with_constants: Vocabulary | None = None
        """The same with π and e as symbols, once it was needed for a suggestion."""
        self._spelled: dict[str, str] = {name: name for name in names}
        for name in names:
            for variant in _variants(name):
                self._spelled.setdefault(variant, name)
        for name in names:
            # `fa` for f_a, where neither letter means anything by itself.
            if _LETTERED.fullmatch(name) and not {name[0], name[2]} & set(names):
                self._spelled.setdefault(name[0] + name[2], name)
        longest = sorted({*self._spelled, "pi"}, key=len, reverse=True)
        self._pieces: dict[str, list[str]] = {}
        for piece in longest:
            self._pieces.setdefault(piece[0], []).append(piece)

    def symbol(self, word: str) -> str | None:
        """The declared symbol that a word spells (`x1` also spells a declared `x_1`)."""
        return self._spelled.get(word)

    def function(self, word: str) -> str | None:
        """The canonical name of the function that a word calls."""
        canonical = ALIASES.get(word, word)
        if canonical in self._functions or word in self._functions:
            return canonical
        return None

    def split(self, word: str, called: bool = False) -> list[str] | None:
        """A word as symbols side by side, longest first (`wx` → w, x), a function last if `called`."""
        if len(word) > _LONGEST_RUN or not self.names:
            return None
        dead: set[int] = set()
        found: list[str] = []

        def from_(place: int) -> bool:
            if place == len(word):
                return True
            if place in dead:
                return False
            if called and found and self.function(word[place:]):
                found.append(word[place:])
                return True
            for piece in self._pieces.get(word[place], ()):
                if word.startswith(piece, place):
                    found.append(piece)
                    if from_(place + len(piece)):
                        return True
                    found.pop()
            dead.add(place)
            return False

        return found if from_(0) and len(found) > 1 else None

    def unknown(self, word: str) -> str:
        """The sentence for a word that means nothing here."""
        if not self.names:
            return f"{quote(word)} is not a number. Write a number, such as 0.25 or 1/4."
        suggestion = self._suggest(word)
        if suggestion:
            return f"{quote(word)} is not known here. {suggestion}"
        listed = ", ".join(self.shown[:8]) + (", …" if len(self.shown) > 8 else "")
        return f"{quote(word)} is not known here. You can use: {listed}."

    def _suggest(self, word: str) -> str:
        if len(word) > _LONGEST_RUN:
            return ""
        numbered = _SUBSCRIPT.fullmatch(word)
        if numbered and numbered.group(1) in self._spelled:
            symbol, _, digits = numbered.groups()
            return f"Write {symbol}*{digits} for a product or {symbol}^{digits} for a power."
        for length in range(len(word) - 1, 1, -1):
            if self.function(word[:length]) and (self.symbol(word[length:]) or word[length:].isdigit()):
                first, rest = word[:length], word[length:]
                stem = first.rstrip("0123456789")
                other = f" or {stem}({first[len(stem) :]}*{rest})" if stem != first else ""
                return f"Write {first}({rest}){other}."
        for name in self.names:
            if name.lower() == word.lower():
                return f"Did you mean {name}?"
        if self._with_constants is None:
            self._with_constants = Vocabulary({*self.names, *STUDENT_CONSTANTS}, self._functions)
        pieces = self._with_constants.split(word)
        if pieces:
            return f"Did you mean {'*'.join(pieces)}?"
        import difflib  # only needed when something is wrong

        known = [*self.names, *sorted(self._functions)] if len(word) > 2 else []
        near = difflib.get_close_matches(word, known, 1, 0.7)
        return f"Did you mean {near[0]}?" if near else ""


def _variants(name: str) -> list[str]:
    """Other spellings of a declared symbol: `x1`/`x_1`, `lam`/`lambda`, `σ`/`sigma`."""
    plain = "".join(greek.NAMES.get(letter, letter) for letter in name)
    full = greek.SHORT.get(plain, plain)
    found = [plain, full]
    numbered = _SUBSCRIPT.fullmatch(full)
    if numbered:
        letters, line, digits = numbered.groups()
        found.append(letters + digits if line else f"{letters}_{digits}")
    return found


@lru_cache(maxsize=256)
def vocabulary_of(names: tuple[str, ...], functions: frozenset[str]) -> Vocabulary:
    """The vocabulary of a field, kept between the answers to it."""
    return Vocabulary(names, functions)
