"""What of an attempt is worth another look before it is handed in: counts, and fields grouped by question."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.sitting.attempts import AttemptView, ItemView


@dataclass(frozen=True, slots=True)
class Tally:
    """How far an attempt is: fields by state, and flagged questions."""

    fields: int
    answered: int
    blank: int
    unread: int
    flagged: int


@dataclass(frozen=True, slots=True)
class Place:
    """A field worth another look; `label` is HTML, `says` is empty where nothing was answered."""

    part: str
    field: str
    label: str
    says: str


@dataclass(frozen=True, slots=True)
class Open:
    """A question with what is open in it: fields without an answer, fields that cannot be read, a flag."""

    item: ItemView
    blank: tuple[Place, ...]
    unread: tuple[Place, ...]

    @property
    def first(self) -> str:
        """The name of its first open field; nothing where it is only flagged."""
        return next((place.field for place in (*self.unread, *self.blank)), "")


def tally_of(attempt: AttemptView) -> Tally:
    """Counts over all questions."""
    states = [field.reading.state for item in attempt.items for part in item.parts for field in part.fields]
    blank, unread = states.count("blank"), states.count("cannot be read")
    flagged = sum(item.flagged for item in attempt.items)
    return Tally(len(states), len(states) - blank - unread, blank, unread, flagged)


def open_of(attempt: AttemptView) -> list[Open]:
    """The questions with something open in them, in order."""
    questions = (Open(item, _places(item, "blank"), _places(item, "cannot be read")) for item in attempt.items)
    return [one for one in questions if one.blank or one.unread or one.item.flagged]


def _places(item: ItemView, state: str) -> tuple[Place, ...]:
    return tuple(
        Place(part.label, field.id, field.label, field.reading.says)
        for part in item.parts
        for field in part.fields
        if field.reading.state == state
    )
