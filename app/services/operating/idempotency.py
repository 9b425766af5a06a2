"""Writes that may be repeated: the same key and the same request have one effect and one answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.domain.errors import InvalidInput
from app.services.operating.transactions import Transaction
from app.storage import idempotency

REMEMBERED = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Request:
    """A write of a program, under the key it has chosen. `digest` stands for everything it asks for."""

    token_id: int
    key: str
    digest: str


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was answered the first time."""

    status: int
    response: Any


def remembered(tx: Transaction, request: Request) -> Remembered | None:
    """The answer given before; None when this key is new.

    Raises:
        InvalidInput: the key belongs to another request.
    """
    found = idempotency.find(tx, request.token_id, request.key)
    if found is None:
        return None
    if found.request_hash != request.digest:
        raise InvalidInput("This key was used for another request. Choose a new one for each.", "Idempotency-Key")
    return Remembered(found.status, found.response)


def remember(tx: Transaction, request: Request, status: int, response: Any) -> bool:
    """Store the answer in the transaction of the effect. False: somebody else was first, and this must be undone."""
    return idempotency.keep(tx, request.token_id, request.key, request.digest, status, response)


def complete(tx: Transaction, request: Request, response: Any) -> None:
    """Store what could be told only after the effect was there."""
    idempotency.replace_answer(tx, request.token_id, request.key, response)


def any_outdated(tx: Transaction) -> bool:
    """Whether there are answers to forget."""
    return idempotency.any_older(tx, tx.now() - REMEMBERED)


def forget_outdated(tx: Transaction) -> int:
    """Forget answers after 24 hours; how many there were."""
    return idempotency.remove_older(tx, tx.now() - REMEMBERED)
