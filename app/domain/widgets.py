"""What a field asks for: the closed set of kinds that pages can show and `answers` can read."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

Kind: TypeAlias = Literal["number", "vector", "matrix", "choice", "truth", "select", "table", "text"]


class Widget(BaseModel):
    """How one field is asked.

    `shape` is [n] or [rows, columns] where the size is given away, None where finding the size is part of the
    answer. `options_text` are the statements of a choice in the order shown, `options` the same as HTML;
    `words` what a select or table cell may hold; `rows` and `columns` label the cells; `unit` is shown behind
    a number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    shape: tuple[int, ...] | None = None
    options: tuple[str, ...] = ()
    options_text: tuple[str, ...] = ()
    several: bool = True
    words: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    unit: str = ""
