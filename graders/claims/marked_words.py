"""The student's own words, each with the one thing it shows: earned, contradicts, negated, unsure, or went unread."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal, TypeAlias

from graders.claims.caution import Mark
from graders.claims.judging import Judgement

Shown: TypeAlias = Literal["earned", "contradicts", "negated", "unsure", "unread"]

_SHOWN: dict[Mark, Shown] = {
    "earned": "earned",
    "denied": "contradicts",
    "contrary": "negated",
    "supposed": "unsure",
    "near": "unsure",
    "turned": "unsure",
}
# Of several, the first says most.
_ORDER: tuple[Shown, ...] = ("contradicts", "earned", "negated", "unsure", "unread")


def marked_words(found: Judgement) -> Iterator[tuple[int, int, Shown]]:
    """Stretches of the text as (start, end, mark), in order and without overlap."""
    at: dict[int, Shown] = {}
    spans = [(start, end, _SHOWN[one.mark]) for one in found.evidence for start, end in one.words]
    spans += [(start, end, "unread") for start, end in found.unread]
    for start, end, mark in spans:
        for place in range(start, end):
            if place not in at or _ORDER.index(mark) < _ORDER.index(at[place]):
                at[place] = mark
    for _, stretch in groupby(enumerate(sorted(at)), key=lambda one: (one[1] - one[0], at[one[1]])):
        places = [place for _, place in stretch]
        yield places[0], places[-1] + 1, at[places[0]]
