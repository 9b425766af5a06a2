"""Opening a database, and what people hear when that does not work."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from app.domain.errors import InvalidInput, Unavailable
from app.storage.engine import check_workers, open_database
from app.storage.transaction import Transactions


def test_sqlite_keeps_what_it_promised_through_a_power_cut_and_nothing_that_was_deleted(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/deeper/still/gradus.sqlite3")
    with database.writing.connect() as connection:
        settings = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    database.close()


def test_what_is_deleted_from_sqlite_leaves_the_file_that_backups_copy(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/gradus.sqlite3")
    with Transactions(database).writing() as tx:
        tx.session.execute(text("CREATE TABLE said (words TEXT)"))
        tx.session.execute(text("INSERT INTO said VALUES ('The lecturer mumbles'), ('The lecturer sings')"))
    with Transactions(database).writing() as tx:
        tx.session.execute(text("DELETE FROM said WHERE words LIKE '%mumbles'"))
    database.close()
    kept = (tmp_path / "gradus.sqlite3").read_bytes()
    assert b"The lecturer sings" in kept
    assert b"mumbles" not in kept


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
