"""The transaction: begun by whoever stands at the edge, committed there and nowhere else."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import cast

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import Session

from app.domain.errors import GradusError, Unavailable
from app.storage.engine import TRY_AGAIN, Database
from app.storage.tables import AuditEntry, Row

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def insert_for(dialect: str, row: type[Row]) -> sqlite.Insert | postgresql.Insert:
    """An INSERT for this row that knows ON CONFLICT, which both engines spell alike."""
    table = cast(Table, row.__table__)
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


class Transaction:
    """One transaction, handed down to services and queries. It begins at its first query."""

    def __init__(self, session: Session, clock: Clock) -> None:
        self.session = session
        self._clock = clock
        self._afterwards: list[Callable[[], None]] = []

    def now(self) -> datetime:
        """The server's time, in UTC; the only clock that counts."""
        return self._clock()

    def afterwards(self, action: Callable[[], None]) -> None:
        """Do something once the transaction is on disk; not at all when it fails."""
        self._afterwards.append(action)

    def upsert(self, row: type[Row]) -> sqlite.Insert | postgresql.Insert:
        """An INSERT for this row and this engine that knows ON CONFLICT."""
        return insert_for(self.session.get_bind().dialect.name, row)

    def record(self, person_id: int | None, action: str, subject: str, **details: str | int) -> None:
        """Write into the audit who did what to which thing."""
        entry = AuditEntry(at=self.now(), person_id=person_id, action=action, subject=subject, details=details)
        self.session.add(entry)

    def committed(self) -> None:
        """Called by the edge after COMMIT."""
        for action in self._afterwards:
            try:
                action()
            except Exception:  # what was promised is on disk; the sweep makes up for a lost wake-up
                log.exception("after a COMMIT")


class Transactions:
    """Where transactions come from. One object per process, shared by all threads."""

    def __init__(self, database: Database, clock: Clock = utc_now) -> None:
        self.database = database
        self.clock = clock

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """A transaction that can only read; the engine itself refuses everything else."""
        with Session(self.database.reading, expire_on_commit=False) as session, _sentences():
            yield Transaction(session, self.clock)

    @contextmanager
    def writing(self) -> Iterator[Transaction]:
        """A transaction that is committed at the end of the block, or not at all.

        Raises:
            Unavailable: COMMIT failed; nothing was changed.
        """
        with Session(self.database.writing, expire_on_commit=False) as session:
            transaction = Transaction(session, self.clock)
            with _sentences():
                yield transaction
                session.flush()
                try:
                    session.commit()
                except Exception as error:
                    # Nobody knows what the connection is in the middle of; another one begins afresh.
                    session.invalidate()
                    if isinstance(error, GradusError):
                        raise
                    log.exception("COMMIT failed")
                    raise Unavailable("The database could not store this." + TRY_AGAIN) from error
        transaction.committed()


@contextmanager
def _sentences() -> Iterator[None]:
    try:
        yield
    except PoolTimeout as error:
        raise Unavailable("The database is busy." + TRY_AGAIN) from error
