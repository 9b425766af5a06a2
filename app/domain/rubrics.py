"""Rubrics as data: a tree of criteria. How it turns facts into points is `graders.marking.credit`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.domain.expressions import Expression, Points
from app.domain.texts import Text

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]


class Criterion(BaseModel):
    """A node of the rubric: a leaf (`points` and `when`), alternatives (`best_of`) or a group (`sum_of`).

    `unless` takes the points away where it holds; `at_most` and `at_least` bound the node.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Identifier | None = None
    points: Points | None = None
    when: Expression | None = None
    says: Text = ""
    best_of: tuple[Criterion, ...] | None = None
    sum_of: tuple[Criterion, ...] | None = None
    unless: Expression | None = None
    at_most: Points | None = None
    at_least: Points | None = None

    @model_validator(mode="before")
    @classmethod
    def _list_means_sum(cls, data: Any) -> Any:
        return {"sum_of": data} if isinstance(data, list) else data

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        kinds = [self.when is not None, self.best_of is not None, self.sum_of is not None]
        if sum(kinds) != 1:
            raise ValueError("A criterion has exactly one of `when`, `best_of` and `sum_of`.")
        if self.when is None and not self.nodes:
            raise ValueError("`best_of` and `sum_of` list at least one criterion.")
        if self.when is not None and (self.points is None or self.id is None):
            raise ValueError("A criterion with `when` also needs an `id` and `points`.")
        if self.when is None and self.points is not None:
            raise ValueError("A group has no `points` of its own; bound it by `at_most`.")
        if self.at_most is not None and self.at_least is not None and self.at_least > self.at_most:
            raise ValueError("`at_least` is above `at_most`.")
        return self

    @property
    def nodes(self) -> tuple[Criterion, ...]:
        """The direct children (none for a leaf)."""
        return self.best_of or self.sum_of or ()


def leaves(nodes: tuple[Criterion, ...]) -> Iterator[Criterion]:
    """All leaves below, in the order of the rubric."""
    for node in nodes:
        if node.when is not None:
            yield node
        yield from leaves(node.nodes)
