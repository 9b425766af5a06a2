"""Slowing down who guesses passwords, per account and address; nobody is ever locked out."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

FREE_FAILURES = 3
LONGEST_WAIT = timedelta(seconds=60)
FORGOTTEN_AFTER = timedelta(hours=1)
MOST_REMEMBERED = 20_000


@dataclass(slots=True)
class _Failures:
    count: int
    last: datetime


class Throttle:
    """Counts failures per (account, address). After three each waits twice as long as the last, at most 60 s.

    An attacker slows down only that pair: the owner of the account, elsewhere, notices nothing.
    """

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    def seconds_to_wait(self, account: str, address: str) -> float:
        """How long until the next try is looked at; 0 when it may come now."""
        with self._lock:
            found = self._failures.get((account, address))
            if found is None or found.count < FREE_FAILURES:
                return 0.0
            now = self._clock()
            if now - found.last > FORGOTTEN_AFTER:
                del self._failures[account, address]
                return 0.0
            wait = min(timedelta(seconds=2 ** min(found.count - FREE_FAILURES, 10)), LONGEST_WAIT)
            return max(0.0, (found.last + wait - now).total_seconds())

    def failed(self, account: str, address: str) -> None:
        """A try with a wrong password."""
        with self._lock:
            count = self._failures.pop((account, address), _Failures(0, self._clock())).count
            self._failures[account, address] = _Failures(count + 1, self._clock())
            while len(self._failures) > MOST_REMEMBERED:
                self._failures.popitem(last=False)

    def succeeded(self, account: str, address: str) -> None:
        """The right password: the counting starts anew."""
        with self._lock:
            self._failures.pop((account, address), None)
