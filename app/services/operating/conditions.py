"""Whether this installation is well: what is due, and what a watcher has to know before people do."""

from __future__ import annotations

import logging
import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import GradusError
from app.services.operating.transactions import Transaction, Transactions
from app.storage import conditions as stored
from app.storage.schema import newest, revision_of

if TYPE_CHECKING:
    from app.services.bank.trials import Runs

log = logging.getLogger(__name__)

STUCK_AFTER = timedelta(minutes=10)
"""Grading and handing in take seconds: what is due for longer, nobody is doing."""
KEPT_SECONDS = 3.0
SANDBOX_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Queue:
    """Something that is due and has not been done."""

    name: str
    waiting: int
    oldest_seconds: float


@dataclass(frozen=True, slots=True)
class Queues:
    """Everything that waits. `failing`: duties that are being tried again."""

    all: tuple[Queue, ...]
    failing: int
    open_attempts: int


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must be well."""

    name: str
    well: bool
    says: str


def queues(tx: Transaction, grace_seconds: float) -> Queues:
    """What is waiting, and for how long."""
    now = tx.now()
    waiting = (
        ("gradings", stored.ungraded(tx)),
        ("hand-ins", stored.overdue(tx, now - timedelta(seconds=grace_seconds + 1))),
        ("mails", stored.mails(tx)),
        ("webhook deliveries", stored.deliveries(tx)),
    )
    return Queues(
        all=tuple(Queue(name, count, _seconds(now, since)) for name, (count, since) in waiting),
        failing=stored.failing(tx),
        open_attempts=stored.open_attempts(tx),
    )


def _seconds(now: datetime, since: datetime | None) -> float:
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


class Readiness:
    """Looks whether requests can be served well. What it found is kept for some seconds: anybody may ask."""

    def __init__(
        self,
        transactions: Transactions,
        sandbox: Runs,
        *,
        migrations_path: Path,
        var_path: Path,
        min_free_bytes: int,
        grace_seconds: float,
    ) -> None:
        self._transactions = transactions
        self._sandbox = sandbox
        self._newest = newest(migrations_path)
        self._var = var_path
        self._min_free = min_free_bytes
        self._grace = grace_seconds
        self._lock = threading.Lock()
        self._found: tuple[Check, ...] = ()
        self._until = 0.0

    def look(self) -> tuple[Check, ...]:
        """Every check, whatever becomes of the others."""
        # Who comes while somebody is looking hears what was found last: a stuck check must not hold every thread.
        if not self._lock.acquire(blocking=not self._found):
            return self._found
        try:
            if time.monotonic() >= self._until:
                self._found = (
                    _checked("database", self._database),
                    _checked("sandbox", self._graders),
                    _checked("disk", self._disk),
                    _checked("duties", self._duties),
                )
                self._until = time.monotonic() + KEPT_SECONDS
            return self._found
        finally:
            self._lock.release()

    def free_bytes(self) -> int:
        """Free space where Gradus writes."""
        return shutil.disk_usage(self._var).free

    def _database(self) -> str:
        revision = revision_of(self._transactions.database)
        if revision != self._newest:
            raise Trouble(f"it is at migration {revision}, this Gradus needs {self._newest}")
        return f"answers, migration {revision}"

    def _graders(self) -> str:
        self._sandbox.run("describe", {}, lane="interactive", seconds=SANDBOX_SECONDS)
        return "answers"

    def _disk(self) -> str:
        free = self.free_bytes()
        says = f"{free >> 20} MiB free"
        if free < self._min_free:
            raise Trouble(f"{says}, less than {self._min_free >> 20} MiB")
        return says

    def _duties(self) -> str:
        with self._transactions.reading() as tx:
            now = tx.now()
            hand_ins, hand_ins_since = stored.overdue(tx, now - timedelta(seconds=self._grace + 1))
            gradings, gradings_since = stored.ungraded(tx)
            graded_at = stored.newest_grading(tx) if gradings_since is not None else None
        if _long_ago(now, hand_ins_since):
            raise Trouble(f"{hand_ins} attempts should have been handed in long ago")
        # After a large exam the oldest may be old while one grading follows the other.
        if _long_ago(now, gradings_since) and (graded_at is None or _long_ago(now, graded_at)):
            raise Trouble(f"{gradings} answers should have been graded long ago")
        return f"{hand_ins} hand-ins and {gradings} gradings due"


def _long_ago(now: datetime, since: datetime | None) -> bool:
    return since is not None and now - since > STUCK_AFTER


class Trouble(GradusError):
    """A check that failed, in words for the operator."""


def _checked(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except GradusError as trouble:
        log.warning("not ready: %s: %s", name, trouble)
        return Check(name, False, str(trouble))
    except Exception as failure:  # whatever it is, the answer is that this is not well
        log.exception("not ready: %s", name)
        return Check(name, False, f"cannot be checked ({type(failure).__name__})")
