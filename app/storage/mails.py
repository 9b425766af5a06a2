"""Queries about letters that wait to be sent."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update

from app.storage.tables import Mail
from app.storage.transaction import Transaction


def add(tx: Transaction, address: str, subject: str, body: str) -> None:
    """Write a letter; a duty sends it once this transaction is on disk."""
    tx.session.add(Mail(address=address, subject=subject, body=body, state="waiting", created_at=tx.now()))


def written_since(tx: Transaction, address: str, subject: str, since: datetime) -> bool:
    """Whether somebody was written to with this subject after that moment."""
    mine = (Mail.address == address, Mail.subject == subject, Mail.created_at > since)
    return tx.session.scalar(select(Mail.id).where(*mine).limit(1)) is not None


def mail(tx: Transaction, mail_id: int) -> Mail | None:
    """A letter by number."""
    return tx.session.get(Mail, mail_id)


def waiting(tx: Transaction) -> list[Mail]:
    """The letters that have not been sent, oldest first."""
    query = select(Mail).where(Mail.state == "waiting").order_by(Mail.id).limit(1000)
    return list(tx.session.scalars(query))


def given_up(tx: Transaction, limit: int) -> list[Mail]:
    """The letters that could not be sent, newest first."""
    query = select(Mail).where(Mail.state == "given up").order_by(Mail.id.desc()).limit(limit)
    return list(tx.session.scalars(query))


def forget_address(tx: Transaction, address: str) -> None:
    """Blank every letter to an address; those that wait are not sent any more."""
    mine = Mail.address == address
    tx.session.execute(
        update(Mail).where(mine, Mail.state == "waiting").values(state="given up", last_error="The person was erased.")
    )
    tx.session.execute(update(Mail).where(mine).values(address="", subject="", body=""))
