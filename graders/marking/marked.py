"""Comparing what a part or a criterion earns with what a person gave for the same answer."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.domain.decisions import read_marked
from graders.marking.credit import PartCredit, Span

LOOK = "look at this case again"


def against_person(by_part: Mapping[str, PartCredit], place: str, wanted: Any) -> str | None:
    """How the credit of a `part` or `part.criterion` contradicts a person's points, in a sentence; None if it does not.

    What the machine leaves open contradicts nobody. Points of so many are compared as a share of what counts now.
    """
    part_id, _, criterion = place.partition(".")
    part = by_part.get(part_id)
    if part is None:
        return f"there is no part called `{part_id}`."
    given = read_marked(wanted)
    leaf = next((one for one in part.leaves if one.criterion.id == criterion), None) if criterion else None
    if criterion and leaf is None:
        return f"{place} has no place in the rubric any more, a person gave {given.as_authors_write()}: {LOOK}."
    # What another way of earning points beats, or an exclusion takes away, was given all the same.
    got = part.span if leaf is None else leaf.span if given.of is None else leaf.alone
    most = part.part.points if leaf is None else leaf.criterion.points or Fraction(0)
    points = given.share_of(most)
    if points is None:
        return f"{place} counts {most} now, a person gave {given.as_authors_write()}: {LOOK}."
    if got.lo <= points <= got.hi:
        return None
    told = f"{place} is {_span(got)}, a person gave {given.as_authors_write()}"
    if points > max(most, Fraction(0)):
        return f"{told}, which is more than there is to earn now: {LOOK}."
    if given.of is not None and given.of != most:
        told += f", which is {points} of {most} now"
    return f"{told}: {'it is paid too much' if got.lo > points else 'points that it deserves are denied'}."


def _span(got: Span) -> str:
    return str(got.lo) if got.decided else f"{got.lo}..{got.hi}"
