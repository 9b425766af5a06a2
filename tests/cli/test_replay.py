"""`gradus replay`, as an operator calls it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

import app.main
from app.cli import cli
from app.services.marking.replay import Difference, Replay
from app.settings import Settings


@pytest.mark.parametrize(
    ("found", "code", "says"),
    [
        (Replay(same=12), 0, "12 marks came out the same"),
        (Replay(same=1, by_others=2, unobserved=3), 0, "2 were observed by the graders of another release"),
        (Replay(same=1, by_others=2, unobserved=3), 0, "1 of 6 marks were compared"),
        (Replay(by_others=1398), 2, "Nothing could be compared"),
        (Replay(unobserved=1), 2, "0 of 1 marks were compared"),
        (Replay(by_others=3, different=[Difference(7, 8, "facts")]), 1, "1 of 4 marks were compared"),
        (Replay(different=[Difference(7, 8, "points")]), 1, "question 7, grading 8: another result (points)"),
    ],
)
def test_it_tells_what_came_out_otherwise(monkeypatch: pytest.MonkeyPatch, found: Replay, code: int, says: str) -> None:
    monkeypatch.setattr(app.main, "replay_marks", lambda settings, every: found)
    told = CliRunner().invoke(cli, ["replay"])
    assert (told.exit_code, says in told.output) == (code, True)


def test_an_empty_database_has_nothing_to_compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADUS_VAR_PATH", str(tmp_path))
    monkeypatch.setenv("GRADUS_GRADING_WORKERS", "1")
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    told = CliRunner().invoke(cli, ["replay"])
    assert told.output == "0 of 0 marks were compared. 0 marks came out the same, byte by byte.\n"


def test_a_database_of_an_older_release_is_refused_and_left_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADUS_VAR_PATH", str(tmp_path))
    monkeypatch.setenv("GRADUS_DATABASE_URL", f"sqlite:///{tmp_path}/old.db")
    told = CliRunner().invoke(cli, ["replay"])
    assert told.exit_code != 0
    assert "run `gradus migrate` first. Nothing was changed." in str(told.exception)
    assert CliRunner().invoke(cli, ["migrate"]).exit_code == 0
    with closing(sqlite3.connect(tmp_path / "old.db")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '0001'")
    refused = CliRunner().invoke(cli, ["replay"])
    assert "The database is at migration 0001" in str(refused.exception)
    with closing(sqlite3.connect(tmp_path / "old.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("0001",)]


def test_all_marks_there_ever_were_are_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def replayed(_settings: Settings, *, every: bool) -> Replay:
        asked.append(every)
        return Replay()

    monkeypatch.setattr(app.main, "replay_marks", replayed)
    for arguments in (["replay"], ["replay", "--all"]):
        assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert asked == [False, True]
