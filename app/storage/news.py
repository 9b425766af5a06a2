"""Queries for the open pages of attempts: how attempts stand, what they were told, whose pages are there."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, or_, select

from app.storage.tables import Attempt, Presence, SittingEvent
from app.storage.transaction import Transaction

AT_ONCE = 500
"""How many attempts one statement names: SQLite takes 32766 values, and plans are kept by length."""


def by_public_ids(tx: Transaction, public_ids: Collection[str]) -> list[Attempt]:
    """These attempts, as far as they exist, as they are now."""
    query = select(Attempt).where(Attempt.public_id.in_(public_ids))
    return list(tx.session.scalars(query.execution_options(populate_existing=True)))


def told(tx: Transaction, attempts: Collection[Attempt], kinds: Collection[str]) -> list[SittingEvent]:
    """Events of these kinds that concern these attempts or everybody in their quizzes, oldest first."""
    query = (
        select(SittingEvent)
        .where(
            SittingEvent.quiz_id.in_({attempt.quiz_id for attempt in attempts}),
            SittingEvent.kind.in_(kinds),
            or_(
                SittingEvent.attempt_id.is_(None),
                SittingEvent.attempt_id.in_([attempt.id for attempt in attempts]),
            ),
        )
        .order_by(SittingEvent.id)
    )
    return list(tx.session.scalars(query))


def after(tx: Transaction, number: int, kinds: Collection[str]) -> list[tuple[int, int, int | None]]:
    """Events of these kinds after that number: number, quiz, attempt (none: everybody in the quiz)."""
    query = select(SittingEvent.id, SittingEvent.quiz_id, SittingEvent.attempt_id).where(
        SittingEvent.id > number, SittingEvent.kind.in_(kinds)
    )
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def seen(tx: Transaction, attempt_ids: Collection[int], at: datetime) -> None:
    """Pages of these attempts are open at this moment."""
    ids = sorted(attempt_ids)  # in one order, so that two processes never wait for each other in a ring
    for first in range(0, len(ids), AT_ONCE):
        statement = tx.upsert(Presence).values([{"attempt_id": one, "seen_at": at} for one in ids[first:][:AT_ONCE]])
        newest = {"seen_at": statement.excluded["seen_at"]}
        tx.session.execute(statement.on_conflict_do_update(index_elements=["attempt_id"], set_=newest))


def not_seen_since(tx: Transaction, attempt_ids: Collection[int], moment: datetime) -> list[Attempt]:
    """Those of these attempts that are open, and of which no process has seen a page after that moment."""
    query = (
        select(Attempt)
        .outerjoin(Presence, Presence.attempt_id == Attempt.id)
        .where(
            Attempt.id.in_(attempt_ids),
            Attempt.state == "open",
            or_(Presence.seen_at.is_(None), Presence.seen_at <= moment),
        )
        .order_by(Attempt.id)
    )
    return list(tx.session.scalars(query))


def newest_of(tx: Transaction, attempt_ids: Collection[int], kinds: Collection[str]) -> dict[int, str]:
    """By attempt: of which of these kinds its newest event is; attempts without one are missing."""
    newest = (
        select(func.max(SittingEvent.id))
        .where(SittingEvent.attempt_id.in_(attempt_ids), SittingEvent.kind.in_(kinds))
        .group_by(SittingEvent.attempt_id)
    )
    query = select(SittingEvent.attempt_id, SittingEvent.kind).where(SittingEvent.id.in_(newest))
    return {row[0]: row[1] for row in tx.session.execute(query) if row[0] is not None}
