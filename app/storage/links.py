"""Queries about links that work once."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select, update

from app.storage.tables import OneTimeLink
from app.storage.transaction import Transaction


def add(tx: Transaction, token_hash: str, purpose: str, person_id: int | None, expires_at: datetime) -> None:
    """Store a link; one that is there already stays as it is."""
    statement = tx.upsert(OneTimeLink).values(
        token_hash=token_hash, purpose=purpose, person_id=person_id, created_at=tx.now(), expires_at=expires_at
    )
    tx.session.execute(statement.on_conflict_do_nothing(index_elements=["token_hash"]))


def link(tx: Transaction, token_hash: str, purpose: str) -> OneTimeLink | None:
    """The link with this token; used or expired ones too."""
    mine = (OneTimeLink.token_hash == token_hash, OneTimeLink.purpose == purpose)
    return tx.session.scalar(select(OneTimeLink).where(*mine))


def use(tx: Transaction, token_hash: str, purpose: str) -> bool:
    """Use a link up; False when somebody was faster, or it is over."""
    statement = (
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == token_hash,
            OneTimeLink.purpose == purpose,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > tx.now(),
        )
        .values(used_at=tx.now())
        .returning(OneTimeLink.token_hash)
    )
    return tx.session.execute(statement).scalar() is not None


def forget(tx: Transaction, person_id: int) -> None:
    """Every link of a person stops working."""
    tx.session.execute(delete(OneTimeLink).where(OneTimeLink.person_id == person_id))


def made_since(tx: Transaction, person_id: int, moment: datetime) -> int:
    """How many links a person was given since then."""
    recent = (OneTimeLink.person_id == person_id, OneTimeLink.created_at > moment)
    return tx.session.scalar(select(func.count()).select_from(OneTimeLink).where(*recent)) or 0
