"""Two authors at one small bank, writing through the services."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from app.services.accounts.people import Person, person_from
from app.services.bank import bank
from app.services.drafts import drafts
from app.services.drafts.drafts import Change, DraftView, Saved
from app.services.operating.transactions import Transactions
from app.storage import people
from tests.graders_here import GradersHere
from tests.question_folders import QUESTION, write

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


class Desk:
    """Two authors at one bank."""

    def __init__(self, transactions: Transactions, folder: Path) -> None:
        self.transactions = transactions
        self.sandbox = GradersHere()
        self.folder = write(
            folder, question="# by hand\n" + QUESTION.replace("title: A sum", "title:   A sum  # short")
        )
        with transactions.writing() as tx:
            rows = [people.add_person(tx, login, login.title(), None, True) for login in ("ada", "ben")]
            self.ada, self.ben = map(person_from, rows)
        with transactions.reading() as reading, transactions.writing() as writing:
            report = bank.load_bank(reading, writing, self.sandbox, folder)
            assert report.added == ("sum",), report.problems

    def begin(self, title: str = "My title", question: str = "", start: str = "number") -> str:
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            return drafts.begin(reading, writing, self.ada, title, question, start)

    def open(self, question: str = "sum") -> DraftView:
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            drafts.open_draft(reading, writing, self.ada, question)
        return self.view(question)

    def view(self, question: str = "sum") -> DraftView:
        with self.transactions.reading() as tx:
            return drafts.view(tx, question)

    def save(self, revision: int, who: Person | None = None, question: str = "sum", **change: Any) -> Saved:
        made = Change(change.pop("texts", {}), **change)
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            return drafts.save(reading, writing, who or self.ada, question, revision, made)

    def do(self, what: Any, *given: Any) -> Any:
        with self.transactions.reading() as reading, self.transactions.writing() as writing:
            return what(reading, writing, self.ada, *given)
