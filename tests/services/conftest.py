"""What the tests of the services stand on: both engines, and a small quiz."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.interchange.bank import load_bank
from app.services.operating.transactions import Transactions
from app.settings import read_settings
from app.storage.engine import Database, open_database
from tests.author_desk import Desk
from tests.databases import (
    database,
    empty_database,
    new_database,
    postgresql_server,
    postgresql_template,
    sqlite_template,
    transactions,
)
from tests.quiz_bank import Building, fill
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


@pytest.fixture
def desk(transactions: Transactions, tmp_path: Path) -> Desk:
    """Two authors at a bank of one question, on each engine."""
    return Desk(transactions, tmp_path)


@pytest.fixture
def small_desk(new_database: Callable[[str, bool], str], tmp_path: Path) -> Iterator[Desk]:
    """The same on SQLite, for what does not touch the database's ways."""
    database = open_database(new_database("sqlite", True))
    yield Desk(Transactions(database), tmp_path)
    database.close()


@pytest.fixture
def building(stage: Stage) -> Building:
    """A course with a tagged bank and an instructor, on each engine."""
    return fill(stage)


@pytest.fixture(scope="session")
def bank_packages() -> list[dict[str, Any]]:
    """Every question of the bank, as it is loaded."""
    return [one.package for one in load_bank(read_settings().bank_path) if one.package is not None]
