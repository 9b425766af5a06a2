"""What can go wrong while evaluating, as one sentence with its place."""

from __future__ import annotations

from app.domain.errors import GradusError
from app.domain.language.tree import Span


class EvaluationError(GradusError):
    """An expression has no value. `says` is one sentence; `span` is the place in the text, once known."""

    def __init__(self, says: str, span: Span | None = None) -> None:
        super().__init__(says)
        self.says = says
        self.span = span


class OutOfFuel(EvaluationError):
    """The calculation needs more steps than it was given; the same text and fuel always end the same way."""
