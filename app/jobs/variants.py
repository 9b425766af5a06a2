"""The duty to make variants ahead, so that hundreds of people starting at once wait for none."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.services.operating.transactions import Transactions
from app.services.quizzes import variants_ahead

if TYPE_CHECKING:
    from app.services.bank.trials import Runs


class MakeVariantsAhead:
    """Makes what first attempts at published quizzes will need; the key is a question version and a seed."""

    name = "make variants"
    every = 10.0

    def __init__(self, transactions: Transactions, sandbox: Runs) -> None:
        self._transactions = transactions
        self._sandbox = sandbox
        # Looking is cheap for quizzes in which nobody has come or gone since all was there.
        self._complete: dict[int, variants_ahead.Coming] = {}
        self._given_up: set[str] = set()

    def due(self, limit: int) -> Sequence[str]:
        """The quizzes that open first come first."""
        keys: dict[str, None] = {}
        with self._transactions.reading() as tx:
            for quiz in variants_ahead.coming(tx):
                if self._complete.get(quiz.quiz_id) == quiz:
                    continue
                found = [key for key in variants_ahead.missing(tx, quiz.quiz_id) if key not in self._given_up]
                keys |= dict.fromkeys(found)
                if not found:
                    self._complete[quiz.quiz_id] = quiz
                if len(keys) >= limit:
                    break
        return list(keys)[:limit]

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Make one variant, unless that has been done."""
        with self._transactions.reading() as tx:
            made = variants_ahead.make(tx, self._sandbox, key)
        if made:
            with self._transactions.writing() as tx:
                variants_ahead.keep(tx, made)

    def give_up(self, key: str, error: str) -> None:
        """Leave it to whoever starts with it: they are told what is wrong, and a person sees it."""
        self._given_up.add(key)
