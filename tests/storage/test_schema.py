"""The migrated schema is what the tables say, on both engines."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from app.domain.errors import InvalidInput
from app.storage.engine import Database, open_database
from app.storage.schema import knows, newest, upgrade
from app.storage.tables import metadata

MIGRATIONS = Path(__file__).resolve().parents[2] / "migrations"


def test_the_migrations_make_exactly_the_tables_of_the_models(database: Database) -> None:
    with database.writing.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_the_migrations_make_every_check_and_foreign_key_of_the_models(
    database: Database, new_database: Callable[[str, bool], str]
) -> None:
    made = open_database(new_database(database.writing.dialect.name, False))
    metadata.create_all(made.writing)

    def constraints(which: Database) -> dict[str, set[str]]:
        inspector = inspect(which.writing)
        return {
            table: {str(check["name"]) + str(check["sqltext"]) for check in inspector.get_check_constraints(table)}
            # SQLite does not tell the name of a key that came with a column of its own.
            | {f"{key['constrained_columns']} {key['referred_table']}" for key in inspector.get_foreign_keys(table)}
            for table in metadata.tables
        }

    assert constraints(database) == constraints(made)
    made.close()


def test_migrating_twice_changes_nothing(empty_database: Database) -> None:
    assert upgrade(empty_database, MIGRATIONS) == upgrade(empty_database, MIGRATIONS) == "0012"


def test_the_number_before_a_file_is_its_revision_and_the_highest_is_the_head() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    known = {one.revision for one in script.walk_revisions()}
    assert script.get_heads() == [newest(MIGRATIONS)]
    assert {revision for revision in (f"{number:04}" for number in range(100)) if knows(MIGRATIONS, revision)} == known
    assert not knows(MIGRATIONS, "9999")


def test_a_start_at_the_newest_migration_waits_for_nobody_who_writes(database: Database) -> None:
    with database.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(471114)"))
        began = time.monotonic()
        assert upgrade(database, MIGRATIONS) == newest(MIGRATIONS)
        assert time.monotonic() - began < 5  # not the 15 s for which one waits for a lock


def test_a_database_of_a_newer_gradus_is_refused_in_one_sentence(database: Database) -> None:
    with database.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(InvalidInput, match="at migration 9999, which this version of Gradus does not know"):
        upgrade(database, MIGRATIONS)


def test_a_folder_without_migrations_is_named(database: Database, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="There are no migrations in"):
        upgrade(database, tmp_path)
