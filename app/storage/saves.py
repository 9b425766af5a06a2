"""Writing saves: many at once, each idempotent, the newest revision of every field wins."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import insert, select

from app.domain.drawing_answers import pages_named
from app.domain.errors import Conflict, GradusError, InvalidInput, NotFound
from app.domain.values import Json
from app.storage import drawn_pages
from app.storage.changes import FLAG, Change, FieldChange, HandedIn, Saved, SavedField, TooLate
from app.storage.tables import Answer, Attempt, AttemptItem, Save, Variant
from app.storage.transaction import Transaction

Slot = tuple[int, str]
"""An attempt item and a field."""

FieldNames = dict[int, dict[str, str]]
"""The fields of variants and their kinds, asked for once: variants never change."""

MOST_REMEMBERED = 4096
DRAWING = "drawing"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A save and when the server received it."""

    change: Change
    at: datetime


@dataclass(slots=True)
class _Known:
    """What the database says about the attempts of a batch, kept up to date while the batch is written."""

    attempts: dict[str, tuple[int, str, datetime | None]] = field(default_factory=dict)
    items: dict[tuple[int, int], tuple[int, dict[str, str]]] = field(default_factory=dict)
    pages: dict[Slot, set[str]] = field(default_factory=dict)
    answers: dict[Slot, tuple[int, Json]] = field(default_factory=dict)
    saves: dict[tuple[int, str, int], tuple[datetime, list[Any]]] = field(default_factory=dict)


def write_saves(
    tx: Transaction, arrivals: Sequence[Arrival], grace_seconds: float, names: FieldNames
) -> list[Saved | GradusError]:
    """Write a batch; one result per save, in order. A refusal is a result; anything raised concerns all."""
    known = _look_up(tx, arrivals, names)
    results: list[Saved | GradusError] = []
    new_saves: list[dict[str, Any]] = []
    new_answers: dict[Slot, dict[str, Any]] = {}
    for arrival in arrivals:
        try:
            saved, attempt = _weigh(known, arrival, grace_seconds)
        except GradusError as refusal:
            results.append(refusal)
            continue
        results.append(saved)
        if saved.duplicate:
            continue
        change = arrival.change
        changes = _written(change.fields)
        known.saves[attempt, change.device, change.seq] = (arrival.at, changes)
        new_saves.append(
            {
                "attempt_id": attempt,
                "device": change.device,
                "seq": change.seq,
                "received_at": arrival.at,
                "changes": changes,
            }
        )
        for part, outcome in zip(change.fields, saved.fields, strict=True):
            if not outcome.stale:
                slot = (known.items[attempt, part.item][0], part.field)
                known.answers[slot] = (part.revision, part.value)
                new_answers[slot] = {
                    "attempt_item_id": slot[0],
                    "field": slot[1],
                    "revision": part.revision,
                    "value": part.value,
                    "saved_at": arrival.at,
                }
    _store(tx, new_saves, list(new_answers.values()))
    return results


def _store(tx: Transaction, saves: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    if saves:
        tx.session.execute(insert(Save), saves)
    if answers:
        statement = tx.upsert(Answer)
        newest = {name: statement.excluded[name] for name in ("revision", "value", "saved_at")}
        tx.session.connection().execute(
            statement.on_conflict_do_update(index_elements=["attempt_item_id", "field"], set_=newest), answers
        )


def _written(fields: Iterable[FieldChange]) -> list[Any]:
    return [[part.item, part.field, part.revision, part.value] for part in fields]


def _weigh(known: _Known, arrival: Arrival, grace_seconds: float) -> tuple[Saved, int]:
    change = arrival.change
    if change.attempt_id not in known.attempts:
        raise NotFound("There is no such attempt.")
    attempt, state, deadline = known.attempts[change.attempt_id]
    earlier = known.saves.get((attempt, change.device, change.seq))
    if earlier is None:
        if state != "open":
            raise HandedIn("This attempt has been handed in; nothing more can be saved in it.")
        if deadline is not None and arrival.at > deadline + timedelta(seconds=grace_seconds):
            raise TooLate("The time for this attempt is over; what was saved before counts.")
    elif earlier[1] != _written(change.fields):
        if state != "open":  # what was said in a survey has been taken out since
            raise HandedIn("This attempt has been handed in; nothing more can be saved in it.")
        raise Conflict(f"Save {change.seq} of this device has arrived before, with other content.")
    outcomes: list[SavedField] = []
    within: dict[Slot, tuple[int, Json]] = {}
    for index, part in enumerate(change.fields):
        item = known.items.get((attempt, part.item))
        if item is None:
            raise InvalidInput(f"This attempt has no question {part.item}.", place=f"changes[{index}].item")
        if part.field != FLAG and part.field not in item[1]:
            raise InvalidInput(f"Question {part.item} has no field “{part.field}”.", place=f"changes[{index}].field")
        slot = (item[0], part.field)
        if item[1].get(part.field) == DRAWING and not set(pages_named(part.value)) <= known.pages.get(slot, set()):
            raise InvalidInput("This drawing has a page that was not uploaded here.", place=f"changes[{index}].value")
        revision, value = within.get(slot) or known.answers.get(slot) or (-1, None)
        if earlier is not None:
            stale = (revision, value) != (part.revision, part.value)
        else:
            stale = part.revision <= revision
        if not stale:
            revision, value = part.revision, part.value
            within[slot] = (revision, value)
        outcomes.append(SavedField(part.item, part.field, stale, revision, value))
    at = arrival.at if earlier is None else earlier[0]
    return Saved(at, earlier is not None, tuple(outcomes)), attempt


def _look_up(tx: Transaction, arrivals: Sequence[Arrival], names: FieldNames) -> _Known:
    session, known = tx.session, _Known()
    # Locked in one order: the lanes of several processes wait for each other, but never in a ring.
    rows = session.execute(
        select(Attempt.id, Attempt.public_id, Attempt.state, Attempt.deadline_at)
        .where(Attempt.public_id.in_({arrival.change.attempt_id for arrival in arrivals}))
        .order_by(Attempt.public_id)
        .with_for_update()
    ).all()
    if not rows:
        return known
    known.attempts = {row.public_id: (row.id, row.state, row.deadline_at) for row in rows}
    ids = [row.id for row in rows]
    asked = {
        (known.attempts[arrival.change.attempt_id][0], part.item)
        for arrival in arrivals
        if arrival.change.attempt_id in known.attempts
        for part in arrival.change.fields
    }
    items: dict[int, tuple[int, int]] = {}
    for row in session.execute(
        select(AttemptItem.id, AttemptItem.attempt_id, AttemptItem.position, AttemptItem.variant_id).where(
            AttemptItem.attempt_id.in_(ids)
        )
    ):
        if (row.attempt_id, row.position) in asked:
            known.items[row.attempt_id, row.position] = (row.id, _field_names(tx, row.variant_id, names))
            items[row.id] = (row.attempt_id, row.position)
    drawn = [item_id for (item_id, kinds) in known.items.values() if DRAWING in kinds.values()]
    if drawn:
        known.pages = drawn_pages.names(tx, drawn)
    for answer in session.execute(
        select(Answer.attempt_item_id, Answer.field, Answer.revision, Answer.value).where(
            Answer.attempt_item_id.in_(list(items))
        )
    ):
        known.answers[answer.attempt_item_id, answer.field] = (answer.revision, cast(Json, answer.value))
    for save in session.execute(
        select(Save.attempt_id, Save.device, Save.seq, Save.received_at, Save.changes).where(
            Save.attempt_id.in_(ids),
            Save.device.in_({arrival.change.device for arrival in arrivals}),
            Save.seq.in_({arrival.change.seq for arrival in arrivals}),
        )
    ):
        known.saves[save.attempt_id, save.device, save.seq] = (save.received_at, save.changes)
    return known


def _field_names(tx: Transaction, variant_id: int, names: FieldNames) -> dict[str, str]:
    if variant_id not in names:
        if len(names) > MOST_REMEMBERED:
            names.clear()
        rendered = tx.session.scalar(select(Variant.rendered).where(Variant.id == variant_id)) or {}
        fields = [entry for part in rendered["parts"] for entry in part["fields"]]
        names[variant_id] = {entry["id"]: entry["widget"]["kind"] for entry in fields}
    return names[variant_id]
