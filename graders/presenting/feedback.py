"""Feedback by field beyond the rubric: what a grader remarks, and why statements judged wrongly are true or false."""

from __future__ import annotations

from app.domain.texts import PREFERRED, Text
from app.domain.values import Json, to_json
from graders.evaluation.errors import EvaluationError
from graders.evaluation.truth import YES, truth
from graders.marking.credit import PartCredit, QuestionCredit, fields_read
from graders.marking.observing import Observation, Seen, mistaken
from graders.marking.readings import under_readings
from graders.marking.worlds import World
from graders.packages import Package
from graders.presenting.questions import other_languages, statement_feedback


def field_feedback(
    package: Package, world: World, observation: Observation, result: QuestionCredit, language: str = PREFERRED
) -> dict[str, list[str]]:
    """Remarks by field: `remarks` and `reason` under the readings that count, and statements judged wrongly."""
    plain = observation.seen[()].facts["base"]
    seen = observation.seen[result.readings]
    read_so = under_readings(package.compiled, world, result.readings)
    credits = {part.part.id: part for part in result.parts}
    remarks: dict[str, list[str]] = {}
    for name, facts in plain.items():
        judged = {fact.removeprefix("is_"): value for fact, value in facts.items() if fact.startswith("is_")}
        wrong = [statement for statement, value in judged.items() if value is False]
        counted = seen.facts["base"].get(name, {})
        said = counted.get("remarks")
        found = [says for says in said if isinstance(says, str)] if isinstance(said, list) else []
        reason = counted.get("reason")
        if isinstance(reason, str) and reason:
            part = credits[package.compiled.fields[name].part.id]
            if not _right_after_all(name, part, seen) and not _explained(package, name, part, read_so):
                # A reason may begin with what is remarked, and is then told in its place.
                found = [*(says for says in found if not reason.startswith(says)), reason]
        if wrong:
            found += statement_feedback(package, world, name, wrong, language)
        if found:
            remarks[name] = found
    return remarks


def feedback_in_all(
    package: Package, world: World, observation: Observation, result: QuestionCredit
) -> dict[str, list[Text]]:
    """The same, with what is said in every other language that the prompt is written in."""
    plain = field_feedback(package, world, observation, result)
    others = {
        language: field_feedback(package, world, observation, result, language)
        for language in other_languages(package.prompt)
    }
    found: dict[str, list[Text]] = {}
    for name, remarks in plain.items():
        found[name] = []
        for place, says in enumerate(remarks):
            told = {language: other[name][place] for language, other in others.items()}
            differ = {language: other for language, other in told.items() if other != says}
            found[name].append({PREFERRED: says, **differ} if differ else says)
    return found


def words_marked(observation: Observation) -> dict[str, list[Json]]:
    """By field, what a grader marked in the student's own words: [start, end, mark], in the order of the text."""
    plain = observation.seen[()].facts["base"]
    return {
        name: [to_json(one) for one in words]
        for name, facts in plain.items()
        if isinstance(words := facts.get("words"), list) and words
    }


def _right_after_all(name: str, part: PartCredit, seen: Seen) -> bool:
    """Whether an answer that is not the reference earned all that it could, or is right with the own answers."""
    own = seen.facts["own"].get(name, {})
    if part.span.lo >= part.part.points or truth(own.get("right")) == YES:
        return True
    concerned = [
        leaf.span.lo >= leaf.criterion.points
        for leaf in part.leaves
        if not leaf.alternative and leaf.criterion.points and leaf.criterion.points > 0 and leaf.criterion.when
        if name in fields_read(part.part, leaf.criterion.when)
    ]
    return bool(concerned) and all(concerned)


def _explained(package: Package, name: str, part: PartCredit, world: World) -> bool:
    """Whether a mistake that was found concerns this field."""
    field = package.compiled.fields[name]
    for mistake in part.mistakes:
        when = part.part.mistakes[mistake].when
        if when is not None:
            if name in fields_read(part.part, when):
                return True
            continue
        try:
            if field.key(mistaken(world, part.part, mistake)) != field.key(world):
                return True
        except EvaluationError:
            continue
    return False
