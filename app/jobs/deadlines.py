"""The duty to hand in what nobody handed in before its time was over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.services.operating.transactions import Transactions
from app.services.sitting import submissions


class HandInOverdue:
    """Hands in attempts once deadline and grace are over, unless paused; its key is the public id of the attempt."""

    name = "hand in overdue"
    every = 5.0

    def __init__(self, transactions: Transactions, grace_seconds: float) -> None:
        self._transactions = transactions
        self._grace_seconds = grace_seconds

    def due(self, limit: int) -> Sequence[str]:
        """Open attempts beyond their deadline and grace."""
        with self._transactions.reading() as tx:
            return submissions.overdue(tx, self._grace_seconds, limit)

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Hand one attempt in, unless that has been done."""
        with self._transactions.writing() as tx:
            submissions.hand_in_overdue(tx, key, self._grace_seconds)

    def give_up(self, key: str, error: str) -> None:
        """Raise, so that it is tried again: an attempt must not stay open for ever."""
        raise RuntimeError(error)
