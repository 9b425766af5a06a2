"""Choose a word from a list: once, or once for every row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field

from app.domain.answers import Invalid, Raw
from app.domain.graders import Answer, Cell, Facts, FactType
from app.domain.graders import Options as Base
from app.domain.values import Value
from app.domain.widgets import Widget
from graders.cells import fact, filled, word_marks, words
from graders.equality.arrays import summary
from graders.reference import WithReference
from graders.writing import written


def _texts(data: Any) -> Any:
    """Numbers in a YAML list of words are words."""
    if isinstance(data, (list, tuple)):
        return [str(item) if isinstance(item, (int, float)) and not isinstance(item, bool) else item for item in data]
    return data


Words = Annotated[tuple[str, ...], BeforeValidator(_texts)]


class SelectOptions(WithReference):
    """The options of a selection. Without `rows`, `key` is the word itself; with rows it is an expression."""

    words: Words = Field(min_length=1, description="The words to choose from.")
    rows: Cell = Field(
        None, description="The labels of the rows, each with a choice of its own; one choice if missing."
    )

    @classmethod
    def expressions(cls, raw: Mapping[str, Any]) -> frozenset[str]:
        """Without `rows`, a key is a word as it stands."""
        plain = frozenset() if raw.get("rows") is not None else frozenset({"key"})
        return super().expressions(raw) - plain

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of the rows in this world; none if there is one word to choose."""
        return labels(self.rows)

    @property
    def lines(self) -> list[Value]:
        """The words of the reference, one for every row."""
        reference = self.reference
        return reference if isinstance(reference, list) else [reference]


class Select:
    """Judges words. A row whose reference is the empty word is right when it is left blank."""

    name: ClassVar[str] = "select"
    version: ClassVar[int] = 1
    Options: ClassVar[type[Base]] = SelectOptions

    def widget(self, options: SelectOptions) -> Widget:
        """A list to choose from, or one for every row."""
        return Widget(kind="select", words=options.words, rows=options.labels)

    def check(self, options: SelectOptions, answer: Answer) -> Invalid | None:
        """Every readable word can be judged."""
        return None

    def observe(self, options: SelectOptions, answer: Answer) -> Facts:
        """See `facts`; `answer.value` is a word, or a list of words and None."""
        if options.rows is None:
            return {"right": words(answer.value, options.reference)}
        given: list[Value] = answer.value if isinstance(answer.value, list) else [answer.value]
        cells = word_marks(given, options.lines)
        return {
            "value": [item or "" for item in given],
            "right": summary(cells),
            "cells": fact(cells),
            "filled": filled(given),
        }

    def facts(self, options: SelectOptions) -> Mapping[str, FactType]:
        """right: the word, or every word, is right.

        With rows also value: the words ("" for a row left blank). cells: per row right, wrong or blank.
        filled: how many rows are answered.
        """
        if options.rows is None:
            return {"right": "truth"}
        return {"value": "list", "right": "truth", "cells": "list", "filled": "value"}

    def key(self, options: SelectOptions) -> Raw:
        """The reference."""
        if options.rows is None:
            return word(options.reference)
        return [word(item) for item in options.lines]

    def wrong(self, options: SelectOptions) -> Mapping[str, Raw]:
        """Every other word; with rows, every word in all rows, and the key with one wrong word."""
        lines: list[Value] = [word(item) for item in options.lines]
        answers: dict[str, list[Value]] = {f"all {choice}": [choice] * len(lines) for choice in options.words}
        if options.rows is not None:
            for place, line in enumerate(lines):
                others = [choice for choice in options.words if words(choice, line) is False]
                if others:
                    answers[f"row {place + 1}"] = [*lines[:place], others[0], *lines[place + 1 :]]
        wrong = {name: row for name, row in answers.items() if summary(word_marks(row, lines)) is False}
        return {name: written(row if options.rows is not None else row[0]) for name, row in wrong.items()}


def labels(value: Value) -> tuple[str, ...]:
    """A cell that holds labels, as texts."""
    if value is None:
        return ()
    return tuple(word(item) for item in (value if isinstance(value, list) else [value]))


def word(value: Value) -> str:
    """A cell that holds a word, as text."""
    return "" if value is None else str(value)
