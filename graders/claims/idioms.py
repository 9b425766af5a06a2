"""Where a negating word denies nothing: phrases that only sound so, and what the writer does not know."""

from __future__ import annotations

from collections.abc import Sequence

from graders.claims.english import RECALLING
from graders.claims.tokens import Token

_NO_DENIALS = frozenset(
    {("no", "matter"), ("no", "doubt"), ("not", "sure"), ("nothing", "but"), ("not", "forget"), ("never", "forget"),
     ("not", "throw"), ("not", "discard")}
)  # fmt: skip
_ABLE = frozenset({"can", "could", "will", "would", "does"})
_TO_SAY = (["able", "to", "say"], ["able", "to", "tell"], ["able", "to", "answer"])


def says_nothing(tokens: Sequence[Token], place: int) -> bool:
    """Whether a negating word opens a phrase that denies nothing: "no matter", "do not forget" (not: "can not …")."""
    before = tokens[place - 1].word if place else ""
    behind = tokens[place + 1].word if place + 1 < len(tokens) else ""
    return (tokens[place].word, behind) in _NO_DENIALS and not (behind == "forget" and before in _ABLE)


def is_recalled(tokens: Sequence[Token], place: int) -> bool:
    """Whether a word speaks of what the writer knows: "I do not remember", "the name I forgot, sorry"."""
    before = tokens[max(0, place - 3) : place]
    mine = any(one.word == "i" for one in before)
    if [one.word for one in tokens[place : place + 3]] in _TO_SAY:
        return mine
    return tokens[place].word in RECALLING and (mine or tokens[place].word == "sorry")
