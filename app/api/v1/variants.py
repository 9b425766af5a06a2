"""Trying a question of the bank: show a variant, grade an answer. Nothing is stored, nobody is graded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from fastapi import Body, Path, Query, Request
from pydantic import Field

from app.api.callers import Caller, may
from app.api.problems import PROTECTED
from app.api.schemas import Exact, Given, Line, Told, Whole, shown
from app.api.v1.bank import Name
from app.domain.sketch_frames import SketchFrame
from app.domain.symbols import Kind as SymbolKind
from app.domain.values import Json
from app.domain.widgets import Kind, Widget
from app.routing.routes import Routes
from app.routing.transactions import Reading
from app.routing.turns import takes_long
from app.services.bank import catalogue

router = Routes(prefix="/bank/questions/{question}", tags=["bank"], responses=PROTECTED)

MOST = 2**31 - 1
Seed = Annotated[int, Path(ge=0, le=MOST, description="0 is the printed paper.")]
Reader = Annotated[Caller, may("author", "bank:read")]
RAW: Any = {
    "anyOf": [
        {"type": "string", "maxLength": 20_000},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
        {"type": "array", "items": {}},
    ],
    "description": "As typed: text; nested lists of text for cells; the positions shown for a choice (“1,3”).",
    "examples": ["1/2"],
}


class SymbolTold(Told):
    """A name that a formula may use, and what it stands for."""

    name: str
    kind: SymbolKind


class WidgetTold(Told):
    """What a field asks for. Texts of options are HTML, and plain in `options_text`; `lead` is TeX.

    Of a formula: its `symbols`, and whether whole equations are answers too (`relation`). Of a graph: its given nodes
    (`inputs`), the operators to choose from (`words`), and what else is asked of every node. Of a sketch: its `frame`.
    """

    kind: Kind
    shape: list[int | None] | None
    several: bool
    options: list[str]
    options_text: list[str]
    words: list[str]
    rows: list[str]
    columns: list[str]
    unit: str
    lead: str
    relation: bool
    symbols: list[SymbolTold]
    inputs: list[str]
    asks: list[Literal["value", "gradient"]]
    frame: SketchFrame | None


class FieldTold(Told):
    """One field of a part."""

    id: str
    label: str
    widget: WidgetTold


class PartTold(Told):
    """One part of a question; `prompt` is HTML."""

    id: str
    item: str
    label: str
    points: Exact
    prompt: str
    fields: list[FieldTold]


class SolutionTold(Told):
    """The worked solution of a variant, part by part, in HTML."""

    stem: str
    parts: dict[str, str]


class VariantTold(Told):
    """A variant as an attempt would get it."""

    question: str
    version: int
    seed: int
    title: str
    stem: str
    parts: list[PartTold]
    solution: SolutionTold | None


class Trial(Given):
    """Answers by field, for one variant; without a version the newest."""

    model_config = shown({"seed": 0, "answers": {"mu": "13, 5, 0", "sigma": "1, 5, 5"}})

    seed: Annotated[Whole, Field(ge=0, le=MOST, examples=[0])]
    answers: Annotated[
        dict[Line, Any],
        Field(max_length=catalogue.MOST_FIELDS, json_schema_extra={"additionalProperties": RAW}),
    ]
    version: Annotated[Whole, Field(ge=1, le=MOST)] | None = None


class CriterionTold(Told):
    """One line of the rubric. `person`: somebody decides."""

    id: str
    says: str
    why: str
    points: Exact
    upto: Exact
    max: Exact
    person: bool


class PartCreditTold(Told):
    """What one part earned, and why."""

    id: str
    state: Literal["graded", "needs-person", "invalid"]
    points: Exact
    upto: Exact
    max: Exact
    criteria: list[CriterionTold]
    mistakes: list[str]
    notes: list[str]


class UnreadTold(Told):
    """An answer that cannot be read, and why not."""

    field: str
    why: str


class CreditTold(Told):
    """What the answers earned: `points` surely, up to `upto` if a person is asked."""

    question: str
    version: int
    seed: int
    state: Literal["graded", "needs-person", "invalid"]
    points: Exact
    upto: Exact
    max: Exact
    parts: list[PartCreditTold]
    unread: list[UnreadTold]


@router.get("/variants/{seed}", operation_id="getVariant")
@takes_long
def get_variant(
    request: Request,
    caller: Reader,
    tx: Reading,
    question: Name,
    seed: Seed,
    version: Annotated[int | None, Query(ge=1, le=MOST)] = None,
    solution: bool = False,
) -> VariantTold:
    """Show a variant, on demand with its solution."""
    one, made = catalogue.variant(tx, request.app.state.sandbox, question, seed, version)
    shown = made["shown"]
    return VariantTold(
        question=question,
        version=one.number,
        seed=seed,
        title=shown["title"],
        stem=shown["stem"],
        parts=[_part(part) for part in shown["parts"]],
        solution=SolutionTold(stem=made["solution"]["stem"], parts=made["solution"]["parts"]) if solution else None,
    )


@router.post("/grade", operation_id="gradeAnswers")
@takes_long
def grade(request: Request, caller: Reader, tx: Reading, question: Name, trial: Annotated[Trial, Body()]) -> CreditTold:
    """Grade answers to a variant. Nothing is stored; sent twice it says the same twice."""
    answers: dict[str, Json] = dict(trial.answers)
    one, credit = catalogue.grade(tx, request.app.state.sandbox, question, trial.seed, trial.version, answers)
    return CreditTold(
        question=question,
        version=one.number,
        seed=trial.seed,
        state=credit["state"],
        points=credit["points"],
        upto=credit["upto"],
        max=credit["max"],
        parts=[_credit(part) for part in credit["parts"]],
        unread=[UnreadTold(field=one["field"], why=one["why"]) for one in credit["invalid"]],
    )


def widget_told(widget: Mapping[str, Any]) -> WidgetTold:
    """What a field asks for, as it stands in a stored variant."""
    asked = Widget.model_validate(widget)
    return WidgetTold(
        kind=asked.kind,
        shape=None if asked.shape is None else list(asked.shape),
        several=asked.several,
        options=list(asked.options),
        options_text=list(asked.options_text),
        words=list(asked.words),
        rows=list(asked.rows),
        columns=list(asked.columns),
        unit=asked.unit,
        lead=asked.lead,
        relation=asked.relation,
        symbols=[SymbolTold(name=name, kind=symbol.kind) for name, symbol in asked.symbols.items()],
        inputs=list(asked.inputs),
        asks=list(asked.asks),
        frame=asked.frame,
    )


def _part(part: Mapping[str, Any]) -> PartTold:
    return PartTold(
        id=part["id"],
        item=part.get("item") or "",
        label=part.get("label") or "",
        points=part["points"],
        prompt=part["prompt"],
        fields=[
            FieldTold(id=field["id"], label=field.get("label_text") or "", widget=widget_told(field["widget"]))
            for field in part["fields"]
        ],
    )


def _credit(part: Mapping[str, Any]) -> PartCreditTold:
    return PartCreditTold(
        id=part["id"],
        state=part["state"],
        points=part["points"],
        upto=part["upto"],
        max=part["max"],
        criteria=[
            CriterionTold(
                id=line["id"],
                says=line.get("says", ""),
                why=line.get("why", ""),
                points=line["points"],
                upto=line.get("upto", line["points"]),
                max=line["max"],
                person=bool(line.get("person")),
            )
            for line in part["criteria"]
        ],
        mistakes=[mistake["says"] for mistake in part["mistakes"] if mistake["says"]],
        notes=list(part["notes"]),
    )
