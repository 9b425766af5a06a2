"""The duty to send letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.services.operating import mails
from app.services.operating.postman import Postman, Undeliverable
from app.services.operating.transactions import Transactions


class SendMails:
    """Sends every letter that waits; the key is its number. Without a mail server nothing is due."""

    name = "send mails"
    every = 2.0

    def __init__(self, transactions: Transactions, postman: Postman) -> None:
        self._transactions = transactions
        self._postman = postman

    def due(self, limit: int) -> Sequence[str]:
        """Letters whose next try has come."""
        if not self._postman.works:
            return []
        with self._transactions.reading() as tx:
            return [str(number) for number in mails.due(tx, limit)]

    def do(self, key: str, stopping: Callable[[], bool]) -> None:
        """Send one letter, unless that is settled. A letter that is not taken waits longer each time."""
        with self._transactions.reading() as tx:
            letter = mails.take(tx, int(key))
        if letter is None:
            return
        try:
            self._postman.send(letter)
        except Undeliverable as refused:
            with self._transactions.writing() as tx:
                mails.failed(tx, letter.id, str(refused), for_good=refused.for_good)
            return
        with self._transactions.writing() as tx:
            mails.sent(tx, letter.id)

    def give_up(self, key: str, error: str) -> None:
        """Leave the reason for an administrator."""
        with self._transactions.writing() as tx:
            mails.failed(tx, int(key), error, for_good=True)
