"""Queries about the pages that people drew or uploaded in their attempts."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import delete, func, select

from app.storage.tables import Attempt, AttemptItem, DrawnPage
from app.storage.transaction import Transaction


def keep(tx: Transaction, item_id: int, field: str, sha256: str, png: bytes, size: tuple[int, int]) -> None:
    """Store a page in its field, unless it is there already."""
    width, height = size
    values = {"sha256": sha256, "png": png, "width": width, "height": height, "created_at": tx.now()}
    statement = tx.upsert(DrawnPage).values(attempt_item_id=item_id, field=field, **values)
    tx.session.execute(statement.on_conflict_do_nothing(index_elements=["attempt_item_id", "field", "sha256"]))


def count(tx: Transaction, item_id: int, field: str) -> int:
    """How many pages there are in a field, those that were taken out of the answer again included."""
    query = select(func.count()).where(DrawnPage.attempt_item_id == item_id, DrawnPage.field == field)
    return tx.session.scalar(query) or 0


def names(tx: Transaction, item_ids: Collection[int]) -> dict[tuple[int, str], set[str]]:
    """The pages in these questions of attempts, by question and field."""
    query = select(DrawnPage.attempt_item_id, DrawnPage.field, DrawnPage.sha256)
    found: dict[tuple[int, str], set[str]] = {}
    for item_id, field, sha256 in tx.session.execute(query.where(DrawnPage.attempt_item_id.in_(item_ids))):
        found.setdefault((item_id, field), set()).add(sha256)
    return found


def in_attempt(tx: Transaction, attempt_id: int, sha256: str) -> bytes | None:
    """A page of an attempt as PNG."""
    query = (
        select(DrawnPage.png)
        .join(AttemptItem, AttemptItem.id == DrawnPage.attempt_item_id)
        .where(AttemptItem.attempt_id == attempt_id, DrawnPage.sha256 == sha256)
    )
    return tx.session.scalar(query.limit(1))


def in_field(tx: Transaction, item_id: int, field: str, sha256: str) -> bytes | None:
    """A page of one field as PNG."""
    return tx.session.scalar(
        select(DrawnPage.png).where(
            DrawnPage.attempt_item_id == item_id, DrawnPage.field == field, DrawnPage.sha256 == sha256
        )
    )


def all_of(tx: Transaction, attempt_id: int) -> Iterator[tuple[str, bytes]]:
    """Every page of an attempt, one at a time."""
    query = (
        select(DrawnPage.sha256, DrawnPage.attempt_item_id, DrawnPage.field)
        .join(AttemptItem, AttemptItem.id == DrawnPage.attempt_item_id)
        .where(AttemptItem.attempt_id == attempt_id)
        .order_by(DrawnPage.attempt_item_id, DrawnPage.field, DrawnPage.created_at, DrawnPage.sha256)
    )
    for sha256, item_id, field in tx.session.execute(query).all():
        png = in_field(tx, item_id, field, sha256)
        if png is not None:
            yield sha256, png


def forget(tx: Transaction, person_id: int) -> None:
    """Remove every page of a person."""
    asked = select(AttemptItem.id).join(Attempt, Attempt.id == AttemptItem.attempt_id)
    mine = asked.where(Attempt.person_id == person_id).scalar_subquery()
    tx.session.execute(delete(DrawnPage).where(DrawnPage.attempt_item_id.in_(mine)))
