"""Queries about wrong passwords and codes, where every web process counts them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, case, delete, select

from app.storage.tables import FailedTries
from app.storage.transaction import Transaction


def find(tx: Transaction, key: str) -> tuple[int, datetime] | None:
    """How many wrong tries there were under this key, and when the last one was."""
    row = tx.session.execute(select(FailedTries.count, FailedTries.last_at).where(FailedTries.key == key)).first()
    return None if row is None else (row[0], row[1])


def add(tx: Transaction, key: str, forgotten_before: datetime) -> None:
    """One more; what was before that moment is forgotten. Two at once are two."""
    statement = tx.upsert(FailedTries).values(key=key, count=1, last_at=tx.now())
    again = case((FailedTries.last_at < forgotten_before, 1), else_=FailedTries.count + 1)
    tx.session.execute(
        statement.on_conflict_do_update(index_elements=["key"], set_={"count": again, "last_at": tx.now()})
    )


def forget(tx: Transaction, key: str) -> None:
    """The counting starts anew."""
    tx.session.execute(delete(FailedTries).where(FailedTries.key == key))


def any_before(tx: Transaction, moment: datetime) -> bool:
    """Whether any is older than that."""
    return tx.session.scalar(select(FailedTries.key).where(FailedTries.last_at < moment).limit(1)) is not None


def forget_before(tx: Transaction, moment: datetime) -> int:
    """Forget those that are older than that; how many keys that were."""
    result = tx.session.execute(delete(FailedTries).where(FailedTries.last_at < moment))
    return cast("CursorResult[Any]", result).rowcount
