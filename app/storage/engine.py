"""Opening the database: SQLite with one writer, PostgreSQL through psycopg; its failures as sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import ExceptionContext, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from app.domain.documents import write
from app.domain.errors import InvalidInput, Unavailable

BUSY_SECONDS = 15
"""How long somebody waits for the database before hearing that it is busy."""


@dataclass(frozen=True, slots=True)
class Database:
    """Two doors to one database. Through `reading` nothing can be changed; `writing` begins with the lock."""

    reading: Engine
    writing: Engine
    url: str

    @property
    def is_sqlite(self) -> bool:
        return self.writing.dialect.name == "sqlite"

    def close(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()


def check_workers(database_url: str, workers: int) -> None:
    """Refuse several web processes on SQLite.

    Raises:
        InvalidInput: the save lane's promise, one writer, holds in one process only.
    """
    if workers > 1 and database_url.startswith("sqlite"):
        raise InvalidInput(
            f"{workers} web processes need PostgreSQL; with SQLite run one (GRADUS_WORKERS=1).",
            place="workers",
        )


def open_database(url: str, *, connections: int = 10) -> Database:
    """The database at this address; for SQLite the folder is made when it is missing.

    Raises:
        InvalidInput: this is no address of a database, or the folder cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise InvalidInput("GRADUS_DATABASE_URL is no address of a database.", place="database_url") from None
    name = parsed.get_backend_name()
    if name == "postgresql":
        return _postgresql(url, connections)
    if name != "sqlite" or not parsed.database or parsed.database == ":memory:":
        raise InvalidInput("Gradus keeps its data in an SQLite file or in PostgreSQL.", place="database_url")
    try:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InvalidInput(
            f"The folder of the database {parsed.database} cannot be made: {error.strerror}.",
            place="database_url",
        ) from None
    return _sqlite(url, connections)


def _sqlite(url: str, connections: int) -> Database:
    def engine(size: int, overflow: int, begin: str, read_only: bool) -> Engine:
        # The writing door holds one connection: a turn is waited for in its queue, without polling.
        made = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=overflow,
            pool_timeout=BUSY_SECONDS,
            json_serializer=write,
            connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
        )

        @event.listens_for(made, "connect")
        def configure(connection: Any, record: object) -> None:
            connection.isolation_level = None  # BEGIN is ours, see below
            cursor = connection.cursor()
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute("PRAGMA secure_delete=ON")  # a survey's words leave the file, not only its tables
            cursor.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            if read_only:
                cursor.execute("PRAGMA query_only=ON")
            cursor.close()

        @event.listens_for(made, "begin")
        def start(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        event.listen(made, "handle_error", _explain)
        return made

    # A deferred transaction that writes after reading fails under load; taking the lock first never does.
    return Database(engine(connections, 3 * connections, "BEGIN", True), engine(1, 0, "BEGIN IMMEDIATE", False), url)


def _postgresql(url: str, connections: int) -> Database:
    def engine(size: int, options: str) -> Engine:
        made = create_engine(
            url,
            pool_size=size,
            max_overflow=size,
            pool_timeout=BUSY_SECONDS,
            pool_pre_ping=True,
            json_serializer=write,
            connect_args={
                "connect_timeout": BUSY_SECONDS,
                "options": f"-c timezone=UTC -c lock_timeout={BUSY_SECONDS}s {options}",
            },
        )
        event.listen(made, "handle_error", _explain)
        return made

    # Two pools: a request that reads and then writes must never wait for one that waits for it.
    return Database(
        engine(connections, "-c default_transaction_read_only=on"), engine(max(1, connections // 2), ""), url
    )


_SQLITE_SAYS = {
    "database or disk is full": "The disk of the server is full; nothing could be stored.",
    "database is locked": "The database is busy.",
    "disk i/o error": "The disk of the server cannot be written; nothing could be stored.",
    "readonly database": "The database cannot be written; nothing could be stored.",
    "unable to open database file": "The database file cannot be opened.",
}
_POSTGRESQL_SAYS = {
    "53100": "The disk of the database server is full; nothing could be stored.",
    "53300": "The database has no free connection.",
    "40001": "The database is busy.",
    "40P01": "The database is busy.",
    "55P03": "The database is busy.",
}
TRY_AGAIN = " Nothing was changed; please try again in a moment."


def _explain(context: ExceptionContext) -> None:
    """What is nobody's mistake becomes a sentence; mistakes in statements stay what they are."""
    original = context.original_exception
    if context.is_pre_ping:
        return  # the pool itself replaces the connection
    says: str | None = None
    if context.dialect.name == "sqlite":
        text = str(original).lower()
        says = next((sentence for part, sentence in _SQLITE_SAYS.items() if part in text), None)
    else:
        says = _POSTGRESQL_SAYS.get(getattr(original, "sqlstate", None) or "")
        if says is None and (context.is_disconnect or context.connection is None):
            says = "The database cannot be reached."
    if says is not None:
        raise Unavailable(says + TRY_AGAIN) from original
