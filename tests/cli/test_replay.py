"""`gradus replay`, as an operator calls it."""

from __future__ import annotations

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


def test_all_marks_there_ever_were_are_asked_for_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def replayed(_settings: Settings, *, every: bool) -> Replay:
        asked.append(every)
        return Replay()

    monkeypatch.setattr(app.main, "replay_marks", replayed)
    for arguments in (["replay"], ["replay", "--all"]):
        assert CliRunner().invoke(cli, arguments).exit_code == 0
    assert asked == [False, True]
