"""A question: a spreadsheet of variables with parts, fields, a rubric, mistakes and readings."""

from __future__ import annotations

import re
from keyword import iskeyword
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.expressions import Expression, Points, formula, literal, printed
from app.domain.rubrics import Criterion, Identifier, leaves
from app.domain.symbols import Declared
from app.domain.texts import Text

NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,63}")
RESERVED = frozenset({"person", "mistake", "True", "False", "None", "and", "or", "not", "if", "else", "for", "in"})
MOST_COMBINATIONS = 16


class Strict(BaseModel):
    """A frozen model that refuses what it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class Variable(Strict):
    """One cell: computed (`formula`), fixed (`value`), or `printed` on seed 0 and drawn (`draw`) on others."""

    formula: Expression | None = None
    value: Any = None
    printed: Any = None
    draw: Expression | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_yaml(cls, data: Any) -> Any:
        if isinstance(data, dict):
            if set(data) == {"value"}:
                return {"value": literal(data["value"])}
            if set(data) == {"printed", "draw"}:
                return {"printed": printed(data["printed"]), "draw": data["draw"]}
            if set(data) == {"formula"}:
                return data
            raise ValueError("A variable is an expression, {value: …}, or {printed: …, draw: …}.")
        if isinstance(data, str):
            return {"formula": formula(data)}
        return {"value": literal(data)}

    @property
    def drawn(self) -> bool:
        return self.draw is not None


class Statement(Strict):
    """One statement of a pool. No variant shows two statements with the same `twin`."""

    id: Identifier
    text: Text
    truth: Expression
    why: Text = ""
    twin: str | None = None
    printed: int | None = None
    tags: tuple[str, ...] = ()


class AnswerField(Strict):
    """One place to answer. `carry` names cells that follow from other parts or earlier fields of the same part.

    Everything else is an option of the grader.
    """

    model_config = ConfigDict(extra="allow", frozen=True, arbitrary_types_allowed=True)

    grader: str
    label: Text = ""
    carry: tuple[str, ...] = ()

    @property
    def options(self) -> dict[str, Any]:
        return dict(self.model_extra or {})


class Mistake(Strict):
    """A typical mistake: a world where some cells differ (`set`), or a condition on the answers (`when`)."""

    set: dict[str, Expression] = Field(default_factory=dict)
    when: Expression | None = None
    says: Text = ""
    may_hide: bool = False

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if bool(self.set) == (self.when is not None):
            raise ValueError("A mistake has either `set` (choose the cell it changes) or `when` (a condition).")
        return self


class Reading(Strict):
    """An accepted reading of the question; `if_` says when it may be tried (always, if missing)."""

    set: dict[str, Expression]
    if_: Expression | None = Field(default=None, alias="if")
    says: Text = ""


class Figure(Strict):
    """A drawing made from the variables, with a text alternative (`@{…}` allowed in it)."""

    draw: str
    of: Expression
    alt: Text
    caption: Text = ""


class Part(Strict):
    """What one inventory item asks: fields, a rubric and what may be wrong."""

    id: Identifier
    item: str | None = None
    label: str = ""
    title: Text = ""
    points: Points
    form: Literal["first", "second"] = "first"
    bonus: bool = False
    score: Literal["points", "none"] = "points"
    carry: tuple[str, ...] = ()
    carry_if: Expression | None = None
    fields: dict[str, AnswerField]
    facts: dict[str, Expression] = Field(default_factory=dict)
    criteria: tuple[Criterion, ...]
    mistakes: dict[str, Mistake] = Field(default_factory=dict)


class Question(Strict):
    """One question as an author wrote it (`question.yaml`).

    `words` are, by language, words of lists and tables, labels of rows and values of text cells as they read there.
    """

    id: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    title: Text
    source: dict[str, Any] = Field(default_factory=dict)
    tags: tuple[str, ...] = ()
    symbols: dict[str, Declared] = Field(default_factory=dict)
    pools: dict[str, tuple[Statement, ...]] = Field(default_factory=dict)
    variables: dict[str, Variable] = Field(default_factory=dict)
    where: tuple[Expression, ...] = ()
    figures: dict[str, Figure] = Field(default_factory=dict)
    readings: dict[str, Reading] = Field(default_factory=dict)
    words: dict[str, dict[str, str]] = Field(default_factory=dict)
    parts: tuple[Part, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _names_are_unique(self) -> Self:
        fields: set[str] = set()
        parts: set[str] = set()
        for part in self.parts:
            if part.points < 0:
                raise ValueError(f"Part `{part.id}` has {part.points} points; a part has 0 or more.")
            if part.id in parts:
                raise ValueError(f"Two parts are called `{part.id}`.")
            parts.add(part.id)
            ids: set[str] = set()
            for leaf in leaves(part.criteria):
                if leaf.id in ids:
                    raise ValueError(f"Part `{part.id}` has two criteria called `{leaf.id}`.")
                ids.add(str(leaf.id))
            for name in part.fields:
                if not NAME.fullmatch(name) or name in RESERVED:
                    raise ValueError(f"`{name}` cannot be the name of a field: use letters, digits and _.")
                if name in fields:
                    raise ValueError(f"Two fields are called `{name}`; field names are unique in a question.")
                fields.add(name)
        for name in self.variables:
            if not NAME.fullmatch(name) or name in RESERVED:
                raise ValueError(f"`{name}` cannot be the name of a variable: use letters, digits and _.")
        for name in self.symbols:
            if not NAME.fullmatch(name) or name in RESERVED or iskeyword(name):
                raise ValueError(f"`{name}` cannot be the name of a symbol; for λ write `lam`, read either way.")
        for pool, statements in self.pools.items():
            if len({statement.id for statement in statements}) < len(statements):
                raise ValueError(f"Pool `{pool}` has two statements with the same id.")
        return self

    def part(self, identifier: str) -> Part | None:
        """The part with that id."""
        return next((part for part in self.parts if part.id == identifier), None)
