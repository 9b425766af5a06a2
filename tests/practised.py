"""A small quiz that is practice, in a sandbox whose variants come with hints."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from app.services.operating.transactions import Transactions
from app.storage.tables import Quiz
from tests.small_bank import FakeSandbox

HINTS = ("<p>Gently.</p>", "<p>Now a method.</p>", "<p>Nearly there.</p>")


class HintingSandbox(FakeSandbox):
    """Every part of every question has three hints."""

    def _variant(self, payload: Any) -> Any:
        made = super()._variant(payload)
        parts = payload["package"]["question"]["parts"]
        return made | {"solution": made["solution"] | {"hints": {part["id"]: list(HINTS) for part in parts}}}

    def close(self) -> None:
        """As the real one."""


def practice_only(transactions: Transactions, mode: str = "practice") -> None:
    """Let every quiz be of that mode."""
    with transactions.writing() as tx:
        tx.session.execute(update(Quiz).values(mode=mode))
