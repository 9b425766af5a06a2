"""Writing saves: many at once, each idempotent, what was typed last in a field wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import Executable, Table, bindparam, insert, select, tuple_

from app.domain.drawing_answers import pages_named
from app.domain.errors import Conflict, GradusError, InvalidInput, NotFound
from app.domain.values import Json
from app.storage import drawn_pages, late_saves, tabs
from app.storage.changes import FLAG, Change, FieldChange, HandedIn, Kept, Saved, SavedField, TooLate
from app.storage.forward import takes_answers
from app.storage.late_saves import Late
from app.storage.precedence import Origin, Place, Sent, is_newer, origin, origins, place_of, sent, written
from app.storage.tables import Answer, Attempt, AttemptItem, Quiz, Save, Variant
from app.storage.tables.columns import MOST
from app.storage.transaction import Transaction, insert_for

Slot = tuple[int, str]
"""An attempt item and a field."""

FieldNames = dict[int, dict[str, str]]
"""The fields of variants and their kinds, asked for once: variants never change."""

MOST_REMEMBERED = 4096
DRAWING = "drawing"
SAID = "said in a survey"
"""The kind of a field whose answers are to be nobody's."""
OVERLAP = timedelta(seconds=5)
"""What was stored shortly before a page last heard of the server may not have been in what it heard."""


# Written once: to put statements together takes longer than to carry them out, and these are for every save.
_ATTEMPTS = (
    select(
        Attempt.id,
        Attempt.public_id,
        Attempt.quiz_id,
        Attempt.state,
        Attempt.deadline_at,
        Attempt.paused_at,
        Quiz.grace_seconds,
        Quiz.mode,
        Attempt.page,
        Attempt.furthest,
        Attempt.furthest_at,
    )
    .join(Quiz, Quiz.id == Attempt.quiz_id)
    .where(Attempt.public_id.in_(bindparam("attempts", expanding=True)))
    .order_by(Attempt.public_id)
    .with_for_update(of=Attempt)
)
_ANSWERS = (
    select(
        AttemptItem.id,
        AttemptItem.attempt_id,
        AttemptItem.position,
        AttemptItem.variant_id,
        Answer.field,
        Answer.revision,
        Answer.value,
        Answer.saved_at,
    )
    .outerjoin(Answer, Answer.attempt_item_id == AttemptItem.id)
    .where(
        AttemptItem.attempt_id.in_(bindparam("attempts", expanding=True)),  # by pairs alone SQLite uses no index
        tuple_(AttemptItem.attempt_id, AttemptItem.position).in_(bindparam("places", expanding=True)),
    )
)
_SAVES = select(Save.attempt_id, Save.device, Save.seq, Save.received_at, Save.changes).where(
    Save.attempt_id.in_(bindparam("attempts", expanding=True)),
    Save.device.in_(bindparam("devices", expanding=True)),
    Save.seq.in_(bindparam("numbers", expanding=True)),
)
_NEW_SAVES = insert(cast(Table, Save.__table__))


@cache
def _newest_answers(dialect: str) -> Executable:
    statement = insert_for(dialect, Answer)
    newest = {name: statement.excluded[name] for name in ("revision", "value", "saved_at")}
    return statement.on_conflict_do_update(index_elements=["attempt_item_id", "field"], set_=newest)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A save and when the server received it."""

    change: Change
    at: datetime


class Standing(NamedTuple):
    """How an attempt stands while a batch is written. While it is paused its deadline does not come."""

    id: int
    quiz_id: int
    state: str
    deadline_at: datetime | None
    paused_at: datetime | None
    grace_seconds: int | None
    mode: str
    page: str

    def refusal(self, at: datetime, grace_seconds: float) -> GradusError | None:
        """Why nothing that arrives then counts; `grace_seconds` are the installation's."""
        if self.state != "open":
            return HandedIn("This attempt has been handed in; nothing more can be saved in it.")
        grace = timedelta(seconds=grace_seconds if self.grace_seconds is None else self.grace_seconds)
        if self.paused_at is None and self.deadline_at is not None and at > self.deadline_at + grace:
            return TooLate("The time for this attempt is over; what was saved before counts.")
        return None


class Stored(NamedTuple):
    """What stands in a field, since when, and where it came from."""

    revision: int
    value: Json
    at: datetime
    origin: Origin


@dataclass(slots=True)
class _Known:
    """What the database says about the attempts of a batch, kept up to date while the batch is written."""

    attempts: dict[str, Standing] = field(default_factory=dict)
    reached: dict[int, tuple[int, datetime | None]] = field(default_factory=dict)
    items: dict[tuple[int, int], tuple[int, dict[str, str]]] = field(default_factory=dict)
    pages: dict[Slot, set[str]] = field(default_factory=dict)
    answers: dict[Slot, Stored] = field(default_factory=dict)
    saves: dict[tuple[int, str, int], tuple[datetime, list[Any]]] = field(default_factory=dict)


def write_saves(
    tx: Transaction,
    arrivals: Sequence[Arrival],
    grace_seconds: float,
    names: FieldNames,
    *,
    keep_late: bool = False,
) -> list[Saved | Kept | GradusError]:
    """Write a batch; one result per save, in order. A refusal is a result; anything raised concerns all.

    With `keep_late`, what comes too late to count is kept for the staff instead of being refused.
    """
    known = _look_up(tx, arrivals, names)
    results: list[Saved | Kept | GradusError] = []
    late: dict[int, Late] = {}
    new_saves: list[dict[str, Any]] = []
    new_answers: dict[Slot, dict[str, Any]] = {}
    for place, arrival in enumerate(arrivals):
        try:
            weighed = _weigh(known, arrival, grace_seconds, keep_late=keep_late)
        except GradusError as refusal:
            results.append(refusal)
            continue
        if isinstance(weighed, Late):
            results.append(weighed.refusal)
            late[place] = weighed
            continue
        saved, attempt = weighed
        results.append(saved)
        if saved.duplicate:
            continue
        change = arrival.change
        changes = [written(part) for part in change.fields]
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
                came = origin(part, sent(change, arrival.at))
                known.answers[slot] = Stored(outcome.revision, part.value, arrival.at, came)
                new_answers[slot] = {
                    "attempt_item_id": slot[0],
                    "field": slot[1],
                    "revision": outcome.revision,
                    "value": part.value,
                    "saved_at": arrival.at,
                }
    _store(tx, new_saves, list(new_answers.values()))
    if late:
        for place, kept in zip(late, late_saves.keep(tx, list(late.values())), strict=True):
            results[place] = kept
    stored = [arrival for arrival, result in zip(arrivals, results, strict=True) if isinstance(result, Saved)]
    tabs.follow(
        tx,
        {row.id: (row.quiz_id, row.page) for row in known.attempts.values()},
        [(known.attempts[one.change.attempt_id].id, one.change.device, one.at) for one in stored],
    )
    return results


def keep_for_staff(tx: Transaction, arrival: Arrival) -> Saved | Kept | GradusError:
    """Keep what a file brings, whenever it comes; `Saved` where nothing in it is new, an error where too much is kept.

    Raises:
        NotFound, InvalidInput: there is no such attempt, or no such field in it.
    """
    known = _look_up(tx, [arrival], {})
    weighed = _weigh(known, arrival, 0, keep_late=True, decide=True)
    if not isinstance(weighed, Late):
        return weighed[0]
    (kept,) = late_saves.keep(tx, [weighed], "file")
    return kept


def _store(tx: Transaction, saves: list[dict[str, Any]], answers: list[dict[str, Any]]) -> None:
    connection = tx.session.connection()
    if saves:
        connection.execute(_NEW_SAVES, saves)
    if answers:
        connection.execute(_newest_answers(connection.dialect.name), answers)


def _weigh(
    known: _Known, arrival: Arrival, grace_seconds: float, *, keep_late: bool, decide: bool = False
) -> tuple[Saved, int] | Late:
    change = arrival.change
    if change.attempt_id not in known.attempts:
        raise NotFound("There is no such attempt.")
    standing = known.attempts[change.attempt_id]
    attempt = standing.id
    earlier = known.saves.get((attempt, change.device, change.seq))
    refusal = standing.refusal(arrival.at, grace_seconds) if earlier is None else None
    if decide and earlier is None:
        refusal = TooLate(late_saves.FULL)
    if earlier is not None and earlier[1] != [written(part) for part in change.fields]:
        if standing.state != "open":  # what was said in a survey has been taken out since
            raise HandedIn("This attempt has been handed in; nothing more can be saved in it.")
        raise Conflict(f"Save {change.seq} of this device has arrived before, with other content.")
    at = arrival.at if earlier is None else earlier[0]
    outcomes: list[SavedField] = []
    within: dict[Slot, Stored] = {}
    how = sent(change, at)
    for index, part in enumerate(change.fields):
        item = known.items.get((attempt, part.item))
        if item is None:
            raise InvalidInput(f"This attempt has no question {part.item}.", place=f"changes[{index}].item")
        if part.field != FLAG and part.field not in item[1]:
            raise InvalidInput(f"Question {part.item} has no field “{part.field}”.", place=f"changes[{index}].field")
        slot = (item[0], part.field)
        if item[1].get(part.field) == DRAWING and not set(pages_named(part.value)) <= known.pages.get(slot, set()):
            raise InvalidInput("This drawing has a page that was not uploaded here.", place=f"changes[{index}].value")
        stored = within.get(slot) or known.answers.get(slot)
        left = not takes_answers(*known.reached.get(attempt, (0, None)), part.item, at)
        stale, conflict = (True, False) if left else _judged(part, how, stored, again=earlier is not None)
        if not stale and earlier is None:
            revision = _above(part, stored)
            stored = within[slot] = Stored(revision, part.value, at, origin(part, how))
        revision, value = stored[:2] if stored is not None else (-1, None)
        outcomes.append(SavedField(part.item, part.field, stale, revision, value, left, conflict))
    if refusal is not None:
        if not keep_late or standing.mode == "practice":  # what is practised counts for nobody
            raise refusal
        new = tuple(one for one in change.fields if _is_new(known, known.items[attempt, one.item], one))
        if new:
            return Late(attempt, standing.quiz_id, change, new, arrival.at, refusal)
        # All of it is stored already: only the answer to an earlier save was lost on its way.
        fields = tuple(SavedField(one.item, one.field, False, one.revision, one.value) for one in change.fields)
        return Saved(arrival.at, True, fields), attempt
    return Saved(at, earlier is not None, tuple(outcomes), tuple(_elsewhere(known, attempt, change))), attempt


def _judged(part: FieldChange, how: Sent, stored: Stored | None, *, again: bool) -> tuple[bool, bool]:
    """Whether a change does not count, and whether that is for a person to decide; `again`: it has been judged."""
    if stored is None:
        return again, False
    if again and (stored.revision, stored.value) == (part.revision, part.value):
        return False, False
    disputed = part.base is not None and stored.revision > part.base
    if disputed and stored.value == part.value:
        return True, False
    stale = again or not is_newer(part, how, stored.revision, stored.origin)
    return stale, stale and disputed and stored.origin.page != (part.page or how.page)


def _above(part: FieldChange, stored: Stored | None) -> int:
    """The revision under which a change that counts is stored: above what it replaces, however few the keys."""
    return part.revision if stored is None else min(max(part.revision, stored.revision + 1), MOST)


def _is_new(known: _Known, item: tuple[int, dict[str, str]], part: FieldChange) -> bool:
    """Whether staff would have something to decide. A flag is for oneself, and what is said in a survey nobody's."""
    if part.field == FLAG or item[1][part.field] == SAID:
        return False
    stored = known.answers.get((item[0], part.field))
    return ((stored.value if stored is not None else None) or None) != (part.value or None)


def _elsewhere(known: _Known, attempt: int, change: Change) -> Iterator[SavedField]:
    """What other pages have stored in the questions of this save since its page last heard of the server."""
    if change.seen is None:
        return
    mine = {(part.item, part.field) for part in change.fields}
    for position in sorted({part.item for part in change.fields}):
        item, kinds = known.items[attempt, position]
        for name in (*kinds, FLAG):
            stored = known.answers.get((item, name))
            if (position, name) not in mine and stored is not None and stored.at > change.seen - OVERLAP:
                yield SavedField(position, name, True, stored.revision, stored.value)


def _look_up(tx: Transaction, arrivals: Sequence[Arrival], names: FieldNames) -> _Known:
    connection, known = tx.session.connection(), _Known()
    # Locked in one order: the lanes of several processes wait for each other, but never in a ring.
    rows = connection.execute(_ATTEMPTS, {"attempts": list({arrival.change.attempt_id for arrival in arrivals})}).all()
    if not rows:
        return known
    known.attempts = {row.public_id: Standing(row.id, *row[2:9]) for row in rows}
    known.reached = {row.id: (row.furthest, row.furthest_at) for row in rows}
    ids = [row.id for row in rows]
    asked = {
        (known.attempts[arrival.change.attempt_id].id, part.item)
        for arrival in arrivals
        if arrival.change.attempt_id in known.attempts
        for part in arrival.change.fields
    }
    # Asked only now: until the lock was ours, somebody else may have stored something newer.
    for row in connection.execute(_ANSWERS, {"attempts": ids, "places": list(asked)}):
        place = (row.attempt_id, row.position)
        if place not in known.items:
            known.items[place] = (row.id, _field_names(tx, row.variant_id, names))
        if row.field is not None:
            nowhere = Origin("", row.revision, row.saved_at)
            known.answers[row.id, row.field] = Stored(row.revision, cast(Json, row.value), row.saved_at, nowhere)
    drawn = [item_id for (item_id, kinds) in known.items.values() if DRAWING in kinds.values()]
    if drawn:
        known.pages = drawn_pages.names(tx, drawn)
    devices = list({arrival.change.device for arrival in arrivals})
    numbers = list({arrival.change.seq for arrival in arrivals})
    for save in connection.execute(_SAVES, {"attempts": ids, "devices": devices, "numbers": numbers}):
        known.saves[save.attempt_id, save.device, save.seq] = (save.received_at, save.changes)
    _look_up_origins(tx, known, arrivals)
    return known


def _look_up_origins(tx: Transaction, known: _Known, arrivals: Sequence[Arrival]) -> None:
    """Find out where that came from which a change does not rest on: it happens with a second page only."""
    disputed: dict[Slot, Place] = {}
    for arrival in arrivals:
        if arrival.change.attempt_id not in known.attempts:
            continue
        attempt = known.attempts[arrival.change.attempt_id].id
        for part in arrival.change.fields:
            slot = (known.items.get((attempt, part.item), (0, {}))[0], part.field)
            stored = known.answers.get(slot)
            if stored is not None and part.base is not None and stored.revision > part.base:
                disputed[slot] = place_of(attempt, part.item, part.field, stored.value)
    if disputed:
        moments = {known.answers[slot].at for slot in disputed}
        found = origins(tx, {place[0] for place in disputed.values()}, moments)
        for slot, place in disputed.items():
            known.answers[slot] = known.answers[slot]._replace(origin=found.get(place, known.answers[slot].origin))


def _field_names(tx: Transaction, variant_id: int, names: FieldNames) -> dict[str, str]:
    if variant_id not in names:
        if len(names) > MOST_REMEMBERED:
            names.clear()
        rendered = tx.session.scalar(select(Variant.rendered).where(Variant.id == variant_id)) or {}
        fields = [(part.get("score") == "none", entry) for part in rendered["parts"] for entry in part["fields"]]
        kinds = {entry["id"]: (said, entry["widget"]["kind"]) for said, entry in fields}
        names[variant_id] = {key: SAID if said and kind != DRAWING else kind for key, (said, kind) in kinds.items()}
    return names[variant_id]
