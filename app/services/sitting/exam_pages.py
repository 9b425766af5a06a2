"""What a student sees of an attempt: questions, fields, what was typed, and how it was read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from app.domain.texts import PREFERRED
from app.domain.values import Json
from app.services.quizzes.homework import Policy
from app.services.quizzes.quiz_sections import Section
from app.services.sitting.news import Message
from app.services.sitting.reading import FieldReading, read_as

Status: TypeAlias = Literal["not answered", "answered", "cannot be read"]


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field with what was typed in it."""

    id: str
    label: str
    label_text: str
    widget: Mapping[str, Any]
    value: Json
    revision: int
    reading: FieldReading


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a question. `prompt` and labels are HTML."""

    id: str
    item: str
    label: str
    title: str
    points: Fraction
    form: str | None
    score: str
    prompt: str
    prompt_text: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One question of an attempt. "answered" means that at least one field is; the counts tell the rest.

    Where only its state was asked for, stem and parts are missing.

    `language`: the one that its texts are in. `section`: the number of its section, 0 without one.
    """

    position: int
    title: str
    stem: str
    points: Fraction
    status: Status
    fields_answered: int
    fields_total: int
    flagged: bool
    flag_revision: int
    parts: tuple[PartView, ...]
    language: str = PREFERRED
    section: int = 0


@dataclass(frozen=True, slots=True)
class AttemptView:
    """A whole attempt. `seconds_left` counts to the deadline, without grace; None when there is none.

    `preview`: somebody of the staff looks; it counts for nobody. `practice`: questions are checked at once.
    `policy`: what lateness and repetition cost, where they do. `reached`: the only question that is open where one
    goes forward only, else 0. While it is `paused`, its time stands still. `messages`: what the staff has written to
    it. From `networks` and with the browsers of `browser_keys` it may be looked at. `time_zone`: that of its course.
    """

    id: str
    quiz_id: str
    quiz_title: str
    number: int
    state: Literal["open", "handed in"]
    started_at: datetime
    deadline_at: datetime | None
    now: datetime
    seconds_left: float | None
    max: Fraction
    items: tuple[ItemView, ...]
    preview: bool = False
    practice: bool = False
    policy: Policy | None = None
    reached: int = 0
    sections: tuple[Section, ...] = ()
    networks: str = ""
    browser_keys: str = ""
    paused: bool = False
    messages: tuple[Message, ...] = ()
    time_zone: str = "UTC"

    def locked(self, position: int) -> bool:
        """Whether that question is not to be seen now, because one goes forward only."""
        return self.reached > 0 and position != self.reached

    def section_of(self, item: ItemView) -> Section | None:
        """The section that a question belongs to, if any."""
        return self.sections[item.section - 1] if 0 < item.section <= len(self.sections) else None

    def begins(self, item: ItemView) -> Section | None:
        """The section that begins with this question, if one does."""
        before = max((one.section for one in self.items if one.position < item.position), default=0)
        return self.section_of(item) if item.section != before else None


Stored: TypeAlias = Mapping[str, tuple[Json, int]]
"""By field: the value and its revision."""


def part_view(shown: Mapping[str, Any], weight: Fraction, stored: Stored) -> PartView:
    """One part as stored in its variant, with these answers."""
    return PartView(
        id=shown["id"],
        item=shown.get("item") or "",
        label=shown.get("label") or "",
        title=shown.get("title") or "",
        points=weight * Fraction(shown["points"]),
        form=shown.get("form"),
        score=shown.get("score", "points"),
        prompt=shown["prompt"],
        prompt_text=shown.get("prompt_text", ""),
        fields=tuple(_field_view(field, *stored.get(field["id"], (None, 0))) for field in shown["fields"]),
    )


def _field_view(shown: Mapping[str, Any], value: Json, revision: int) -> FieldView:
    return FieldView(
        id=shown["id"],
        label=shown.get("label") or "",
        label_text=shown.get("label_text") or "",
        widget=shown["widget"],
        value=value,
        revision=revision,
        reading=read_as(shown["widget"], value),
    )


def status_of(parts: tuple[PartView, ...]) -> tuple[Status, int, int]:
    """The status of a question, how many of its fields are answered, and how many it has."""
    states = [field.reading.state for part in parts for field in part.fields]
    answered = sum(state != "blank" for state in states)
    if "cannot be read" in states:
        return "cannot be read", answered, len(states)
    return ("answered" if answered else "not answered"), answered, len(states)
