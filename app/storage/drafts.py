"""Queries about drafts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update

from app.storage.tables import Draft, PersonRow
from app.storage.transaction import Transaction


@dataclass(frozen=True, slots=True)
class DraftStand:
    """How far a draft is, and who brought it there."""

    revision: int
    version: int
    title: str
    updated_at: datetime
    updated_by: str


def stand(tx: Transaction, question: str) -> DraftStand | None:
    """How far the draft of a question is, without its files."""
    query = (
        select(Draft.revision, Draft.version, Draft.title, Draft.updated_at, PersonRow.name)
        .outerjoin(PersonRow, PersonRow.id == Draft.updated_by_id)
        .where(Draft.question == question)
    )
    row = tx.session.execute(query).one_or_none()
    if row is None:
        return None
    return DraftStand(row.revision, row.version, row.title, row.updated_at, row.name or "")


def folder(tx: Transaction, question: str) -> dict[str, Any]:
    """The files of a draft; empty where there is none."""
    found: dict[str, Any] | None = tx.session.scalar(select(Draft.folder).where(Draft.question == question))
    return found or {}


def add(tx: Transaction, question: str, folder: dict[str, Any], title: str, version: int, person_id: int) -> bool:
    """Begin a draft; False when there is one already."""
    now = tx.now()
    statement = tx.upsert(Draft).values(
        question=question,
        folder=folder,
        title=title,
        revision=0,
        version=version,
        created_by_id=person_id,
        updated_by_id=person_id,
        created_at=now,
        updated_at=now,
    )
    added = statement.on_conflict_do_nothing(index_elements=["question"]).returning(Draft.question)
    return tx.session.execute(added).scalar() is not None


def change(tx: Transaction, question: str, revision: int, folder: dict[str, Any], title: str, person_id: int) -> bool:
    """Store what follows after this revision; False when it is no longer the newest."""
    statement = (
        update(Draft)
        .where(Draft.question == question, Draft.revision == revision)
        .values(folder=folder, title=title, revision=revision + 1, updated_by_id=person_id, updated_at=tx.now())
        .execution_options(synchronize_session=False)
    )
    return bool(cast("CursorResult[Any]", tx.session.execute(statement)).rowcount)


def remove(tx: Transaction, question: str, revision: int | None = None) -> bool:
    """Throw a draft away (only at this revision, if one is named); False when there was none."""
    statement = delete(Draft).where(Draft.question == question)
    if revision is not None:
        statement = statement.where(Draft.revision == revision)
    statement = statement.execution_options(synchronize_session=False)
    return bool(cast("CursorResult[Any]", tx.session.execute(statement)).rowcount)
