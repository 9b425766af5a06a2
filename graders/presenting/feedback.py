"""Feedback by field beyond the rubric: why the statements are true or false that a student judged wrongly."""

from __future__ import annotations

from app.domain.texts import PREFERRED
from graders.marking.observing import Observation
from graders.marking.worlds import World
from graders.packages import Package
from graders.presenting.questions import statement_feedback


def field_feedback(
    package: Package, world: World, observation: Observation, language: str = PREFERRED
) -> dict[str, list[str]]:
    """Remarks by field, from the facts `is_<statement>` of the plain reading."""
    plain = observation.seen[()].facts["base"]
    remarks: dict[str, list[str]] = {}
    for name, facts in plain.items():
        judged = {fact.removeprefix("is_"): value for fact, value in facts.items() if fact.startswith("is_")}
        wrong = [statement for statement, value in judged.items() if value is False]
        if wrong:
            remarks[name] = statement_feedback(package, world, name, wrong, language)
    return remarks
