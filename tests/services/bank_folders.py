"""Small question folders in memory, and a sandbox that checks them as a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.services.accounts.people import Person, person_from
from app.services.bank.bank import Origin, prepare_version, store_version
from app.services.operating.transactions import Transactions
from app.storage import people
from tests.small_bank import FakeSandbox

QUESTION = """\
# A comment that stays.
id: sum
title: {en: A sum, de: Eine Summe}
source: {exam: Winter 1, label: Problem 2}
tags: [adding, Easy]
variables:
  a: {printed: 2, draw: "integer(1, 9)"}
  b: a + 1
pools:
  claims:
    - {id: true_one, printed: 1, truth: true, text: Adding is commutative., why: Everybody knows.}
parts:
  - id: only
    item: exam-1
    label: a
    points: 2
    fields:
      total: {grader: number, answer: a + b, label: $a + b$}
    criteria:
      - {id: right, points: 1, when: total.right, says: The sum}
      - best_of:
          - {id: way, points: 1, when: person, says: The way}
          - {id: hint, points: 1/2, when: "a > 1"}
        unless: total.blank
    mistakes:
      product: {set: {b: a}, says: That is twice the first.}
"""
FOLDER = {
    "question.yaml": QUESTION.encode(),
    "prompt.md": b"## only\nAdd @{a} and @{b}.\r\n",
    "prompt.de.md": b"## only\nAddiere @{a} und @{b}.\n",
    "solution.md": b"## only\n@{a + b}\n",
    "cases.yaml": b"- {case: key, answers: {total: '5'}, expect: {only: 1..2}}\n",
    "files/dot.png": b"\x89PNG not really",
}


def folder(name: str = "sum") -> dict[str, bytes]:
    """A folder of that id."""
    return FOLDER | {"question.yaml": QUESTION.replace("id: sum", f"id: {name}").encode()}


def edited(name: str, old: str, new: str) -> dict[str, bytes]:
    """A folder of that id in whose question.yaml something stands instead of something else."""
    made = folder(name)
    assert old.encode() in made["question.yaml"]
    return made | {"question.yaml": made["question.yaml"].replace(old.encode(), new.encode())}


@dataclass
class CheckingSandbox(FakeSandbox):
    """Finds what a test tells it to find."""

    shortfalls: list[str] = field(default_factory=list)
    problems: list[dict[str, Any]] = field(default_factory=list)

    def _check(self, payload: Any) -> Any:
        return {"problems": self.problems}

    def _sweep(self, payload: Any) -> Any:
        return {"shortfalls": self.shortfalls}


def publish(
    transactions: Transactions,
    files: Mapping[str, bytes],
    *,
    origin: Origin = "editor",
    by: Person | None = None,
    note: str = "",
) -> int:
    """Check and store a folder."""
    prepared = prepare_version(CheckingSandbox(), files)
    with transactions.writing() as tx:
        return store_version(tx, prepared, origin=origin, author_id=by.id if by else None, note=note)


def author(transactions: Transactions, login: str = "ines", *, administrator: bool = False) -> Person:
    """Somebody who writes questions."""
    with transactions.writing() as tx:
        return person_from(people.add_person(tx, login, login.title(), None, administrator))
