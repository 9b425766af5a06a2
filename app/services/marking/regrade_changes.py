"""Where two credits of the same answer differ, criterion by criterion, and what becomes of people's decisions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from app.domain.decisions import ON_TOP, Verdict
from app.storage.tables import Regrade

Made: TypeAlias = Literal["", "share", "again", "gone"]
"""What another rubric makes of people's decisions about an answer: nothing; they count in proportion to the new points;
they do, and some of the points were given, so that a person may look again; one is about what is gone."""
Why: TypeAlias = Literal["", "share", "gone", "back"]
"""A person's decision counts in proportion, or no more (its criterion is gone), or once more (it has come back)."""
Whole: TypeAlias = Literal["", "void", "accept"]
"""What moves a whole part: a person's decision, or a regrade that voids it or accepts its answer."""


@dataclass(frozen=True, slots=True)
class Change:
    """One criterion (or, without `says`, a whole part that a person has moved) and what it was and is worth.

    None: the criterion is not in that rubric. A span that is not decided is told by its lower end. `why`: what becomes
    of a person's decision; `partial`: it gave neither all points nor none. `whole`: what moves a whole part.
    """

    part: str
    says: str
    before: Fraction | None
    after: Fraction | None
    why: Why = ""
    partial: bool = False
    whole: Whole = ""


def made_of(credit: Mapping[str, Any] | None, decisions: Mapping[str, str]) -> Made:
    """What a credit makes of the decisions it was made with (by `part.criterion`)."""
    if not decisions or credit is None:
        return ""
    parts = credit.get("parts", ())
    lines = {f"{part['id']}.{line['id']}": line for part in parts for line in part["criteria"]}
    known = {**{f"{part['id']}.": part for part in parts}, **lines}
    moved = [in_share(line) for line in known.values()]
    if ("share", True) in moved:
        return "again"
    if any(name.removesuffix(ON_TOP) not in known for name in decisions):
        return "gone"
    return "share" if ("share", False) in moved else ""


def in_share(line: Mapping[str, Any]) -> tuple[Why, bool]:
    """Whether a credit counts what a person decided about a criterion, or a part, in proportion to what it was worth
    then, and whether that was some of the points. Nothing of anything stays nothing.
    """
    given = Verdict(Fraction(line["given"]), Fraction(line["of"])) if "given" in line else None
    return ("share", given.partial) if given is not None and given.points else ("", False)


def changes_told(
    regrade: Regrade,
    weight: Fraction,
    credits: tuple[Mapping[str, Any] | None, Mapping[str, Any] | None],
) -> tuple[Change, ...]:
    """What a regrade changes of an answer, from one credit to the other."""
    # Of one that was dropped it is not kept what each criterion would have been.
    if regrade.state == "dropped":
        return ()
    whole: Whole = "void" if regrade.kind == "void" else "accept" if regrade.kind == "accept" else ""
    return changes_between(*credits, weight, whole, rubric=regrade.kind == "rubric")


def changes_between(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    weight: Fraction,
    whole: Whole = "",
    *,
    rubric: bool = True,
) -> tuple[Change, ...]:
    """What changes from one credit to the other, in the order of the new rubric; what has gone comes last.

    With another `rubric` also where a decision counts in proportion, though the points are the same. `whole`: what
    moves a part, where that is not a person.
    """
    old, new = dict(_lines(before, weight)), dict(_lines(after, weight))
    before_lines, after_lines = _told(before), _told(after)
    order = [*new, *(key for key in old if key not in new)]
    decided = {key: _decided(before_lines.get(key), after_lines.get(key)) if rubric else _NOTHING for key in order}
    lines = [
        Change(
            key[0],
            (new.get(key) or old[key])[0],
            _points(old.get(key)),
            _points(new.get(key)),
            *decided[key],
        )
        for key in order
        if (old.get(key) or ("", None, None))[1:] != (new.get(key) or ("", None, None))[1:] or decided[key][0]
    ]
    return (*lines, *_moved(before, after, weight, whole, rubric=rubric))


def _told(credit: Mapping[str, Any] | None) -> dict[tuple[str, str], Mapping[str, Any]]:
    return {(part["id"], line["id"]): line for part in (credit or {}).get("parts", ()) for line in part["criteria"]}


def _decided(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> tuple[Why, bool]:
    """What becomes of a person's decision about a criterion, and whether it gave some of the points."""
    before, after = old is not None and bool(old.get("person")), new is not None and bool(new.get("person"))
    if new is None:
        return ("gone" if before else ""), False
    if old is None:
        return ("back" if after else ""), in_share(new)[1]
    return in_share(new)


_NOTHING: tuple[Why, bool] = ("", False)
Line = tuple[str, Fraction, Fraction]


def _lines(credit: Mapping[str, Any] | None, weight: Fraction) -> Iterator[tuple[tuple[str, str], Line]]:
    for part in (credit or {}).get("parts", ()):
        for line in part["criteria"]:
            points = Fraction(line["points"])
            says = line.get("says") or line["id"]
            yield (part["id"], line["id"]), (says, weight * points, weight * Fraction(line.get("upto", points)))


def _moved(
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any] | None,
    weight: Fraction,
    whole: Whole,
    *,
    rubric: bool,
) -> Iterator[Change]:
    """The parts that a person's decision about the whole of them makes worth more or less than they were.

    Nobody earns more than all points: whoever had them already is moved by nothing, whatever was decided.
    """
    old = {part["id"]: part for part in (before or {}).get("parts", ())}
    for part in (after or {}).get("parts", ()):
        # What no grader could look at is worth nothing so far.
        was = old.get(part["id"], {"points": 0, "upto": part["max"]})
        why, partial = in_share(part) if rubric else _NOTHING
        moved = Fraction(was.get("adjustment", 0)) != Fraction(part.get("adjustment", 0))
        spans = [(Fraction(one["points"]), Fraction(one["upto"])) for one in (was, part)]
        if why or (moved and spans[0] != spans[1]):
            points = weight * spans[0][0], weight * spans[1][0]
            yield Change(part["id"], "", *points, why, partial, whole)


def _points(line: Line | None) -> Fraction | None:
    return None if line is None else line[1]
