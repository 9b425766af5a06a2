"""Copies of the whole database, made while it is in use: SQLite by its backup API, PostgreSQL by its own tools."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import inspect
from sqlalchemy.engine import make_url

from app.domain.errors import Conflict, Unavailable
from app.storage.engine import Database

LONGEST_SECONDS = 4 * 3600
BUSY_SECONDS = 20


def copy_out(database: Database, target: Path) -> None:
    """Write one consistent copy of the database to a file; savers are not kept waiting.

    Raises:
        Unavailable: it cannot be read or written, or the tools of PostgreSQL are missing; the sentence says which.
    """
    if not database.is_sqlite:
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--file={target}")
        _tool("pg_dump", database.url, *options)
        return
    try:
        with closing(_sqlite(_path(database))) as source, closing(sqlite3.connect(target)) as copy:
            # All pages in one step: in WAL mode a reader keeps nobody from writing, and sees one moment.
            source.backup(copy, progress=_patience())
            copy.execute("PRAGMA journal_mode=DELETE")
            _check(copy)
    except sqlite3.Error as error:
        raise Unavailable(f"The database could not be copied: {error}.") from error


def copy_in(database: Database, source: Path) -> None:
    """Replace everything in the database by a copy; nothing is changed when that fails.

    Raises:
        Conflict: the database is in use.
        Unavailable: the copy cannot be read, or the database not written.
    """
    if not database.is_sqlite:
        options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error")
        name = make_url(database.url).database or ""
        _tool("pg_restore", database.url, *options, f"--dbname={name}", str(source))
        return
    try:
        with closing(sqlite3.connect(source)) as copy, closing(_sqlite(_path(database))) as target:
            _check(copy)
            # Through SQLite and not by moving files: a process that has the old one open sees the new content.
            copy.backup(target, progress=_patience())
            target.execute("PRAGMA journal_mode=WAL")
    except sqlite3.OperationalError as error:
        raise Unavailable(f"The database could not be written: {error}.") from error
    except sqlite3.Error as error:
        raise Unavailable(f"The copy of the database cannot be read: {error}.") from error


def is_empty(database: Database) -> bool:
    """Whether nothing is in the database, not even a table."""
    with database.reading.connect() as connection:
        return not inspect(connection).get_table_names()


def _path(database: Database) -> Path:
    return Path(make_url(database.url).database or "")


def _sqlite(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)


def _patience() -> Callable[[int, int, int], None]:
    """Ends a copying that waits for a lock: left to itself, it would wait for ever."""
    began = time.monotonic()

    def progress(status: int, remaining: int, total: int) -> None:
        if status in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) and time.monotonic() - began >= BUSY_SECONDS:
            raise Conflict("The database is in use: stop Gradus and its workers first.")

    return progress


def _check(connection: sqlite3.Connection) -> None:
    found = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found is None or found[0] != "ok":
        raise sqlite3.DatabaseError(f"it is damaged ({found[0] if found else 'empty'})")


def _tool(name: str, url: str, *options: str) -> None:
    program = shutil.which(name)
    if program is None:
        raise Unavailable(f"The program {name} is not installed; it comes with the client tools of PostgreSQL.")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GRADUS_")}
    try:
        # The password goes through the environment: arguments can be read by everybody on the machine.
        ran = subprocess.run(  # noqa: S603
            [program, "--no-password", *options],
            env=environment | _connection(url),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"{name} did not finish: {error}.") from error
    if ran.returncode:
        # The first lines name the trouble; the versions, where those do not fit, stand in the second.
        said = " ".join(ran.stderr.decode("utf-8", "replace").split("\n")[:2]).strip()
        raise Unavailable(f"{said or f'{name} failed with exit code {ran.returncode}'}")


def _connection(url: str) -> dict[str, str]:
    """The address as the variables that the tools of PostgreSQL read."""
    parsed = make_url(url)
    host = parsed.host or parsed.query.get("host", "")
    given = {
        "PGHOST": host if isinstance(host, str) else host[0],
        "PGPORT": str(parsed.port) if parsed.port else "",
        "PGUSER": parsed.username or "",
        "PGPASSWORD": str(parsed.password) if parsed.password else "",
        "PGDATABASE": parsed.database or "",
    }
    for name, variable in (("sslmode", "PGSSLMODE"), ("sslrootcert", "PGSSLROOTCERT")):
        value = parsed.query.get(name, "")
        given[variable] = value if isinstance(value, str) else value[0]
    return {name: value for name, value in given.items() if value}
