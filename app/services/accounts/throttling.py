"""Slowing down who guesses passwords or codes, per account and address; nobody is ever locked out."""

from __future__ import annotations

import hashlib
import threading
from abc import ABC, abstractmethod
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.services.operating.transactions import Clock, Transactions
from app.storage import failed_tries

FREE_FAILURES = 3
LONGEST_WAIT = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_REMEMBERED = 20_000


@dataclass(frozen=True, slots=True)
class Failures:
    """How many wrong tries there were, and when the last one was."""

    count: int
    last: datetime


class Throttle(ABC):
    """Counts failures per (account, address). After three each waits twice as long as the last, at most 60 s.

    An attacker slows down only that pair: the owner of the account, elsewhere, notices nothing.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def seconds_to_wait(self, account: str, address: str) -> float:
        """How long until the next try is looked at; 0 when it may come now."""
        found = self._find(account, address)
        now = self._clock()
        if found is None or found.count < FREE_FAILURES or now - found.last > FORGOTTEN_AFTER:
            return 0.0
        wait = min(timedelta(seconds=2 ** min(found.count - FREE_FAILURES, 10)), LONGEST_WAIT)
        return max(0.0, (found.last + wait - now).total_seconds())

    @abstractmethod
    def failed(self, account: str, address: str) -> None:
        """A wrong try."""

    @abstractmethod
    def succeeded(self, account: str, address: str) -> None:
        """The right password or code: the counting starts anew."""

    @abstractmethod
    def _find(self, account: str, address: str) -> Failures | None: ...


class ThrottleHere(Throttle):
    """Counts in the memory of this process: for SQLite, which one process serves, and for commands."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], Failures] = OrderedDict()

    def failed(self, account: str, address: str) -> None:
        """A wrong try."""
        now = self._clock()
        with self._lock:
            before = self._failures.pop((account, address), None)
            fresh = before is None or now - before.last > FORGOTTEN_AFTER
            self._failures[account, address] = Failures(1 if fresh or before is None else before.count + 1, now)
            while len(self._failures) > MOST_REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """The right password or code: the counting starts anew."""
        with self._lock:
            self._failures.pop((account, address), None)

    def _find(self, account: str, address: str) -> Failures | None:
        with self._lock:
            return self._failures.get((account, address))


class ThrottleTogether(Throttle):
    """Counts in the database: for PostgreSQL, which several web processes may serve.

    In transactions of its own, since those of the request are undone when it fails. Only a hash of account and address
    is stored, for an hour.
    """

    def __init__(self, transactions: Transactions) -> None:
        super().__init__(transactions.clock)
        self._transactions = transactions

    def failed(self, account: str, address: str) -> None:
        """A wrong try."""
        with self._transactions.writing() as tx:
            failed_tries.add(tx, _key(account, address), tx.now() - FORGOTTEN_AFTER)

    def succeeded(self, account: str, address: str) -> None:
        """The right password or code: the counting starts anew."""
        if self._find(account, address) is not None:
            with self._transactions.writing() as tx:
                failed_tries.forget(tx, _key(account, address))

    def _find(self, account: str, address: str) -> Failures | None:
        with self._transactions.reading() as tx:
            found = failed_tries.find(tx, _key(account, address))
        return None if found is None else Failures(*found)


def throttle_for(transactions: Transactions) -> Throttle:
    """Where wrong tries are counted so that every process that serves this database knows of them."""
    return ThrottleHere(transactions.clock) if transactions.database.is_sqlite else ThrottleTogether(transactions)


def any_forgotten(transactions: Transactions) -> bool:
    """Whether there are wrong tries so old that they are not told any more."""
    with transactions.reading() as tx:
        return failed_tries.any_before(tx, tx.now() - FORGOTTEN_AFTER)


def forget_old(transactions: Transactions) -> int:
    """Remove wrong tries that are not told any more; of how many accounts and addresses."""
    with transactions.writing() as tx:
        return failed_tries.forget_before(tx, tx.now() - FORGOTTEN_AFTER)


def _key(account: str, address: str) -> str:
    return hashlib.sha256(f"{account}\0{address}".encode("utf-8", "replace")).hexdigest()
