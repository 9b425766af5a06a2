"""Opening a database, and what people hear when that does not work."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.errors import InvalidInput, Unavailable
from app.storage.engine import check_workers, open_database
from app.storage.transaction import Transactions


def test_sqlite_keeps_what_it_promised_through_a_power_cut(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/deeper/still/gradus.sqlite3")
    with database.writing.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    database.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("nonsense", "is no address of a database"),
        ("mysql://localhost/x", "in an SQLite file or in PostgreSQL"),
        ("sqlite://", "in an SQLite file or in PostgreSQL"),
        ("sqlite:////proc/nowhere/gradus.sqlite3", "The folder of the database .* cannot be made"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_in_a_sentence(url: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        open_database(url)


def test_several_web_processes_need_postgresql() -> None:
    check_workers("postgresql+psycopg://host/gradus", 4)
    check_workers("sqlite:///gradus.sqlite3", 1)
    with pytest.raises(InvalidInput, match="4 web processes need PostgreSQL"):
        check_workers("sqlite:///gradus.sqlite3", 4)


def test_a_postgresql_that_is_away_is_a_sentence(tmp_path: Path) -> None:
    database = open_database(f"postgresql+psycopg://nobody@/nothing?host={tmp_path}")
    with (
        pytest.raises(Unavailable, match="The database cannot be reached"),
        Transactions(database).writing() as tx,
    ):
        tx.session.execute(text("SELECT 1"))
    database.close()
