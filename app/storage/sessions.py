"""Queries about who is signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from app.storage.tables import PersonRow, SessionRow
from app.storage.transaction import Transaction


def add_session(tx: Transaction, token_hash: str, person_id: int, expires_at: datetime) -> None:
    row = SessionRow(token_hash=token_hash, person_id=person_id, created_at=tx.now(), expires_at=expires_at)
    tx.session.add(row)


def session_with_person(tx: Transaction, token_hash: str) -> tuple[SessionRow, PersonRow] | None:
    found = tx.session.execute(
        select(SessionRow, PersonRow)
        .join(PersonRow, PersonRow.id == SessionRow.person_id)
        .where(SessionRow.token_hash == token_hash)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def remove_session(tx: Transaction, token_hash: str) -> None:
    tx.session.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash))


def any_expired(tx: Transaction) -> bool:
    expired = select(SessionRow.token_hash).where(SessionRow.expires_at < tx.now()).limit(1)
    return tx.session.scalar(expired) is not None


def remove_expired(tx: Transaction) -> int:
    result = tx.session.execute(delete(SessionRow).where(SessionRow.expires_at < tx.now()))
    return cast("CursorResult[Any]", result).rowcount
