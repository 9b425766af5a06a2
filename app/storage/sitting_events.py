"""Queries about what happened while quizzes were sat."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select

from app.storage.tables import SittingEvent
from app.storage.transaction import Transaction


def add(tx: Transaction, event: SittingEvent) -> None:
    """Store an event."""
    tx.session.add(event)
    tx.session.flush()


def newest(tx: Transaction) -> int:
    """The number of the newest event of all quizzes; 0 when there is none."""
    return tx.session.scalar(select(func.max(SittingEvent.id))) or 0


def of_quiz(tx: Transaction, quiz_id: int) -> list[SittingEvent]:
    """What happened while a quiz was sat, oldest first."""
    query = select(SittingEvent).where(SittingEvent.quiz_id == quiz_id).order_by(SittingEvent.id)
    return list(tx.session.scalars(query))


def for_attempt(tx: Transaction, quiz_id: int, attempt_id: int, kinds: Sequence[str]) -> list[SittingEvent]:
    """Events of these kinds that concern one attempt: its own, and those for everybody in its quiz."""
    query = (
        select(SittingEvent)
        .where(
            SittingEvent.quiz_id == quiz_id,
            or_(SittingEvent.attempt_id == attempt_id, SittingEvent.attempt_id.is_(None)),
            SittingEvent.kind.in_(kinds),
        )
        .order_by(SittingEvent.id)
    )
    return list(tx.session.scalars(query))
