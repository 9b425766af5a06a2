"""The credit of an answer that no grader could look at: what people say its parts are worth, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.domain.decisions import read_verdict
from app.domain.expressions import points as read_points

NOTHING = Fraction(0)


def credited_by_people(package: Mapping[str, Any], decisions: Mapping[str, str]) -> dict[str, Any] | None:
    """The credit by people's points for whole parts (`part.` in the decisions); None where nobody has decided.

    A part about which nobody has decided waits for a person.
    """
    asked = package["question"]["parts"]
    if not any(f"{part['id']}." in decisions for part in asked):
        return None
    parts, total, reach, most = [], NOTHING, NOTHING, NOTHING
    for part in asked:
        worth = read_points(part.get("points", 0))
        given = decisions.get(f"{part['id']}.")
        low = max(NOTHING, read_verdict(given).in_part(worth)) if given is not None else NOTHING
        high = worth if given is None else low
        kind = "none" if part.get("score") == "none" else "bonus" if part.get("bonus") else "points"
        if kind != "none":
            total, reach = total + low, reach + high
        if kind == "points":
            most += worth
        parts.append(
            {
                "id": part["id"],
                "item": part.get("item"),
                "state": "graded" if low == high else "needs-person",
                "points": str(low),
                "upto": str(high),
                "max": str(worth),
                "score": kind,
                "criteria": [],
                "adjustment": "0",
                "mistakes": [],
                "notes": [],
                "feedback": [],
                "words": {},
            }
        )
    state = "graded" if total == reach else "needs-person"
    whole: dict[str, Any] = {"state": state, "points": str(total), "upto": str(reach), "max": str(most)}
    return whole | {"readings": [], "parts": parts, "invalid": []}
