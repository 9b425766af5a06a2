"""The bank on disk: a folder per question. A question that cannot be loaded never keeps the others from loading."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Problem, QuestionError
from app.domain.questions import Question
from app.interchange.yaml import Lines, line_of, read_yaml

MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".csv": "text/csv",
}
LARGEST_ATTACHMENT = 2_000_000


@dataclass(slots=True)
class LoadedQuestion:
    """One question folder: its package where it could be read, and what is wrong with it."""

    id: str
    folder: Path
    package: dict[str, Any] | None = None
    lines: Lines = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def locate(self, problems: Iterable[Problem]) -> list[Problem]:
        """The same problems with file and line: paths without a file lie in question.yaml."""
        return [
            replace(
                one,
                file=self._file(one.file or "question.yaml"),
                line=one.line or line_of(self.lines, one.path),
            )
            if one.file in ("", "question.yaml")
            else replace(one, file=self._file(one.file))
            for one in problems
        ]

    def _file(self, name: str) -> str:
        return f"{self.folder.parent.name}/{self.folder.name}/{name}"


def load_bank(root: Path) -> list[LoadedQuestion]:
    """All questions below a folder, sorted by folder; two with the same id are a problem of the second.

    Raises:
        QuestionError: there is no such folder.
    """
    if not root.is_dir():
        raise QuestionError([Problem(f"There is no folder {root} to read questions from.")])
    loaded = [load_question(file.parent) for file in sorted(root.glob("*/*/question.yaml"))]
    seen: dict[str, LoadedQuestion] = {}
    for one in loaded:
        if one.id in seen:
            other = seen[one.id].folder
            says = f"The id `{one.id}` is taken by {other.parent.name}/{other.name}."
            one.problems += one.locate([Problem(says, "id")])
            one.package = None
        else:
            seen[one.id] = one
    return loaded


def load_question(folder: Path) -> LoadedQuestion:
    """One question folder; every problem is collected, nothing is raised."""
    loaded = LoadedQuestion(folder.name, folder)
    try:
        data, loaded.lines = read_yaml(_text(folder / "question.yaml"), "question.yaml")
        if not isinstance(data, dict):
            raise QuestionError(
                [Problem("A question is a map that begins with `id:`.", file="question.yaml")]
            )
        loaded.id = str(data.get("id", folder.name))
        package = {
            "question": data,
            "prompt": _texts(folder, "prompt"),
            "solution": _texts(folder, "solution"),
            "cases": _cases(folder),
            "files": _files(folder),
        }
        Question.model_validate(data)
    except ValidationError as error:
        loaded.problems = loaded.locate(_problem(detail) for detail in error.errors())
    except QuestionError as error:
        loaded.problems = loaded.locate(error.problems)
    else:
        loaded.package = package
    return loaded


def _problem(detail: Any) -> Problem:
    plain = {"missing": "This is missing.", "extra_forbidden": "There is no such property."}
    says = plain.get(detail["type"], str(detail["msg"]).removeprefix("Value error, "))
    return Problem(says, ".".join(str(step) for step in detail["loc"]))


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise QuestionError([Problem("This file is not UTF-8 text.", file=file.name)]) from None
    except OSError as error:
        raise QuestionError(
            [Problem(f"This file cannot be read: {error.strerror}.", file=file.name)]
        ) from None


def _texts(folder: Path, noun: str) -> dict[str, str]:
    """`prompt.md` is the default text (""), `prompt.de.md` the German one."""
    texts: dict[str, str] = {}
    for file in sorted(folder.glob(f"{noun}*.md")):
        language = file.name.removeprefix(noun).removesuffix(".md").removeprefix(".")
        texts[language] = _text(file)
    return texts


def _cases(folder: Path) -> list[Any]:
    file = folder / "cases.yaml"
    if not file.exists():
        return []
    data, _ = read_yaml(_text(file), file.name)
    if not isinstance(data, list) or not all(
        isinstance(case, dict) and {"answers", "expect"} <= set(case) for case in data
    ):
        raise QuestionError(
            [Problem("Cases are a list of maps with `answers` and `expect`.", file=file.name, line=1)]
        )
    return data


def _files(folder: Path) -> dict[str, Any]:
    files: dict[str, Any] = {}
    for file in sorted((folder / "files").glob("*")):
        media = MEDIA.get(file.suffix.lower())
        if media is None or not file.is_file() or file.stat().st_size > LARGEST_ATTACHMENT:
            kinds = ", ".join(sorted(MEDIA))
            says = f"An attachment is a file of kind {kinds} up to {LARGEST_ATTACHMENT // 1_000_000} MB."
            raise QuestionError([Problem(says, file=f"files/{file.name}")])
        files[file.name] = {"media": media, "base64": base64.b64encode(file.read_bytes()).decode()}
    return files


def find_question(root: Path, ref: str) -> LoadedQuestion | None:
    """The question that has this id or carries this item, reading no more files than needed."""
    if not root.is_dir():
        raise QuestionError([Problem(f"There is no folder {root} to read questions from.")])
    named = [file.parent for file in root.glob("*/*/question.yaml") if file.parent.name == ref]
    others = [
        file.parent
        for file in sorted(root.glob("*/*/question.yaml"))
        if file.parent.name != ref and ref in file.read_text(encoding="utf-8", errors="replace")
    ]
    for folder in named + others:
        loaded = load_question(folder)
        items = [part.get("item") for part in _parts(loaded)]
        if ref in (loaded.id, *items):
            return loaded
    return None


def _parts(loaded: LoadedQuestion) -> list[dict[str, Any]]:
    return [] if loaded.package is None else list(loaded.package["question"]["parts"])
