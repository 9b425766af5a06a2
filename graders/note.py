"""A note: a free text of which nothing counts but that it is there, as in a survey."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.widgets import Widget

SAMPLE = "Something to say."


class NoteOptions(Base):
    """A note has no options."""


class Note:
    """Takes a text and states only whether there is one; never needs a person."""

    name: ClassVar[str] = "note"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = NoteOptions

    def widget(self, options: NoteOptions) -> Widget:
        """A box of several lines."""
        return Widget(kind="text")

    def check(self, options: NoteOptions, answer: Answer) -> Invalid | None:
        """Every text is a note."""
        return None

    def observe(self, options: NoteOptions, answer: Answer) -> Facts:
        """See `facts`."""
        return {"value": answer.value, "right": True, "given": True}

    def facts(self, options: NoteOptions) -> Mapping[str, FactType]:
        """Very little.

        given: whether anything was written. right: always, as no note is wrong. value: the text.
        """
        return {"value": "value", "right": "truth", "given": "truth"}

    def key(self, options: NoteOptions) -> Raw:
        """Any text."""
        return SAMPLE

    def wrong(self, options: NoteOptions) -> Mapping[str, Raw]:
        """There are no wrong notes."""
        return {}
