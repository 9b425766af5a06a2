"""Bringing the database to the newest migration."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.domain.errors import InvalidInput
from app.storage.engine import Database


def _config(migrations_path: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_path).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def upgrade(database: Database, migrations_path: Path) -> str:
    """Apply all missing migrations in one transaction and return the revision; processes may race for it.

    Raises:
        InvalidInput: there are no migrations, or the database is newer than this Gradus.
    """
    if not (migrations_path / "env.py").is_file():
        raise InvalidInput(f"There are no migrations in {migrations_path}.", place="migrations_path")
    config = _config(migrations_path)
    script = ScriptDirectory.from_config(config)
    with database.writing.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(471114)"))
        found = MigrationContext.configure(connection).get_current_revision()
        known = {revision.revision for revision in script.walk_revisions()}
        if found is not None and found not in known:
            raise InvalidInput(
                f"The database is at migration {found}, which this version of Gradus does not know. Use a newer one.",
                place="database_url",
            )
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        revision = MigrationContext.configure(connection).get_current_revision()
    return revision or ""


def revision_of(database: Database) -> str | None:
    """The migration that the database is at; None when it has none."""
    with database.reading.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def knows(migrations_path: Path, revision: str) -> bool:
    """Whether a migration is one of ours."""
    return any(
        one.revision == revision for one in ScriptDirectory.from_config(_config(migrations_path)).walk_revisions()
    )


def newest(migrations_path: Path) -> str:
    """The newest migration there is."""
    return ScriptDirectory.from_config(_config(migrations_path)).get_current_head() or ""
