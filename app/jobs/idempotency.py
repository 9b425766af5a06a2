"""The duty to forget which writes programs might have repeated."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.services.operating import idempotency
from app.services.operating.transactions import Transactions


class ForgetRequests:
    """Removes remembered answers after 24 hours; there is one key."""

    name = "forget requests"
    every = 600.0

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def due(self, limit: int) -> Sequence[str]:
        """Whether any answer is that old."""
        with self._transactions.reading() as tx:
            return ["all"] if idempotency.any_outdated(tx) else []

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Forget them all."""
        with self._transactions.writing() as tx:
            idempotency.forget_outdated(tx)

    def give_up(self, key: str, error: str) -> None:
        """Nothing to leave for a person: the next look tries again."""
