"""The sheet that a sketch is drawn on: two axes, what is given on it, and the names of what to draw."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

FARTHEST = 1_000_000
MOST_STROKES = 8
MOST_GIVEN = 120

Place: TypeAlias = Annotated[float, Field(allow_inf_nan=False, ge=-FARTHEST, le=FARTHEST)]
Given: TypeAlias = tuple[Place, Place]
Label: TypeAlias = Annotated[str, Field(max_length=60)]


class Side(BaseModel):
    """One axis: what it measures, and its ends."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: Label = ""
    low: Place
    high: Place

    @model_validator(mode="after")
    def _upwards(self) -> Self:
        if self.high - self.low < 1e-6:
            raise ValueError("An axis goes from a smaller to a larger number.")
        return self


class SketchFrame(BaseModel):
    """What a sketch is drawn on.

    `names` are the lines or arrows to draw. `points` are shown, `labels` name them. Arrow number i starts at
    `starts[i]`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    draw: Literal["lines", "arrows"]
    names: Annotated[tuple[Label, ...], Field(min_length=1, max_length=MOST_STROKES)]
    x: Side
    y: Side
    points: Annotated[tuple[Given, ...], Field(max_length=MOST_GIVEN)] = ()
    labels: Annotated[tuple[Label, ...], Field(max_length=MOST_GIVEN)] = ()
    starts: Annotated[tuple[Given, ...], Field(max_length=MOST_STROKES)] = ()

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.draw == "arrows" and len(self.starts) != len(self.names):
            raise ValueError("Every arrow needs a place where it starts.")
        if self.labels and len(self.labels) != len(self.points):
            raise ValueError("Give a label to every point, or to none.")
        return self
