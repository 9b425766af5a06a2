"""The duty to forget sign-ins that are over."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.services.accounts import sessions
from app.services.operating.transactions import Transactions


class ForgetSessions:
    """Removes expired sessions; there is one key."""

    name = "forget sessions"
    every = 600.0

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def due(self, limit: int) -> Sequence[str]:
        """Whether any sign-in is over."""
        with self._transactions.reading() as tx:
            return ["all"] if sessions.any_expired(tx) else []

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Forget them all."""
        with self._transactions.writing() as tx:
            sessions.forget_expired(tx)

    def give_up(self, key: str, error: str) -> None:
        """Nothing to leave for a person: the next look tries again."""
