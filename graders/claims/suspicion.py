"""What keeps a text from being taken at its word: copied, shuffled, a list of keywords, addressed to the marker."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

from graders.claims.english import ARTICLES, FALSITY, FUNCTION, LEADING, NO_NOUN, NOT_LED, TRUTHS
from graders.claims.tokens import Token

COPIED_RUN = 6
MANY_PIECES, SHORT_PIECE, MANY_WORDS = 4, 2, 6
COMPARISONS = "=<>≤≥≈≠"
_MARKER = re.compile(
    r"\b(ignore|disregard|forget)\b.{0,40}\b(instruction|rubric|previous|above|criteria|prompt)"
    r"|\b(full|all|maximum|max)\s+(marks?|points?|credits?|score)\b"
    r"|\b(award|grant|assign|give)\b.{0,30}\b(marks?|points?|credits?|score|grade)\b"
    r"|\b(grader|marker|examiner|teaching assistant|as an ai)\b"
    r"|\b(mark|grade|score|accept)\s+(this|my|the)\s+(answer|response|solution)\b"
    r"|\b(this|my|the) (answer|response) (is|should be|must be) (correct|right|accepted|complete)\b",
    re.IGNORECASE | re.DOTALL,
)


def addresses_marker(text: str) -> tuple[int, int] | None:
    """Where a text speaks to whoever marks it, instead of answering."""
    found = _MARKER.search(text)
    return None if found is None else found.span()


def copied(tokens: Sequence[Token], given: Sequence[Token]) -> frozenset[int]:
    """The tokens that stand in a run of `COPIED_RUN` words copied from the question."""
    words = [(place, token.word) for place, token in enumerate(tokens) if token.kind in ("word", "number")]
    theirs = [token.word for token in given if token.kind in ("word", "number")]
    runs = {tuple(theirs[at : at + COPIED_RUN]) for at in range(len(theirs) - COPIED_RUN + 1)}
    found: set[int] = set()
    for at in range(len(words) - COPIED_RUN + 1):
        if tuple(word for _, word in words[at : at + COPIED_RUN]) in runs:
            found |= {place for place, _ in words[at : at + COPIED_RUN]}
    return frozenset(found)


def shuffled(tokens: Sequence[Token]) -> bool:
    """Whether words stand side by side that no writer puts there, more than a slip or two."""
    words = [token for token in tokens if token.kind != "line"]
    led = broken = 0
    for one, following in zip_longest(words, words[1:]):
        if following is not None and one.word == following.word and one.word in FUNCTION:
            led, broken = led + 1, broken + 1
        if one.word not in LEADING:
            continue
        led += 1
        broken += (
            following is None or following.word in (".", ",", "!", "?", ";", ":") or _cannot_follow(one, following)
        )
    return (broken >= 2 and broken * 4 >= led) or (broken == 1 and led <= 2 and len(words) > 7 and _starts_badly(words))


def _cannot_follow(one: Token, following: Token) -> bool:
    if one.word in ARTICLES and following.word in ARTICLES:
        return True
    return following.word in NOT_LED or (one.word in ("the", "a", "an") and following.word in NO_NOUN)


def _starts_badly(words: Sequence[Token]) -> bool:
    return words[0].word in ("of", "than", "is", "are") or words[-1].word in LEADING


def keyword_list(tokens: Sequence[Token]) -> bool:
    """Whether the text only lists words: many pieces of a word or two, or words of content that nothing links."""
    pieces: list[int] = [0]
    contents = links = 0
    for token in tokens:
        if token.word == ":":
            links += 1
        elif token.kind in ("mark", "line"):
            pieces.append(0)
        elif token.kind in ("number", "sign"):
            pieces[-1] += 1
            links += token.word in COMPARISONS
        elif token.kind == "word":
            pieces[-1] += token.word not in ARTICLES
            links += token.word in FUNCTION - {"and", "or", "etc"}
            contents += token.word not in FUNCTION
    sizes = [size for size in pieces if size]
    short = sum(size <= SHORT_PIECE for size in sizes)
    if len(sizes) >= MANY_PIECES and short * 5 >= len(sizes) * 4 and links * 2 < len(sizes):
        return True
    return links == 0 and contents >= MANY_PIECES and (len(sizes) > 2 or contents >= MANY_WORDS)


def opens_with_denial(tokens: Sequence[Token]) -> bool:
    """Whether the whole is introduced by "it is not true that", "it is wrong that"."""
    opening = [token.word for token in tokens[:7]]
    for place, (word, following) in enumerate(pairwise(opening)):
        denied = word in FALSITY or (word in TRUTHS and "not" in opening[:place])
        if denied and following == "that":
            return True
    return False
