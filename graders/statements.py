"""What `choice` and `truth` share: the statements of a pool, in the order shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Self

from pydantic import Field, model_validator

from app.domain.graders import Cell, Options, PoolName, Shown
from app.domain.texts import in_language
from graders.evaluation.display import value_text
from graders.evaluation.errors import EvaluationError

_BETWEEN: Final = re.compile(r"[,;\s]+")
_KNOWN = "Left out: the statements of the pool know whether they are true."


class PoolOptions(Options):
    """The options of a field over a pool of statements; their truth is the reference."""

    answer: Cell = Field(None, description=_KNOWN, json_schema_extra={"readOnly": True})
    key: Cell = Field(None, description=_KNOWN, json_schema_extra={"readOnly": True})
    pool: PoolName = Field(description="The pool of statements.")
    shown: Cell = Field(
        None,
        description="A formula for the ids of the statements in the order shown, such as a variable that draws "
        "`pick('claims', 4)`; the whole pool if missing.",
    )

    @model_validator(mode="after")
    def _no_other_reference(self) -> Self:
        if self.answer is not None or self.key is not None:
            raise ValueError("The statements of the pool know whether they are true; leave out `answer` and `key`.")
        return self

    @property
    def statements(self) -> list[Shown]:
        """The statements of this world in the order shown.

        Raises:
            EvaluationError: `shown` is no list of different ids of the pool.
        """
        pool: list[Shown] = self.pool
        if self.shown is None:
            return pool
        by_id = {statement.id: statement for statement in pool}
        shown = self.shown if isinstance(self.shown, list) else [self.shown]
        for place, name in enumerate(shown):
            if not isinstance(name, str) or name not in by_id:
                raise EvaluationError(f"`shown` names “{value_text(name)}”, which is no statement of the pool.")
            if name in shown[:place]:
                raise EvaluationError(f"`shown` names “{name}” twice.")
        return [by_id[name] for name in shown]

    def numbered(self, raw: object) -> object:
        """A raw answer, one text or a list, in which the numbers of statements shown stand instead of their ids.

        An id begins with a letter, so it is no number; `none` alone always says that nothing is chosen. What is no id
        of a statement shown stays as it is, so that it is named where the answer is refused.
        """
        pieces = _BETWEEN.split(raw.strip()) if isinstance(raw, str) else raw
        if not isinstance(pieces, list) or not all(isinstance(piece, str | int) for piece in pieces):
            return raw
        numbers = {statement.id: str(place) for place, statement in enumerate(self.statements, 1)}
        if pieces == ["none"] or numbers.keys().isdisjoint(pieces):
            return raw
        return ",".join(numbers.get(str(piece), str(piece)) for piece in pieces)

    @property
    def ids(self) -> Iterator[str]:
        """The ids of all statements of the pool, shown or not."""
        return (statement.id for statement in self.pool)

    @property
    def texts(self) -> tuple[str, ...]:
        """The statements as plain text, in the order shown."""
        return tuple(in_language(statement.text) for statement in self.statements)
