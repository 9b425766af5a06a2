"""An answer on the marking desk as programs are told it: with rubric, opinions and evidence, never with a name."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from app.api.schemas import Exact, Told
from app.api.v1.variants import WidgetTold, widget_told
from app.services.marking.desk import DeskPage
from app.services.results.results import WORDS

State: TypeAlias = Literal["being graded", "waits for a person", "graded"]


class PlaceTold(Told):
    """Where an answer is: the question at a position of an attempt."""

    attempt: str
    position: int


class EvidenceTold(Told):
    """A stretch of a text that the machine has understood, or not: from the character `start` up to `end`."""

    start: int
    end: int
    shows: str


class GivenFieldTold(Told):
    """One field with what was answered in it, how that is read, and what the machine saw there.

    `elsewhere`: what was said is kept without a name, apart from this attempt.
    """

    id: str
    label: str
    widget: WidgetTold
    value: Any
    state: Literal["blank", "read", "cannot be read"]
    says: str
    elsewhere: bool
    evidence: list[EvidenceTold]


class DeskCriterionTold(Told):
    """One line of the rubric: worth `least` to `most` points of the question.

    `machine`: what the machine gives or (while it is `open`) suggests, null without an opinion; `why` tells its reason.
    `decided`, `comment`, `by`: what a person decided; where the criterion was worth something else then, `given` points
    `of` so many, which count in the same share.
    """

    id: str
    says: str
    level: int
    alternative: bool
    least: Exact
    most: Exact
    open: bool
    machine: Exact | None
    why: str
    decided: Exact | None
    given: Exact | None
    of: Exact | None
    comment: str
    by: str


class AlikeTold(PlaceTold):
    """Another answer that is the same; `text` where it is worded differently."""

    text: str


class DeskAnswerTold(PlaceTold):
    """An answer with its rubric, never with a name. `mine`: you have claimed it; else `holder` may be at it.

    Texts of the question and its solution are HTML. `suggests`: `accept` would decide all that is open. `seen` goes
    back with a judgement: it says which decisions were known to whoever judged. So does `rubric`, the number of the
    question version whose rubric this is. `alike` are claimed along with it. `reason`: why the part has the points of
    its `adjustment`, where a regrade gave them; `comment` is what markers say.
    """

    question: str
    part: str
    title: str
    mine: bool
    holder: str
    stem: str
    prompt: str
    solution: str
    fields: list[GivenFieldTold]
    state: State
    points: Exact
    upto: Exact
    max: Exact
    criteria: list[DeskCriterionTold]
    suggests: bool
    adjustment: Exact
    comment: str
    reason: str
    invalid: list[str]
    mistakes: list[str]
    notes: list[str]
    cause: str
    seen: int
    rubric: int
    alike: list[AlikeTold]


def state_told(state: str | None) -> State:
    """How an answer stands, in words; None while it is being graded."""
    return WORDS.get(state or "", "being graded")


def answer_told(page: DeskPage) -> DeskAnswerTold:
    """An answer on the desk, without whose it is."""
    answer = page.answer
    same = ("title", "stem", "solution", "points", "upto", "max", "suggests", "cause")
    said = ("adjustment", "comment", "reason")
    return DeskAnswerTold(
        attempt=page.place.attempt,
        position=page.place.position,
        question=page.question,
        part=page.part,
        mine=page.mine,
        holder=page.holder,
        prompt=answer.part.prompt,
        state=state_told(answer.state),
        fields=[
            GivenFieldTold(
                id=field.id,
                label=field.label_text,
                widget=widget_told(field.widget),
                value=field.value,
                state=field.reading.state,
                says=field.reading.says,
                elsewhere=field.id in answer.surveyed,
                evidence=[
                    EvidenceTold(start=start, end=end, shows=shows)
                    for start, end, shows in answer.words.get(field.id, ())
                ],
            )
            for field in answer.part.fields
        ],
        criteria=[DeskCriterionTold.model_validate(line) for line in answer.criteria],
        invalid=[why for _, why in answer.invalid],
        mistakes=list(answer.mistakes),
        notes=list(answer.notes),
        alike=[AlikeTold(attempt=one.place.attempt, position=one.place.position, text=one.text) for one in page.alike],
        seen=answer.seen,
        rubric=answer.rubric,
        **{name: getattr(answer, name) for name in same + said},
    )
