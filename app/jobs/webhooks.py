"""The duty to tell webhooks what has happened."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from app.services.operating import deliveries
from app.services.operating.transactions import Transactions


class DeliverEvents:
    """Sends what is due; its key is the number of a webhook. One at a time: others do not wait for a slow address."""

    name = "deliver events"
    every = 1.0

    def __init__(self, transactions: Transactions, *, private_targets: bool) -> None:
        self._transactions = transactions
        self._private_targets = private_targets
        self._busy = threading.Lock()

    def due(self, limit: int) -> Sequence[str]:
        """Those that have waited longest first; nobody while one is being served."""
        if self._busy.locked():
            return []
        with self._transactions.reading() as tx:
            return [str(number) for number in deliveries.webhooks_due(tx, limit)]

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Send what is due to one webhook. A failure is noted with the delivery, which is tried again by itself."""
        if not self._busy.acquire(blocking=False):
            return  # what is due is found again at the next look; grading needs this thread more
        try:
            deliveries.deliver(self._transactions, int(key), private_targets=self._private_targets, stopping=stopping)
        finally:
            self._busy.release()

    def give_up(self, key: str, error: str) -> None:
        """Raise, so that it is tried again: each delivery is given up by itself, with its reason."""
        raise RuntimeError(error)


class ForgetDeliveries:
    """Forgets the log of deliveries that are settled since three months; there is one key."""

    name = "forget deliveries"
    every = 3600.0

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def due(self, limit: int) -> Sequence[str]:
        """Whether there is anything to forget."""
        with self._transactions.reading() as tx:
            return ["all"] if deliveries.any_settled(tx) else []

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Forget them."""
        with self._transactions.writing() as tx:
            deliveries.forget_settled(tx)

    def give_up(self, key: str, error: str) -> None:
        """Nothing to leave for a person: the next look tries again."""
