"""The duty to forget sign-ins that are over, and old tries with wrong passwords or codes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.services.accounts import sessions, throttling
from app.services.operating.transactions import Transactions

TRIES = "failed tries"


class ForgetSessions:
    """Removes expired sessions and old failures; there is one key each."""

    name = "forget sessions"
    every = 600.0

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    def due(self, limit: int) -> Sequence[str]:
        """Whether any sign-in is over, or any failure forgotten."""
        with self._transactions.reading() as tx:
            found = ["all"] if sessions.any_expired(tx) else []
        return [*found, TRIES] if throttling.any_forgotten(self._transactions) else found

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Forget them all."""
        if key == TRIES:
            throttling.forget_old(self._transactions)
            return
        with self._transactions.writing() as tx:
            sessions.forget_expired(tx)

    def give_up(self, key: str, error: str) -> None:
        """Nothing to leave for a person: the next look tries again."""
