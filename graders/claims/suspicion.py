"""What keeps a text from being taken at its word: shuffled, a list of keywords, addressed to the marker."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise, zip_longest

from graders.claims.english import ARTICLES, FALSITY, FUNCTION, LEADING, NO_NOUN, NOT_LED, TRUTHS, UNFOLLOWED
from graders.claims.tokens import Token

MANY_PIECES, SHORT_PIECE, MANY_WORDS = 4, 2, 6
# So many pieces, of which nearly all are a single word, are a list whatever they say.
MANY_SINGLES = 5
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
        if following is not None and _is_said_twice(one, following):
            led, broken = led + 1, broken + 1
        if following is not None and _unfollowed(one, following):
            led, broken = led + 1, broken + 1
            continue
        if one.word not in LEADING or (one.word == "a" and quantity):
            continue
        led += 1
        broken += (
            following is None or following.word in (".", ",", "!", "?", ";", ":") or _cannot_follow(one, following)
        )
    if _closes_first(words):
        led, broken = led + 1, broken + 1
    return (broken >= 2 and broken * 4 >= led) or (broken == 1 and led <= 2 and len(words) > 7 and _starts_badly(words))


def _closes_first(words: Sequence[Token]) -> bool:
    """Whether there are as many opening brackets as closing ones, and one of these comes first."""
    depth = lowest = 0
    for one in words:
        depth += (one.word == "(") - (one.word == ")")
        lowest = min(lowest, depth)
    return depth == 0 and lowest < 0


def _is_said_twice(one: Token, following: Token) -> bool:
    """Whether a word, or a sign that compares, is typed twice in a row."""
    if one.word != following.word or one.kind in ("number", "mark"):
        return False
    return one.word in FUNCTION or (one.end < following.start and (len(one.word) > 1 or one.word in COMPARISONS))


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


def _unfollowed(one: Token, following: Token) -> bool:
    return any(one.word in words and following.word in others for words, others in UNFOLLOWED)


def _cannot_follow(one: Token, following: Token) -> bool:
    if one.word in ARTICLES and following.word in ARTICLES:
        return True
    return following.word in NOT_LED or (one.word in ("the", "a", "an") and following.word in NO_NOUN)


def _starts_badly(words: Sequence[Token]) -> bool:
    dangling = words[-1].word in LEADING and words[-1].word != "its" and not words[-2].word.endswith("ed")
    return dangling or words[0].word in ("of", "than", "is", "are")


def keyword_list(tokens: Sequence[Token], text: str = "") -> bool:
    """Whether the text only lists words: many pieces of a word or two, or words of content that nothing links.

    In the `text` as typed, a formula without blanks ("p(y|x)") is a word of its own.
    """
    pieces = [*_pieces(tokens)]
    sizes = [size for piece in pieces if (size := _written_apart(piece))]
    said = [piece for piece in pieces if piece]
    if text and len(said) >= MANY_SINGLES and sum(not _has_blank(piece, text) for piece in said) * 10 >= len(said) * 9:
        return True  # Formulas among them link nothing.
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


def _has_blank(piece: Sequence[Token], text: str) -> bool:
    return any(text[one.end : following.start].isspace() for one, following in pairwise(piece))


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
