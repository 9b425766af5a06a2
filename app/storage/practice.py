"""Queries about practising: the question at hand, and what was checked of it."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.storage.tables import AttemptItem, PracticeCheck
from app.storage.transaction import Transaction


def item(tx: Transaction, attempt_id: int, position: int, *, lock: bool = False) -> AttemptItem | None:
    """One question of an attempt with all of its variant and version, package and solution included."""
    query = (
        select(AttemptItem)
        .options(joinedload(AttemptItem.variant, innerjoin=True))
        .options(joinedload(AttemptItem.question_version, innerjoin=True))
        .where(AttemptItem.attempt_id == attempt_id, AttemptItem.position == position)
        .execution_options(populate_existing=True)
    )
    return tx.session.scalar(query.with_for_update(of=AttemptItem) if lock else query)


def add_check(tx: Transaction, row: PracticeCheck) -> None:
    """Store what answers would be worth."""
    tx.session.add(row)
    tx.session.flush()


def newest_check(tx: Transaction, item_id: int, variant_id: int) -> PracticeCheck | None:
    """The newest check of a question in this variant."""
    query = (
        select(PracticeCheck)
        .where(PracticeCheck.attempt_item_id == item_id, PracticeCheck.variant_id == variant_id)
        .order_by(PracticeCheck.id.desc())
        .limit(1)
    )
    return tx.session.scalar(query)


def checks(tx: Transaction, attempt_id: int) -> Sequence[PracticeCheck]:
    """Every check of an attempt, oldest first."""
    query = (
        select(PracticeCheck)
        .join(AttemptItem, AttemptItem.id == PracticeCheck.attempt_item_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(PracticeCheck.id)
    )
    return tx.session.scalars(query).all()
