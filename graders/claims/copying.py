"""What a text copies from its question: runs of words, and sentences in which a variant's own values stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from graders.claims.english import FUNCTION, HEDGES
from graders.claims.spelling import Vocabulary
from graders.claims.tokens import Token, tokens_of

COPIED_RUN: Final = 6
# A value in a sentence (“@{…}”) has so many words at most, …
_LONGEST_VALUE: Final = 24
# … and a sentence is told by so many of its own on either side.
_FEWEST_WORDS: Final = 3
# Who adds so few words of content to a copied question says nothing.
_FEW_ADDED: Final = 3
_AGREEING: Final = frozenset({"think", "believe", "exactly", "true", "right", "agree", "answer", "correct", "ok"})
_END: Final = "|"
_VALUE: Final = re.compile(r"@\{[^}]*\}")
_PAUSE: Final = re.compile(r"(?<=[.!?:])\s|\n|^@(?:if|else|end|each)\b[^\n]*", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Copyable:
    """What would count as copied: every run of `COPIED_RUN` words, short sentences, and what may surround a value."""

    runs: frozenset[tuple[str, ...]]
    framed: tuple[re.Pattern[str], ...]


def copyable(given: str, vocabulary: Vocabulary) -> Copyable:
    """What a text may copy from the words of a question."""
    words = _words(tokens_of(given, vocabulary))
    runs = frozenset(tuple(words[at : at + COPIED_RUN]) for at in range(len(words) - COPIED_RUN + 1))
    return Copyable(runs, tuple(_framed(given, vocabulary)))


def _framed(given: str, vocabulary: Vocabulary) -> Iterator[re.Pattern[str]]:
    """The sentences that hold a value, and those shorter than a run."""
    # A value goes on to its sentence's end at most: behind that, somebody may have begun to answer.
    value = rf"(?: [^ {_END}]+){{1,{_LONGEST_VALUE}}}?"
    for sentence in _PAUSE.split(given):
        pieces = [_words(tokens_of(piece, vocabulary)) for piece in _VALUE.split(sentence)]
        size = sum(map(len, pieces))
        if size >= _FEWEST_WORDS and (len(pieces) > 1 or size < COPIED_RUN):
            said = value.join("".join(f" {re.escape(word)}" for word in piece) for piece in pieces)
            yield re.compile(said + (r"(?= |$)" if pieces[-1] else rf"(?= {re.escape(_END)}|$)"))


def copied(tokens: Sequence[Token], given: Copyable) -> frozenset[int]:
    """The tokens that are copied from the question."""
    places = [place for place, token in enumerate(tokens) if token.kind in ("word", "number")]
    words = [tokens[place].word for place in places]
    found: set[int] = set()
    for at in range(len(words) - COPIED_RUN + 1):
        if tuple(words[at : at + COPIED_RUN]) in given.runs:
            found |= {*places[at : at + COPIED_RUN]}
    if found and given.framed:
        ended = [
            place for place, token in enumerate(tokens) if token.kind in ("word", "number", "line") or _ends(token)
        ]
        line = "".join(f" {_END if _ends(tokens[place]) else tokens[place].word}" for place in ended)
        for frame in given.framed:
            for match in frame.finditer(line):
                first = line.count(" ", 0, match.start())
                found |= {*ended[first : first + match[0].count(" ")]}
    return frozenset(found)


def _ends(token: Token) -> bool:
    return token.kind == "line" or token.word in (".", "!", "?")


def adds_nothing(tokens: Sequence[Token], copies: frozenset[int]) -> bool:
    """Whether a text copies from its question and adds next to nothing: "I think that … Yes, exactly this."."""
    added = {
        token.stem
        for place, token in enumerate(tokens)
        if place not in copies and token.kind in ("word", "number") and token.word not in FUNCTION | HEDGES | _AGREEING
    }
    return len(copies) > COPIED_RUN and len(added) < _FEW_ADDED and len(copies) >= len(tokens) // 2


def _words(tokens: Sequence[Token]) -> list[str]:
    return [token.word for token in tokens if token.kind in ("word", "number")]
