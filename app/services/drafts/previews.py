"""Trying a draft that is still being written: preview, test over many seeds, one answer graded. Stores nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from app.domain.errors import GradusError, InvalidInput, Problem, QuestionError, Unavailable
from app.interchange.folder import Folder, folder_problems, load_folder
from app.interchange.yaml import Lines, line_of, read_again
from app.services.bank.images import with_addresses
from app.services.bank.trials import Runs
from app.services.drafts.draft_files import (
    CASES,
    DOCUMENT,
    checked,
    id_problems,
    texts_of,
    with_document,
    with_texts,
)
from app.services.drafts.drafts import Change

PREVIEW_SECONDS = 4.0
TRY_SECONDS = 8.0
TEST_SECONDS = 12.0
MOST_SEEDS = 5
SEEDS_AT_ONCE = 10
MOST_AT_ONCE = 4
WAIT_SECONDS = 1.0
NO_COUNTS = dict.fromkeys(("seeds", "keys", "blanks", "mistakes", "cases", "waiting", "tries"), 0)

# Whoever starts an attempt waits in the same lane as those who write questions.
_waiting = threading.BoundedSemaphore(MOST_AT_ONCE)


class Unusable(InvalidInput):
    """The draft cannot be used as it is, with everything that is wrong with it."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(str(problems[0]) if problems else "This draft cannot be used yet.")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Seeds:
    """From this seed up to, and without, that one."""

    first: int
    end: int


def preview(
    sandbox: Runs, question: str, stored: Folder, change: Change, seeds: list[int], language: str
) -> dict[str, Any]:
    """The draft as it would be with these changes: as much as can be said, whatever is wrong with it.

    Raises:
        InvalidInput: the changes themselves cannot be taken.
        Unavailable: too many previews are being made.
    """
    folder = with_texts(stored, change.texts)
    place = _Places(folder, change)
    problems = _other_problems(folder)
    answer: dict[str, Any] = {"seeds": [], "points": "0", "parts": []}
    try:
        document = place.document()
    except QuestionError as error:
        return {"problems": [_json(one) for one in [*error.problems, *problems]], **answer}
    problems = [*place.located(id_problems(_id_of(document), question)), *problems]
    try:
        with _not_too_many():
            answer = sandbox.run(
                "draft", _payload(folder, document, seeds, language), lane="interactive", seconds=PREVIEW_SECONDS
            )
        problems = [*place.located(Problem(**one) for one in answer["problems"]), *problems]
    except Unavailable:
        raise
    except QuestionError as error:
        problems = [*place.located(error.problems), *problems]
    except GradusError as error:
        problems = [Problem(str(error), file=DOCUMENT), *problems]
    # Students get images from their attempts, authors from the draft.
    seeds_shown = [
        with_addresses(one, lambda name: f"/bank/{question}/draft/files/{quote(name)}") for one in answer["seeds"]
    ]
    return {**answer, "seeds": seeds_shown, "problems": [_json(one) for one in problems]}


@contextmanager
def _not_too_many() -> Iterator[None]:
    if not _waiting.acquire(timeout=WAIT_SECONDS):
        raise Unavailable("Several previews are being made at the moment. Try again in a moment.")
    try:
        yield
    finally:
        _waiting.release()


def _payload(folder: Folder, document: Any, seeds: list[int], language: str) -> dict[str, Any]:
    texts = texts_of(folder)
    by_noun: dict[str, dict[str, str]] = {"prompt": {}, "solution": {}, "hints": {}}
    for name, text in texts.items():
        noun, _, rest = name.partition(".")
        if noun in by_noun:
            by_noun[noun][rest.removesuffix("md").rstrip(".")] = text.replace("\r\n", "\n")
    files = [name.removeprefix("files/") for name in folder if name.startswith("files/")]
    return {"question": document, **by_noun, "files": files, "seeds": seeds, "language": language}


class _Places:
    """Where in question.yaml a place of the document lies. It is written and read only when somebody asks."""

    def __init__(self, folder: Folder, change: Change) -> None:
        self._folder = folder
        self._change = change
        self._lines: Lines | None = None

    def document(self) -> Any:
        """The document that was sent, or that the text holds.

        Raises:
            QuestionError: the text cannot be read.
            InvalidInput: what was sent cannot be a document.
        """
        if self._change.has_document:
            return checked(self._change.document)
        document, self._lines = read_again(texts_of(self._folder).get(DOCUMENT, ""), DOCUMENT)
        return document

    def located(self, problems: Any) -> list[Problem]:
        return [self._located(problem) for problem in problems]

    def _located(self, problem: Problem) -> Problem:
        if problem.file not in ("", DOCUMENT):
            return problem
        if self._lines is None:
            self._lines = {}
            try:
                folder = with_document(self._folder, self._change.document)
                self._lines = read_again(texts_of(folder)[DOCUMENT], DOCUMENT)[1]
            except GradusError:
                pass  # It is said elsewhere what is wrong with the text.
        line = problem.line or line_of(self._lines, problem.path)
        return Problem(problem.says, problem.path, DOCUMENT, line)


def _id_of(document: Any) -> Any:
    return document.get("id") if isinstance(document, dict) else None


def _other_problems(folder: Folder) -> list[Problem]:
    """What is wrong with cases and attachments."""
    others = {name: b"" for name in folder if name.startswith("files/")}
    if CASES in folder:
        others[CASES] = folder[CASES]
    return [problem for problem in folder_problems(others) if problem.file != DOCUMENT]


def _json(problem: Problem) -> dict[str, Any]:
    return {"says": problem.says, "path": problem.path, "file": problem.file, "line": problem.line}


# --- trying --------------------------------------------------------------------------------------------------------


def package_of(question: str, stored: Folder, change: Change) -> tuple[Any, dict[str, Any]]:
    """The loaded question with these changes, and its package.

    Raises:
        Unusable: something is wrong with the files.
    """
    folder = with_texts(stored, change.texts)
    if change.has_document:
        folder = with_document(folder, change.document)
    loaded = load_folder(folder)
    problems = [*loaded.problems, *loaded.locate(id_problems(loaded.id, question))]
    if loaded.package is None or problems:
        raise Unusable(problems)
    # Attachments are shown, never computed with.
    loaded.package["files"] = dict.fromkeys(loaded.package["files"])
    return loaded, loaded.package


def sweep(sandbox: Runs, question: str, stored: Folder, change: Change, seeds: Seeds) -> dict[str, Any]:
    """What a check over these seeds finds; the first ones include the recorded cases and the check of the whole."""
    told: dict[str, Any] = {**NO_COUNTS, "variants": [], "rejected": {}, "ugly": [], "shortfalls": [], "problems": []}
    try:
        loaded, package = package_of(question, stored, change)
    except Unusable as error:
        return told | {"problems": [_json(one) for one in error.problems]}
    try:
        if seeds.first == 0:
            found = sandbox.run("check", {"package": package}, lane="grading", seconds=TEST_SECONDS)["problems"]
            if found:
                located = loaded.locate(Problem(**one) for one in found)
                return told | {"problems": [_json(one) for one in located]}
        numbers = list(range(seeds.first, seeds.end))
        payload = {"package": package, "seeds": numbers, "cases": seeds.first == 0, "remarks": True}
        swept: dict[str, Any] = sandbox.run("sweep", payload, lane="grading", seconds=TEST_SECONDS)
        return told | swept
    except QuestionError as error:
        return told | {"problems": [_json(one) for one in loaded.locate(error.problems)]}
    except GradusError as error:
        return told | {"shortfalls": [f"Seeds {seeds.first} to {seeds.end - 1}: {error}"]}


def attempt(
    sandbox: Runs, question: str, stored: Folder, change: Change, seed: int, answers: Mapping[str, Any], language: str
) -> dict[str, Any]:
    """One answer, graded.

    Raises:
        Unusable: something is wrong with the draft.
        InvalidInput: there is no such field.
    """
    loaded, package = package_of(question, stored, change)
    fields = [name for part in package["question"]["parts"] for name in part["fields"]]
    for name in answers:
        if name not in fields:
            raise InvalidInput(f"There is no field “{name[:80]}” here; the fields are {', '.join(fields)}.", "answers")
    payload = {"package": package, "seed": seed, "answers": dict(answers), "language": language}
    try:
        graded: dict[str, Any] = sandbox.run("grade", payload, lane="interactive", seconds=TRY_SECONDS)
    except QuestionError as error:
        raise Unusable(loaded.locate(error.problems)) from None
    credit: dict[str, Any] = graded["credit"]
    return credit
