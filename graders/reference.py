"""The options of a field that is judged against a reference."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from app.domain.graders import Options


class WithReference(Options):
    """Has an `answer`, or a `key` where many answers are right."""

    @model_validator(mode="after")
    def _has_reference(self) -> Self:
        if self.answer is None and self.key is None:
            raise ValueError("Give an `answer`, or a `key` where many answers are right.")
        return self
