"""Small questions as Python data, and one student sitting them."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.domain.questions import Question
from graders.marking.compiled import Compiled, compile_question
from graders.marking.credit import PartCredit, QuestionCredit, credit
from graders.marking.observing import Observation, observe
from graders.marking.variants import make_variant, world_of
from graders.marking.worlds import World

Data = dict[str, Any]


def number(answer: str = "1", **more: Any) -> Data:
    """A field for a number."""
    return {"grader": "number", "answer": answer, **more}


def leaf(name: str, points: object = 1, when: str = "True", **more: Any) -> Data:
    """A criterion."""
    return {"id": name, "points": points, "when": when, **more}


def part(name: str = "a", **changes: Any) -> Data:
    """A part for one point with the field `x`, right where it is 1."""
    return {"id": name, "points": 1, "fields": {"x": number()}, "criteria": [leaf("c", 1, "x.right")]} | changes


def question(*parts: Data, **changes: Any) -> Data:
    """A question of these parts."""
    return {"id": "demo", "title": "Demo", "parts": list(parts or (part(),))} | changes


def compiled(data: Data) -> Compiled:
    return compile_question(Question.model_validate(data))


def world(data: Data, seed: int = 0) -> World:
    made = compiled(data)
    return world_of(made, make_variant(made, seed).values)


def observed(data: Data, answers: Mapping[str, object], seed: int = 0) -> Observation:
    made = compiled(data)
    return observe(made, world_of(made, make_variant(made, seed).values), answers)


def sit(
    data: Data, answers: Mapping[str, object], decisions: Mapping[str, Fraction] | None = None, seed: int = 0
) -> QuestionCredit:
    """Answer a question and be graded."""
    made = compiled(data)
    here = world_of(made, make_variant(made, seed).values)
    return credit(made, here, observe(made, here, answers), decisions)


def sit_part(data: Data, answers: Mapping[str, object], name: str = "a", **more: Any) -> PartCredit:
    """The same for one part."""
    return next(one for one in sit(data, answers, **more).parts if one.part.id == name)


def earned(
    data: Data, answers: Mapping[str, object], name: str = "a", **more: Any
) -> Fraction | tuple[Fraction, Fraction]:
    """The points of a part: one number where they are decided, else both ends."""
    span = sit_part(data, answers, name, **more).span
    return span.lo if span.decided else (span.lo, span.hi)


def rubric(*criteria: Data | list[Data], points: object = 10, **more: Any) -> Data:
    """A question whose only part has these criteria; its field `x` is right where it is 1."""
    return question(part(points=points, criteria=list(criteria), **more))
