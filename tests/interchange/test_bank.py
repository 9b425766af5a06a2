"""Question folders: everything wrong is told with file and line, and keeps no other question from loading."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import Problem, QuestionError
from app.interchange.bank import LARGEST_ATTACHMENT, find_question, load_bank, load_question
from app.interchange.yaml import LARGEST_FILE
from tests.question_folders import CASES, QUESTION, write


def problems(folder: Path) -> list[str]:
    loaded = load_question(folder)
    assert (loaded.package is None) == bool(loaded.problems)
    return [str(problem) for problem in loaded.problems]


def test_a_question_in_order_becomes_a_package(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "prompt.de.md").write_text("## only\nAddiere.\n")
    (folder / "prompt-draft.md").write_text("not a language")
    (folder / "files").mkdir()
    (folder / "files" / "curve.csv").write_text("1,2\n")
    loaded = load_question(folder)
    assert loaded.problems == []
    assert loaded.package is not None
    assert loaded.package["question"]["variables"]["b"] == "a + 1"
    assert sorted(loaded.package["prompt"]) == ["", "de"]
    assert loaded.package["files"] == {"curve.csv": {"media": "text/csv", "base64": "MSwyCg=="}}
    assert (loaded.id, loaded.items) == ("sum", ("exam-1",))


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("title:", "titel:", "exam/sum/question.yaml:2, titel: There is no such property."),
        ("title: A sum\n", "", "exam/sum/question.yaml:1, title: This is missing."),
        ("id: sum", "id: [1]", "exam/sum/question.yaml:1, id: A text belongs here."),
        ("id: sum", "id: ../sum", "exam/sum/question.yaml:1, id: This may not be written so; it has to match"),
        ("a + 1", '"a + (1"', 'exam/sum/question.yaml:5, variables.b: The bracket "(" is never closed. (in `a + (1`'),
        ("a + 1", "{x: 1}", "exam/sum/question.yaml:5, variables.b: A variable is an expression, {value: …}"),
        ("points: 1\n", "points: lots\n", "exam/sum/question.yaml:9, parts.0.points: Points are an exact number"),
        ("points: 1\n", "points: [1]\n", "exam/sum/question.yaml:9, parts.0.points: Points are an exact number"),
        ("points: 1,", "", "exam/sum/question.yaml:13, parts.0.criteria.0: A criterion with `when` also needs"),
        ("    item:", "    carry: mu\n    item:", "exam/sum/question.yaml:8, parts.0.carry: A list belongs here."),
        ("    item:", "    form: third\n    item:", "parts.0.form: One of 'first' or 'second' belongs here."),
        ("    item:", "    bonus: maybe\n    item:", "parts.0.bonus: true or false belongs here."),
        ("parts:", "parts: []\nfigures:", "parts: At least 1 belongs here."),
        ("{grader: number, answer: a + b}", "5", "parts.0.fields.total: A map (`name: value`) belongs here."),
        ("total:", "2nd:", "`2nd` cannot be the name of a field"),
        ("id: sum\n", "- id: sum\n", "This is no YAML"),
    ],
)
def test_a_mistake_in_the_question_is_told_with_its_line(tmp_path: Path, old: str, new: str, says: str) -> None:
    assert old in QUESTION
    told = problems(write(tmp_path, question=QUESTION.replace(old, new, 1)))
    assert any(says in one for one in told), told
    assert all(one.startswith("exam/sum/question.yaml:") for one in told)


@pytest.mark.parametrize("text", ["", "# nothing\n", "[1, 2]", "a text"])
def test_a_question_that_is_no_map_is_told_so(tmp_path: Path, text: str) -> None:
    assert problems(write(tmp_path, question=text)) == [
        "exam/sum/question.yaml:1: A question is a map that begins with `id:`."
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: [", "exam/sum/cases.yaml:1: This is no YAML"),
        ("answers: {}", "exam/sum/cases.yaml:1: Cases are a list of maps."),
        ("- 5", "exam/sum/cases.yaml:1, 0: A case is a map with `answers` and `expect` or `marked`."),
        (CASES + "- {expect: {only: 1}}", "exam/sum/cases.yaml:2, 1.answers: `answers` is a map"),
        (CASES + "- {answers: {}}", "exam/sum/cases.yaml:2, 1.expect: `expect` (or `marked`) is a map"),
        ("- {answers: {}, marked: 3}", "exam/sum/cases.yaml:1, 0.marked: `marked` is a map"),
        ("- {answers: {}, expect: []}", "exam/sum/cases.yaml:1, 0.expect: `expect` is a map"),
        ("- {answers: {}, expect: {only: 0}, sed: 1}", "exam/sum/cases.yaml:1, 0.sed: There is no such property"),
        ("- {answers: {}, expect: {only: 0}, seed: -1}", "exam/sum/cases.yaml:1, 0.seed: `seed` is a whole number"),
        ("- {answers: {}, expect: {only: 0}, seed: true}", "exam/sum/cases.yaml:1, 0.seed: `seed` is a whole number"),
        ("- {answers: {}, expect: {only: 0}, decisions: 1}", "exam/sum/cases.yaml:1, 0.decisions: `decisions` is"),
    ],
)
def test_a_mistake_in_the_cases_is_told_with_its_line(tmp_path: Path, text: str, says: str) -> None:
    told = problems(write(tmp_path, cases=text))
    assert len(told) >= 1
    assert told[0].startswith(says)


def test_answers_may_be_missing_as_a_file_but_not_as_a_map(tmp_path: Path) -> None:
    assert problems(write(tmp_path, cases=None)) == []


def test_mistakes_in_several_files_are_all_told(tmp_path: Path) -> None:
    folder = write(tmp_path, question="a: [", prompt=b"\xff", cases="5")
    (folder / "files").mkdir()
    (folder / "files" / "script.py").write_text("")
    (folder / "files" / "huge.png").write_bytes(bytes(LARGEST_ATTACHMENT + 1))
    (folder / "files" / "folder.png").mkdir()
    (folder / "files" / "gone.png").symlink_to("/nowhere/at/all")
    kinds = "An attachment is a file of kind .csv, .gif, .jpeg, .jpg, .png up to 2 MB."
    told = problems(folder)
    assert told[0].startswith("exam/sum/question.yaml:1: This is no YAML")
    assert told[1:] == [
        "exam/sum/prompt.md:1: This file is not UTF-8 text.",
        "exam/sum/cases.yaml:1: Cases are a list of maps.",
        *(f"exam/sum/files/{name}: {kinds}" for name in ("folder.png", "gone.png", "huge.png", "script.py")),
    ]


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({"question": "id: sum\ntitle: ä\n".encode("latin-1")}, "question.yaml:2: This file is not UTF-8 text."),
        ({"prompt": "x" * (LARGEST_FILE + 1)}, "prompt.md: This file is larger than 500 kB."),
        ({"question": "x" * (LARGEST_FILE + 1)}, "question.yaml: This file is larger than 500 kB."),
        ({"solution": "a\0b"}, "solution.md: This file holds a NUL character; it is no text."),
    ],
)
def test_a_file_that_is_no_text_of_reasonable_size_is_told(
    tmp_path: Path, files: dict[str, str | bytes], says: str
) -> None:
    assert problems(write(tmp_path, **files)) == [f"exam/sum/{says}"]


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, prompt=None)
    (folder / "prompt.md").mkdir()
    assert problems(folder) == ["exam/sum/prompt.md: This is no file."]


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write(tmp_path)
    (folder / "files").mkdir()
    (folder / "files" / "a.png").touch()

    def refuse(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(Path, "read_bytes", refuse)
    told = problems(folder)
    assert told[0] == "exam/sum/question.yaml: This file cannot be read: Permission denied."
    assert told[-1] == "exam/sum/files/a.png: This file cannot be read: Permission denied."


def test_a_byte_order_mark_is_no_part_of_a_text(tmp_path: Path) -> None:
    assert problems(write(tmp_path, question="\ufeff" + QUESTION, prompt="\ufeff## only\nx")) == []


def test_a_broken_question_never_keeps_others_from_loading(tmp_path: Path) -> None:
    write(tmp_path, "good")
    write(tmp_path, "zero", question="a: [")
    write(tmp_path, "one", question=b"\xff\xfe\0")
    write(tmp_path, "two", question="id: good\n")  # claims an id, but cannot be used
    write(tmp_path, "three", cases="- 1")
    folder = tmp_path / "exam" / "four"
    (folder / "question.yaml").mkdir(parents=True)
    loaded = {one.folder.name: one for one in load_bank(tmp_path)}
    assert sorted(loaded) == ["four", "good", "one", "three", "two", "zero"]
    assert [name for name, one in loaded.items() if one.package is not None] == ["good"]
    assert all(one.problems for name, one in loaded.items() if name != "good")


def test_of_two_questions_with_one_id_the_second_is_left_out(tmp_path: Path) -> None:
    write(tmp_path, "a", question=QUESTION)
    write(tmp_path, "b", question=QUESTION)
    first, second = load_bank(tmp_path)
    assert first.package is not None
    assert second.package is None
    assert [str(one) for one in second.problems] == ["exam/b/question.yaml:1, id: The id `sum` is taken by exam/a."]


def test_a_bank_that_is_no_folder_is_told(tmp_path: Path) -> None:
    for call in (load_bank, lambda path: find_question(path, "x")):
        with pytest.raises(QuestionError, match=r"There is no folder .*nowhere to read questions from"):
            call(tmp_path / "nowhere")


def test_a_question_is_found_by_id_by_item_and_by_folder_first(tmp_path: Path) -> None:
    write(tmp_path, "a", question=QUESTION.replace("id: sum", "id: other"))
    write(tmp_path, "b", question=QUESTION.replace("exam-1", '"exam-2"'))
    for ref, folder in (("other", "a"), ("exam-1", "a"), ("sum", "b"), ("exam-2", "b")):
        found = find_question(tmp_path, ref)
        assert found is not None
        assert found.folder.name == folder


def test_an_item_is_found_where_its_first_form_is(tmp_path: Path) -> None:
    write(
        tmp_path,
        "a",
        question=QUESTION.replace("id: sum", "id: other").replace("item: exam-1", "item: exam-1\n    form: second"),
    )
    write(tmp_path, "b", question=QUESTION)
    found = find_question(tmp_path, "exam-1")
    assert found is not None
    assert found.folder.name == "b"
    assert (found.items, found.first_forms) == (("exam-1",), ("exam-1",))


@pytest.mark.parametrize("ref", ["..", "../exam", "/etc/passwd", "*", "[", "exam/sum", "exam-", "A sum", "sum\n", ""])
def test_nothing_but_an_id_or_item_finds_a_question(tmp_path: Path, ref: str) -> None:
    write(tmp_path, "sum")
    write(tmp_path, "broken", question=b"\xff")
    assert find_question(tmp_path, ref) is None


def test_a_broken_question_is_found_as_far_as_it_can_be_read(tmp_path: Path) -> None:
    write(tmp_path, "sum", question=QUESTION.replace("points: 1\n", "points: x\n"))
    found = find_question(tmp_path, "exam-1")
    assert found is not None
    assert found.package is None


def test_problems_are_located_in_the_file_they_name(tmp_path: Path) -> None:
    loaded = load_question(write(tmp_path))
    located = loaded.locate([Problem("x", "variables.b"), Problem("y", file="prompt.md", line=2)])
    assert [str(one) for one in located] == [
        "exam/sum/question.yaml:5, variables.b: x",
        "exam/sum/prompt.md:2: y",
    ]
