"""Drafts: a question being written, one for each question; it is saved as one folder, whoever writes in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.errors import Conflict, InvalidInput, NotFound, Problem
from app.interchange.folder import Folder, from_json, is_text, to_json
from app.interchange.starters import STARTS, starter
from app.services.accounts.people import Person
from app.services.bank.bank import TAKEN, folder_of
from app.services.drafts.draft_files import (
    DOCUMENT,
    NOTHING,
    Image,
    images_of,
    problems_of_folder,
    read_document,
    slug,
    texts_of,
    title_of,
    with_document,
    with_texts,
)
from app.services.operating.transactions import Transaction
from app.storage import drafts, questions

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
LONGEST_TITLE = 200
MOST_CASES = 500


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as an editor opens it; `document` is None where question.yaml cannot be read."""

    question: str
    title: str
    revision: int
    version: int
    updated_at: datetime
    updated_by: str
    document: Any
    texts: dict[str, str]
    images: list[Image]
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the texts it rewrote, and the document where its source was sent (None: unreadable)."""

    revision: int
    texts: dict[str, str]
    document: Any
    problems: list[Problem]


@dataclass(frozen=True, slots=True)
class Change:
    """What a browser asks to change: `texts` (None takes one away), `document`, or both."""

    texts: Mapping[str, Any]
    document: Any = NOTHING

    @property
    def has_document(self) -> bool:
        """Whether a document was sent."""
        return self.document is not NOTHING


# --- beginning and ending ------------------------------------------------------------------------------------------


def begin(reading: Transaction, writing: Transaction, person: Person, title: str, question: str, start: str) -> str:
    """Begin a new question; its id (made from the title, if none is given).

    Raises:
        InvalidInput: title, id or start cannot be taken; the place names the field.
    """
    title = " ".join(title.split())
    if not title:
        raise InvalidInput("A question has a title.", "title")
    if len(title) > LONGEST_TITLE:
        raise InvalidInput(f"A title has at most {LONGEST_TITLE} characters.", "title")
    if start not in STARTS:
        raise InvalidInput("Choose what to start from.", "start")
    chosen = question.strip() or _free(reading, slug(title) or "question")
    if not ID.fullmatch(chosen):
        says = "An id begins with a small letter or digit and has small letters, digits and hyphens, at most 80."
        raise InvalidInput(says, "id")
    if _taken(reading, chosen):
        raise InvalidInput(f"The id “{chosen}” is taken.", "id")
    folder = starter(start, chosen, title)
    if not drafts.add(writing, chosen, to_json(folder), title, 0, person.id):
        raise InvalidInput(f"The id “{chosen}” is taken.", "id")
    writing.record(person.id, "began a question", f"question {chosen}")
    return chosen


def _taken(tx: Transaction, question: str) -> bool:
    known = drafts.stand(tx, question) is not None or questions.newest_outline(tx, question) is not None
    return question in TAKEN or known


def _free(tx: Transaction, wanted: str) -> str:
    number = 1
    name = wanted
    while _taken(tx, name):
        number += 1
        name = f"{wanted}-{number}"
    return name


def open_draft(reading: Transaction, writing: Transaction, person: Person, question: str) -> None:
    """Begin a draft of the newest version, or go on with the one there is.

    Raises:
        NotFound: there is no such question.
    """
    if drafts.stand(reading, question) is not None:
        return
    newest = questions.newest_outline(reading, question)
    if newest is None:
        raise NotFound(f"There is no question called “{question}”.")
    folder = to_json(folder_of(reading, newest.id))
    if drafts.add(writing, question, folder, newest.title, newest.number, person.id):
        writing.record(person.id, "began a draft", f"question {question}", version=newest.number)


def discard(writing: Transaction, person: Person, question: str) -> bool:
    """Throw the draft away; whether there is a published version to go back to.

    Raises:
        NotFound: there is no draft.
    """
    if not drafts.remove(writing, question):
        raise NotFound(f"There is no draft of “{question}”.")
    writing.record(person.id, "discarded a draft", f"question {question}")
    return questions.newest_outline(writing, question) is not None


# --- looking -------------------------------------------------------------------------------------------------------


def view(tx: Transaction, question: str) -> DraftView:
    """The draft of a question.

    Raises:
        NotFound: there is none.
    """
    stand = stand_of(tx, question)
    folder = files_of(tx, question)
    return DraftView(
        question,
        stand.title,
        stand.revision,
        stand.version,
        stand.updated_at,
        stand.updated_by,
        read_document(folder),
        texts_of(folder),
        images_of(folder),
        problems_of_folder(folder, question),
    )


def stand_of(tx: Transaction, question: str) -> drafts.DraftStand:
    """How far the draft is, and who brought it there.

    Raises:
        NotFound: there is none.
    """
    stand = drafts.stand(tx, question)
    if stand is None:
        raise NotFound(f"There is no draft of “{question}”.")
    return stand


def files_of(tx: Transaction, question: str) -> Folder:
    """The files of the draft as they are stored.

    Raises:
        NotFound: there is no draft.
    """
    stored = drafts.folder(tx, question)
    if not stored:
        raise NotFound(f"There is no draft of “{question}”.")
    return from_json(stored)


def outline_of(tx: Transaction, question: str) -> Folder:
    """The files of the draft as they are stored, but attachments empty: enough to calculate with.

    Raises:
        NotFound: there is no draft.
    """
    stored = drafts.folder(tx, question)
    if not stored:
        raise NotFound(f"There is no draft of “{question}”.")
    return from_json({name: content if is_text(name) else "" for name, content in stored.items()})


# --- changing ------------------------------------------------------------------------------------------------------


def save(
    reading: Transaction, writing: Transaction, person: Person, question: str, revision: int, change: Change
) -> Saved:
    """Store what was changed. The document rewrites question.yaml; nothing else of its text is touched.

    Raises:
        NotFound: there is no draft (any more).
        Conflict: somebody else saved after this revision was read; the sentence says who and when.
        InvalidInput: a text or the document cannot be taken.
    """
    before = files_at(reading, question, revision)
    folder = with_texts(before, change.texts)
    if change.has_document:
        folder = with_document(folder, change.document)
    document = change.document if change.has_document else None
    if DOCUMENT in change.texts:
        document = read_document(folder)
    saved = store(reading, writing, person, question, revision, folder, document)
    texts = texts_of(folder)
    rewritten = {DOCUMENT: texts[DOCUMENT]} if change.has_document else {}
    sent = document if DOCUMENT in change.texts else None
    return Saved(saved, rewritten, sent, problems_of_folder(folder, question))


def files_at(tx: Transaction, question: str, revision: int) -> Folder:
    """The files of the draft, if nobody has saved since this revision was read.

    Raises:
        NotFound: there is no draft.
        Conflict: somebody has; the sentence says who and when.
    """
    stand = stand_of(tx, question)
    if stand.revision != revision:
        raise Conflict(overtaken(stand))
    return files_of(tx, question)


def overtaken(stand: drafts.DraftStand) -> str:
    """Who saved, and when."""
    who = stand.updated_by or "Somebody"
    return f"{who} saved this draft at {stand.updated_at:%H:%M} UTC on {stand.updated_at:%-d %B %Y}."


def store(
    reading: Transaction,
    writing: Transaction,
    person: Person,
    question: str,
    revision: int,
    folder: Folder,
    document: Any,
) -> int:
    """Store the files that follow after this revision; the new one.

    Raises:
        Conflict: somebody else stored theirs at the same moment.
    """
    title = title_of(document, stand_of(reading, question).title)
    if not drafts.change(writing, question, revision, to_json(folder), title, person.id):
        raise Conflict(overtaken(stand_of(writing, question)))
    return revision + 1
