"""Queries about claims: whoever is marking a part of a submitted question keeps it until the claim expires."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select

from app.storage.tables import Claim, PersonRow
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Held:
    """A claim that has not expired, with the name of who holds it."""

    submission_item_id: int
    part: str
    person_id: int
    name: str
    expires_at: datetime


def take(tx: Transaction, person_id: int, part: str, item_ids: Collection[int], until: datetime) -> set[int]:
    """Claim what nobody else holds, and prolong what is held already; the items that are this person's now.

    Rows are written in one order, whoever writes them: two markers wait for each other, never both at once.
    """
    if not item_ids:
        return set()
    now = tx.now()
    rows = [
        {
            "submission_item_id": number,
            "part": part,
            "person_id": person_id,
            "taken_at": now,
            "expires_at": until,
        }
        for number in sorted(item_ids)
    ]
    statement = tx.upsert(Claim).values(rows)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["submission_item_id", "part"],
        set_={"person_id": new.person_id, "taken_at": new.taken_at, "expires_at": new.expires_at},
        where=or_(Claim.expires_at <= now, Claim.person_id == person_id),
    )
    return set(tx.session.scalars(statement.returning(Claim.submission_item_id)))


def let_go(tx: Transaction, person_id: int, keep: Collection[int] = ()) -> None:
    """Give back what a person holds, but for these items. What another transaction is looking at just expires."""
    mine = select(Claim.submission_item_id, Claim.part).where(Claim.person_id == person_id)
    if keep:
        mine = mine.where(Claim.submission_item_id.not_in(keep))
    for number, part in tx.session.execute(mine.with_for_update(skip_locked=True)).all():
        tx.session.execute(
            delete(Claim)
            .where(Claim.submission_item_id == number, Claim.part == part, Claim.person_id == person_id)
            .execution_options(synchronize_session=False)
        )


def held(tx: Transaction, part: str | None = None) -> list[Held]:
    """All claims of this moment, on one part of any question or on all."""
    query = (
        select(Claim.submission_item_id, Claim.part, Claim.person_id, PersonRow.name, Claim.expires_at)
        .join(PersonRow, PersonRow.id == Claim.person_id)
        .where(Claim.expires_at > tx.now())
    )
    if part is not None:
        query = query.where(Claim.part == part)
    return [Held(*row) for row in tx.session.execute(query)]
