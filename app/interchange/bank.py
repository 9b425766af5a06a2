"""The bank on disk: a folder per question. A question that cannot be loaded never keeps the others from loading."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from app.domain.errors import Problem, QuestionError
from app.domain.questions import Question
from app.domain.validation import problems_of
from app.interchange.yaml import LARGEST_FILE, Lines, line_of, read_yaml

MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".csv": "text/csv",
}
LARGEST_ATTACHMENT = 2_000_000
CASE_KEYS = ("case", "seed", "answers", "decisions", "reading", "expect")


@dataclass(slots=True)
class LoadedQuestion:
    """One question folder: its package if nothing is wrong with it; id and items as far as they can be read."""

    id: str
    folder: Path
    package: dict[str, Any] | None = None
    lines: Lines = field(default_factory=dict)
    items: tuple[str, ...] = ()
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
    """All questions below a folder, sorted by folder; of two with the same id the second is left out.

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
        elif one.package is not None:  # What cannot be used takes no id from what can.
            seen[one.id] = one
    return loaded


def load_question(folder: Path) -> LoadedQuestion:
    """One question folder; every problem is collected, nothing is raised."""
    loaded = LoadedQuestion(folder.name, folder)
    problems: list[Problem] = []

    def collected(read: Callable[[Path], Any]) -> Any:
        try:
            return read(folder)
        except ValidationError as error:
            problems.extend(problems_of(error))
        except QuestionError as error:
            problems.extend(error.problems)
        return None

    package = {
        "question": collected(partial(_question, loaded)),
        "prompt": collected(partial(_texts, "prompt")),
        "solution": collected(partial(_texts, "solution")),
        "cases": collected(_cases),
        "files": collected(_files),
    }
    if problems:
        loaded.problems = loaded.locate(problems)
    else:
        loaded.package = package
    return loaded


def _question(loaded: LoadedQuestion, folder: Path) -> dict[str, Any]:
    data, loaded.lines = read_yaml(_text(folder / "question.yaml"), "question.yaml")
    if not isinstance(data, dict):
        raise QuestionError([Problem("A question is a map that begins with `id:`.", file="question.yaml", line=1)])
    if isinstance(data.get("id"), str):
        loaded.id = data["id"]
    parts = data.get("parts")
    loaded.items = tuple(
        part["item"]
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict) and isinstance(part.get("item"), str)
    )
    Question.model_validate(data)
    return data


def _text(file: Path) -> str:
    says = None
    try:
        if not file.is_file():
            says = "This is no file."
        elif file.stat().st_size > LARGEST_FILE:
            says = f"This file is larger than {LARGEST_FILE // 1000} kB."
        else:
            text = file.read_text(encoding="utf-8-sig")
            if "\0" not in text or file.suffix == ".yaml":
                return text
            says = "This file holds a NUL character; it is no text."
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise QuestionError([Problem("This file is not UTF-8 text.", file=file.name, line=line)]) from None
    except OSError as error:
        says = f"This file cannot be read: {error.strerror}."
    raise QuestionError([Problem(says, file=file.name)])


def _texts(noun: str, folder: Path) -> dict[str, str]:
    """`prompt.md` is the default text (""), `prompt.de.md` the German one."""
    texts: dict[str, str] = {}
    for file in sorted(folder.glob(f"{noun}*.md")):
        named = re.fullmatch(noun + r"(?:\.([A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*))?\.md", file.name)
        if named is not None:
            texts[named[1] or ""] = _text(file)
    return texts


def _cases(folder: Path) -> list[Any]:
    file = folder / "cases.yaml"
    if not file.exists():
        return []
    data, lines = read_yaml(_text(file), file.name)
    if not isinstance(data, list):
        raise QuestionError([Problem("Cases are a list of maps.", file=file.name, line=1)])
    problems = [
        Problem(says, path, file.name, line_of(lines, path))
        for number, case in enumerate(data)
        for path, says in _case_problems(case, str(number))
    ]
    if problems:
        raise QuestionError(problems)
    return data


def _case_problems(case: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(case, dict):
        yield path, "A case is a map with `answers` and `expect`."
        return
    for name in case:
        if name not in CASE_KEYS:
            yield f"{path}.{name}", f"There is no such property; a case has {', '.join(CASE_KEYS)}."
    if not isinstance(case.get("answers", ""), dict):
        yield f"{path}.answers", "`answers` is a map from field to answer; {} leaves all blank."
    if not case.get("expect") or not isinstance(case["expect"], dict):
        yield f"{path}.expect", "`expect` is a map from part or part.criterion to points."
    seed = case.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        yield f"{path}.seed", "`seed` is a whole number from 0."
    if not isinstance(case.get("decisions", {}), dict):
        yield f"{path}.decisions", "`decisions` is a map from part.criterion to points."


def _files(folder: Path) -> dict[str, Any]:
    files: dict[str, Any] = {}
    problems: list[Problem] = []
    for file in sorted((folder / "files").glob("*")):
        media = MEDIA.get(file.suffix.lower())
        try:
            if media is not None and file.is_file() and file.stat().st_size <= LARGEST_ATTACHMENT:
                files[file.name] = {"media": media, "base64": base64.b64encode(file.read_bytes()).decode()}
                continue
            kinds = ", ".join(sorted(MEDIA))
            says = f"An attachment is a file of kind {kinds} up to {LARGEST_ATTACHMENT // 1_000_000} MB."
        except OSError as error:
            says = f"This file cannot be read: {error.strerror}."
        problems.append(Problem(says, file=f"files/{file.name}"))
    if problems:
        raise QuestionError(problems)
    return files


def find_question(root: Path, ref: str) -> LoadedQuestion | None:
    """The question that has this id or carries this item, reading no more files than needed.

    Raises:
        QuestionError: there is no such folder.
    """
    if not root.is_dir():
        raise QuestionError([Problem(f"There is no folder {root} to read questions from.")])
    folders = sorted(file.parent for file in root.glob("*/*/question.yaml"))
    named = [folder for folder in folders if folder.name == ref]
    mentioning = (folder for folder in folders if folder.name != ref and _mentions(folder, ref))
    for folder in chain(named, mentioning):
        loaded = load_question(folder)
        if ref == loaded.id or ref in loaded.items:
            return loaded
    return None


def _mentions(folder: Path, ref: str) -> bool:
    try:
        text = _text(folder / "question.yaml")
    except QuestionError:
        return False
    return re.search(rf"\b(?:id|item):\s*[\"']?{re.escape(ref)}[\"']?\s*(?:[,}}#]|$)", text, re.MULTILINE) is not None
