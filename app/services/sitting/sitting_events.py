"""What happens while a quiz is sat: written once, read by its open pages as news and by its staff as a log."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from app.services.operating.transactions import Transaction
from app.storage import sitting_events
from app.storage.tables import SittingEvent

Kind: TypeAlias = Literal[
    "started",
    "handed in",
    "reopened",
    "deadline moved",
    "paused",
    "resumed",
    "message",
    "ended",
    "another page",
    "went offline",
    "came back",
    "late save",
    "late save accepted",
    "late save declined",
    "answer file",
    "other network",
    "other browser",
    "note",
]

PRACTISED = "finished practising"
"""How practice ends: nothing is handed in, although its attempt is over."""

NEWS: tuple[Kind, ...] = (
    "handed in",
    "reopened",
    "deadline moved",
    "paused",
    "resumed",
    "message",
    "ended",
    "another page",
)
"""What open pages of an attempt have to hear of."""


def happened(
    tx: Transaction,
    quiz_id: int,
    attempt_id: int | None,
    kind: Kind,
    *,
    text: str = "",
    by: int | None = None,
    details: dict[str, Any] | None = None,
) -> None:
    """Write down that something happened in an attempt, or (without one) to everybody who sits the quiz.

    `quiz_id`, `attempt_id`, `by` are numbers of rows; `text` is for people.
    """
    event = SittingEvent(
        quiz_id=quiz_id, attempt_id=attempt_id, person_id=by, kind=kind, text=text, details=details, at=tx.now()
    )
    sitting_events.add(tx, event)
