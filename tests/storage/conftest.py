"""What storage tests stand on: both engines, a class before its quiz, and the lane through which answers are saved."""

from collections.abc import Callable, Iterator

import pytest

from app.storage.engine import Database, open_database
from app.storage.save_lane import SaveLane
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
    return set_the_stage(database, minutes=60)


@pytest.fixture
def small_stage(new_database: Callable[[str, bool], str]) -> Iterator[Stage]:
    """On SQLite only; every example has an attempt of its own."""
    database = open_database(new_database("sqlite", True))
    yield set_the_stage(database, minutes=60)
    database.close()


@pytest.fixture
def lane(stage: Stage) -> Iterator[SaveLane]:
    lane = SaveLane(stage.transactions, grace_seconds=30)
    yield lane
    lane.close()
