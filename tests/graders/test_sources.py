"""Whatever changes in the source of the graders makes them other software, without anybody raising a number."""

from __future__ import annotations

from pathlib import Path

import graders.calls
from graders.sources import ROOMS, name_of, own_sources


def test_the_same_source_has_the_same_name_wherever_it_lies(tmp_path: Path) -> None:
    for place in ("here", "there"):
        (tmp_path / place / "inner").mkdir(parents=True)
        (tmp_path / place / "inner" / "one.py").write_text("1\n")
    assert name_of([tmp_path / "here"]) == name_of([tmp_path / "there"])


def test_a_changed_moved_or_added_module_gives_another_name(tmp_path: Path) -> None:
    file = tmp_path / "one.py"
    file.write_text("limit = 1\n")
    names = [name_of([tmp_path])]
    file.write_text("limit = 2\n")
    names.append(name_of([tmp_path]))
    file.rename(tmp_path / "two.py")
    names.append(name_of([tmp_path]))
    (tmp_path / "three.py").touch()
    names.append(name_of([tmp_path]))
    assert len(set(names)) == 4


def test_gradings_name_the_source_that_graded_them() -> None:
    assert own_sources() == name_of(ROOMS)
    assert own_sources() in graders.calls.CALLS["describe"]({})["fingerprint"]
