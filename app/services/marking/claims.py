"""Claims: whoever marks an answer keeps it for a while, so that two markers never meet at it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from app.services.operating.transactions import Transaction
from app.storage import claims as stored
from app.storage.claims import Held

__all__ = ["KEPT", "Held", "held_by", "held_by_others", "keep_only", "let_go", "take"]

KEPT = timedelta(minutes=10)
"""How long a claim holds when nobody prolongs it."""


def take(tx: Transaction, person_id: int, part: str, item_ids: Collection[int]) -> set[int]:
    """Claim a part of these submitted questions, or prolong that; those that are this person's now."""
    return stored.take(tx, person_id, part, item_ids, tx.now() + KEPT)


def keep_only(tx: Transaction, person_id: int, item_ids: Collection[int]) -> None:
    """Give back every other claim of a person: somebody marks one answer at a time, or one group of them."""
    stored.let_go(tx, person_id, item_ids)


def let_go(tx: Transaction, person_id: int) -> None:
    """Give back every claim of a person."""
    stored.let_go(tx, person_id)


def held_by_others(tx: Transaction, person_id: int, part: str) -> dict[int, Held]:
    """What others are marking at the moment, by submitted question."""
    return {one.submission_item_id: one for one in stored.held(tx, part) if one.person_id != person_id}


def held_by(tx: Transaction, person_id: int, part: str | None = None) -> list[Held]:
    """What a person is marking at the moment, of one part of any question or of all."""
    return [one for one in stored.held(tx, part) if one.person_id == person_id]
