"""Links that work once and for a while; only a hash of them is kept."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta
from typing import Literal, TypeAlias

from app.domain.errors import NotAllowed
from app.services.operating.transactions import Transaction
from app.storage import links

Purpose: TypeAlias = Literal["first administrator", "password"]
LONGEST_TOKEN = 200
DAY = timedelta(days=1)


class LinkIsOver(NotAllowed):
    """A link that was used, has expired, or never was; which of them stays a secret."""

    def __init__(self) -> None:
        super().__init__("This link does not work any more: it was used, or its time is over. Ask for a new one.")


def hash_of(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def make(tx: Transaction, purpose: Purpose, person_id: int | None, lasting: timedelta) -> str:
    """A new link's token."""
    token = secrets.token_urlsafe(32)
    links.add(tx, hash_of(token), purpose, person_id, tx.now() + lasting)
    return token


def make_from_secret(tx: Transaction, purpose: Purpose, secret: bytes) -> str:
    """A link's token that is the same for every process of this installation for a day, and after a restart."""
    day = int(tx.now().timestamp() // DAY.total_seconds())
    token = hmac.new(secret, f"link:{purpose}:{day}".encode(), hashlib.sha256).hexdigest()
    ends = datetime.fromtimestamp((day + 2) * DAY.total_seconds(), UTC)
    links.add(tx, hash_of(token), purpose, None, ends)
    return token


def person_of(tx: Transaction, token: str, purpose: Purpose) -> int | None:
    """Whose link this is.

    Raises:
        LinkIsOver: it does not work (any more).
    """
    found = links.link(tx, hash_of(token), purpose) if len(token) <= LONGEST_TOKEN else None
    if found is None or found.used_at is not None or found.expires_at <= tx.now():
        raise LinkIsOver
    return found.person_id


def use(tx: Transaction, token: str, purpose: Purpose) -> int | None:
    """Use a link up; whose it is.

    Raises:
        LinkIsOver: it does not work (any more), or somebody was faster.
    """
    person_id = person_of(tx, token, purpose)
    if not links.use(tx, hash_of(token), purpose):
        raise LinkIsOver
    return person_id
