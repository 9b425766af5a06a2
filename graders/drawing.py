"""A drawing by hand or uploaded pages: a person looks at it, no program does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from app.domain.answers import Invalid, Raw
from app.domain.drawing_answers import drawing_of
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import PERSON
from app.domain.widgets import Widget

SAMPLE = "0" * 64


class DrawingOptions(Base):
    """The options of a drawing. There is no right one, so neither `answer` nor `key` is needed."""

    gallery: bool = Field(
        False, description="Ask whether the drawing may be shown to the course, and whether with the name."
    )


class Drawing:
    """Takes a drawing or uploaded pages (PNG, JPEG, PDF); a person decides what they are worth."""

    name: ClassVar[str] = "drawing"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = DrawingOptions

    def widget(self, options: DrawingOptions) -> Widget:
        """Something to draw on, a file to choose, and a description."""
        return Widget(kind="drawing", gallery=options.gallery)

    def check(self, options: DrawingOptions, answer: Answer) -> Invalid | None:
        """Every drawing can be looked at."""
        return None

    def observe(self, options: DrawingOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is pages, description and consent."""
        pages, description, _ = drawing_of(answer.value)
        return {
            "value": [*pages],
            "right": PERSON,
            "pages": [*pages],
            "given": bool(pages or description),
            "description": description,
        }

    def facts(self, options: DrawingOptions) -> Mapping[str, FactType]:
        """What there is to look at.

        right: undecided; a person decides. pages: the pages, each as the SHA-256 of its PNG. given: whether anything
        was drawn, uploaded or described. description: what was written about it. value: the pages as well.
        """
        return {"value": "list", "right": "truth", "pages": "list", "given": "truth", "description": "value"}

    def key(self, options: DrawingOptions) -> Raw:
        """A page that nobody has uploaded: enough to see that it waits for a person."""
        return [SAMPLE]

    def wrong(self, options: DrawingOptions) -> Mapping[str, Raw]:
        """There are no wrong drawings."""
        return {}
