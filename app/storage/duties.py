"""Queries about duties: who has taken which, until when, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from app.storage.tables import DutyRow
from app.storage.transaction import Transaction

LONGEST_ERROR = 2000


def claim(tx: Transaction, duty: str, keys: Iterable[str], owner: str, lease: timedelta, limit: int) -> dict[str, int]:
    """Take at most `limit` of these keys that nobody holds and that are due; each with its number of tries.

    Taking is one UPDATE per key that demands a free key: of several workers exactly one changes the row.
    """
    now = tx.now()
    taken: dict[str, int] = {}
    for key in keys:
        if len(taken) >= limit:
            break
        row = tx.upsert(DutyRow).values(duty=duty, key=key, tries=0, due_at=now, last_error="")
        tx.session.execute(row.on_conflict_do_nothing(index_elements=["duty", "key"]))
        tries = tx.session.execute(
            update(DutyRow)
            .where(
                DutyRow.duty == duty,
                DutyRow.key == key,
                DutyRow.due_at <= now,
                or_(DutyRow.claimed_until.is_(None), DutyRow.claimed_until < now),
            )
            .values(owner=owner, claimed_until=now + lease, tries=DutyRow.tries + 1)
            .returning(DutyRow.tries)
        ).scalar()
        if tries is not None:
            taken[key] = int(tries)
    return taken


def waiting(tx: Transaction, duty: str) -> set[str]:
    """The keys of a duty that somebody holds, or that are not due yet."""
    now = tx.now()
    query = select(DutyRow.key).where(DutyRow.duty == duty, or_(DutyRow.claimed_until >= now, DutyRow.due_at > now))
    return set(tx.session.scalars(query))


def renew(tx: Transaction, owner: str, until: datetime) -> None:
    """Keep everything this owner holds."""
    tx.session.execute(
        update(DutyRow).where(DutyRow.owner == owner, DutyRow.claimed_until.is_not(None)).values(claimed_until=until)
    )


def done(tx: Transaction, duty: str, key: str, owner: str) -> None:
    """The duty is fulfilled; nothing of it stays."""
    tx.session.execute(delete(DutyRow).where(DutyRow.duty == duty, DutyRow.key == key, DutyRow.owner == owner))


def give_back(tx: Transaction, duty: str, key: str, owner: str, due_at: datetime, error: str) -> None:
    """Not fulfilled; somebody may try again at `due_at`."""
    tx.session.execute(
        update(DutyRow)
        .where(DutyRow.duty == duty, DutyRow.key == key, DutyRow.owner == owner)
        .values(owner=None, claimed_until=None, due_at=due_at, last_error=error[:LONGEST_ERROR])
    )
