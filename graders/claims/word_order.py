"""Whether words stand in an order in which somebody writes them: how likely one kind of word follows another.

The table was counted on the answers tuned with, each beside its own words in disorder (`python -m
benchmarks.word_order`), over all items: it knows no subject, only articles, prepositions, verbs and endings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from graders.claims.tokens import Token

# Fewer words tell too little.
FEWEST_WORDS: Final = 8
# Times the root of how many steps there are: few answers are less likely in order, most are in disorder.
LEAST_LIKELY: Final = -8.25
# Where so much is formulas, no order is expected; nor where so many words are of another language.
MOST_SIGNS: Final = 0.35
MOST_FOREIGN: Final = 2

PAUSE: Final = "pause"
# What follows a formula, a number or a bracket tells nothing.
SILENT: Final = frozenset({"sign", "number", "bracket"})


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_BY_KIND: Final = {
    "article": "the a an",
    "which": "its their our your my his her this these that those every each some any both all no",
    "of": "of",
    "to": "to",
    "preposition": "in on by for with from into at through between during per without among over under about within "
    "across via against upon towards",
    "be": "is are was were be been being am",
    "have": "has have had",
    "do": "does do did",
    "modal": "can could will would may might must shall should",
    "and": "and or",
    "joining": "but because if since so while when where which who whereas whether although though until unless "
    "therefore hence thus",
    "as": "as than like",
    "pronoun": "it they we he she you i them us him one there what how why",
    "adverb": "not never also only just then already always often still even",
    "degree": "very too more most less least much many quite rather fewer few",
    "particle": "instead again away up down out off back well",
}
_KIND: Final = {word: kind for kind, words in _BY_KIND.items() for word in words.split()}
_ENDINGS: Final = (
    (("ing",), "doing"),
    (("ly",), "manner"),
    (("ed",), "done"),
    (("tion", "ment", "ness", "ity", "ance", "ence", "er", "or", "ist", "ism", "ure"), "thing"),
    (("al", "ive", "able", "ible", "ous", "ful", "less", "ic", "ant", "ent", "ar"), "quality"),
)
_FOREIGN: Final = _words(
    "der das und ist nicht ein eine mit von zu den les le la un une est et des du que qui dans sur au aux il elle ne "
    "pas werden wird sind sich"
)

# How likely a kind follows the one on the left, in the same order, in tenths of the logarithm; a dot: as in disorder.
_TABLE: Final = """
adverb -1 -30 1 . -5 4 -4 6 -1 10 -10 12 -11 1 -22 -18 -18 . . -6 3 . . -5 -11 -8 3
and 8 -30 1 -13 -9 -8 1 4 . -6 -30 -6 2 2 -3 -21 . -12 -7 2 -5 2 . -2 -12 1 2
article -27 -30 -30 -30 -30 -18 -2 -30 7 . -30 -30 -30 -6 -30 -30 -26 -7 -30 -27 11 -2 . 9 -30 -30 8
as -10 -28 9 -19 -30 -4 -4 -15 -1 -7 -30 -16 -16 -3 -19 -23 12 -2 4 6 1 -9 . -5 -27 . .
be 8 -30 3 -7 -30 2 12 -29 1 12 -23 -30 -17 8 -30 -21 -13 . -6 -8 6 -26 . . -9 1 -1
comma 12 12 1 10 -19 -14 3 -1 3 -3 -30 -18 12 11 -7 -28 1 -4 1 10 -4 -4 . . -18 9 1
degree -9 -8 -24 11 -29 4 7 -21 . 1 -4 -18 -21 8 -29 2 -12 -4 -12 -19 8 9 . -2 -9 -25 3
do 1 -8 7 -11 -5 5 -10 -10 6 -2 2 -7 -5 -7 -16 -11 6 1 -4 2 -14 -19 . -5 -13 7 -9
doing -6 2 -1 -1 . 6 -7 -17 -15 -14 2 -14 -3 -7 -1 2 7 1 2 . . 2 . -6 4 -8 1
done -5 . -13 8 -30 6 3 -16 -10 -10 3 -27 1 5 -30 -30 7 -1 12 -12 -6 1 . 3 12 -10 -5
end . . . . . . . . . . . . . . . . . . . . . . . . . . .
have 4 -20 8 -15 -13 5 12 -14 -1 3 -17 -6 -30 5 -20 -23 -14 -6 -18 -11 1 -7 . -6 12 8 -7
joining -1 -30 9 -27 -1 -2 . -5 3 -14 -30 -5 -17 -3 -7 -3 -22 -3 -7 12 -5 -2 . -7 -27 10 -7
manner -1 -6 -2 4 -14 6 6 -6 12 10 7 -3 -9 -6 -23 -20 -12 -1 4 2 1 -1 . -8 -1 . -4
modal 3 -30 -30 -18 12 1 -25 10 -19 -9 -25 12 -29 . -24 -27 -17 3 -30 -30 -4 -30 . -6 -5 -29 6
of -13 -30 12 -19 -26 -8 -10 -19 5 -5 -30 -24 -30 -17 -30 -30 -27 -15 -27 4 -1 3 . -7 -25 5 -4
particle -12 5 -1 6 -23 6 -3 -4 -3 -12 11 -12 -1 2 -17 12 -2 -2 10 -1 -10 -15 . -9 12 -1 -18
pause 2 -11 1 -8 -24 . -2 -11 3 -7 . -27 8 -1 -10 -30 -4 . 1 8 -4 -5 . -1 -23 3 1
preposition -20 -30 11 -30 -30 3 6 -30 6 -12 -21 -30 -15 -6 -30 -30 -22 -9 -30 -2 1 -9 . -3 -15 12 .
pronoun 2 -9 -16 -5 6 6 -4 12 -16 1 1 12 -15 6 12 -14 -3 -4 -5 -9 -7 5 . -6 -3 -15 -2
quality -11 . -17 -1 2 6 -4 -1 -2 -11 2 . -7 -16 -4 1 . -2 3 -10 . 6 . 3 8 -14 .
several -1 5 2 3 5 6 1 4 -6 -5 6 2 -1 3 3 6 10 -1 7 . -12 -13 . -8 7 -2 -9
start -9 -30 4 -14 -28 -7 -14 -21 -2 -10 . -28 1 -4 -29 -23 -8 -28 -2 12 -2 -2 . -6 -12 7 1
thing -5 6 -11 12 3 6 -10 . -3 -11 7 4 -2 -5 3 12 1 -1 3 -8 -13 1 . -4 5 -5 -5
to -11 -30 6 -21 5 4 -14 1 -8 -24 -29 -6 -22 -6 -28 -30 -15 -3 -30 -11 -9 -16 . -8 -28 . 8
which -13 -24 -2 -24 . 6 4 -10 1 -3 -11 1 -17 -11 -3 1 -20 1 -17 1 5 3 . 6 -28 -8 3
word -5 4 -6 2 4 6 -4 1 -4 -9 5 4 -3 -2 2 6 3 . 3 -4 -5 3 . . 1 -5 -4
"""


def _read(table: str) -> dict[tuple[str, str], int]:
    rows = [line.split() for line in table.strip().splitlines()]
    kinds = [kind for kind, *_ in rows]
    return {
        (kind, following): int(cell)
        for kind, *cells in rows
        for following, cell in zip(kinds, cells, strict=True)
        if cell != "."
    }


_LIKELY: Final = _read(_TABLE)


def kind_of(token: Token) -> str:
    """The kind of a word or sign."""
    word = token.word
    if word == ",":
        return "comma"
    if token.kind in ("mark", "line") or word == "→":
        return PAUSE if token.kind == "line" or word in ".;:!?→" else "bracket"
    if token.kind in ("sign", "number"):
        return token.kind
    if word in _KIND:
        return _KIND[word]
    if len(word) <= 2:
        return "sign"
    for endings, kind in _ENDINGS:
        if word.endswith(endings):
            return kind
    return "several" if word.endswith("s") and not word.endswith("ss") else "word"


def steps(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """From every kind to the next, from the start to the end, where that tells something."""
    kinds = [kind_of(token) for token in tokens]
    while kinds and kinds[-1] == PAUSE:
        kinds.pop()
    for one, following in pairwise(["start", *kinds, "end"]):
        if not (one == following == PAUSE) and not SILENT & {one, following}:
            yield one, following


def is_told(tokens: Sequence[Token]) -> bool:
    """Whether a text is long enough, in English, and in words."""
    words = [token for token in tokens if token.kind == "word"]
    signs = sum(kind_of(token) in SILENT for token in tokens)
    foreign = sum(token.word in _FOREIGN for token in words)
    return len(words) >= FEWEST_WORDS and signs <= MOST_SIGNS * len(tokens) and foreign < MOST_FOREIGN


def disordered(tokens: Sequence[Token]) -> bool:
    """Whether hardly anybody would put the words in this order."""
    if not is_told(tokens):
        return False
    found = [_LIKELY.get(step, 0) for step in steps(tokens)]
    return sum(found) < LEAST_LIKELY * math.sqrt(max(1, len(found)))
