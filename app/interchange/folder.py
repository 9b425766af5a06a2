"""A question as a folder of files, on disk or in memory, and what can be made of it: a package or problems."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from pydantic import ValidationError

from app.domain.errors import InvalidInput, Problem, QuestionError
from app.domain.questions import Question
from app.domain.validation import problems_of
from app.interchange.yaml import LARGEST_FILE, Lines, line_of, read_again, read_yaml

Folder: TypeAlias = dict[str, bytes]
"""Relative path ("question.yaml", "prompt.de.md", "files/net.png") to content."""

Read: TypeAlias = Callable[[str, str], tuple[Any, Lines]]

MEDIA = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".csv": "text/csv",
}
LARGEST_ATTACHMENT = 2_000_000
LARGEST_FOLDER = 8_000_000
MOST_FILES = 100
CASE_KEYS = ("case", "seed", "answers", "decisions", "reading", "expect", "marked")
NO_ATTACHMENT = (
    f"An attachment is a file of kind {', '.join(sorted(MEDIA))} up to {LARGEST_ATTACHMENT // 1_000_000} MB."
)

_LANGUAGE = r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*"
_TEXT = re.compile(rf"(prompt|solution|hints)(?:\.({_LANGUAGE}))?\.md")
_ATTACHMENT = re.compile(r"files/(?!\.)[^/\\\x00-\x1f\x7f\ud800-\udfff]{1,100}")


@dataclass(slots=True)
class LoadedQuestion:
    """One question folder: its package if nothing is wrong with it; id and items as far as they can be read.

    `folder` is where it lies; the last two steps of it lead the names of files in problems. Of the `items` that its
    parts carry, it has the `first_forms` itself, and of the others another form.
    """

    id: str
    folder: Path
    package: dict[str, Any] | None = None
    lines: Lines = field(default_factory=dict)
    items: tuple[str, ...] = ()
    first_forms: tuple[str, ...] = ()
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
        return "/".join((*self.folder.parts[-2:], name))


def is_text(name: str) -> bool:
    """Whether a file of this name in a question folder is written by hand: YAML or Markdown."""
    return name in ("question.yaml", "cases.yaml") or _TEXT.fullmatch(name) is not None


def belongs(name: str) -> bool:
    """Whether a question folder holds files of this name; all others (notes, scripts) are nobody's."""
    return is_text(name) or _ATTACHMENT.fullmatch(name) is not None


def read_folder(path: Path) -> Folder:
    """The files of a question on disk, as far as they belong to it.

    Raises:
        QuestionError: a file cannot be read or is too large.
    """
    folder, unread = _read(path)
    if unread:
        raise QuestionError(list(unread.values()))
    return folder


def load_question(path: Path) -> LoadedQuestion:
    """One question folder on disk; every problem is collected, nothing is raised."""
    folder, unread = _read(path)
    return _load(folder, path, unread)


def load_folder(folder: Mapping[str, bytes], name: str = "") -> LoadedQuestion:
    """One question folder in memory; every problem is collected, nothing is raised.

    `name` ("exam/question", or nothing) leads the names of files in problems.
    """
    return _load(folder, Path(name), {})


def folder_problems(folder: Mapping[str, bytes]) -> list[Problem]:
    """What `load_folder` finds wrong; quickly, for somebody who asks again after every change."""
    return _load(folder, Path(), {}, read_again).problems


def to_json(folder: Mapping[str, bytes]) -> dict[str, Any]:
    """The folder as JSON: what is text as text, all else as {"base64": …}."""
    return {name: _content_json(name, content) for name, content in sorted(folder.items())}


def _content_json(name: str, content: bytes) -> Any:
    if is_text(name):
        try:
            text = content.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            if "\0" not in text:  # no database stores it
                return text
    return {"base64": base64.b64encode(content).decode()}


def from_json(data: Any) -> Folder:
    """The folder that `to_json` wrote, or that somebody else did.

    Raises:
        InvalidInput: this is no such folder; the place is the file's name.
    """
    if not isinstance(data, dict):
        raise InvalidInput("A question is a folder of files: {name: text or {base64: …}}.")
    if len(data) > MOST_FILES:
        raise InvalidInput(f"A question has at most {MOST_FILES} files.")
    folder: Folder = {}
    for name, content in data.items():
        if not isinstance(name, str) or not belongs(name):
            raise InvalidInput(f"A question has no file called “{str(name)[:100]}”.", str(name)[:100])
        folder[name] = _content(name, content)
    bounded(folder)
    return folder


def bounded(folder: Mapping[str, bytes]) -> None:
    """Refuse a folder that is too large as a whole.

    Raises:
        InvalidInput: there are too many files or bytes.
    """
    if len(folder) > MOST_FILES:
        raise InvalidInput(f"A question has at most {MOST_FILES} files.")
    if sum(map(len, folder.values())) > LARGEST_FOLDER:
        raise InvalidInput(f"All files of a question together have at most {LARGEST_FOLDER // 1_000_000} MB.")


def _content(name: str, content: Any) -> bytes:
    if isinstance(content, str):
        return content.encode("utf-8", "surrogatepass")
    if isinstance(content, dict) and set(content) == {"base64"} and isinstance(content["base64"], str):
        try:
            return base64.b64decode(content["base64"], validate=True)
        except (binascii.Error, ValueError):
            pass
    raise InvalidInput('A file is a text, or {"base64": …}.', name)


# --- from disk -----------------------------------------------------------------------------------------------------


def _read(path: Path) -> tuple[Folder, dict[str, Problem]]:
    """What can be read, and of each file that cannot, why not."""
    folder: Folder = {}
    unread: dict[str, Problem] = {}
    names = ["question.yaml", *(file.name for file in sorted(path.glob("*.md")) if is_text(file.name))]
    if (path / "cases.yaml").exists():
        names.append("cases.yaml")
    for name in names:
        _read_file(path, name, folder, unread, largest=LARGEST_FILE)
    for file in sorted((path / "files").glob("*")):
        _read_file(path, f"files/{file.name}", folder, unread, largest=LARGEST_ATTACHMENT)
    return folder, unread


def _read_file(path: Path, name: str, folder: Folder, unread: dict[str, Problem], *, largest: int) -> None:
    file = path / name
    attached = name.startswith("files/")
    try:
        if not file.is_file():
            says = NO_ATTACHMENT if attached else "This is no file."
        elif file.stat().st_size > largest:
            says = NO_ATTACHMENT if attached else _too_large()
        else:
            folder[name] = file.read_bytes()
            return
    except OSError as error:
        says = f"This file cannot be read: {error.strerror}."
    unread[name] = Problem(says, file=name)


def _too_large() -> str:
    return f"This file is larger than {LARGEST_FILE // 1000} kB."


# --- from memory ---------------------------------------------------------------------------------------------------


def _load(
    folder: Mapping[str, bytes], path: Path, unread: Mapping[str, Problem], read: Read = read_yaml
) -> LoadedQuestion:
    loaded = LoadedQuestion(path.name, path)
    problems: list[Problem] = []
    files = _Files(folder, unread, read)

    def collected(of: Callable[[_Files], Any]) -> Any:
        try:
            return of(files)
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
        "files": collected(_attachments),
    }
    hints = collected(partial(_texts, "hints"))
    if hints:  # a question without any has the package that it always had
        package["hints"] = hints
    if problems:
        loaded.problems = loaded.locate(problems)
    else:
        loaded.package = package
    return loaded


@dataclass(frozen=True, slots=True)
class _Files:
    """The files of a question, and why some of them could not be read."""

    folder: Mapping[str, bytes]
    unread: Mapping[str, Problem]
    read: Read

    @property
    def names(self) -> list[str]:
        return sorted({*self.folder, *self.unread})

    def content(self, name: str) -> bytes:
        if name in self.unread:
            raise QuestionError([self.unread[name]])
        if name not in self.folder:
            raise QuestionError([Problem("This is no file.", file=name)])
        return self.folder[name]

    def text(self, name: str) -> str:
        content = self.content(name)
        if len(content) > LARGEST_FILE:
            raise QuestionError([Problem(_too_large(), file=name)])
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            raise QuestionError([Problem("This file is not UTF-8 text.", file=name, line=line)]) from None
        # Of YAML the reader says in which line it stands.
        if "\0" in text and not name.endswith(".yaml"):
            raise QuestionError([Problem("This file holds a NUL character; it is no text.", file=name)])
        return text.replace("\r\n", "\n").replace("\r", "\n")


def _question(loaded: LoadedQuestion, files: _Files) -> dict[str, Any]:
    data, loaded.lines = files.read(files.text("question.yaml"), "question.yaml")
    if not isinstance(data, dict):
        raise QuestionError([Problem("A question is a map that begins with `id:`.", file="question.yaml", line=1)])
    if isinstance(data.get("id"), str):
        loaded.id = data["id"]
    parts = data.get("parts")
    carrying = [
        part
        for part in (parts if isinstance(parts, list) else [])
        if isinstance(part, dict) and isinstance(part.get("item"), str)
    ]
    loaded.items = tuple(part["item"] for part in carrying)
    loaded.first_forms = tuple(part["item"] for part in carrying if part.get("form", "first") == "first")
    Question.model_validate(data)
    return data


def _texts(noun: str, files: _Files) -> dict[str, str]:
    """`prompt.md` is the default text (""), `prompt.de.md` the German one."""
    texts: dict[str, str] = {}
    for name in files.names:
        named = _TEXT.fullmatch(name)
        if named is not None and named[1] == noun:
            texts[named[2] or ""] = files.text(name)
    return texts


def _cases(files: _Files) -> list[Any]:
    name = "cases.yaml"
    if name not in files.names:
        return []
    data, lines = files.read(files.text(name), name)
    if not isinstance(data, list):
        raise QuestionError([Problem("Cases are a list of maps.", file=name, line=1)])
    problems = [
        Problem(says, path, name, line_of(lines, path))
        for number, case in enumerate(data)
        for path, says in _case_problems(case, str(number))
    ]
    if problems:
        raise QuestionError(problems)
    return data


def _case_problems(case: Any, path: str) -> Iterator[tuple[str, str]]:
    if not isinstance(case, dict):
        yield path, "A case is a map with `answers` and `expect` or `marked`."
        return
    for name in case:
        if name not in CASE_KEYS:
            yield f"{path}.{name}", f"There is no such property; a case has {', '.join(CASE_KEYS)}."
    if not isinstance(case.get("answers", ""), dict):
        yield f"{path}.answers", "`answers` is a map from field to answer; {} leaves all blank."
    for name in ("expect", "marked"):
        if name in case and not (case[name] and isinstance(case[name], dict)):
            yield f"{path}.{name}", f"`{name}` is a map from part or part.criterion to points."
    if "expect" not in case and "marked" not in case:
        yield f"{path}.expect", "`expect` (or `marked`) is a map from part or part.criterion to points."
    seed = case.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**63:
        yield f"{path}.seed", "`seed` is a whole number from 0."
    if not isinstance(case.get("decisions", {}), dict):
        yield f"{path}.decisions", "`decisions` is a map from part.criterion to points."


def _attachments(files: _Files) -> dict[str, Any]:
    found: dict[str, Any] = {}
    problems: list[Problem] = []
    for path in files.names:
        if not path.startswith("files/"):
            continue
        name = path.removeprefix("files/")
        media = MEDIA.get(Path(name).suffix.lower())
        if path in files.unread:
            problems.append(files.unread[path])
        elif media is None or len(files.folder[path]) > LARGEST_ATTACHMENT:
            problems.append(Problem(NO_ATTACHMENT, file=path))
        else:
            found[name] = {"media": media, "base64": base64.b64encode(files.folder[path]).decode()}
    if problems:
        raise QuestionError(problems)
    return found
