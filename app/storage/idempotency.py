"""Queries about the requests that programs may repeat."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from app.storage.tables import IdempotencyKey
from app.storage.transaction import Transaction


def find(tx: Transaction, token_id: int, key: str) -> IdempotencyKey | None:
    """What was answered to the request with this key."""
    query = select(IdempotencyKey).where(IdempotencyKey.token_id == token_id, IdempotencyKey.key == key)
    return tx.session.scalar(query.execution_options(populate_existing=True))


def keep(tx: Transaction, token_id: int, key: str, request_hash: str, status: int, response: Any) -> bool:
    """Store an answer; False when there is one of this key already. Waits for whoever is storing one just now."""
    tx.session.flush()  # the effect comes first: what it violates must not be taken for a violation of the key
    statement = tx.upsert(IdempotencyKey).values(
        token_id=token_id,
        key=key,
        request_hash=request_hash,
        status=status,
        response=response,
        created_at=tx.now(),
    )
    kept = statement.on_conflict_do_nothing(index_elements=["token_id", "key"]).returning(IdempotencyKey.status)
    return tx.session.execute(kept).scalar() is not None


def replace_answer(tx: Transaction, token_id: int, key: str, response: Any) -> None:
    """Store another answer in place of the one that was kept."""
    mine = (IdempotencyKey.token_id == token_id, IdempotencyKey.key == key)
    tx.session.execute(update(IdempotencyKey).where(*mine).values(response=response))


def any_older(tx: Transaction, before: datetime) -> bool:
    """Whether there are answers from before that moment."""
    query = select(IdempotencyKey.key).where(IdempotencyKey.created_at < before).limit(1)
    return tx.session.scalar(query) is not None


def remove_older(tx: Transaction, before: datetime) -> int:
    """Remove answers from before that moment; how many there were."""
    result = tx.session.execute(delete(IdempotencyKey).where(IdempotencyKey.created_at < before))
    return cast("CursorResult[Any]", result).rowcount
