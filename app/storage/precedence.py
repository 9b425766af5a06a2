"""Which of two answers to one field was typed last, as far as that can be known: the number of keys says nothing."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select

from app.domain.values import Json
from app.storage.changes import Change, FieldChange
from app.storage.tables import Save
from app.storage.transaction import Transaction

Place = tuple[int, int, str, str]
"""An attempt, a question of it, a field, and what stands there."""


class Sent(NamedTuple):
    """How a change came: from which page, when, and after which moment everything in it was typed."""

    page: str
    at: datetime
    after: datetime | None = None


class Origin(NamedTuple):
    """Where what is stored was typed, under which revision its page sent it, and when (at the latest)."""

    page: str
    revision: int
    at: datetime


def sent(change: Change, at: datetime) -> Sent:
    """How the changes of a save came that arrives then."""
    return Sent(change.device, at, change.typed_after)


def origin(part: FieldChange, how: Sent, *, by_date: bool = False) -> Origin:
    """The origin of a change, once it is stored."""
    return Origin(part.page or how.page, part.revision, _typed_at(part, how, by_date) or how.at)


def _typed_at(part: FieldChange, how: Sent, by_date: bool) -> datetime | None:
    ago = part.about if part.age is None and by_date else part.age
    return None if ago is None else how.at - timedelta(milliseconds=ago)


def is_newer(part: FieldChange, how: Sent, stored: int, there: Origin, *, by_date: bool = False) -> bool | None:
    """Whether a change was typed after what is stored (revision `stored`, from `there`); None: nobody can know.

    What rests on what is stored is newer, and one page counts what is typed in it. Between two pages time decides, as
    far as the page that sends knows it, else the last moment at which it had heard of the server; `by_date` also
    takes the word of the device's date, which somebody may have set meanwhile. A page that does not say what its
    change rests on is judged by its revision.
    """
    if part.base is None or part.revision <= part.base:  # the latter was not typed: the page had been told so
        return part.revision > stored
    if stored <= part.base:
        return True
    if (part.page or how.page) == there.page:
        return part.revision > there.revision
    typed_at = _typed_at(part, how, by_date)
    if typed_at is not None:
        return typed_at > there.at
    return True if how.after is not None and how.after >= there.at else None


def written(part: FieldChange) -> list[Any]:
    """A change as it is stored: item, field, revision and value, and then what its page said of how it came about."""
    how = {name: getattr(part, name) for name in ("base", "age", "about", "page")}
    known = {name: value for name, value in how.items() if value not in (None, "")}
    return [part.item, part.field, part.revision, part.value, *([known] if known else [])]


def read(row: Sequence[Any]) -> FieldChange:
    """A change that was stored."""
    return FieldChange(*row[:4], **(row[4] if len(row) > 4 else {}))


def origins(
    tx: Transaction, attempts: Collection[int], moments: Collection[datetime] | None = None, *, by_date: bool = False
) -> dict[Place, Origin]:
    """The origin of everything that was saved in these attempts (at these moments), by attempt, item, field and value.

    Of what was saved twice it is the last one.
    """
    query = select(Save.attempt_id, Save.device, Save.received_at, Save.changes).where(Save.attempt_id.in_(attempts))
    if moments is not None:
        query = query.where(Save.received_at.in_(moments))
    found: dict[Place, Origin] = {}
    for save in tx.session.execute(query.order_by(Save.received_at, Save.seq)):
        for row in save.changes:
            part = read(row)
            found[place_of(save.attempt_id, part.item, part.field, part.value)] = origin(
                part, Sent(save.device, save.received_at), by_date=by_date
            )
    return found


def place_of(attempt: int, item: int, field: str, value: Json) -> Place:
    """Under which `origins` has what is stored there."""
    return attempt, item, field, json.dumps(value)
