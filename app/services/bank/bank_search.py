"""Finding questions in the bank."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from app.domain.bank_entries import Kind, folded
from app.domain.paging import paged
from app.services.operating.transactions import Transaction
from app.storage import bank_index, bank_usage
from app.storage.bank_index import Line, Wanted

PAGE = 50
LARGEST_PAGE = 200
MOST_WORDS = 10
MOST_DRAFTS = 20


@dataclass(frozen=True, slots=True)
class Query:
    """What is looked for. All words of `text` occur in title, id, tags, items, prompts or statements."""

    text: str = ""
    tag: str = ""
    exam: str = ""
    grader: str = ""
    retired: bool = False
    page: int = 1
    size: int = PAGE

    @property
    def narrowed(self) -> bool:
        """Whether it asks for less than everything."""
        return bool(self.text or self.tag or self.exam or self.grader)


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found. `number` is the page shown: the last one where the query asks for more."""

    lines: tuple[Line, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be filtered by, each with how many questions in use have it, and how many there are at all."""

    tags: tuple[tuple[str, int], ...]
    exams: tuple[tuple[str, int], ...]
    graders: tuple[tuple[str, int], ...]
    in_use: int
    retired: int


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A question being written; `version` is the one it began from (0: none yet)."""

    question: str
    title: str
    version: int
    updated_at: datetime
    updated_by: str


def search(tx: Transaction, query: Query) -> Page:
    """The questions that match, by exam and id."""
    wanted = _wanted(query)
    size = min(max(query.size, 1), LARGEST_PAGE)
    total = bank_index.count(tx, wanted)
    number, pages = paged(total, size, query.page)
    lines = bank_index.search(tx, wanted, skip=(number - 1) * size, limit=size) if total else []
    return Page(tuple(lines), total, number, pages)


def _wanted(query: Query) -> Wanted:
    def words() -> Iterator[tuple[Kind, str]]:
        if query.tag:
            yield "tag", query.tag
        if query.exam:
            yield "exam", query.exam
        if query.grader:
            yield "grader", query.grader

    return Wanted(tuple(folded(query.text).split()[:MOST_WORDS]), tuple(words()), query.retired)


def choices(tx: Transaction) -> Choices:
    """What the filters offer."""
    found: dict[str, list[tuple[str, int]]] = {"tag": [], "exam": [], "grader": []}
    for kind, word, questions in bank_index.words(tx):
        found[kind].append((word, questions))
    in_use, retired = bank_index.totals(tx)
    return Choices(tuple(found["tag"]), tuple(found["exam"]), tuple(found["grader"]), in_use, retired)


def drafts(tx: Transaction, limit: int = MOST_DRAFTS) -> tuple[DraftLine, ...]:
    """The questions being written, the last changed first."""
    return tuple(DraftLine(*row) for row in bank_usage.drafts(tx, limit))


def draft(tx: Transaction, question: str) -> DraftLine | None:
    """The draft of one question, if it is being written."""
    row = bank_usage.draft(tx, question)
    return None if row is None else DraftLine(*row)
