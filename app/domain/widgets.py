"""What a field asks for: the closed set of kinds that pages can show and `answers` can read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from app.domain.sketch_frames import SketchFrame
from app.domain.symbols import Symbol

Kind: TypeAlias = Literal[
    "number",
    "vector",
    "matrix",
    "choice",
    "order",
    "truth",
    "select",
    "table",
    "text",
    "expression",
    "derivation",
    "graph",
    "sketch",
    "drawing",
    "program",
]


class Widget(BaseModel):
    """How one field is asked.

    `shape` is [n] or [rows, columns] where the size is given away, None where finding the size is part of the
    answer. `options_text` are the statements of a choice in the order shown, `options` the same as HTML;
    `words` what a select or table cell may hold, `words_text` how these read in another language (as they stand, if
    empty): answers hold the words themselves; `rows` and `columns` label the cells; `unit` is shown behind
    a number.

    `symbols` are the names that a formula may use. `lead` stands before the box (`\\frac{\\partial L}{\\partial w} =`,
    in TeX). `relation` says that whole equations are answers too. Of a graph, `inputs` are its given nodes, `words`
    the operators to choose from, and `asks` what is asked of every node beside its operator.
    `frame` is what a sketch is drawn on. `gallery` asks whether a drawing may be shown to the course.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    shape: tuple[int, ...] | None = None
    options: tuple[str, ...] = ()
    options_text: tuple[str, ...] = ()
    several: bool = True
    words: tuple[str, ...] = ()
    words_text: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    unit: str = ""
    symbols: Mapping[str, Symbol] = Field(default_factory=dict)
    lead: str = ""
    relation: bool = False
    inputs: tuple[str, ...] = ()
    asks: tuple[Literal["value", "gradient"], ...] = ()
    frame: SketchFrame | None = None
    gallery: bool = False
