"""Bringing the database to the newest migration.

Most starts find it there already. These take no lock and load no Alembic, which is a twentieth of a start.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from app.domain.errors import InvalidInput
from app.storage.engine import Database

if TYPE_CHECKING:
    from alembic.config import Config


def upgrade(database: Database, migrations_path: Path) -> str:
    """Apply all missing migrations in one transaction and return the revision; processes may race for it.

    Raises:
        InvalidInput: there are no migrations, or the database is newer than this Gradus.
    """
    if not (migrations_path / "env.py").is_file():
        raise InvalidInput(f"There are no migrations in {migrations_path}.", place="migrations_path")
    goal = newest(migrations_path)
    if revision_of(database) == goal:
        return goal
    from alembic import command

    with database.writing.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(471114)"))
        found = _revision(connection)
        if found is not None and not knows(migrations_path, found):
            raise InvalidInput(
                f"The database is at migration {found}, which this version of Gradus does not know. Use a newer one.",
                place="database_url",
            )
        config = _config(migrations_path)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        return _revision(connection) or ""


def refuse_outdated(database: Database, migrations_path: Path) -> None:
    """Let a database pass that is at the newest migration; it is not changed.

    Raises:
        InvalidInput: it is at another one.
    """
    found, goal = revision_of(database), newest(migrations_path)
    if found != goal:
        at = f"at migration {found}" if found else "without a schema"
        raise InvalidInput(
            f"The database is {at}, and this Gradus needs {goal}: run `gradus migrate` first. Nothing was changed.",
            place="database_url",
        )


def revision_of(database: Database) -> str | None:
    """The migration that the database is at; None when it has none."""
    with database.reading.connect() as connection:
        return _revision(connection)


def knows(migrations_path: Path, revision: str) -> bool:
    """Whether a migration is one of ours."""
    return revision in _revisions(migrations_path)


def newest(migrations_path: Path) -> str:
    """The newest migration there is."""
    return max(_revisions(migrations_path), default="")


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def _revisions(migrations_path: Path) -> set[str]:
    # One after the other: the number before the name of each file is its revision.
    return {file.name.partition("_")[0] for file in (migrations_path / "versions").glob("[0-9]*.py")}


def _config(migrations_path: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(migrations_path).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
