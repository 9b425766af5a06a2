"""What the tests of the services stand on: both engines, and a small quiz."""

from __future__ import annotations

import pytest

from app.storage.engine import Database
from tests.databases import (
    database,
    empty_database,
    new_database,
    postgresql_server,
    postgresql_template,
    sqlite_template,
    transactions,
)
from tests.small_bank import Stage, set_the_stage

__all__ = [
    "database",
    "empty_database",
    "new_database",
    "postgresql_server",
    "postgresql_template",
    "sqlite_template",
    "transactions",
]


@pytest.fixture
def stage(database: Database) -> Stage:
    """A quiz of two questions and two students, on each engine."""
    return set_the_stage(database, seeds="printed_first")
