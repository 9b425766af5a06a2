"""Finding questions for the places of a quiz."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from app.services.bank import bank_search
from app.services.operating.transactions import Transaction
from app.storage import pools
from app.storage.pools import Candidate

MOST_FOUND = 30


@dataclass(frozen=True, slots=True)
class FoundQuestion:
    """A question of the bank in its newest version."""

    question: str
    title: str
    number: int
    points: Fraction
    retired: bool


def find_questions(tx: Transaction, text: str) -> tuple[FoundQuestion, ...]:
    """Questions in which all words of the text occur (in id, title, tags, items or prompt), at most thirty."""
    page = bank_search.search(tx, bank_search.Query(text=text, size=MOST_FOUND))
    return tuple(FoundQuestion(one.question, one.title, one.number, one.points, False) for one in page.lines)


def tagged_questions(tx: Transaction, tag: str) -> tuple[FoundQuestion, ...]:
    """What a pool of this tag draws from."""
    found = pools.newest(tx, pools.tagged(tx, tag))
    return tuple(_found(one) for one in found.values())


def questions_by_name(tx: Transaction, names: Collection[str]) -> dict[str, FoundQuestion]:
    """The newest versions of these questions, by name; what does not exist is left out."""
    return {name: _found(one) for name, one in pools.newest(tx, names).items()}


def tags(tx: Transaction) -> tuple[tuple[str, int], ...]:
    """Every tag of the bank, with how many questions in use have it."""
    return bank_search.choices(tx).tags


def _found(one: Candidate) -> FoundQuestion:
    return FoundQuestion(one.question, one.title, one.number, one.points, one.retired)
