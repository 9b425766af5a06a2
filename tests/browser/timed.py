"""Attempts with a time limit, and what staff do to them: through the database, as another process would."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from playwright.sync_api import BrowserContext, Page

from app.services.accounts import sessions
from app.services.operating.transactions import Transactions
from app.services.quizzes import quizzes
from app.services.quizzes.quizzes import NewQuiz, NewQuizItem
from app.services.sitting import attempts, running, submissions
from app.services.sitting.sitting_events import happened
from app.storage import attempts as stored
from app.storage import people
from app.storage.engine import open_database
from app.storage.tables import Attempt, Quiz
from app.web.visitors import COOKIE

QUESTIONS = ("tum-03", "tum-05")
MINUTES = 30

_numbers = itertools.count()


class NoSandbox:
    """The printed paper has been made already, for who sat it before."""

    def run(self, name: str, payload: Any, **_: Any) -> Any:
        raise AssertionError(f"{name} was asked for")


@dataclass
class Sat:
    """An attempt in which somebody sits, and the staff's hands on it."""

    transactions: Transactions
    address: str
    id: str
    session: str

    def open(self, context: BrowserContext, address: str, question: int = 1) -> Page:
        """A page of it, by somebody who is signed in."""
        context.add_cookies([{"name": COOKIE, "value": self.session, "url": address}])
        page = context.new_page()
        page.goto(f"{self.address}/questions/{question}")
        page.locator("[data-saving][data-state=saved]").wait_for()
        return page

    def do(self, action: Callable[..., Any], *arguments: Any) -> None:
        """What staff do to this attempt."""
        with self.transactions.writing() as tx:
            action(tx, self._row(tx)[1], [self.id], *arguments)

    def write(self, text: str) -> None:
        """A message of the staff."""
        with self.transactions.writing() as tx:
            attempt, quiz = self._row(tx)
            happened(tx, quiz.id, attempt.id, "message", text=text)

    def leave_seconds(self, seconds: float) -> None:
        """Let its deadline be so many seconds from now."""
        with self.transactions.writing() as tx:
            attempt, quiz = self._row(tx)
            lasts = timedelta(minutes=MINUTES, seconds=attempt.added_seconds)
            attempt.started_at = tx.now() - lasts + timedelta(seconds=seconds)
            running.move_deadlines(tx, quiz)

    def reopen(self, seconds: int) -> None:
        """Let it go on after it was handed in."""
        with self.transactions.writing() as tx:
            attempt, quiz = self._row(tx)
            submissions.reopen(tx, quiz, attempt, None, "", seconds=seconds)

    def answers(self) -> list[Any]:
        """What is stored."""
        with self.transactions.reading() as tx:
            attempt, _ = self._row(tx)
            return [one.value for fields in stored.answers(tx, attempt.id).values() for one in fields.values()]

    def state(self) -> str:
        with self.transactions.reading() as tx:
            return self._row(tx)[0].state

    def _row(self, tx: Any) -> tuple[Attempt, Quiz]:
        found = stored.attempt(tx, self.id)
        assert found is not None
        return found


def sit(database: str, grace_seconds: int = 2) -> Sat:
    """A fresh student in the middle of an exam of half an hour."""
    transactions = Transactions(open_database(database))
    with transactions.writing() as tx:
        number = next(_numbers)
        course = quizzes.create_course(tx, f"Timed {number}")
        person = people.add_person(tx, f"timed{number}", f"Tim {number}", None, False)
        people.enrol(tx, course, person.id, "student")
        items = tuple(NewQuizItem(question) for question in QUESTIONS)
        quiz = quizzes.create_quiz(tx, NewQuiz(course, "Timed exam", items, minutes=MINUTES, seeds="printed_first"))
        row = quizzes.quizzes.quizzes_for(tx, person.id, quiz)[0][0]
        row.grace_seconds = grace_seconds
        session = sessions.open_session(tx, person.id, 1).token
    with transactions.reading() as reading, transactions.writing() as writing:
        attempt = attempts.start(reading, writing, NoSandbox(), person.id, quiz)
    return Sat(transactions, f"/attempts/{attempt}", attempt, session)
