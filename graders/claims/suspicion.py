"""What keeps a text from being taken at its word: copied, shuffled, a list of keywords, addressed to the marker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest
from typing import TypeAlias

from graders.claims.english import ARTICLES, FALSITY, FUNCTION, LEADING, NO_NOUN, NOT_LED, TRUTHS
from graders.claims.tokens import Token

Runs: TypeAlias = frozenset[tuple[str, ...]]
COPIED_RUN = 6
MANY_PIECES, SHORT_PIECE, MANY_WORDS = 4, 2, 6
# Verbs that make a sentence of the words beside them, small words or not: "Jacobians take quadratic time".
_SAYING_VERBS = frozenset(
    {"takes", "take", "needs", "need", "uses", "use", "saves", "costs", "requires", "require", "stores", "makes"}
)
COMPARISONS = "=<>≤≥≈≠"
_MARKER = re.compile(
    r"\b(ignore|disregard|forget)\b.{0,40}\b(instruction|rubric|previous|above|criteria|prompt)"
    r"|\b(full|maximum|max)\s+(marks?|points?|credits?|score)\b|\ball\s+(the\s+)?(marks|credits?)\b"
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


def runs_of(given: Sequence[Token]) -> Runs:
    """Every run of `COPIED_RUN` words of a question."""
    words = [token.word for token in given if token.kind in ("word", "number")]
    return frozenset(tuple(words[at : at + COPIED_RUN]) for at in range(len(words) - COPIED_RUN + 1))


def copied(tokens: Sequence[Token], runs: Runs) -> frozenset[int]:
    """The tokens that stand in a run of words copied from the question."""
    words = [(place, token.word) for place, token in enumerate(tokens) if token.kind in ("word", "number")]
    found: set[int] = set()
    for at in range(len(words) - COPIED_RUN + 1):
        if tuple(word for _, word in words[at : at + COPIED_RUN]) in runs:
            found |= {place for place, _ in words[at : at + COPIED_RUN]}
    return frozenset(found)


def shuffled(tokens: Sequence[Token], text: str = "") -> bool:
    """Whether words stand side by side that no writer puts there, more than a slip or two. In the `text` as typed, a
    small word with a capital letter ("gradient With the") belongs to the beginning of a sentence.
    """
    words = [token for token in tokens if token.kind != "line"]
    quantity = _is_quantity(words)
    led = broken = 0
    for one, following in zip_longest(words, words[1:]):
        if following is not None and one.kind == "word" and one.end < following.start and _begins(following, text):
            led, broken = led + 1, broken + 1
        if following is not None and one.word == following.word and one.word in FUNCTION:
            led, broken = led + 1, broken + 1
        if one.word not in LEADING or (one.word == "a" and quantity):
            continue
        led += 1
        broken += (
            following is None or following.word in (".", ",", "!", "?", ";", ":") or _cannot_follow(one, following)
        )
    return (broken >= 2 and broken * 4 >= led) or (broken == 1 and led <= 2 and len(words) > 7 and _starts_badly(words))


def _begins(token: Token, text: str) -> bool:
    typed = text[token.start : token.end]
    return len(typed) > 1 and token.word in FUNCTION and typed[0].isupper() and typed[1:].islower()


def _is_quantity(words: Sequence[Token]) -> bool:
    """Whether "a" is a letter of a formula somewhere: "f(x) + a", "a = 1", "a(exp(x) - 1)"."""
    return any(
        (one.word == "a" and (following.kind == "sign" or following.word in ("(", ")")))
        or (following.word == "a" and one.kind == "sign" and one.word not in "'\"")
        for one, following in pairwise(words)
    )


def _cannot_follow(one: Token, following: Token) -> bool:
    if one.word in ARTICLES and following.word in ARTICLES:
        return True
    return following.word in NOT_LED or (one.word in ("the", "a", "an") and following.word in NO_NOUN)


def _starts_badly(words: Sequence[Token]) -> bool:
    dangling = words[-1].word in LEADING and words[-1].word != "its" and not words[-2].word.endswith("ed")
    return dangling or words[0].word in ("of", "than", "is", "are")


def keyword_list(tokens: Sequence[Token]) -> bool:
    """Whether the text only lists words: many pieces of a word or two, or words of content that nothing links."""
    pieces = [*_pieces(tokens)]
    sizes = [size for piece in pieces if (size := _written_apart(piece))]
    short = sum(size <= SHORT_PIECE for size in sizes)
    links = sum(token.word == ":" for token in tokens) + sum(_links(piece) for piece in pieces)
    if len(sizes) >= MANY_PIECES and short * 5 >= len(sizes) * 4 and links * 2 < len(sizes):
        return True
    contents = sum(token.kind == "word" and token.word not in FUNCTION and len(token.word) > 1 for token in tokens)
    return links == 0 and contents >= MANY_PIECES and (len(sizes) > 2 or contents >= MANY_WORDS)


def _pieces(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """What stands between commas, stops and line ends; brackets part nothing."""
    piece: list[Token] = []
    for token in tokens:
        if token.kind == "line" or (token.kind == "mark" and token.word not in (":", "(", ")", "[", "]")):
            yield piece
            piece = []
        elif token.kind != "mark":
            piece.append(token)
    yield piece


def _written_apart(piece: Sequence[Token]) -> int:
    """How many words a piece has beside articles, where a formula written without spaces ("q^t") is one."""
    words = [token for token in piece if token.word not in ARTICLES]
    return bool(words) + sum(one.end < following.start for one, following in pairwise(words))


def _links(piece: Sequence[Token]) -> int:
    """How many words and comparisons of a piece link what stands beside them; alone, a sign links nothing."""
    words = sum(token.kind == "word" and token.word in FUNCTION - {"and", "or", "etc"} for token in piece)
    words += len(piece) > 2 and any(token.word in _SAYING_VERBS for token in piece)
    return words + (len(piece) > 1) * sum(token.kind == "sign" and token.word in COMPARISONS for token in piece)


def opens_with_denial(tokens: Sequence[Token]) -> bool:
    """Whether the whole is introduced by "it is not true that", "it is wrong that"."""
    opening = [token.word for token in tokens[:7]]
    for place, (word, following) in enumerate(pairwise(opening)):
        denied = word in FALSITY or (word in TRUTHS and "not" in opening[:place])
        if denied and following == "that":
            return True
    return False
