"""One question of the bank: what it says, its history, where it is asked; retiring and copying it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Conflict, InvalidInput, NotFound
from app.domain.texts import PREFERRED
from app.interchange.folder import Folder, to_json
from app.interchange.rewriting import rewrite
from app.interchange.yaml import read_yaml
from app.services.accounts.people import Person
from app.services.bank.bank import TAKEN, folder_of
from app.services.bank.bank_changes import FileChange, changes
from app.services.bank.bank_outline import Outline, languages, outline
from app.services.bank.bank_samples import Sample, samples
from app.services.bank.bank_search import DraftLine, draft
from app.services.bank.trials import Runs
from app.services.operating.transactions import Transaction
from app.storage import bank_index, bank_usage, drafts, questions
from app.storage.bank_index import Line
from app.storage.bank_usage import Place
from app.storage.questions import VersionLine

NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
STAFF = ("assistant", "instructor")
LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Version:
    """One version in the history; `changed` says in words what students and graders notice of it."""

    number: int
    at: datetime
    origin: str | None
    author: str | None
    note: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Usage:
    """Where a question is asked. Quizzes of courses that are not the visitor's are only counted."""

    places: tuple[Place, ...]
    others: int


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One version of a question, with all that surrounds it."""

    question: str
    title: str
    number: int
    newest: int
    entry: Line
    language: str
    languages: tuple[str, ...]
    outline: Outline
    samples: tuple[Sample, ...]
    history: tuple[Version, ...]
    usage: Usage
    draft: DraftLine | None

    @property
    def broken(self) -> bool:
        """Whether a variant of it cannot be made."""
        return any(one.problems for one in self.samples)


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What differs between two versions."""

    question: str
    title: str
    old: Version
    new: Version
    numbers: tuple[int, ...]
    files: tuple[FileChange, ...]


def question_page(
    tx: Transaction,
    sandbox: Runs,
    visitor: Person,
    question: str,
    *,
    number: int | None = None,
    seeds: Sequence[int] = (0, 1, 2),
    language: str = PREFERRED,
) -> QuestionPage:
    """A version of a question (the newest one), with variants of these seeds.

    Raises:
        NotFound: there is no such question or version.
    """
    entry = _entry(tx, question)
    lines = questions.history(tx, question)
    version = next((one for one in lines if number in (None, one.number)), None)
    if version is None:
        raise NotFound(f"There is no version {number} of “{question}”.")
    package = questions.package(tx, version.id)
    known = languages(package)
    language = language if language in known else PREFERRED
    return QuestionPage(
        question=question,
        title=version.title,
        number=version.number,
        newest=lines[0].number,
        entry=entry,
        language=language,
        languages=known,
        outline=outline(package, language),
        samples=samples(sandbox, package, folder_of(tx, version.id), seeds, language),
        history=_history(lines),
        usage=_usage(tx, question, visitor),
        draft=draft(tx, question),
    )


def _entry(tx: Transaction, question: str) -> Line:
    entry = bank_index.line(tx, question)
    if entry is None:
        raise NotFound(f"There is no question called “{question}” in the bank.")
    return entry


def _history(lines: Sequence[VersionLine]) -> tuple[Version, ...]:
    before: list[VersionLine | None] = [*lines[1:], None]
    return tuple(
        Version(one.number, one.created_at, one.origin, one.author, one.note, _changed(old, one))
        for one, old in zip(lines, before, strict=True)
    )


def _changed(old: VersionLine | None, new: VersionLine) -> tuple[str, ...]:
    if old is None:
        return ()
    found = []
    if old.variant_hash != new.variant_hash:
        found.append("variants")
    if old.observe_hash != new.observe_hash:
        found.append("answers")
    if old.rubric_hash != new.rubric_hash:
        found.append("rubric")
    return tuple(found)


def _usage(tx: Transaction, question: str, visitor: Person) -> Usage:
    places = bank_usage.places(tx, question, visitor.id)
    seen = tuple(place for place in places if visitor.administrator or place.role in STAFF)
    return Usage(seen, len(places) - len(seen))


def changes_page(tx: Transaction, question: str, old: int | None = None, new: int | None = None) -> ChangesPage:
    """What differs between two versions: without numbers, between the newest and the one before.

    Raises:
        NotFound: there is no such question or version.
    """
    entry = _entry(tx, question)
    lines = {one.number: one for one in questions.history(tx, question)}
    new = entry.number if new is None else new
    old = max((one for one in lines if one < new), default=new) if old is None else old
    for number in (old, new):
        if number not in lines:
            raise NotFound(f"There is no version {number} of “{question}”.")
    history = {one.number: one for one in _history(list(lines.values()))}
    files = changes(folder_of(tx, lines[old].id), folder_of(tx, lines[new].id))
    return ChangesPage(question, entry.title, history[old], history[new], tuple(sorted(lines)), files)


def stored_folder(tx: Transaction, question: str, number: int | None = None) -> Folder:
    """The folder of a version of a question (the newest one).

    Raises:
        NotFound: there is no such question or version.
    """
    number = _entry(tx, question).number if number is None else number
    version_id = questions.version_id(tx, question, number)
    if version_id is None:
        raise NotFound(f"There is no version {number} of “{question}”.")
    return folder_of(tx, version_id)


def retire(tx: Transaction, question: str, by: Person, retired: bool) -> None:
    """Take a question out of use: lists and pools leave it out, quizzes that ask it go on. Or back into use.

    Raises:
        NotFound: there is no such question.
    """
    if not bank_index.retire(tx, question, tx.now() if retired else None):
        raise NotFound(f"There is no question called “{question}” in the bank.")
    tx.record(by.id, "retired a question" if retired else "took a question back into use", f"question {question}")


def copied(tx: Transaction, question: str, name: str, title: str) -> Folder:
    """The folder of the newest version under another id and title; comments and style stay.

    Raises:
        NotFound: there is no such question.
        InvalidInput: this is no id or title; the place names the field.
        Conflict: the id is taken.
    """
    entry = _entry(tx, question)
    require_free(tx, name)
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has 1 to {LONGEST_TITLE} characters.", "title")
    folder = stored_folder(tx, question, entry.number)
    text = folder["question.yaml"].decode("utf-8-sig")
    document, _ = read_yaml(text, "question.yaml")
    old = document["title"]
    document |= {"id": name, "title": old | {PREFERRED: title} if isinstance(old, dict) else title}
    return folder | {"question.yaml": rewrite(text, document).encode()}


def begin_draft(tx: Transaction, question: str, folder: Folder, by: Person, title: str, version: int = 0) -> None:
    """Put a folder into the editor; `version` is the one it began from (0: none).

    Raises:
        Conflict: there is a draft of this question already.
    """
    if not drafts.add(tx, question, to_json(folder), title[:500], version, by.id):
        raise Conflict(f"There is already a draft of “{question}”.")
    tx.record(by.id, "began a draft", f"question {question}")


def require_free(tx: Transaction, name: str) -> None:
    """Let ids pass that a new question may have.

    Raises:
        InvalidInput: this is no id.
        Conflict: a question or draft is called so.
    """
    if not NAME.fullmatch(name):
        says = "An id has small letters, digits and hyphens, up to 80, and begins with a letter or digit."
        raise InvalidInput(says, "name")
    if name in TAKEN:
        raise InvalidInput(f"“{name}” is the address of another page; choose another id.", "name")
    if bank_index.line(tx, name) is not None or bank_usage.draft(tx, name) is not None:
        raise Conflict(f"There is already a question called “{name}”.")
