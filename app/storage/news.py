"""Queries for the open pages of attempts: how attempts stand, what they were told, whose pages are there."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import cache

from sqlalchemy import Executable, bindparam, func, or_, select

from app.storage.tables import Attempt, PageVisit, Presence, Row, SittingEvent
from app.storage.transaction import Transaction, insert_for

_TOLD = (
    select(SittingEvent)
    .where(
        SittingEvent.quiz_id.in_(bindparam("quizzes", expanding=True)),
        SittingEvent.kind.in_(bindparam("kinds", expanding=True)),
        or_(
            SittingEvent.attempt_id.is_(None),
            SittingEvent.attempt_id.in_(bindparam("attempts", expanding=True)),
        ),
    )
    .order_by(SittingEvent.id)
)


def by_public_ids(tx: Transaction, public_ids: Collection[str]) -> list[Attempt]:
    """These attempts, as far as they exist, as they are now."""
    query = select(Attempt).where(Attempt.public_id.in_(public_ids))
    return list(tx.session.scalars(query.execution_options(populate_existing=True)))


def told(tx: Transaction, attempts: Collection[Attempt], kinds: Collection[str]) -> list[SittingEvent]:
    """Events of these kinds that concern these attempts or everybody in their quizzes, oldest first."""
    asked = {
        "quizzes": list({attempt.quiz_id for attempt in attempts}),
        "kinds": list(kinds),
        "attempts": [attempt.id for attempt in attempts],
    }
    return list(tx.session.scalars(_TOLD, asked))


def after(tx: Transaction, number: int, kinds: Collection[str]) -> list[tuple[int, int, int | None]]:
    """Events of these kinds after that number: number, quiz, attempt (none: everybody in the quiz)."""
    query = select(SittingEvent.id, SittingEvent.quiz_id, SittingEvent.attempt_id).where(
        SittingEvent.id > number, SittingEvent.kind.in_(kinds)
    )
    return [(row[0], row[1], row[2]) for row in tx.session.execute(query)]


def seen(tx: Transaction, at: Mapping[int, datetime]) -> None:
    """Pages of these attempts gave a sign of life, at these moments."""
    _keep(tx, Presence, "seen_at", at)


def visited(tx: Transaction, at: Mapping[int, datetime]) -> None:
    """Pages without scripts of these attempts were asked for, at these moments."""
    _keep(tx, PageVisit, "visited_at", at)


def _keep(tx: Transaction, row: type[Row], name: str, at: Mapping[int, datetime]) -> None:
    if at:
        connection = tx.session.connection()
        # In one order, so that two processes never wait for each other in a ring.
        rows = [{"attempt_id": one, name: at[one]} for one in sorted(at)]
        connection.execute(_newest(connection.dialect.name, row, name), rows)


@cache
def _newest(dialect: str, row: type[Row], name: str) -> Executable:
    # Row by row: for a class of thousands, one statement with all of them takes longer to write than to carry out.
    statement = insert_for(dialect, row)
    return statement.on_conflict_do_update(index_elements=["attempt_id"], set_={name: statement.excluded[name]})


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
