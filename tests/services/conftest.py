"""What the tests of this room stand on: both engines."""

from tests.databases import (
    database,
    empty_database,
    new_database,
    postgresql_server,
    postgresql_template,
    sqlite_template,
    transactions,
)

__all__ = [
    "database",
    "empty_database",
    "new_database",
    "postgresql_server",
    "postgresql_template",
    "sqlite_template",
    "transactions",
]
