"""`gradus backup` and `gradus restore`, as cron and an operator in a hurry run them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Ended, Run

At = Callable[..., Ended]


@pytest.fixture
def at(run: Run, tmp_path: Path) -> At:
    """Runs `gradus` for an installation, which is a folder."""
    return lambda installation, *arguments: run(*arguments, GRADUS_VAR_PATH=str(tmp_path / installation))


def refused(result: Ended) -> str:
    assert result.returncode == 1
    said = result.stderr.decode()
    assert said.startswith("gradus: ")
    assert "Traceback" not in said
    return said


def test_an_installation_moves_to_another_folder(at: At, tmp_path: Path) -> None:
    assert at("old", "migrate").returncode == 0
    assert at("old", "admin", "create", "root").returncode == 0
    made = at("old", "backup", "gradus.tar.gz")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith(b"Backed up the sqlite database (migration ")
    moved = at("new", "restore", "gradus.tar.gz")
    assert moved.returncode == 0, moved.stderr
    assert b"the database is at " in moved.stdout
    assert (tmp_path / "new" / "secret").read_bytes() == (tmp_path / "old" / "secret").read_bytes()
    assert b"/password/" in at("new", "admin", "link", "root").stdout
    assert "is not empty" in refused(at("new", "restore", "gradus.tar.gz"))
    assert at("new", "restore", "gradus.tar.gz", "--force").returncode == 0
    assert (tmp_path / "new" / "gradus.sqlite3.before-restore").exists()


def test_what_cannot_be_done_is_one_sentence(at: At, tmp_path: Path) -> None:
    assert "no database of Gradus to back up" in refused(at("empty", "backup", "b.tar.gz"))
    assert "No such file or directory" in refused(at("other", "restore", "missing.tar.gz"))
    (tmp_path / "text").write_text("not a backup")
    assert "is no backup of Gradus" in refused(at("other", "restore", "text"))
    assert at("old", "migrate").returncode == 0
    assert "text" in refused(at("old", "backup", "text/below-a-file.tar.gz"))
