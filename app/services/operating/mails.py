"""Letters: writing them with what they are about, and what became of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.operating.transactions import Transaction
from app.storage import mails

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (0, 30, 120, 600, 1800, 3600))
"""How long after it was written each try comes at the earliest; after the last one a letter is given up."""
LONGEST_ERROR = 500


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter to be sent."""

    id: int
    address: str
    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A letter that could not be sent, and why."""

    address: str
    subject: str
    why: str
    written_at: datetime


def write_reset(tx: Transaction, address: str, *, name: str, login: str, link: str) -> None:
    """Write the letter with a link for a new password."""
    body = (
        f"Hello {name},\n\n"
        f"somebody, probably you, asked for a new password for your Gradus account “{login}”.\n"
        f"Choose it here within two hours:\n\n{link}\n\n"
        "If it was not you, do nothing: your password stays as it is.\n"
    )
    mails.add(tx, address, "A new password for Gradus", body)


def write_notice(
    tx: Transaction,
    address: str,
    subject: str,
    name: str,
    says: str,
    link: str,
    *,
    at_most_every: timedelta | None = None,
) -> None:
    """Write a letter that says something happened, and where; not again within `at_most_every` under that subject."""
    if at_most_every is not None and mails.written_since(tx, address, subject, tx.now() - at_most_every):
        return
    mails.add(tx, address, subject, f"Hello {name},\n\n{says}\n\n{link}\n")


def due(tx: Transaction, limit: int) -> list[int]:
    """The letters whose next try has come."""
    now = tx.now()
    ready = (row.id for row in mails.waiting(tx) if now >= row.created_at + PAUSES[min(row.tries, len(PAUSES) - 1)])
    return [number for number, _ in zip(ready, range(limit), strict=False)]


def take(tx: Transaction, mail_id: int) -> Letter | None:
    """A letter to send; None when that is settled."""
    row = mails.mail(tx, mail_id)
    if row is None or row.state != "waiting":
        return None
    return Letter(row.id, row.address, row.subject, row.body)


def sent(tx: Transaction, mail_id: int) -> None:
    """A letter is on its way. Its text is forgotten: it may hold a link."""
    row = mails.mail(tx, mail_id)
    if row is not None:
        row.state, row.body, row.sent_at, row.last_error = "sent", "", tx.now(), ""
        row.tries += 1


def failed(tx: Transaction, mail_id: int, why: str, *, for_good: bool) -> None:
    """A letter could not be sent: it is tried again later, or given up with the reason."""
    row = mails.mail(tx, mail_id)
    if row is None or row.state != "waiting":
        return
    row.tries += 1
    row.last_error = why[:LONGEST_ERROR]
    if for_good or row.tries >= len(PAUSES):
        row.state, row.body = "given up", ""


def undelivered(tx: Transaction) -> tuple[Undelivered, ...]:
    """The newest letters that could not be sent."""
    rows = mails.given_up(tx, 20)
    return tuple(Undelivered(row.address, row.subject, row.last_error, row.created_at) for row in rows if row.address)
