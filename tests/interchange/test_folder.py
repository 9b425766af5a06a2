"""A question as a folder of files: from disk, in memory, as JSON and back, always the same bytes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.errors import InvalidInput, QuestionError
from app.interchange.bank import load_question
from app.interchange.folder import belongs, from_json, is_text, load_folder, read_folder, to_json
from app.interchange.packages import write_package
from app.interchange.yaml import LARGEST_FILE
from tests.question_folders import write

BANK = Path(__file__).resolve().parents[2] / "question_bank"


@pytest.mark.parametrize("path", sorted(BANK.glob("*/*/question.yaml")), ids=lambda path: path.parent.name)
def test_a_question_in_memory_is_the_one_on_disk(path: Path) -> None:
    loaded = load_question(path.parent)
    again = load_folder(from_json(json.loads(json.dumps(to_json(read_folder(path.parent))))))
    assert again.package == loaded.package
    assert (again.id, again.items, again.lines) == (loaded.id, loaded.items, loaded.lines)


def test_json_keeps_every_byte(tmp_path: Path) -> None:
    folder = write(tmp_path, solution=b"\xff\xfe", prompt="\ufeff## only\r\nx\n")
    (folder / "files").mkdir()
    (folder / "files" / "my net.png").write_bytes(bytes(range(256)))
    (folder / "notes.txt").write_text("nobody's")
    read = read_folder(folder)
    assert sorted(read) == ["cases.yaml", "files/my net.png", "prompt.md", "question.yaml", "solution.md"]
    data = json.loads(json.dumps(to_json(read)))
    assert isinstance(data["prompt.md"], str)
    assert set(data["solution.md"]) == {"base64"}
    assert from_json(data) == read


def test_a_nul_never_becomes_a_text() -> None:
    folder = {"prompt.md": b"a\0b", "question.yaml": b"id: x"}
    assert "\\u0000" not in json.dumps(to_json(folder))
    assert from_json(to_json(folder)) == folder


def test_problems_of_a_folder_in_memory_name_the_file_alone() -> None:
    loaded = load_folder({"question.yaml": b"id: ["})
    assert [(one.file, one.line) for one in loaded.problems] == [("question.yaml", 1)]
    named = load_folder({}, "exam/sum")
    assert [str(one) for one in named.problems] == ["exam/sum/question.yaml: This is no file."]
    assert named.id == "sum"


def test_a_folder_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path, prompt="x" * (LARGEST_FILE + 1))
    with pytest.raises(QuestionError, match=r"prompt.md: This file is larger than 500 kB."):
        read_folder(folder)
    folder = write(tmp_path, "other")
    (folder / "files").mkdir()
    (folder / "files" / "script.py").write_text("")
    assert "script.py" in str(load_folder(read_folder(folder)).problems[0])


@pytest.mark.parametrize("name", ["question.yaml", "cases.yaml", "prompt.md", "prompt.de.md", "solution.pt-BR.md"])
def test_what_is_written_by_hand_is_text(name: str) -> None:
    assert is_text(name)
    assert belongs(name)


@pytest.mark.parametrize("name", ["files/a.png", "files/my net.png", "files/ü.gif"])
def test_attachments_belong_to_a_question(name: str) -> None:
    assert belongs(name)
    assert not is_text(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/etc/passwd",
        "../question.yaml",
        "files/../x.png",
        "files/a/b.png",
        "files/",
        "files/.png",
        "files/a\0b",
        "files/a\\b",
        "files/\ud800",
        "prompt.txt",
        "prompt.german.md",
        "Question.yaml",
        "a/question.yaml",
    ],
)
def test_nothing_else_does(name: str) -> None:
    assert not belongs(name)
    with pytest.raises(InvalidInput, match="has no file called"):
        from_json({name: "x"})


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ([], "A question is a folder of files"),
        ({"prompt.md": 5}, "A file is a text"),
        ({"prompt.md": {"base64": "é"}}, "A file is a text"),
        ({"prompt.md": {"base64": "a"}}, "A file is a text"),
        ({"prompt.md": {"base64": "", "more": 1}}, "A file is a text"),
        ({f"files/{number}.png": "" for number in range(101)}, "at most 100 files"),
        ({f"files/{number}.csv": "x" * 1_900_000 for number in range(5)}, "together have at most 8 MB"),
        ({5: "x"}, "has no file called"),
    ],
)
def test_what_is_no_folder_is_refused_in_words(data: Any, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        from_json(data)


def test_hints_are_part_of_a_question_that_has_some_and_of_no_other(tmp_path: Path) -> None:
    folder = write(tmp_path)
    plain = load_question(folder).package
    assert plain is not None
    assert "hints" not in plain
    (folder / "hints.md").write_text("## only\nThink.\n", encoding="utf-8")
    (folder / "hints.de.md").write_text("## only\nDenk nach.\n", encoding="utf-8")
    loaded = load_question(folder)
    assert loaded.package == plain | {"hints": {"": "## only\nThink.\n", "de": "## only\nDenk nach.\n"}}
    assert is_text("hints.md")
    assert belongs("hints.de.md")
    assert write_package(loaded.package)["hints.de.md"] == b"## only\nDenk nach.\n"
