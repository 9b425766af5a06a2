"""`gradus backup` and `gradus restore`, as cron and an operator in a hurry run them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(gradus: Path, tmp_path: Path) -> Run:
    """Runs `gradus` for an installation, which is a folder."""

    def start(installation: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GRADUS_")}
        environment = kept | {"GRADUS_VAR_PATH": str(tmp_path / installation)}
        return subprocess.run(
            [gradus, *arguments],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return start


def refused(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 1
    assert result.stderr.startswith("gradus: ")
    assert "Traceback" not in result.stderr
    return result.stderr


def test_an_installation_moves_to_another_folder(run: Run, tmp_path: Path) -> None:
    assert run("old", "migrate").returncode == 0
    assert run("old", "admin", "create", "root").returncode == 0
    made = run("old", "backup", "gradus.tar.gz")
    assert made.returncode == 0, made.stderr
    assert made.stdout.startswith("Backed up the sqlite database (migration ")
    moved = run("new", "restore", "gradus.tar.gz")
    assert moved.returncode == 0, moved.stderr
    assert "the database is at " in moved.stdout
    assert (tmp_path / "new" / "secret").read_bytes() == (tmp_path / "old" / "secret").read_bytes()
    assert "/password/" in run("new", "admin", "link", "root").stdout
    assert "is not empty" in refused(run("new", "restore", "gradus.tar.gz"))
    assert run("new", "restore", "gradus.tar.gz", "--force").returncode == 0
    assert (tmp_path / "new" / "gradus.sqlite3.before-restore").exists()


def test_what_cannot_be_done_is_one_sentence(run: Run, tmp_path: Path) -> None:
    assert "no database of Gradus to back up" in refused(run("empty", "backup", "b.tar.gz"))
    assert "No such file or directory" in refused(run("other", "restore", "missing.tar.gz"))
    (tmp_path / "text").write_text("not a backup")
    assert "is no backup of Gradus" in refused(run("other", "restore", "text"))
    assert run("old", "migrate").returncode == 0
    assert "text" in refused(run("old", "backup", "text/below-a-file.tar.gz"))
