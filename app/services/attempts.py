"""Attempts: looking at them (starting one: app.services.starting)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from app.domain.errors import NotFound
from app.domain.texts import PREFERRED
from app.services.exam_pages import AttemptView, FieldView, ItemView, PartView, part_view, status_of
from app.services.starting import preview, start
from app.services.transactions import Transaction
from app.services.translations import asked_in
from app.storage import attempts, quizzes
from app.storage.changes import FLAG
from app.storage.tables import Answer, Attempt, AttemptItem, Quiz

__all__ = ["AttemptView", "FieldView", "ItemView", "PartView", "field_widget", "preview", "start", "view"]


def attempt_of(tx: Transaction, person_id: int, attempt_id: str, *, lock: bool = False) -> tuple[Attempt, Quiz]:
    """A person's own attempt.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    found = attempts.attempt(tx, attempt_id, lock=lock)
    if found is None or found[0].person_id != person_id:
        raise NotFound("There is no such attempt of yours.")
    return found


def view(tx: Transaction, person_id: int, attempt_id: str, language: str = PREFERRED) -> AttemptView:
    """A person's attempt with everything typed so far, in that language where its questions have it.

    Raises:
        NotFound: there is none of this id, or it is somebody else's.
    """
    attempt, quiz = attempt_of(tx, person_id, attempt_id)
    stored = attempts.answers(tx, attempt.id)
    items = tuple(item_view(item, stored.get(item.id, {}), language) for item in attempts.items(tx, attempt.id))
    now = tx.now()
    left = None if attempt.deadline_at is None else (attempt.deadline_at - now).total_seconds()
    return AttemptView(
        id=attempt.public_id,
        quiz_id=quiz.public_id,
        quiz_title=quiz.title,
        number=attempt.number,
        state="open" if attempt.state == "open" else "handed in",
        started_at=attempt.started_at,
        deadline_at=attempt.deadline_at,
        now=now,
        seconds_left=None if left is None else max(0.0, left),
        max=sum((item.points for item in items), Fraction(0)),
        items=items,
        preview=quizzes.only_looks(tx, quiz.course_id, person_id),
    )


def item_view(item: AttemptItem, stored: Mapping[str, Answer], language: str = PREFERRED) -> ItemView:
    """One question with its newest answers."""
    shown, spoken = asked_in(item.variant.rendered, language)
    values = {name: (answer.value, answer.revision) for name, answer in stored.items()}
    parts = tuple(part_view(part, item.weight, values) for part in shown["parts"])
    status, answered, total = status_of(parts)
    flag = stored.get(FLAG)
    return ItemView(
        position=item.position,
        title=shown["title"],
        stem=shown["stem"],
        points=item.weight * item.question_version.points,
        status=status,
        fields_answered=answered,
        fields_total=total,
        flagged=flag is not None and flag.value is True,
        flag_revision=flag.revision if flag is not None else 0,
        parts=parts,
        language=spoken,
    )


def field_widget(tx: Transaction, person_id: int, attempt_id: str, position: int, field: str) -> Mapping[str, Any]:
    """What a field asks for, so that what is being typed can be read.

    Raises:
        NotFound: no such attempt of this person, no such question, no such field.
    """
    attempt, _ = attempt_of(tx, person_id, attempt_id)
    for item in attempts.items(tx, attempt.id):
        if item.position == position:
            for part in item.variant.rendered["parts"]:
                for shown in part["fields"]:
                    if shown["id"] == field:
                        widget: Mapping[str, Any] = shown["widget"]
                        return widget
    raise NotFound(f"Question {position} of this attempt has no field “{field[:100]}”.")
