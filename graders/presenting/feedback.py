"""Feedback by field beyond the rubric: what a grader remarks, and why statements judged wrongly are true or false."""

from __future__ import annotations

from app.domain.texts import PREFERRED
from graders.marking.observing import Observation
from graders.marking.worlds import World
from graders.packages import Package
from graders.presenting.questions import statement_feedback


def field_feedback(
    package: Package, world: World, observation: Observation, language: str = PREFERRED
) -> dict[str, list[str]]:
    """Remarks by field, from the facts `remarks` and `is_<statement>` of the plain reading."""
    plain = observation.seen[()].facts["base"]
    remarks: dict[str, list[str]] = {}
    for name, facts in plain.items():
        judged = {fact.removeprefix("is_"): value for fact, value in facts.items() if fact.startswith("is_")}
        wrong = [statement for statement, value in judged.items() if value is False]
        said = facts.get("remarks")
        found = [says for says in said if isinstance(says, str)] if isinstance(said, list) else []
        if wrong:
            found += statement_feedback(package, world, name, wrong, language)
        if found:
            remarks[name] = found
    return remarks
