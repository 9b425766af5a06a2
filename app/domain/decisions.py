"""What people decide about criteria, at the desk and in recorded cases: how much of each is met, told as points of as
many as it was worth then.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, TypeAlias

from app.domain.expressions import points as read_points

NOTHING = Fraction(0)
OF = " of "
ON_TOP = "!"
"""Behind the name of a criterion: a deduction that was decided after the whole part had been moved."""
Worths: TypeAlias = Mapping[tuple[str, str], Fraction]
"""What criteria are worth, by part and criterion; whole parts without a criterion."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """So many points `of` as many as the criterion (or the whole part) was worth.

    Where that is not known the points are taken as they are.
    """

    points: Fraction
    of: Fraction | None = None

    def at(self, most: Fraction, *, below: Fraction = NOTHING) -> Fraction:
        """The points in a rubric where it is worth `most`: in the same share, and never more than there is.

        `below`: the least there is, where that is not nothing.
        """
        number = self.points
        if self.of is not None and self.of != most:
            number = number * most / self.of if self.of else NOTHING
        return min(max(number, min(most, below)), max(most, below))

    def in_part(self, most: Fraction) -> Fraction:
        """By how much it moves a whole part that is worth `most`, up or down."""
        return self.at(most, below=-most)

    def share_of(self, most: Fraction) -> Fraction | None:
        """The same share of `most`; None where there is nothing to compare: it counts nothing now, or the other way."""
        if self.of is None:
            return self.points
        return self.points * most / self.of if self.of * most > 0 else None

    def moved_to(self, most: Fraction) -> bool:
        """Whether it was made when the criterion was worth something else."""
        return self.of is not None and self.of != most

    @property
    def partial(self) -> bool:
        """Whether neither all nor nothing was given."""
        return self.of is not None and self.points not in (NOTHING, self.of, -self.of)

    def __str__(self) -> str:
        return _exact(self.points) if self.of is None else f"{_exact(self.points)}{OF}{_exact(self.of)}"

    def as_authors_write(self) -> str:
        """`2 of 3` rather than `2/1 of 3/1`."""
        return str(self.points) if self.of is None else f"{self.points}{OF}{self.of}"


def read_verdict(written: Any) -> Verdict:
    """A decision as it is stored: `1/2 of 3/2`, or points alone."""
    points, _of, worth = str(written).partition(OF)
    return Verdict(Fraction(points), Fraction(worth) if worth else None)


def read_marked(given: Any) -> Verdict:
    """What a person gave, as authors write it in a recorded case: points as `1/2`, or as `1/2 of 2`.

    Raises:
        ValueError: neither of them.
    """
    if not isinstance(given, str) or OF not in given:
        return Verdict(read_points(given))
    points, _of, worth = given.partition(OF)
    found = Verdict(read_points(points.strip()), read_points(worth.strip()))
    if not found.of or not 0 <= found.points / found.of <= 1:
        raise ValueError(f"Points of so many lie between nothing and all of them, not {given!r}.")
    return found


def decided_now(decisions: Mapping[str, str], name: str, written: str) -> dict[str, str]:
    """These decisions (by `part.criterion`; `part.`: the whole part is moved) and one more, made after them all.

    A deduction that is decided when the whole part has been moved counts on what stands then (`part.criterion!`), or
    it would vanish below the nothing that the criteria came to. Whoever moves the part again has seen all deductions.
    """
    part, _, criterion = name.partition(".")
    found = {one: told for one, told in decisions.items() if one not in (name, name + ON_TOP)}
    if not criterion:
        found = {one.removesuffix(ON_TOP) if one.startswith(name) else one: told for one, told in found.items()}
    moved = f"{part}." in found and read_verdict(found[f"{part}."]).points != 0
    return found | {name + ON_TOP if criterion and moved and read_verdict(written).points < 0 else name: written}


def worths_in(parts: Sequence[Mapping[str, Any]]) -> dict[tuple[str, str], Fraction]:
    """What the criteria of a question's parts, as their author wrote them, are worth, and the parts themselves."""
    found = {}
    for part in parts:
        found[part["id"], ""] = read_points(part.get("points", 0))
        for name, worth in _leaves(part.get("criteria") or ()):
            found[part["id"], name] = worth
    return found


def _leaves(node: Any) -> Iterator[tuple[str, Fraction]]:
    if isinstance(node, Mapping):
        if "points" in node and "id" in node:
            yield str(node["id"]), read_points(node["points"])
        for inner in ("best_of", "sum_of"):
            yield from _leaves(node.get(inner) or ())
    else:
        for one in node:
            yield from _leaves(one)


def _exact(points: Fraction) -> str:
    return f"{points.numerator}/{points.denominator}"
