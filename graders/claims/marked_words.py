"""The student's own words, each with the one thing it shows: earned, contradicts, negated, unsure, or went unread."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Literal, TypeAlias

from graders.claims.caution import AGAINST, Mark
from graders.claims.judging import Evidence, Judgement

Shown: TypeAlias = Literal["earned", "contradicts", "negated", "unsure", "unread"]

_SHOWN: dict[Mark, Shown] = {
    "earned": "earned",
    "denied": "contradicts",
    "contrary": "negated",
    "supposed": "unsure",
    "near": "unsure",
    "turned": "unsure",
}
_NOT_MEANT = frozenset({"denial", "copied"})
# Of several, the first says most: what earned is shown as that, whatever else it says of another claim.
_ORDER: tuple[Shown, ...] = ("earned", "contradicts", "negated", "unsure", "unread")


def marked_words(found: Judgement) -> Iterator[tuple[int, int, Shown]]:
    """Stretches of the text as (start, end, mark), in order and without overlap."""
    at: dict[int, Shown] = {}
    shown = [one for one in found.evidence if _is_shown(one, found)]
    spans = [(start, end, _shown(one, found)) for one in shown for start, end in one.words]
    spans += [(start, end, "unread") for start, end in found.unread]
    for start, end, mark in spans:
        for place in range(start, end):
            if place not in at or _ORDER.index(mark) < _ORDER.index(at[place]):
                at[place] = mark
    for _, stretch in groupby(enumerate(sorted(at)), key=lambda one: (one[1] - one[0], at[one[1]])):
        places = [place for _, place in stretch]
        yield places[0], places[-1] + 1, at[places[0]]


def _is_shown(one: Evidence, found: Judgement) -> bool:
    """Not what is only related to a claim that is made, nor what speaks against another beside it without giving cause
    for doubt: a right answer says that, too.
    """
    if one.mark in AGAINST:
        return "made" not in found.decisions.values() or "contradicts" in found.doubts
    return one.mark == "earned" or found.decisions[one.claim] != "made"


def _shown(one: Evidence, found: Judgement) -> Shown:
    """What is taken back or copied has not earned before a person says so."""
    open_ = one.mark == "earned" and found.decisions[one.claim] == "unsure" and _NOT_MEANT & set(found.doubts)
    return "unsure" if open_ else _SHOWN[one.mark]
