"""How an answer would be read, before anybody grades it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Body
from pydantic import BaseModel, Field

from app.api.callers import Anyone
from app.api.problems import RESPONSES
from app.domain.widgets import Widget
from app.routing.routes import Routes
from app.services.sitting.reading import read_as

router = Routes(tags=["readings"])


class Asked(BaseModel):
    """One raw answer and the kind of field it belongs to."""

    widget: Widget
    raw: Any = Field(None, description="What was typed: text, or nested lists of text for cells.")
    decimal: Literal[".", ","] = Field(".", description="The decimal mark.")


class Line(BaseModel):
    """How one line of a derivation is read, or why not and where in the line.

    Lines far down in a very long derivation are `not shown`; `says` of the first of them tells so.
    """

    state: Literal["blank", "read", "cannot be read", "not shown"]
    latex: str = ""
    says: str = ""
    start: int | None = None
    end: int | None = None


class Reading(BaseModel):
    """How it is read: as `latex` or `words`, or why not (`says`) and where (characters `start` to `end`, in `cell`).

    `lines` are those of a derivation, each by itself.
    """

    state: Literal["blank", "read", "cannot be read"]
    latex: str = ""
    words: str = ""
    says: str = ""
    start: int | None = None
    end: int | None = None
    cell: list[int] = []
    lines: list[Line] = []


@router.post("/readings", operation_id="readAnswer", dependencies=[Anyone], responses=RESPONSES)
def read_answer(asked: Annotated[Asked, Body()]) -> Reading:
    """Read one raw answer. Nothing is stored."""
    found = read_as(asked.widget.model_dump(), asked.raw, asked.decimal)
    return Reading.model_validate(found, from_attributes=True)
