"""Attempts that go on elsewhere than their quiz allows: written down once for each address, and never in the way."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from app.services.operating.transactions import Transactions
from app.services.quizzes.entry_rules import Seen
from app.services.sitting.admission import Where, elsewhere
from app.services.sitting.sitting_events import happened
from app.storage import attempts, quizzes, sitting_events

MOST_REMEMBERED = 20_000
FRESH_SECONDS = 30
"""So long the rules of an attempt are remembered: a save must not cost a question to the database."""


@dataclass(frozen=True, slots=True)
class _Rules:
    """From where and with what an attempt may go on, as of `read_at` (seconds of a clock that never goes back)."""

    networks: str
    browser_keys: str
    read_at: float


class Sightings:
    """One for each process; any thread may ask it."""

    def __init__(self, transactions: Transactions, clock: Callable[[], float] = time.monotonic) -> None:
        self._transactions = transactions
        self._clock = clock
        self._lock = threading.Lock()
        self._rules: OrderedDict[str, _Rules] = OrderedDict()
        self._noted: OrderedDict[tuple[str, Where, str], None] = OrderedDict()

    def remember(self, attempt_id: str, networks: str, browser_keys: str) -> None:
        """The rules of an attempt, known from showing it."""
        with self._lock:
            self._rules[attempt_id] = _Rules(networks, browser_keys, self._clock())
            while len(self._rules) > MOST_REMEMBERED:
                self._rules.popitem(last=False)

    def wants(self, attempt_id: str, seen: Seen) -> bool:
        """Whether `note` might have something to write; asks nobody but the memory."""
        with self._lock:
            rules = self._rules.get(attempt_id)
        if rules is None or self._clock() - rules.read_at > FRESH_SECONDS:
            return True
        where = elsewhere(rules.networks, rules.browser_keys, seen)
        return where is not None and (attempt_id, where, seen.address) not in self._noted

    def note(self, attempt_id: str, seen: Seen) -> None:
        """Write down where an attempt goes on, unless that is allowed or was written before."""
        with self._transactions.reading() as tx:
            found = attempts.attempt(tx, attempt_id)
            if found is None:
                return
            attempt, quiz = found
            watched = not quizzes.only_looks(tx, quiz.course_id, attempt.person_id)
            networks, keys = (quiz.networks, quiz.browser_keys) if watched else ("", "")
        self.remember(attempt_id, networks, keys)
        where = elsewhere(networks, keys, seen)
        if where is not None and (attempt_id, where, seen.address) not in self._noted:
            self._write(attempt_id, where, seen)

    def _write(self, attempt_id: str, where: Where, seen: Seen) -> None:
        with self._transactions.writing() as tx:
            found = attempts.attempt(tx, attempt_id, lock=True)
            if found is None:
                return
            attempt, quiz = found
            earlier = sitting_events.for_attempt(tx, quiz.id, attempt.id, [where])
            if all(event.text != seen.address for event in earlier):
                # As its text, which goes when the person is erased.
                happened(tx, quiz.id, attempt.id, where, text=seen.address, by=attempt.person_id)
        with self._lock:
            self._noted[attempt_id, where, seen.address] = None
            while len(self._noted) > MOST_REMEMBERED:
                self._noted.popitem(last=False)
