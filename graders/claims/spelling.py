"""Words as they are compared: stems, and what a misspelt word was meant to be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import snowballstemmer
from rapidfuzz.distance import DamerauLevenshtein
from spellchecker import SpellChecker

from graders.claims.glossary import TECHNICAL

_STEMMER = snowballstemmer.stemmer("english")
# A slip of the finger in a short word, two in a long one; shorter words must be exact.
SHORTEST, LONG = 5, 8
_NO_SLIP = 9
# Uses in the dictionary's own corpus: about nine thousand words are used as often.
EVERYDAY = 4_000


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a word in lower case, in British or American spelling alike."""
    return str(_STEMMER.stemWord(_american(word)))


def _american(word: str) -> str:
    for british, american in (("isation", "ization"), ("ise", "ize"), ("ising", "izing"), ("ised", "ized")):
        if word.endswith(british) and len(word) > len(british) + 3:
            return word.removesuffix(british) + american
    return word.replace("labell", "label").replace("colour", "color").replace("behaviour", "behavior")


@cache
def _dictionary() -> SpellChecker:
    # Only looked up, never asked for corrections: what a question's own words are is known better here.
    return SpellChecker(language="en")


@lru_cache(maxsize=20_000)
def is_word(word: str) -> bool:
    """Whether this is an English word, so that it is taken at its word ("exploring" is not "exploding")."""
    return word in _dictionary()


@lru_cache(maxsize=20_000)
def is_everyday(word: str) -> bool:
    """Whether everybody uses this word; what is said with such words alone is understood."""
    return bool(_dictionary().word_frequency[word] >= EVERYDAY)


class Vocabulary:
    """The stems that a field knows, and the words they were written as."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: Mapping[str, str] = {word: stem(word) for word in sorted(words) if len(word) >= SHORTEST}
        self._stems = frozenset(self._words.values())
        self._meant: dict[str, str] = {}

    def meant(self, word: str) -> str:
        """The stem of the word of this vocabulary that was meant; the word's own stem where none is near."""
        own = stem(word)
        if len(word) < SHORTEST or own in self._stems or is_word(word) or word in TECHNICAL:
            return own
        if word not in self._meant:
            self._meant[word] = self._nearest(word) or own
            if len(self._meant) > 5_000:
                self._meant.clear()
                return self._nearest(word) or own
        return self._meant[word]

    def _nearest(self, word: str) -> str | None:
        best: tuple[int, str] | None = None
        own = stem(word)
        for known, root in self._words.items():
            far = min(_slips(word, known), _slips(own, root) if len(own) >= LONG else _NO_SLIP)
            if far < _NO_SLIP and (best is None or far < best[0]):
                best = (far, root)
        return None if best is None else best[1]


def _slips(word: str, known: str) -> int:
    """How many slips of the finger make one word of the other; `_NO_SLIP` where it is another word."""
    allowed = 1 if min(len(word), len(known)) < LONG else 2
    if word[:1] != known[:1] or abs(len(word) - len(known)) > allowed:
        return _NO_SLIP
    far = int(DamerauLevenshtein.distance(word, known, score_cutoff=allowed))
    # Prefixes turn words round (un-, in-, over-, under-): the beginning must agree, but for "desappear".
    alike = word[:3] == known[:3] if far > 1 else word[:2] == known[:2] or (allowed > 1 and len(word) == len(known))
    return far if far <= allowed and alike else _NO_SLIP
