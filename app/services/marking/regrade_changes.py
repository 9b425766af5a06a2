"""Where two credits of the same answer differ, criterion by criterion."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion (or, without `says`, a whole part that a person has moved) and what it was and is worth.

    None: the criterion is not in that rubric. A span that is not decided is told by its lower end.
    """

    part: str
    says: str
    before: Fraction | None
    after: Fraction | None


def changes_between(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, weight: Fraction
) -> tuple[Change, ...]:
    """What changes from one credit to the other, in the order of the new rubric; what has gone comes last."""
    old, new = dict(_lines(before, weight)), dict(_lines(after, weight))
    order = [*new, *(key for key in old if key not in new)]
    lines = [
        Change(key[0], (new.get(key) or old[key])[0], _points(old.get(key)), _points(new.get(key)))
        for key in order
        if (old.get(key) or ("", None, None))[1:] != (new.get(key) or ("", None, None))[1:]
    ]
    return (*lines, *_moved(before, after, weight))


Line = tuple[str, Fraction, Fraction]


def _lines(credit: Mapping[str, Any] | None, weight: Fraction) -> Iterator[tuple[tuple[str, str], Line]]:
    for part in (credit or {}).get("parts", ()):
        for line in part["criteria"]:
            points = Fraction(line["points"])
            says = line.get("says") or line["id"]
            yield (part["id"], line["id"]), (says, weight * points, weight * Fraction(line.get("upto", points)))


def _moved(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None, weight: Fraction) -> Iterator[Change]:
    """The parts that a person's decision about the whole of them makes worth more or less than they were.

    Nobody earns more than all points: whoever had them already is moved by nothing, whatever was decided.
    """
    old = {part["id"]: part for part in (before or {}).get("parts", ())}
    for part in (after or {}).get("parts", ()):
        # What no grader could look at is worth nothing so far.
        was = old.get(part["id"], {"points": 0, "upto": part["max"]})
        if Fraction(was.get("adjustment", 0)) == Fraction(part.get("adjustment", 0)):
            continue
        spans = [(Fraction(one["points"]), Fraction(one["upto"])) for one in (was, part)]
        if spans[0] != spans[1]:
            yield Change(part["id"], "", weight * spans[0][0], weight * spans[1][0])


def _points(line: Line | None) -> Fraction | None:
    return None if line is None else line[1]
