"""Saves that came too late to count: kept for the staff of the quiz, each once, and no more than a bounded amount."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import func, select

from app.domain.errors import GradusError
from app.storage import sitting_events
from app.storage.changes import Change, FieldChange, Kept, TooLate
from app.storage.precedence import written
from app.storage.quizzes import by_enrolled
from app.storage.tables import Attempt, LateSave, PersonRow, Quiz, SittingEvent
from app.storage.transaction import Transaction

MOST_SAVES = 100
MOST_BYTES = 500_000
"""Of one attempt."""

FULL = "No more can be kept for this attempt. Download your answers, and give the file to your instructor."


class Late(NamedTuple):
    """A save that does not count by itself: what of it is new, when it came, and why it was too late."""

    attempt: int
    quiz: int
    change: Change
    fields: tuple[FieldChange, ...]
    at: datetime
    refusal: GradusError


class Placed(NamedTuple):
    """A late save with whose attempt it belongs to."""

    save: LateSave
    attempt: Attempt
    name: str
    login: str


@dataclass(slots=True)
class _Held:
    """What is kept of an attempt already."""

    numbers: dict[tuple[str, int], datetime] = field(default_factory=dict)
    typed: set[str] = field(default_factory=set)
    bytes: int = 0
    waiting: bool = False


def keep(tx: Transaction, late: Sequence[Late], origin: str = "page") -> list[Kept | GradusError]:
    """Keep late saves of attempts that are locked; one result each, in order. What is kept already is kept once."""
    held = _held(tx, {one.attempt for one in late})
    results: list[Kept | GradusError] = []
    for one in late:
        mine = held[one.attempt]
        number = (one.change.device, one.change.seq)
        texts = {_text(row): row for row in map(written, one.fields)}
        new = [row for text, row in texts.items() if text not in mine.typed]
        size = sum(len(text) for text in texts if text not in mine.typed)
        if number in mine.numbers or not new:
            results.append(Kept(mine.numbers.get(number, one.at), True))
            continue
        if len(mine.numbers) >= MOST_SAVES or mine.bytes + size > MOST_BYTES:
            results.append(TooLate(FULL))
            continue
        after = one.change.typed_after
        row = LateSave(
            attempt_id=one.attempt,
            device=one.change.device,
            seq=one.change.seq,
            origin=origin,
            not_before=after if after is not None and after <= one.at else None,
            received_at=one.at,
            changes=new,
            state="waiting",
        )
        tx.session.add(row)
        if not mine.waiting:  # once, until somebody has decided
            kind = "late save" if origin == "page" else "answer file"
            event = SittingEvent(quiz_id=one.quiz, attempt_id=one.attempt, kind=kind, text="", details=None, at=one.at)
            sitting_events.add(tx, event)
        mine.numbers[number] = one.at
        mine.typed |= texts.keys()
        mine.bytes += size
        mine.waiting = True
        results.append(Kept(one.at, False))
    tx.session.flush()
    return results


def _held(tx: Transaction, attempts: Collection[int]) -> dict[int, _Held]:
    held = {number: _Held() for number in attempts}
    for row in tx.session.scalars(select(LateSave).where(LateSave.attempt_id.in_(attempts))):
        mine = held[row.attempt_id]
        mine.numbers[row.device, row.seq] = row.received_at
        texts = [_text(change) for change in row.changes]
        mine.typed |= set(texts)
        mine.bytes += sum(map(len, texts))
        mine.waiting = mine.waiting or row.state == "waiting"
    return held


def _text(change: Sequence[Any]) -> str:
    """What makes a change the same one, however long ago it was typed when it was sent again."""
    return json.dumps(change[:4])


def of_quiz(tx: Transaction, quiz_id: int) -> list[Placed]:
    """The late saves of a quiz by name, attempt and arrival, of students who are in the course now."""
    query = (
        select(LateSave, Attempt, PersonRow.name, PersonRow.login)
        .join(Attempt, Attempt.id == LateSave.attempt_id)
        .join(PersonRow, PersonRow.id == Attempt.person_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, by_enrolled())
        .order_by(func.lower(PersonRow.name), PersonRow.id, Attempt.number, LateSave.received_at, LateSave.id)
    )
    return [Placed(*row) for row in tx.session.execute(query)]


def waiting(tx: Transaction, quiz_id: int, numbers: Collection[int] | None = None) -> dict[int, list[LateSave]]:
    """The late saves of a quiz (or these of them) about which nobody has decided, by attempt, in order of arrival.

    Only of whom `of_quiz` shows: nothing is decided unseen.
    """
    query = (
        select(LateSave)
        .join(Attempt, Attempt.id == LateSave.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(Attempt.quiz_id == quiz_id, LateSave.state == "waiting", by_enrolled())
        .order_by(LateSave.attempt_id, LateSave.received_at, LateSave.id)
        .execution_options(populate_existing=True)
    )
    if numbers is not None:
        query = query.where(LateSave.id.in_(numbers))
    found: dict[int, list[LateSave]] = {}
    for row in tx.session.scalars(query):
        found.setdefault(row.attempt_id, []).append(row)
    return found


def of_attempt(tx: Transaction, attempt_id: int) -> list[LateSave]:
    """The late saves of an attempt in order of arrival."""
    query = select(LateSave).where(LateSave.attempt_id == attempt_id)
    return list(tx.session.scalars(query.order_by(LateSave.received_at, LateSave.id)))


def lock(tx: Transaction, attempt_id: int) -> tuple[Attempt, Quiz]:
    """An attempt by row number with its quiz, locked against saves and hand-ins."""
    query = select(Attempt, Quiz).join(Quiz, Quiz.id == Attempt.quiz_id).where(Attempt.id == attempt_id)
    row = tx.session.execute(query.with_for_update(of=Attempt).execution_options(populate_existing=True)).one()
    return row[0], row[1]
