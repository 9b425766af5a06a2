"""Queries about blobs: files kept once, found by the hash of what is in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.storage.tables import Blob
from app.storage.transaction import Transaction


def keep(tx: Transaction, sha256: str, media: str, content: bytes) -> None:
    """Store a file unless it is there already."""
    statement = tx.upsert(Blob).values(sha256=sha256, media=media, content=content, created_at=tx.now())
    tx.session.execute(statement.on_conflict_do_nothing(index_elements=["sha256"]))


def kept(tx: Transaction, sha256: str) -> tuple[str, bytes] | None:
    """The media type and the content of a file, if it is there."""
    row: Any = tx.session.execute(select(Blob.media, Blob.content).where(Blob.sha256 == sha256)).one_or_none()
    return None if row is None else (row.media, row.content)
